//! What is counted, as Prometheus reads it.

use std::fmt::{self, Display};

use super::{
    super::{Asked, Counters, Documents},
    Text,
};

/// Milliseconds, written as seconds.
struct Seconds(u64);

impl Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

impl Counters {
    /// All of it.
    pub(super) fn metrics(&self, text: &mut Text) {
        self.asked(text);
        self.refreshes(text);
        self.documents(text);
        let reads: Vec<_> = self
            .reads
            .iter()
            .map(|read| (read, read.status.to_string()))
            .collect();
        text.counter(
            "reads_total",
            "Reads of a calendar, by feed, family of clients and HTTP status; all groups of a source count as one feed.",
            reads.iter().map(|(read, status)| {
                let labels = vec![
                    ("feed", &*read.feed),
                    ("client", &*read.client),
                    ("status", &**status),
                ];
                (labels, read.count)
            }),
        );
        text.counter(
            "answers_total",
            "Answers to readers, whatever they asked for, by HTTP status.",
            self.traffic
                .answers
                .iter()
                .map(|(status, count)| (vec![("status", &**status)], *count)),
        );
        text.gauge(
            "connections_open",
            "Connections of readers that are open.",
            [(vec![], self.traffic.open)],
        );
        text.counter(
            "connections_total",
            "Connections of readers that were accepted.",
            [(vec![], self.traffic.accepted)],
        );
    }

    fn asked(&self, text: &mut Text) {
        let requests = self.sources.iter().flat_map(|(source, asked)| {
            let requests = asked.requests.iter();
            requests.map(|(outcome, count)| {
                let labels = vec![("source", &**source), ("outcome", &**outcome)];
                (labels, *count)
            })
        });
        text.counter(
            "upstream_requests_total",
            "Requests to the upstream of a source, logins and repeats too, by how they ended.",
            requests,
        );
    }

    fn refreshes(&self, text: &mut Text) {
        const NAME: &str = "refresh_duration_seconds";
        text.head(
            NAME,
            "histogram",
            "How long it took to fetch the horizon of a source, whether or not that succeeded.",
        );
        for (source, Asked { refreshes, .. }) in &self.sources {
            let source = ("source", &**source);
            let mut bounds: Vec<(String, u64)> = refreshes
                .steps
                .iter()
                .map(|step| (Seconds(step.bound_ms).to_string(), step.count))
                .collect();
            bounds.push(("+Inf".to_owned(), refreshes.count));
            let steps = bounds
                .iter()
                .map(|(bound, count)| (vec![source, ("le", &**bound)], *count));
            text.samples(&format!("{NAME}_bucket"), steps);
            let sum = Seconds(refreshes.sum_ms);
            text.samples(&format!("{NAME}_sum"), [(vec![source], sum)]);
            let count = refreshes.count;
            text.samples(&format!("{NAME}_count"), [(vec![source], count)]);
        }
    }

    fn documents(&self, text: &mut Text) {
        let Documents {
            found,
            made,
            held,
            bytes,
        } = self.documents;
        text.counter(
            "documents_found_total",
            "Asks that found a document in memory that was right.",
            [(vec![], found)],
        );
        text.counter(
            "documents_made_total",
            "Documents that were written.",
            [(vec![], made)],
        );
        text.gauge("documents_held", "Documents in memory.", [(vec![], held)]);
        text.gauge(
            "documents_bytes",
            "Bytes of the documents in memory, with all compressed forms.",
            [(vec![], bytes)],
        );
    }
}
