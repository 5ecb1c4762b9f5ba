//! The keys of `kind = "prosper"`.

use super::*;
use crate::source::prosper::{Record, Settings};

/// A source with `lines` beside what it must have.
fn with(lines: &str) -> String {
    format!(
        r#"
[server]
listen = "127.0.0.1:0"
[sources.portfolio]
kind = "prosper"
client_id = "0123456789abcdef0123456789abcdef"
client_secret = {{ env = "PROSPERO_PASSWORD" }}
username = "investor@example.org"
password = {{ env = "PROSPERO_PASSWORD" }}
{lines}
"#
    )
}

#[track_caller]
fn settings(lines: &str) -> Settings {
    let Kind::Prosper(settings) = only_source(&with(lines)).kind else {
        panic!("another kind")
    };
    settings
}

#[test]
fn a_prosper_account_needs_only_what_lets_us_in() {
    let settings = settings("");
    assert_eq!(settings.base_url.as_str(), "https://api.prosper.com/v1");
    assert_eq!(
        settings.listings_base_url.as_str(),
        "https://api.prosper.com/"
    );
    let grant = &settings.grant;
    assert_eq!(grant.client_id, "0123456789abcdef0123456789abcdef");
    assert_eq!(grant.username, "investor@example.org");
    for secret in [&grant.client_secret, &grant.password] {
        assert_eq!(secret.expose_secret(), CANARY);
    }
    assert!(
        settings
            .records
            .iter()
            .eq(&[Record::Notes, Record::Listings])
    );
    assert!(!format!("{settings:?}").contains(CANARY));
}

#[test]
fn the_records_of_a_prosper_account_can_be_picked() {
    for (lines, want) in [
        (r#"records = ["notes"]"#, &[Record::Notes][..]),
        (r#"records = ["listings"]"#, &[Record::Listings]),
        (
            r#"records = ["listings", "notes", "listings"]"#,
            &[Record::Notes, Record::Listings],
        ),
    ] {
        assert!(settings(lines).records.iter().eq(want), "{lines}");
    }
}

#[test]
fn what_is_wrong_with_a_prosper_account_is_told_with_its_remedy() {
    let text = with(
        r#"
records = ["notes", "orders"]
base_url = "https://api.example/v1?key=x"
listings_base_url = 7
client_name = "x"
"#,
    );
    insta::assert_snapshot!(problems(&text), @r#"
    4 problems in calbridge.toml:
      - sources.portfolio.base_url: is no plain web address; write one such as `https://prospero.example/api`, without user, password or query
      - sources.portfolio.listings_base_url: is no text; write a text in quotes
      - sources.portfolio.records: `orders` is not known; write `["notes", "listings"]` or one of them
      - sources.portfolio.client_name: is not known; known here: `kind`, `base_url`, `listings_base_url`, `client_id`, `client_secret`, `username`, `password`, `records`, `zone`, `horizon`, `allow_private_addresses`, `refresh`, `timeout`, `group_feeds`, `tokens`, `webhook`, `names`, `zones`
    "#);
    let bare = "[server]\nlisten = \"127.0.0.1:0\"\n[sources.portfolio]\nkind = \"prosper\"\nrecords = []\n";
    insta::assert_snapshot!(problems(bare), @r#"
    5 problems in calbridge.toml:
      - sources.portfolio.client_id: is missing; write the client id from the API settings of the account
      - sources.portfolio.client_secret: is missing; write `{ env = "NAME" }` or `{ file = "path" }`
      - sources.portfolio.username: is missing; write the mail address the account logs in with, such as `investor@example.org`
      - sources.portfolio.password: is missing; write `{ env = "NAME" }` or `{ file = "path" }`
      - sources.portfolio.records: is empty; write `["notes", "listings"]` or one of them
    "#);
}
