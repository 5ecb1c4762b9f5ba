//! How the sources and the configured feeds stand, put into words for the operator.

use std::{sync::Arc, time::Duration};

use axum::body::Bytes;
use chrono::{DateTime, Utc};

use crate::{
    api::Chain,
    domain::{
        hook::{Calls, Hearing},
        id::FeedId,
    },
    status,
    store::Reads,
};

use super::{Feeds, Part, failure::Failure, refresh::Next, units::Units};

/// Stands once in a calendar for every event.
const EVENT: &[u8] = b"BEGIN:VEVENT\r\n";

impl Feeds {
    /// How everything stands now. Nobody is waited for; a calendar that nobody has read yet is written for that.
    pub async fn survey(self: &Arc<Self>) -> status::Status {
        let zones = self.zones.current();
        let reads = self.reads_today().await;
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
            sources: self.sources.values().map(|units| units.survey()).collect(),
            feeds,
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
        let read = reads.iter().filter(|(key, _)| key.feed == name);
        status::Feed {
            reads: read
                .map(|(key, tally)| (key.family.word().to_owned(), tally.count))
                .collect(),
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
    fn survey(&self) -> status::Source {
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
        }
    }
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
