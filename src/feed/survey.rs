//! How the sources and the configured feeds stand, put into words for the operator.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::body::Bytes;
use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    api::Chain,
    domain::{
        hook::{Calls, Hearing},
        id::FeedId,
        text::Line,
    },
    status,
    store::{ReadKey, Reads},
};

use super::{Feeds, Part, failure::Failure, reads::first_told, refresh::Next, units::Units};

/// Stands once in a calendar for every event.
const EVENT: &[u8] = b"BEGIN:VEVENT\r\n";

impl Feeds {
    /// How everything stands now. Nobody is waited for; a calendar that nobody has read yet is written for that.
    /// `traffic` is what the listener of readers has counted.
    pub async fn survey(self: &Arc<Self>, traffic: status::Traffic) -> status::Status {
        let zones = self.zones.current();
        let reads = self.recent_reads().await;
        let sources = self.sources.values();
        let asked = sources.map(|units| (units.id().to_string(), units.asked()));
        let counters = status::Counters {
            sources: asked.collect(),
            documents: self.documents.usage(),
            reads: self.read_totals(),
            traffic,
        };
        let mut feeds = Vec::new();
        for id in self.configured.keys().chain(self.closed.keys()) {
            feeds.push(self.survey_feed(id, &reads).await);
        }
        status::Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            now: told(self.clock.now()),
            zones: status::Rules {
                version: zones.version().to_string(),
                origin: zones.origin().to_string(),
            },
            sources: self
                .sources
                .values()
                .map(|units| {
                    let links = self.links_of_groups(units.id());
                    let below = format!("{}/", units.id());
                    units.survey(used(links, &reads, |feed| feed.starts_with(&below)))
                })
                .collect(),
            feeds,
            counters,
        }
    }

    async fn survey_feed(self: &Arc<Self>, id: &FeedId, reads: &Reads) -> status::Feed {
        let key = (self.for_operator(id), Part::Default);
        let served = self.get_within(key.0.clone(), key.1, Duration::ZERO).await;
        let served = served.ok();
        let body = served
            .as_ref()
            .map(|served| served.document.identity().body());
        let cut = self.documents.last(&key).and_then(|last| last.made.cut);
        let name = id.to_string();
        let today = self.clock.now().date_naive();
        let days = by_day(reads, &name, first_told(today));
        status::Feed {
            reads: days.get(&today.to_string()).cloned().unwrap_or_default(),
            days,
            links: used(self.links_of_feed(id), reads, |feed| feed == name),
            name,
            state: served.as_ref().map(|served| served.state.word().to_owned()),
            events: body.map_or(0, |body| {
                body.windows(EVENT.len()).filter(|at| *at == EVENT).count()
            }),
            bytes: body.map_or(0, Bytes::len),
            cut: cut.map(|cut| status::Cut {
                first: cut.first.to_string(),
                last: cut.last.to_string(),
                left_out: cut.left_out,
            }),
        }
    }
}

impl Units {
    fn asked(&self) -> status::Asked {
        let counts = self.api.outcomes().counts();
        status::Asked {
            requests: counts
                .map(|(outcome, count)| (outcome.word().to_owned(), count))
                .collect(),
            refreshes: self.durations.told(),
        }
    }

    fn survey(&self, links: Vec<status::Link>) -> status::Source {
        let standing = self.standing();
        let snapshot = standing.snapshot.as_ref();
        status::Source {
            name: self.id().to_string(),
            kind: self.keeping.kind.to_owned(),
            state: standing.state().map(|state| state.word().to_owned()),
            events: snapshot.map_or(0, |snapshot| snapshot.entries().len()),
            groups: self.groups().len(),
            confirmed: standing.confirmed.map(told),
            failure: standing.failure.as_ref().map(survey_failure),
            next: standing.next.map(survey_next),
            webhook: self.hook_calls().map(survey_hook),
            links,
        }
    }
}

/// How often the feed `name` was read on each day since `first`: reads by secret links are told of longer.
fn by_day(reads: &Reads, name: &str, first: NaiveDate) -> BTreeMap<String, BTreeMap<String, u64>> {
    let mut days: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let told = |key: &ReadKey| key.feed == name && key.day >= first;
    for (key, tally) in reads.iter().filter(|(key, _)| told(key)) {
        let day = days.entry(key.day.to_string()).or_default();
        *day.entry(key.family.word().to_owned()).or_default() += tally.count;
    }
    days
}

/// Who used each of `links`, which lead to the feeds that `leads_to` says.
fn used<'a>(
    links: impl Iterator<Item = &'a Line>,
    reads: &Reads,
    leads_to: impl Fn(&str) -> bool,
) -> Vec<status::Link> {
    let used = |label: &Line| {
        let by = |key: &ReadKey| key.link.as_ref() == Some(label) && leads_to(&key.feed);
        let mut families: BTreeMap<String, u64> = BTreeMap::new();
        let mut last = None;
        for (key, tally) in reads.iter().filter(|(key, _)| by(key)) {
            *families.entry(key.family.word().to_owned()).or_default() += tally.count;
            last = last.max(Some(tally.last));
        }
        status::Link {
            label: label.to_string(),
            last: last.map(told),
            reads: families,
        }
    };
    links.map(used).collect()
}

fn survey_failure(failure: &Failure) -> status::Failure {
    status::Failure {
        what: Chain(&*failure.error).to_string(),
        at: told(failure.at),
        count: failure.count,
    }
}

fn survey_next(next: Next) -> status::Next {
    status::Next {
        at: told(next.at),
        why: next.why.to_string(),
    }
}

fn survey_hook(calls: Calls) -> status::Webhook {
    let state = match calls.hearing() {
        Hearing::Waiting => "waiting",
        Hearing::Working => "working",
        Hearing::Quiet => "quiet",
    };
    status::Webhook {
        state: state.to_owned(),
        calls: calls.count,
        last: calls.last.map(told),
        untold: calls.untold,
    }
}

fn told(instant: DateTime<Utc>) -> String {
    instant.format("%FT%TZ").to_string()
}
