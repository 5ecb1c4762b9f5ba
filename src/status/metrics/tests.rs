use std::collections::BTreeSet;

use super::{
    super::{Cut, Failure, Rules},
    *,
};

fn status() -> Status {
    let text = str::to_owned;
    let down = Source {
        name: text("pit"),
        kind: text("ics"),
        state: None,
        events: 0,
        groups: 0,
        confirmed: None,
        failure: Some(Failure {
            what: text("the server said no"),
            at: text("2026-11-22T11:59:00Z"),
            count: 4,
        }),
        next: None,
        webhook: None,
    };
    let well = Source {
        name: text("stage"),
        kind: text("prospero"),
        state: Some(text("fresh")),
        events: 1_200,
        confirmed: Some(text("2026-11-22T11:58:00Z")),
        failure: None,
        ..down.clone()
    };
    Status {
        version: text("1.2.3"),
        now: text("2026-11-22T12:00:00Z"),
        zones: Rules {
            version: text("2026c"),
            origin: text("the \"new\"\\one\n"),
        },
        sources: vec![down, well],
        feeds: vec![Feed {
            name: text("season"),
            state: Some(text("partial")),
            events: 1_000,
            bytes: 400_000,
            cut: Some(Cut {
                first: text("2026-01-01"),
                last: text("2026-12-31"),
                left_out: 200,
            }),
            reads: [(text("google"), 7)].into(),
        }],
    }
}

#[test]
fn what_the_status_tells_is_told_in_numbers() {
    let text = status().metrics();
    for line in [
        "calbridge_build_info{version=\"1.2.3\"} 1",
        "calbridge_zone_data_info{version=\"2026c\",origin=\"the \\\"new\\\"\\\\one\\n\"} 1",
        "calbridge_source_state{source=\"pit\",kind=\"ics\",state=\"none\"} 1",
        "calbridge_source_state{source=\"stage\",kind=\"prospero\",state=\"fresh\"} 1",
        "calbridge_source_state{source=\"stage\",kind=\"prospero\",state=\"none\"} 0",
        "calbridge_source_events{source=\"stage\"} 1200",
        "calbridge_source_confirmed_timestamp_seconds{source=\"stage\"} 1795348680",
        "calbridge_source_failed_polls{source=\"pit\"} 4",
        "calbridge_source_failed_polls{source=\"stage\"} 0",
        "calbridge_feed_state{feed=\"season\",state=\"partial\"} 1",
        "calbridge_feed_left_out_events{feed=\"season\"} 200",
        "calbridge_feed_reads_today{feed=\"season\",client=\"google\"} 7",
    ] {
        assert!(text.lines().any(|told| told == line), "{line}\n{text}");
    }
    assert!(!text.contains("the server said no"), "{text}");
}

#[test]
fn every_value_stands_once_below_the_help_and_type_of_its_family() {
    let text = status().metrics();
    let (mut family, mut families, mut samples) = ("", BTreeSet::new(), BTreeSet::new());
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            family = help.split_once(' ').unwrap().0;
            assert!(families.insert(family), "twice: {line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            assert_eq!(kind, format!("{family} gauge"));
        } else {
            let (sample, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<u64>().is_ok(), "{line}");
            assert!(sample.starts_with(&format!("{family}{{")), "{line}");
            assert!(samples.insert(sample), "twice: {line}");
        }
    }
}
