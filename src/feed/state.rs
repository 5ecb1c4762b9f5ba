//! How a calendar stands, in one word (design §10). It is told beside a calendar, never in it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::api::ApiError;

use super::{Served, document::Document, failure::FetchError, horizon::Standing, units::Units};

/// How a source, or a feed over several, stands. Of two sources the greater word speaks for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It was read, and there is nothing.
    Empty,
    /// It was read, and this is what it says.
    Fresh,
    /// This is an earlier copy: the upstream cannot be read, or lost so much at once that it is not believed yet.
    Stale,
    /// This is an earlier copy: the upstream's answers cannot be understood.
    Malformed,
    /// This is an earlier copy: the upstream refuses our credentials.
    Blocked,
    /// A source is missing, or a part of one is of an earlier copy.
    Partial,
}

impl State {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Malformed => "malformed",
            Self::Blocked => "blocked",
            Self::Partial => "partial",
        }
    }
}

impl Standing {
    /// How it stands; `None` if it has never delivered.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        let snapshot = self.snapshot.as_ref()?;
        let Some(failure) = &self.failure else {
            return Some(match snapshot.held() {
                _ if !snapshot.missed().is_empty() || !snapshot.unreadable().is_empty() => {
                    State::Partial
                }
                Some(_) => State::Stale,
                None if snapshot.is_empty() => State::Empty,
                None => State::Fresh,
            });
        };
        Some(match &*failure.error {
            FetchError::Api(ApiError::Blocked { .. }) => State::Blocked,
            FetchError::Api(ApiError::Malformed { .. }) => State::Malformed,
            _ => State::Stale,
        })
    }
}

impl Standing {
    /// How it stands, and when the upstream last was as the copy shows it, unless that is now.
    pub(super) fn state_as_of(&self) -> Option<(State, Option<DateTime<Utc>>)> {
        let state = self.state()?;
        let old = matches!(state, State::Stale | State::Malformed | State::Blocked);
        Some((state, self.confirmed.filter(|_| old)))
    }
}

/// The sources of a document, to be asked at every answer: how they stand changes while its bytes do not.
#[derive(Debug, Clone)]
pub(super) struct Witnesses {
    sources: Arc<[Arc<Units>]>,
    /// What was seen when the document was made, which no source can make better.
    least: State,
}

impl Witnesses {
    /// Of a document made from `sources`, which stands at best as `least` says.
    pub(super) fn new(sources: impl IntoIterator<Item = Arc<Units>>, least: State) -> Self {
        Self {
            sources: sources.into_iter().collect(),
            least,
        }
    }

    /// How the document stands now.
    pub(super) fn state(&self) -> State {
        self.state_as_of().0
    }

    /// When the sources that do not stand well now were last as the document shows them: the earliest.
    pub(super) fn as_of(&self) -> Option<DateTime<Utc>> {
        self.state_as_of().1
    }

    /// `document` with how it stands now.
    pub(super) fn show(&self, document: Arc<Document>) -> Served {
        let (state, as_of) = self.state_as_of();
        Served {
            document,
            state,
            as_of,
        }
    }

    fn state_as_of(&self) -> (State, Option<DateTime<Utc>>) {
        // One that never delivered says nothing: its share is a month outside its horizon.
        let sources = self.sources.iter().filter_map(|units| units.state_as_of());
        sources.fold((self.least, None), |(state, as_of), (other, of_other)| {
            let earliest = [as_of, of_other].into_iter().flatten().min();
            (state.max(other), earliest)
        })
    }
}
