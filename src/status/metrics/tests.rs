use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{Asked, Counters, Cut, Documents, Durations, Failure, Read, Rules, Step, Traffic},
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
        links: Vec::new(),
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
            days: BTreeMap::new(),
            links: Vec::new(),
        }],
        counters: counters(),
    }
}

fn counters() -> Counters {
    let text = str::to_owned;
    let steps = [(100, 1), (1_000, 3)];
    let steps = steps.map(|(bound_ms, count)| Step { bound_ms, count });
    let asked = Asked {
        requests: [(text("ok"), 40), (text("late"), 2)].into(),
        refreshes: Durations {
            steps: steps.into(),
            count: 4,
            sum_ms: 12_034,
        },
    };
    let read = Read {
        feed: text("season"),
        client: text("google"),
        status: 304,
        count: 9,
    };
    Counters {
        sources: [(text("pit"), Asked::default()), (text("stage"), asked)].into(),
        documents: Documents {
            found: 90,
            made: 3,
            held: 2,
            bytes: 123_456,
        },
        reads: vec![read],
        traffic: Traffic {
            open: 3,
            accepted: 70,
            answers: [(text("200"), 60), (text("other"), 1)].into(),
        },
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
        "calbridge_upstream_requests_total{source=\"stage\",outcome=\"late\"} 2",
        "calbridge_refresh_duration_seconds_bucket{source=\"stage\",le=\"0.100\"} 1",
        "calbridge_refresh_duration_seconds_bucket{source=\"stage\",le=\"1.000\"} 3",
        "calbridge_refresh_duration_seconds_bucket{source=\"stage\",le=\"+Inf\"} 4",
        "calbridge_refresh_duration_seconds_sum{source=\"stage\"} 12.034",
        "calbridge_refresh_duration_seconds_count{source=\"stage\"} 4",
        "calbridge_documents_found_total 90",
        "calbridge_documents_made_total 3",
        "calbridge_documents_held 2",
        "calbridge_documents_bytes 123456",
        "calbridge_reads_total{feed=\"season\",client=\"google\",status=\"304\"} 9",
        "calbridge_answers_total{status=\"other\"} 1",
        "calbridge_connections_open 3",
        "calbridge_connections_total 70",
    ] {
        assert!(text.lines().any(|told| told == line), "{line}\n{text}");
    }
    assert!(!text.contains("the server said no"), "{text}");
}

/// The families of a text, as strictly read as Prometheus does and a little more: panics at whatever it would refuse.
fn families(text: &str) -> BTreeSet<&str> {
    assert!(text.ends_with('\n'), "the last line has its end");
    let (mut family, mut kind) = ("", "");
    let (mut families, mut samples) = (BTreeSet::new(), BTreeSet::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            family = help.split_once(' ').unwrap().0;
            assert!(is_name(family), "{line}");
            assert!(families.insert(family), "twice: {line}");
            let next = lines.next().unwrap_or_default();
            let told = next
                .strip_prefix("# TYPE ")
                .and_then(|told| told.split_once(' '));
            let (of, told) = told.unwrap_or_else(|| panic!("no type after {line}"));
            assert_eq!(of, family, "{next}");
            assert!(["gauge", "counter", "histogram"].contains(&told), "{next}");
            assert_eq!(told == "counter", family.ends_with("_total"), "{next}");
            kind = told;
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{line}");
        assert!(samples.insert(sample), "twice: {line}");
        let (name, labels) = sample.split_once('{').unwrap_or((sample, "}"));
        let suffix = name
            .strip_prefix(family)
            .unwrap_or_else(|| panic!("out of place: {line}"));
        let suffixes: &[&str] = if kind == "histogram" {
            &["_bucket", "_sum", "_count"]
        } else {
            &[""]
        };
        assert!(suffixes.contains(&suffix), "{line}");
        assert_eq!(labels.contains("le=\""), suffix == "_bucket", "{line}");
        read_labels(labels, line);
    }
    families
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Reads `one="a",other="b"}`.
fn read_labels(mut rest: &str, line: &str) {
    while rest != "}" {
        let (name, value) = rest.split_once("=\"").unwrap_or_else(|| panic!("{line}"));
        assert!(is_name(name), "{line}");
        let mut escaped = false;
        let end = value.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        rest = &value[end.unwrap_or_else(|| panic!("{line}")) + 1..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

#[test]
fn the_text_is_one_that_prometheus_reads() {
    let families = families(&status().metrics()).len();
    assert!(families >= 20, "{families}");
}

#[test]
fn every_metric_that_the_documentation_asks_for_is_told() {
    let text = status().metrics();
    let told = families(&text);
    let parts = ["_bucket", "_sum", "_count"];
    let is_told = |name: &str| {
        let of_histogram = parts.iter().filter_map(|part| name.strip_suffix(part));
        told.contains(name) || of_histogram.into_iter().any(|family| told.contains(family))
    };
    for (page, least) in [
        ("docs/grafana-dashboard.json", 12),
        ("docs/alerts.yml", 6),
        ("docs/operating.md", 4),
    ] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let page_text = std::fs::read_to_string(path).unwrap();
        let used: BTreeSet<&str> = page_text
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .filter(|word| word.starts_with("calbridge_"))
            .collect();
        assert!(used.len() >= least, "{page}: {used:?}");
        for name in used {
            assert!(is_told(name), "{page}: nothing tells `{name}`");
        }
    }
}
