//! The commands that an operator asks before trusting a calendar, run as people run them.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::fs;

use calbridge::sandbox::prospero::Route;
use serde_json::Value;

use support::{
    bridge::{Bridge, folder},
    reader::Answer,
    upstream::{CHOIR, HALL, Wiring, evenings, start},
};

#[tokio::test]
async fn every_feed_of_the_demo_is_without_a_finding_both_as_text_and_as_served() {
    let dir = folder("");
    let bridge = Bridge::start(&dir, &["demo"], &[]).await;
    let reader = bridge.reader();
    for feed in ["season", "announced", "linked", "desk", "endowment"] {
        let path = format!("/feeds/{feed}.ics");
        let good = |answer: &Answer| answer.status.is_success();
        reader.get_until(&path, "is served", good).await;
        let address = format!("{}{path}", bridge.url());
        let finished = Bridge::run(&dir, &["lint", &address]).await;
        assert_eq!(
            (finished.code, finished.out.as_str()),
            (Some(0), "0 errors, 0 warnings, 0 hints\n"),
            "{feed}: {finished:?}"
        );
    }
}

#[tokio::test]
async fn a_broken_file_is_told_with_rule_and_line_and_ends_with_1() {
    let dir = folder("");
    let body = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\nEND:VCALENDAR\r\n";
    fs::write(dir.path().join("broken.ics"), body).unwrap();
    let lines = Bridge::run(&dir, &["lint", "broken.ics"]).await;
    assert_eq!(lines.code, Some(1), "{lines:?}");
    for part in [
        "error   C3 line 3: `REQUEST`\n    right:   have `METHOD:PUBLISH`\n    suffers: Outlook",
        "error   S1 line 3: a bare LF\n",
        "error   C1 line 1: no PRODID\n",
    ] {
        assert!(lines.out.contains(part), "{part}: {}", lines.out);
    }
    let json = Bridge::run(&dir, &["lint", "broken.ics", "--json"]).await;
    assert_eq!(json.code, Some(1), "{json:?}");
    let report: Value = serde_json::from_str(&json.out).unwrap();
    let errors = report["errors"].as_u64().unwrap();
    assert!(
        lines
            .err
            .contains(&format!("the calendar has {errors} errors"))
    );
    let findings = report["findings"].as_array().unwrap();
    let method = findings
        .iter()
        .find(|finding| finding["rule"] == "C3")
        .unwrap();
    assert_eq!(
        (&method["line"], &method["level"]),
        (&3.into(), &"error".into())
    );
}

#[tokio::test]
async fn what_cannot_be_read_ends_with_2_and_tells_no_more_of_an_address_than_its_host() {
    let upstream = start(evenings()).await;
    let bridge = Bridge::serve(&Wiring::default().text(&upstream)).await;
    let dir = folder("");
    let nothing = format!("{}/feeds/s3cret-token.ics", bridge.url());
    for (place, fact) in [
        ("nowhere.ics", "cannot read `nowhere.ics`"),
        (nothing.as_str(), "answers 404"),
        ("https://", "write one such as"),
    ] {
        let finished = Bridge::run(&dir, &["lint", place]).await;
        assert_eq!(
            (finished.code, finished.out.as_str()),
            (Some(2), ""),
            "{finished:?}"
        );
        assert!(finished.err.contains(fact), "{finished:?}");
        assert!(!finished.err.contains("s3cret"), "{finished:?}");
    }
}

#[tokio::test]
async fn diff_tells_what_became_of_each_event_and_its_exit_code_whether_anything_did() {
    let dir = folder("");
    let calendar = |title: &str, uid: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20261121T180000Z\r\nSUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    for (name, text) in [
        ("a.ics", calendar("Rehearsal", "one")),
        ("b.ics", calendar("Dress \u{1b}[31m", "one")),
        ("c.ics", calendar("Rehearsal", "two")),
        ("page.html", "<html>".to_owned()),
    ] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let renamed =
        "Dress  [31m, 2026-11-21 18:00 UTC\n    renamed from \"Rehearsal\" to \"Dress  [31m\"\n";
    let both = "Rehearsal, 2026-11-21 18:00 UTC\n    added\nRehearsal, 2026-11-21 18:00 UTC\n    removed\n";
    for (before, after, code, out) in [
        ("a.ics", "a.ics", 0, ""),
        ("a.ics", "b.ics", 1, renamed),
        ("a.ics", "c.ics", 1, both),
        ("a.ics", "page.html", 2, ""),
        ("a.ics", "nowhere.ics", 2, ""),
    ] {
        let finished = Bridge::run(&dir, &["diff", before, after]).await;
        assert_eq!(
            (finished.code, finished.out.as_str()),
            (Some(code), out),
            "{after}: {finished:?}"
        );
    }
    let finished = Bridge::run(&dir, &["diff", "a.ics", "b.ics", "--json"]).await;
    let told: Value = serde_json::from_str(&finished.out).unwrap();
    assert_eq!(told[0]["changes"][0]["change"], "renamed");
}

#[tokio::test]
async fn links_shows_the_addresses_of_one_feed_or_of_all() {
    let upstream = start(evenings()).await;
    let config = Wiring::default().text(&upstream);
    let known = config.replace(
        "[server]\n",
        "[server]\npublic_url = \"https://calendars.example\"\n",
    );
    let dir = folder(&known);
    for arguments in [&["links", "season"][..], &["links", "--all"]] {
        let finished = Bridge::run(&dir, arguments).await;
        assert_eq!(finished.code, Some(0), "{finished:?}");
        for address in [
            "  https://calendars.example/feeds/season.ics\n",
            "  webcal://calendars.example/feeds/season.ics\n",
            "?cid=https%3A%2F%2Fcalendars.example%2Ffeeds%2Fseason.ics\n",
            "  https://calendars.example/download/season.ics\n",
        ] {
            assert!(
                finished.out.contains(address),
                "{address}: {}",
                finished.out
            );
        }
    }
    let json = Bridge::run(&dir, &["links", "--all", "--json"]).await;
    let told: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(told[0]["feed"], "season");
    let unknown = Bridge::run(&dir, &["links", "saeson"]).await;
    assert_eq!(unknown.code, Some(1), "{unknown:?}");
    assert!(unknown.err.contains("it has `season`"), "{unknown:?}");
    let none = Bridge::run(&dir, &["links"]).await;
    assert_eq!(none.code, Some(2), "{none:?}");
}

#[tokio::test]
async fn completions_and_the_man_page_know_every_command() {
    let dir = folder("");
    let commands = [
        "serve",
        "demo",
        "sandbox",
        "export",
        "check",
        "history",
        "accept",
        "lint",
        "diff",
        "links",
        "completions",
        "man",
        "zones",
    ];
    for arguments in [
        &["completions", "bash"][..],
        &["completions", "zsh"],
        &["completions", "fish"],
        &["man"],
    ] {
        let finished = Bridge::run(&dir, arguments).await;
        assert_eq!(finished.code, Some(0), "{finished:?}");
        for command in commands {
            assert!(
                finished.out.contains(command),
                "{arguments:?} lacks {command}"
            );
        }
    }
}

#[tokio::test]
async fn explain_tells_why_an_event_is_in_a_feed_or_not_from_the_store_and_from_the_upstream() {
    let upstream = start(evenings()).await;
    let wiring = Wiring {
        more: "[feeds.first]\nsources = [\"stage\"]\nwindow = \"2030-11-05\"\n".to_owned(),
        ..Wiring::default()
    };
    let dir = folder(&wiring.text(&upstream));
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let calendar = bridge.reader().get("/feeds/first.ics").await;
    assert_eq!(calendar.titles(), ["Evening 1"]);
    let uid = calendar.values("UID")[0].clone();
    let calls = upstream.calls(Route::Events);
    for (event, shown, rule) in [
        (uid.as_str(), true, None),
        ("00000001-3E10-11E9-8105-0b5ea50f5a1d", true, None),
        ("evening 1", true, None),
        ("evening 2", false, Some("window")),
    ] {
        for fetch in [&[][..], &["--fetch"]] {
            let arguments = [&["explain", "first", event, "--json"], fetch].concat();
            let told = Bridge::run(&dir, &arguments).await;
            assert_eq!(told.code, Some(0), "{arguments:?}: {told:?}");
            let told: Value = serde_json::from_str(&told.out).unwrap();
            let case = &told["events"][0];
            assert_eq!(case["shown"], shown, "{arguments:?}: {told}");
            let steps = case["steps"].as_array().unwrap();
            let failed = steps.iter().find(|step| step["passes"] == false);
            let failed = failed.map(|step| step["rule"].as_str().unwrap());
            assert_eq!(failed, rule, "{arguments:?}: {told}");
        }
        let asked = upstream.calls(Route::Events) - calls;
        assert!(asked > 0, "`--fetch` asks");
    }
    let calls = upstream.calls(Route::Events);
    let lines = Bridge::run(&dir, &["explain", "first", "evening 2"]).await;
    assert_eq!(lines.code, Some(0), "{lines:?}");
    for part in [
        "feed first: 2030-11-05..2030-11-05 in ",
        "source stage: as of ",
        "\nEvening 2, 2030-11-10T23:30:00Z..2030-11-11T01:30:00Z\n",
        "    yes  source     the feed is made of `stage`\n",
        "    NO   window     it is 2030-11-10T23:30:00Z..2030-11-11T01:30:00Z; the feed shows 2030-11-05..2030-11-05 in ",
        "    => not in the feed\n",
    ] {
        assert!(lines.out.contains(part), "{part}: {}", lines.out);
    }
    let other = ["explain", "first", "evening 2", "--window", "2030-11"];
    let other = Bridge::run(&dir, &other).await;
    assert!(other.out.contains("    => in the feed\n"), "{other:?}");
    let nothing = Bridge::run(&dir, &["explain", "first", " "]).await;
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    assert!(
        nothing.err.contains("nothing is asked about"),
        "{nothing:?}"
    );
    let unknown = Bridge::run(&dir, &["explain", "fiirst", "matinee"]).await;
    assert_eq!((unknown.code, unknown.out.as_str()), (Some(1), ""));
    assert!(
        unknown.err.contains("it has `first`, `season`"),
        "{unknown:?}"
    );
    assert_eq!(upstream.calls(Route::Events), calls, "the store is enough");
    let none = Bridge::run(&dir, &["explain", "first", "matinee"]).await;
    assert_eq!(none.code, Some(1), "{none:?}");
    assert!(
        none.err.contains("no source has an event `matinee`"),
        "{none:?}"
    );
    let asked = upstream.calls(Route::Events);
    assert!(asked > calls, "it might be hidden, which no store knows");
    assert!(
        !bridge.log().contains("taken"),
        "the server still writes the store"
    );
}

#[tokio::test]
async fn explain_tells_of_a_hidden_event_by_which_rule_and_nothing_of_what_it_says() {
    let upstream = start(evenings()).await;
    let dir = folder(&Wiring::default().text(&upstream));
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let calendar = bridge.reader().get("/feeds/season.ics").await;
    let shown = calendar.titles();
    let first = shown.iter().position(|title| title == "Evening 1");
    let uid = calendar.values("UID")[first.unwrap()].clone();
    bridge.signal("TERM");
    assert_eq!(bridge.finished().await.code, Some(0));
    upstream.edit(|season| season.events[0].draft = true);
    // Those who only look do not change what is kept: a server that comes back goes on from there.
    let kept = Bridge::run(&dir, &["explain", "season", &uid]).await;
    assert!(kept.out.contains("    => in the feed\n"), "{kept:?}");
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let gone = |answer: &Answer| !answer.titles().contains(&"Evening 1".to_owned());
    let reader = bridge.reader();
    reader
        .get_until("/feeds/season.ics", "lacks the draft", gone)
        .await;
    for event in [&uid, "00000001-3E10-11E9-8105-0b5ea50f5a1d"] {
        let told = Bridge::run(&dir, &["explain", "season", event]).await;
        assert_eq!(told.code, Some(0), "{told:?}");
        let rule = "    NO   source     the upstream has it and hides it: it is a draft\n";
        let whole = format!("\n{event} in stage\n{rule}    => not in the feed\n");
        assert!(told.out.ends_with(&whole), "{told:?}");
        assert!(!told.out.contains("Evening"), "{told:?}");
        let json = Bridge::run(&dir, &["explain", "season", event, "--json"]).await;
        let json: Value = serde_json::from_str(&json.out).unwrap();
        assert_eq!(json["left_out"][0]["fate"], "withheld", "{json}");
    }
}

#[tokio::test]
async fn explain_knows_the_feed_of_a_group_by_its_id_and_by_its_name() {
    let upstream = start(evenings()).await;
    for (groups, access) in [
        ("public", Some("public")),
        ("token", Some("token")),
        ("off", None),
    ] {
        let wiring = Wiring {
            groups: groups.to_owned(),
            ..Wiring::default()
        };
        let dir = folder(&wiring.text(&upstream));
        for group in [CHOIR, "choir"] {
            let group = format!("groups/stage/{group}");
            let told = Bridge::run(&dir, &["explain", &group, "evening 2", "--json"]).await;
            let Some(access) = access else {
                assert_eq!(told.code, Some(1), "{told:?}");
                let remedy = "write `sources.stage.group_feeds = \"public\"`";
                assert!(told.err.contains(remedy), "{told:?}");
                continue;
            };
            assert_eq!(told.code, Some(0), "{told:?}");
            let told: Value = serde_json::from_str(&told.out).unwrap();
            assert_eq!(told["feed"], format!("groups/stage/{CHOIR}"));
            assert_eq!(told["access"], access, "{told}");
            assert_eq!(told["events"][0]["shown"], true, "{told}");
        }
    }
    let dir = folder(&Wiring::default().text(&upstream));
    for (group, said) in [
        (
            "groups/stage/ballet",
            "source `stage` has no group `ballet`; it has `Harbour Hall`, `Choir`",
        ),
        ("groups/pit/choir", "there is no source `pit`"),
    ] {
        let unknown = Bridge::run(&dir, &["explain", group, "evening 2"]).await;
        assert_eq!(unknown.code, Some(1), "{unknown:?}");
        assert!(unknown.err.contains(said), "{unknown:?}");
    }
}

#[tokio::test]
async fn explain_asks_for_an_id_where_several_groups_have_one_name() {
    let upstream = start(evenings()).await;
    upstream.edit(|season| "Choir".clone_into(&mut season.places[0].name));
    let dir = folder(&Wiring::default().text(&upstream));
    let told = Bridge::run(&dir, &["explain", "groups/stage/choir", "evening 2"]).await;
    assert_eq!(told.code, Some(1), "{told:?}");
    let remedy = "source `stage` has several groups called `choir`; ask for one by its id: ";
    assert!(told.err.contains(remedy), "{told:?}");
    for id in [CHOIR, HALL] {
        assert!(told.err.contains(&format!("`{id}`")), "{told:?}");
        let group = format!("groups/stage/{id}");
        let told = Bridge::run(&dir, &["explain", &group, "evening 2"]).await;
        assert_eq!(told.code, Some(0), "{told:?}");
    }
}
