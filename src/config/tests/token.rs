//! Tokens of closed feeds and groups: what is taken, and what is told of those that could open nothing, or too much.

use chrono::NaiveDate;

use super::*;
use crate::domain::{
    text::Line,
    token::{Term, Token, TokenDigest},
};

/// `text` after the only source, with `{a}` and `{b}` for the digests of two tokens.
fn with(text: &str) -> Result<Config, Problems> {
    let (a, b) = (TokenDigest::of("a"), TokenDigest::of("b"));
    let text = text
        .replace("{a}", &a.to_string())
        .replace("{b}", &b.to_string());
    parse(&format!("{SOURCE}{text}"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_closed_feed_stands_apart_from_the_public_ones_with_its_tokens() {
    let config = with(
        r#"
[feeds.season]
sources = ["stage"]
[feeds.cast]
sources = ["stage"]
zone = "Asia/Tokyo"
access = "token"
[[feeds.cast.tokens]]
label = " Orchestra  office "
sha256 = "{a}"
from = 2026-11-01
until = "2026-12-31"
[[feeds.cast.tokens]]
label = "choir"
sha256 = "{b}"
[feeds.nobody]
sources = ["stage"]
access = "token"
"#,
    )
    .unwrap();
    assert!(config.feeds.keys().map(FeedId::as_str).eq(["season"]));
    assert!(
        config
            .closed
            .keys()
            .map(FeedId::as_str)
            .eq(["cast", "nobody"])
    );
    let cast = &config.closed[&"cast".parse().unwrap()];
    let want = [
        Token {
            label: Line::new("Orchestra office"),
            digest: TokenDigest::of("a"),
            term: Term::new(Some(day("2026-11-01")), Some(day("2026-12-31"))).unwrap(),
        },
        Token {
            label: Line::new("choir"),
            digest: TokenDigest::of("b"),
            term: Term::default(),
        },
    ];
    assert_eq!(cast.tokens, want);
    assert_eq!(config.closed[&"nobody".parse().unwrap()].tokens, []);
    assert!(
        config.zones().contains(&Tz::Asia__Tokyo),
        "known before the start"
    );
}

#[test]
fn groups_are_closed_with_tokens_of_their_source() {
    let text =
        "group_feeds = \"token\"\n[[sources.stage.tokens]]\nlabel = \"a\"\nsha256 = \"{a}\"\n";
    let mut config = with(text).unwrap();
    let stage = config.sources.remove(&"stage".parse().unwrap()).unwrap();
    let GroupFeeds::Closed(tokens) = stage.group_feeds else {
        panic!("{:?}", stage.group_feeds)
    };
    assert_eq!(tokens[0].digest, TokenDigest::of("a"));
}

#[test]
fn what_could_open_nothing_or_too_much_is_told() {
    let token =
        |label: &str, more: &str| format!("[[feeds.cast.tokens]]\nlabel = \"{label}\"\n{more}\n");
    let closed = "[feeds.cast]\nsources = [\"stage\"]\naccess = \"token\"\n";
    let good = token("a", "sha256 = \"{a}\"");
    for (row, text, want) in [
        (
            "a token in clear",
            format!("{closed}{}", token("a", &format!("sha256 = \"{CANARY}\""))),
            "feeds.cast.tokens[1].sha256: is no SHA-256, which has 64 hexadecimal digits; let `calbridge token new` make the token and this line",
        ),
        (
            "no digest in the second",
            format!("{closed}{good}{}", token("b", "")),
            "feeds.cast.tokens[2].sha256: is missing; write what `calbridge token new` prints",
        ),
        (
            "no label",
            format!("{closed}[[feeds.cast.tokens]]\nsha256 = \"{{a}}\"\n"),
            "feeds.cast.tokens[1].label: is missing; write who has the link, such as `\"orchestra\"`",
        ),
        (
            "an empty label",
            format!("{closed}{}", token(" ", "sha256 = \"{a}\"")),
            "feeds.cast.tokens[1].label: is empty; write who has the link",
        ),
        (
            "an end before the beginning",
            format!(
                "{closed}{}",
                token(
                    "a",
                    "sha256 = \"{a}\"\nfrom = 2026-11-02\nuntil = 2026-11-01"
                )
            ),
            "feeds.cast.tokens[1].until: `2026-11-01` is before `from`, so the token would never open anything; write `2026-11-02` or later",
        ),
        (
            "a moment instead of a day",
            format!(
                "{closed}{}",
                token("a", "sha256 = \"{a}\"\nfrom = 2026-11-02T10:00:00Z")
            ),
            "feeds.cast.tokens[1].from: is no date; write a day such as `2026-11-21`",
        ),
        (
            "an unknown key",
            format!(
                "{closed}{}",
                token("a", "sha256 = \"{a}\"\nuntill = 2026-11-02")
            ),
            "feeds.cast.tokens[1].untill: is not known; did you mean `until`",
        ),
        (
            "one label twice",
            format!("{closed}{good}{}", token("a", "sha256 = \"{b}\"")),
            "feeds.cast.tokens: `a` stands there twice; give every link a label of its own",
        ),
        (
            "one token twice",
            format!("{closed}{good}{}", token("b", "sha256 = \"{a}\"")),
            "feeds.cast.tokens: `b` has the `sha256` of `a` in feeds.cast.tokens; make a token of its own with `calbridge token new`",
        ),
        (
            "one token for groups and a feed",
            format!(
                "group_feeds = \"token\"\ntokens = [{{ label = \"g\", sha256 = \"{{a}}\" }}]\n{closed}{good}"
            ),
            "sources.stage.tokens: `g` has the `sha256` of `a` in feeds.cast.tokens; make a token of its own with `calbridge token new`",
        ),
        (
            "tokens of a public feed",
            format!("[feeds.cast]\nsources = [\"stage\"]\n{good}"),
            "feeds.cast.tokens: are of no use where nothing is closed; write `access = \"token\"`, or remove them",
        ),
        (
            "tokens of public groups",
            "group_feeds = \"public\"\ntokens = []\n".to_owned(),
            "sources.stage.tokens: are of no use where nothing is closed; write `group_feeds = \"token\"`, or remove them",
        ),
        (
            "a text for the tokens",
            format!("{closed}tokens = \"{CANARY}\"\n"),
            "feeds.cast.tokens: is no list of tables; write [[feeds.cast.tokens]] for each",
        ),
        (
            "tokens of what is wrong already",
            format!("[feeds.cast]\nsources = [\"stage\"]\naccess = \"tokens\"\n{good}"),
            "feeds.cast.access: `tokens` is not known; write `public` or `token`",
        ),
    ] {
        let problems = with(&text).unwrap_err().to_string();
        let want = format!("1 problem in calbridge.toml:\n  - {want}");
        assert_eq!(problems, want, "{row}");
    }
}
