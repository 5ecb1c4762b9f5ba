//! Why an event is, or is not, in a feed: for the operator, who may see what is closed and what is hidden.
//!
//! Every verdict is that of the code which makes the calendar: the rules of the selection, the cut and the last check.

mod about;
mod case;
mod left_out;

use std::{collections::HashMap, sync::Arc, time::Duration};

use serde::Serialize;

use crate::{
    api::Chain,
    domain::{
        feed::Detail,
        history::Snapshot,
        id::EventUid,
        select::Shown,
        when::{When, stamp},
        window::WindowSpec,
    },
    format::ics::{Checked, Cut, Flaw, Purpose, Rendered},
    store::HORIZON,
};

use super::{
    FeedError, FeedName, Feeds, Part,
    before::Before,
    gather::{Gathered, Supply},
    made::{keepsakes, written},
    recipe::{Ingredients, Selected},
    units::Units,
};

pub use super::word::Fate;
use about::Sought;
pub use about::{About, NothingAsked};
pub use case::{Case, Step};
pub use left_out::LeftOut;

/// Events that are explained at once; a piece of a title may fit thousands.
const CASES_MAX: usize = 20;

/// Why the events that were asked about are, or are not, in a feed.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The feed; that of a group as `groups/stage/opera`.
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
    /// What fits and is in no calendar, because the upstream hides it or because no event can be made of it.
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

impl Explanation {
    /// Whether anything fits what was asked.
    #[must_use]
    pub fn fits(&self) -> bool {
        !(self.events.is_empty() && self.left_out.is_empty())
    }
}

impl Feeds {
    /// Why the events that `about` means are, or are not, in the feed `name`, or in another window of it. Made of what is at
    /// hand: nothing is asked of an upstream.
    ///
    /// # Errors
    /// [`FeedError`]: no such feed, a window out of bounds, or no source that has ever delivered.
    pub async fn explain(
        &self,
        name: &FeedName,
        window: Option<WindowSpec>,
        about: &About,
    ) -> Result<Explanation, FeedError> {
        let (told, access) = match name {
            FeedName::Configured(_) => (name.to_string(), "public"),
            FeedName::Closed(_) => (name.to_string(), "token"),
            FeedName::Group(..) => (format!("groups/{name}"), "public"),
            FeedName::ClosedGroup(..) => (format!("groups/{name}"), "token"),
        };
        let part = window.map_or(Part::Default, Part::Window);
        let gathered = self.gather_from(Supply::AtHand, name, part, Duration::ZERO);
        let Gathered { ingredients, .. } = gathered.await?;
        let sought = self.sources.values().map(|units| about.sought(units));
        let sought: Vec<Sought<'_>> = sought.collect();
        let (events, more) = cases(&ingredients, part, about, &sought);
        let mut left_out = Vec::new();
        for sought in &sought {
            left_out.extend(sought.left_out().await);
        }
        let feed = &ingredients.feed;
        let sources = feed.sources.iter().filter_map(|id| self.sources.get(id));
        Ok(Explanation {
            feed: told,
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
            left_out,
        })
    }
}

/// The events that `about` means, which is `sought` at each source, and how many more there are.
fn cases(of: &Ingredients, part: Part, about: &About, sought: &[Sought<'_>]) -> (Vec<Case>, usize) {
    let kept = keepsakes(of, part);
    let Selected { events, .. } = of.select(part, &kept);
    let outcome = Outcome::of(of, &events);
    // An instance has a UID of its own, by which people know it.
    let instance = events.iter().find(|shown| about.uid() == Some(shown.uid()));
    let series = instance.map(Shown::whole);
    let copies: Vec<(&Sought<'_>, Copy<'_>)> = sought
        .iter()
        .flat_map(|sought| {
            let copies = sought.units.copies().into_iter();
            copies.map(move |copy| (sought, copy))
        })
        .collect();
    let mut meant = copies.iter().flat_map(|(sought, copy)| {
        let entries = copy.snapshot.entries().iter();
        let meant =
            entries.filter(move |entry| sought.is(&entry.event) || series == Some(entry.event.uid));
        meant.map(move |entry| (copy, entry))
    });
    let cases = meant.by_ref().take(CASES_MAX);
    let cases = cases
        .map(|(copy, entry)| case::case(of, &outcome, copy, entry))
        .collect();
    (cases, meant.count())
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
}
