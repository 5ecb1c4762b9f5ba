//! `kind = "prospectconnect"`.

use super::*;
use crate::source::prospectconnect::{self, DueTime, Resource};

/// A source of this kind with these keys more.
fn source(keys: &str) -> String {
    format!(
        r#"
[server]
listen = "127.0.0.1:0"
[sources.crm]
kind = "prospectconnect"
base_url = "https://crm.example/v1"
{keys}
"#
    )
}

#[track_caller]
fn settings(keys: &str) -> prospectconnect::Settings {
    let token = r#"token = { env = "CONNECT_TOKEN" }"#;
    let source = only_source(&source(&format!("{token}\n{keys}")));
    match source.kind {
        Kind::ProspectConnect(settings) => settings,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_left_out_is_the_pinned_contract_in_the_zone_and_everything() {
    let settings = settings("");
    assert_eq!(settings.base_url.as_str(), "https://crm.example/v1");
    assert_eq!(settings.version, "2026-06-01");
    assert_eq!(settings.due_time, DueTime::Zone);
    assert_eq!(settings.resources, Resource::ALL.into());
    let printed = format!("{settings:?}");
    assert!(!printed.contains(CANARY), "{printed}");
}

#[test]
fn what_is_said_is_taken() {
    let settings = settings(
        r#"
version = "2027-01-31"
due_time = "utc"
resources = ["deals", "tasks", "deals"]
"#,
    );
    assert_eq!(settings.version, "2027-01-31");
    assert_eq!(settings.due_time, DueTime::Utc);
    let resources: Vec<Resource> = settings.resources.into_iter().collect();
    assert_eq!(resources, [Resource::Tasks, Resource::Deals]);
}

#[test]
fn what_is_wrong_is_said_with_its_remedy_and_no_token_is_repeated() {
    for (keys, want) in [
        (
            "",
            "token: is missing; write `{ env = \"NAME\" }` or `{ file = \"path\" }`",
        ),
        (
            "token = \"correct-horse-battery\"",
            "token: must not stand in this file in clear; write `{ env = \"NAME\" }` or `{ file = \"path\" }`",
        ),
        (
            "token = { env = \"BROKEN\" }",
            "token: the secret has characters that no header can carry; see whether it was copied whole and alone",
        ),
        (
            "token = { env = \"CONNECT_TOKEN\" }\nversion = \"latest\"",
            "version: `latest` is no date; write that of the API's contract, such as `2026-06-01`",
        ),
        (
            "token = { env = \"CONNECT_TOKEN\" }\ndue_time = \"local\"",
            "due_time: `local` is not known; write `zone` or `utc`",
        ),
        (
            "token = { env = \"CONNECT_TOKEN\" }\nresources = [\"tasks\", \"notes\"]",
            "resources: `notes` is not known; write some of `tasks`, `deals`, `activities`",
        ),
        (
            "token = { env = \"CONNECT_TOKEN\" }\nresources = []",
            "resources: is empty; write some of `tasks`, `deals`, `activities`",
        ),
    ] {
        let problems = problems(&source(keys));
        let (_, problem) = problems.split_once("sources.crm.").unwrap();
        assert_eq!(problem.trim(), want, "{keys}");
        assert!(!problems.contains(CANARY), "{problems}");
    }
}
