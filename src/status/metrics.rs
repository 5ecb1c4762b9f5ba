//! The status as Prometheus reads it (text exposition format 0.0.4).

mod counted;

use std::fmt::{Display, Write as _};

use chrono::DateTime;

use super::{Feed, Source, Status};

/// What the text is, for `Content-Type`.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Every word a source or feed may stand by; `none` before anything was delivered.
const STATES: [&str; 7] = [
    "fresh",
    "empty",
    "stale",
    "malformed",
    "blocked",
    "partial",
    "none",
];

/// Labels and the value they belong to.
type Sample<'a, V = u64> = (Vec<(&'static str, &'a str)>, V);

impl Status {
    /// All of it that is a number. Labels are names from the configuration, and never a title, token or address.
    #[must_use]
    pub fn metrics(&self) -> String {
        let mut text = Text::default();
        let zones = vec![
            ("version", &*self.zones.version),
            ("origin", &*self.zones.origin),
        ];
        text.gauge(
            "build_info",
            "The version of calbridge.",
            [(vec![("version", &*self.version)], 1)],
        );
        text.gauge("zone_data_info", "The tz database in use.", [(zones, 1)]);
        self.sources(&mut text);
        self.feeds(&mut text);
        self.counters.metrics(&mut text);
        text.0
    }

    fn sources(&self, text: &mut Text) {
        let of = |value: fn(&Source) -> Option<u64>| {
            let samples = self.sources.iter();
            samples
                .filter_map(move |source| Some((vec![("source", &*source.name)], value(source)?)))
        };
        let states = self.sources.iter().flat_map(|source| {
            let labels = vec![("source", &*source.name), ("kind", &*source.kind)];
            by_state(labels, source.state.as_deref())
        });
        text.gauge(
            "source_state",
            "1 for how the horizon of a source stands, 0 for every other way.",
            states,
        );
        text.gauge(
            "source_events",
            "Events kept of the horizon of a source.",
            of(|source| Some(source.events as u64)),
        );
        text.gauge(
            "source_confirmed_timestamp_seconds",
            "When the upstream was last as the copy shows it.",
            of(|source| seconds(source.confirmed.as_ref()?)),
        );
        text.gauge(
            "source_failed_polls",
            "Polls that have failed in a row.",
            of(|source| {
                Some(
                    source
                        .failure
                        .as_ref()
                        .map_or(0, |failure| u64::from(failure.count)),
                )
            }),
        );
        text.gauge(
            "source_next_poll_timestamp_seconds",
            "When a source is polled next; absent while it is being polled.",
            of(|source| seconds(&source.next.as_ref()?.at)),
        );
        text.gauge(
            "source_webhook_calls",
            "Calls of the webhook since the source was configured as it is, or the start.",
            of(|source| Some(source.webhook.as_ref()?.calls)),
        );
    }

    fn feeds(&self, text: &mut Text) {
        let of = |value: fn(&Feed) -> usize| {
            let samples = self.feeds.iter();
            samples.map(move |feed| (vec![("feed", &*feed.name)], value(feed) as u64))
        };
        let states = self
            .feeds
            .iter()
            .flat_map(|feed| by_state(vec![("feed", &*feed.name)], feed.state.as_deref()));
        text.gauge(
            "feed_state",
            "1 for how a feed stands in its own window, 0 for every other way.",
            states,
        );
        text.gauge(
            "feed_events",
            "Events a feed shows in its own window.",
            of(|feed| feed.events),
        );
        text.gauge(
            "feed_bytes",
            "Bytes of a feed before compression.",
            of(|feed| feed.bytes),
        );
        text.gauge(
            "feed_left_out_events",
            "Events cut away because the calendar would have been too large.",
            of(|feed| feed.cut.as_ref().map_or(0, |cut| cut.left_out)),
        );
        let reads = self.feeds.iter().flat_map(|feed| {
            let reads = feed.reads.iter();
            reads
                .map(|(client, count)| (vec![("feed", &*feed.name), ("client", &**client)], *count))
        });
        text.gauge(
            "feed_reads_today",
            "Reads of a feed since midnight UTC, by family of clients.",
            reads,
        );
    }
}

fn by_state<'a>(
    labels: Vec<(&'static str, &'a str)>,
    state: Option<&'a str>,
) -> impl Iterator<Item = Sample<'a>> {
    STATES.into_iter().map(move |word| {
        let labels = labels.iter().copied().chain([("state", word)]);
        (labels.collect(), u64::from(state.unwrap_or("none") == word))
    })
}

/// Seconds since 1970 of a time as the status tells it.
fn seconds(told: &str) -> Option<u64> {
    let told = DateTime::parse_from_rfc3339(told).ok()?;
    told.timestamp().try_into().ok()
}

#[derive(Default)]
struct Text(String);

impl Text {
    /// Adds a family of values that may go up and down; `help` is a plain sentence.
    fn gauge<'a>(&mut self, name: &str, help: &str, samples: impl IntoIterator<Item = Sample<'a>>) {
        self.head(name, "gauge", help);
        self.samples(name, samples);
    }

    /// Adds a family of values that only grow; `name` ends in `_total`.
    fn counter<'a>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = Sample<'a>>,
    ) {
        self.head(name, "counter", help);
        self.samples(name, samples);
    }

    // Writing to a text cannot fail.
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        _ = writeln!(
            self.0,
            "# HELP calbridge_{name} {help}\n# TYPE calbridge_{name} {kind}"
        );
    }

    fn samples<'a, V: Display>(
        &mut self,
        name: &str,
        samples: impl IntoIterator<Item = Sample<'a, V>>,
    ) {
        for (labels, value) in samples {
            let labels: Vec<String> = labels
                .iter()
                .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
                .collect();
            let labels = if labels.is_empty() {
                String::new()
            } else {
                format!("{{{}}}", labels.join(","))
            };
            _ = writeln!(self.0, "calbridge_{name}{labels} {value}");
        }
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests;
