//! `kind = "add-to-calendar-pro"`.

use super::*;
use crate::source::add_to_calendar_pro::BASE_URL;

/// A source of that kind with these lines.
fn source(lines: &str) -> String {
    format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[sources.courses]\nkind = \"add-to-calendar-pro\"\n{lines}\n"
    )
}

#[test]
fn an_account_needs_nothing_but_its_key() {
    const KEY: &str = "key = { env = \"PROSPERO_PASSWORD\" }";
    for (row, lines, want) in [
        ("the public address", KEY.to_owned(), BASE_URL),
        (
            "another one",
            format!("{KEY}\nbase_url = \"http://127.0.0.1:9/v1/\""),
            "http://127.0.0.1:9/v1/",
        ),
    ] {
        let text = source(&lines);
        let source = only_source(&text);
        let Kind::AddToCalendarPro(settings) = &source.kind else {
            panic!("{row}: another kind")
        };
        assert_eq!(settings.base_url.as_str(), want, "{row}");
        assert!(!format!("{source:?}").contains(CANARY), "{row}");
    }
}

#[test]
fn what_is_wrong_with_an_account_is_said_without_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken");
    std::fs::write(&path, format!("{CANARY}\nand more")).unwrap();
    let broken = format!("key = {{ file = \"{}\" }}", path.display());
    for (row, lines, want) in [
        ("no key", "", "sources.courses.key: is missing; write"),
        (
            "in clear",
            &*format!("key = \"{CANARY}\""),
            "sources.courses.key: must not stand in this file in clear",
        ),
        (
            "two lines",
            &broken,
            "sources.courses.key: the secret has characters that no header can carry",
        ),
        (
            "an address with a query",
            "key = { env = \"PROSPERO_PASSWORD\" }\nbase_url = \"https://api.example/v1?key=1\"",
            "sources.courses.base_url: is no plain web address",
        ),
        (
            "a key of another kind",
            "key = { env = \"PROSPERO_PASSWORD\" }\nbase_ulr = \"https://api.example\"",
            "sources.courses.base_ulr: is not known; did you mean `base_url`",
        ),
    ] {
        let problems = problems(&source(lines));
        assert!(problems.starts_with("1 problem in"), "{row}: {problems}");
        assert!(problems.contains(want), "{row}: {problems}");
        assert!(!problems.contains(CANARY), "{row}: {problems}");
    }
}
