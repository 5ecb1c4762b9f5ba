//! Why an event is, or is not, in a feed: for the operator, who may see what is closed and what is hidden.
//!
//! Every verdict is that of the code which makes the calendar: the rules of the selection, the cut and the last check.

mod case;

use std::{
    collections::HashMap,
    fmt,
    str::FromStr,
    sync::{Arc, PoisonError},
    time::Duration,
};

use serde::Serialize;

use crate::{
    api::Chain,
    domain::{
        batch::Remark,
        feed::Detail,
        history::{Entry, Snapshot},
        id::{EventUid, FeedId},
        select::Shown,
        when::{When, stamp},
        window::WindowSpec,
    },
    format::ics::{Checked, Cut, Flaw, Purpose, Rendered},
    store::HORIZON,
};

use super::{
    FeedError, Feeds, Part,
    before::Before,
    gather::{Gathered, Supply},
    made::{keepsakes, written},
    recipe::{Ingredients, Selected},
    units::Units,
};

pub use case::{Case, Step};

/// Events that are explained at once; a piece of a title may fit thousands.
const CASES_MAX: usize = 20;

/// What is asked about: an upstream id, a `UID`, or a piece of a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About(String);

/// A question about nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing is asked about; write an upstream id, a `UID`, or a piece of a title")]
pub struct NothingAsked;

/// Why the events that were asked about are, or are not, in a feed.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The feed.
    pub feed: String,
    /// The days it shows, the last one included; `null` for all that is kept.
    pub window: Option<String>,
    /// The zone whose midnights bound them.
    pub zone: &'static str,
    /// Who can read it: `public` or `token`.
    pub access: &'static str,
    /// How much of an event it shows: `full`, `title` or `busy`.
    pub detail: &'static str,
    /// How its sources stand.
    pub sources: Vec<Standing>,
    /// The events that fit what was asked, source by source.
    pub events: Vec<Case>,
    /// How many more fit.
    pub more: usize,
    /// Records of that id that no event could be made of.
    pub left_out: Vec<LeftOut>,
}

/// How a source of the feed stands.
#[derive(Debug, Serialize)]
pub struct Standing {
    /// Its name.
    pub source: String,
    /// When the upstream was last as the copy shows it; `null` if it has never delivered.
    pub confirmed: Option<String>,
    /// What keeps the copy from being newer, in plain words.
    pub trouble: Option<String>,
}

/// A record that an upstream has and no feed can show.
#[derive(Debug, Serialize)]
pub struct LeftOut {
    /// The source.
    pub source: String,
    /// Its upstream id.
    pub id: String,
    /// Why no event could be made of it.
    pub why: &'static str,
}

/// A snapshot at hand.
struct Copy<'a> {
    units: &'a Units,
    unit: String,
    snapshot: Arc<Snapshot>,
}

/// What the calendar of a feed makes of its events.
struct Outcome<'a> {
    shown: &'a [Shown<'a>],
    cut: Option<Cut>,
    /// Those that are in the calendar.
    written: HashMap<EventUid, Option<Flaw>>,
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for About {
    type Err = NothingAsked;

    fn from_str(typed: &str) -> Result<Self, NothingAsked> {
        let typed = typed.trim();
        let asked = (!typed.is_empty()).then(|| Self(typed.to_owned()));
        asked.ok_or(NothingAsked)
    }
}

impl About {
    /// Whether it means an event of a source: by its `UID`, by its id there, or by its title.
    fn means(&self, units: &Units, entry: &Entry) -> bool {
        let Entry { event, .. } = entry;
        self.uid() == Some(event.uid)
            || EventUid::new(units.id(), &self.0) == event.uid
            || event
                .title
                .as_str()
                .to_lowercase()
                .contains(&self.0.to_lowercase())
    }

    /// The event it means, if it is the `UID` of one.
    fn uid(&self) -> Option<EventUid> {
        self.0.parse().ok()
    }
}

impl Feeds {
    /// Why the events that `about` means are, or are not, in the feed `id`, or in another window of it. Made of what is at
    /// hand: nothing is asked of an upstream.
    ///
    /// # Errors
    /// [`FeedError`]: no such feed, a window out of bounds, or no source that has ever delivered.
    pub async fn explain(
        &self,
        id: &FeedId,
        window: Option<WindowSpec>,
        about: &About,
    ) -> Result<Explanation, FeedError> {
        let closed = self.closed.get(id).map(|feed| (feed, "token"));
        let public = self.configured.get(id).map(|feed| (feed, "public"));
        let (feed, access) = closed.or(public).ok_or(FeedError::Unknown)?;
        let part = window.map_or(Part::Default, Part::Window);
        let gathered = self.gather_feed(Arc::clone(feed), part, Supply::AtHand, Duration::ZERO);
        let Gathered { ingredients, .. } = gathered.await?;
        let (events, more) = self.cases(&ingredients, part, about);
        let sources = feed.sources.iter().filter_map(|id| self.sources.get(id));
        let all = self.sources.values();
        Ok(Explanation {
            feed: id.to_string(),
            window: ingredients
                .window
                .map(|window| When::Days(window.days()).to_string()),
            zone: feed.zone.name(),
            access,
            detail: match feed.detail {
                Detail::Full => "full",
                Detail::Title => "title",
                Detail::Busy => "busy",
            },
            sources: sources.map(|units| units.in_brief()).collect(),
            events,
            more,
            left_out: all.flat_map(|units| units.left_out(about)).collect(),
        })
    }

    /// The events that `about` means, and how many more there are.
    fn cases(&self, of: &Ingredients, part: Part, about: &About) -> (Vec<Case>, usize) {
        let kept = keepsakes(of, part);
        let Selected { events, .. } = of.select(part, &kept);
        let outcome = Outcome::of(of, &events);
        // An instance has a UID of its own, by which people know it.
        let instance = events.iter().find(|shown| about.uid() == Some(shown.uid()));
        let series = instance.map(Shown::whole);
        let copies: Vec<Copy<'_>> = self
            .sources
            .values()
            .flat_map(|units| units.copies())
            .collect();
        let mut meant = copies.iter().flat_map(|copy| {
            let entries = copy.snapshot.entries().iter();
            let meant = entries
                .filter(|entry| about.means(copy.units, entry) || series == Some(entry.event.uid));
            meant.map(move |entry| (copy, entry))
        });
        let cases = meant.by_ref().take(CASES_MAX);
        let cases = cases
            .map(|(copy, entry)| case::case(of, &outcome, copy, entry))
            .collect();
        (cases, meant.count())
    }
}

impl<'a> Outcome<'a> {
    /// What becomes of `events`, which were selected from `of`.
    fn of(of: &Ingredients, shown: &'a [Shown<'a>]) -> Self {
        let Rendered {
            body, events, cut, ..
        } = written(of, Purpose::Feed, shown, &Before::Nothing);
        let mut written: HashMap<EventUid, Option<Flaw>> =
            events.iter().map(|(uid, _)| (*uid, None)).collect();
        match Checked::without_broken(body, &events) {
            Ok((_, broken)) => {
                written.extend(broken.into_iter().map(|(uid, flaw)| (uid, Some(flaw))));
            }
            Err(flaw) => written.values_mut().for_each(|found| *found = Some(flaw)),
        }
        Self {
            shown,
            cut,
            written,
        }
    }
}

impl Units {
    /// Every copy at hand, the one that is kept warm first.
    fn copies(&self) -> Vec<Copy<'_>> {
        let copy = |unit, snapshot| Copy {
            units: self,
            unit,
            snapshot,
        };
        let horizon = self.standing().snapshot;
        let horizon = horizon.map(|snapshot| copy(HORIZON.to_owned(), snapshot));
        let months = self.beyond.at_hand().into_iter();
        let months = months.map(|(month, snapshot)| copy(month.to_string(), snapshot));
        horizon.into_iter().chain(months).collect()
    }

    fn in_brief(&self) -> Standing {
        let standing = self.standing();
        let failure = standing.failure.as_ref();
        let failure = failure.map(|failure| Chain(&*failure.error).to_string());
        let held = standing.snapshot.and_then(|snapshot| snapshot.held());
        let held = held.map(|held| {
            format!(
                "its newest list lacks {} of {} events and is held back since {}; `calbridge accept {}` believes it",
                held.missing,
                held.of,
                stamp(held.since),
                self.id()
            )
        });
        Standing {
            source: self.id().to_string(),
            confirmed: standing.confirmed.map(stamp),
            trouble: failure.or(held),
        }
    }

    /// The records with this id that were left out since the process began to ask.
    fn left_out(&self, about: &About) -> Vec<LeftOut> {
        let remarks = self.remarks.lock();
        let remarks = remarks.unwrap_or_else(PoisonError::into_inner);
        let left_out = remarks.iter().filter_map(|remark| match remark {
            Remark::LeftOut { id, why } if id.eq_ignore_ascii_case(&about.0) => Some(LeftOut {
                source: self.id().to_string(),
                id: id.clone(),
                why,
            }),
            _ => None,
        });
        left_out.collect()
    }
}
