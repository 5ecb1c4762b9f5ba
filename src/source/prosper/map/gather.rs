//! Many notes of one day become one event: portfolios hold hundreds.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    domain::{
        event::{Event, Status},
        id::{EventUid, GroupId, SourceId},
        text::{Line, Text},
        when::{DateSpan, When},
    },
    source::prosper::scalar::in_words,
};

/// The most notes of a day that stand there one by one.
const ONE_BY_ONE: usize = 20;
/// The most notes that are listed in a gathered event; the rest is counted.
const LISTED: usize = 100;
/// The ratings in their order; others come after them.
const RATINGS: [&str; 8] = ["AA", "A", "B", "C", "D", "E", "HR", "NA"];

/// A note on one of its days.
#[derive(Debug, Clone)]
pub(super) struct Share {
    pub(super) id: String,
    /// The owner's share of the payment, in millionths of a dollar.
    pub(super) expected: Option<i64>,
    pub(super) late: bool,
    pub(super) rating: Option<String>,
    pub(super) term: Option<i64>,
    pub(super) groups: Vec<GroupId>,
}

/// The notes of each day, and how to speak of them.
pub(super) struct Days {
    words: &'static Words,
    days: BTreeMap<DateSpan, Vec<Share>>,
}

/// How to speak of notes that share a day.
struct Words {
    /// Begins the identity of an event.
    uid: &'static str,
    /// Whether the day belongs to it: every instalment is an event of its own, while a last payment may move.
    dated: Dated,
    one: &'static str,
    one_late: &'static str,
    many: &'static str,
    amounts: Amounts,
}

enum Dated {
    Yes,
    No,
}

/// Whether the expected share is that of this day.
enum Amounts {
    Shown,
    Unknown,
}

static DUE: Words = Words {
    uid: "due",
    dated: Dated::Yes,
    one: "Payment due",
    one_late: "Payment due, late",
    many: "notes due",
    amounts: Amounts::Shown,
};

static LAST: Words = Words {
    uid: "end",
    dated: Dated::No,
    one: "Scheduled final payment",
    one_late: "Scheduled final payment",
    many: "scheduled final payments",
    amounts: Amounts::Unknown,
};

impl Days {
    /// Of the next payments.
    pub(super) fn due() -> Self {
        Self {
            words: &DUE,
            days: BTreeMap::new(),
        }
    }

    /// Of the last payments.
    pub(super) fn last() -> Self {
        Self {
            words: &LAST,
            days: BTreeMap::new(),
        }
    }

    /// Adds a note.
    pub(super) fn add(&mut self, day: DateSpan, share: Share) {
        self.days.entry(day).or_default().push(share);
    }

    /// Its events: one for each note, or one for a day that has more than twenty.
    pub(super) fn events(self, source: &SourceId) -> impl Iterator<Item = Event> {
        let words = self.words;
        self.days.into_iter().flat_map(move |(day, shares)| {
            if shares.len() > ONE_BY_ONE {
                vec![words.gathered(source, day, &shares)]
            } else {
                let one = |share| words.single(source, day, share);
                shares.into_iter().map(one).collect()
            }
        })
    }
}

impl Words {
    /// The identity of the event of `note` alone on a day.
    fn id(&self, note: &str, day: NaiveDate) -> String {
        match self.dated {
            Dated::Yes => format!("{}-{note}-{day}", self.uid),
            Dated::No => format!("{}-{note}", self.uid),
        }
    }

    fn single(&self, source: &SourceId, day: DateSpan, share: Share) -> Event {
        let title = if share.late { self.one_late } else { self.one };
        let id = self.id(&share.id, day.first());
        let amount = self
            .expected(share.expected)
            .map(|amount| format!("{amount} expected"));
        let rating = share
            .rating
            .as_ref()
            .map(|rating| format!("Rating {rating}"));
        let term = share.term.map(|term| format!("{term} months"));
        let details = [amount, rating, term].into_iter().flatten();
        event(
            EventUid::new(source, &id),
            day,
            &format!("{title}: note {}", share.id),
            &details.collect::<Vec<_>>().join("\n"),
            share.groups,
        )
    }

    /// Its groups are those of all its notes, so that a feed of one of them has it too.
    fn gathered(&self, source: &SourceId, day: DateSpan, shares: &[Share]) -> Event {
        let mut groups: Vec<GroupId> = shares
            .iter()
            .flat_map(|share| share.groups.clone())
            .collect();
        groups.sort();
        groups.dedup();
        event(
            day_uid(source, self.uid, day.first()),
            day,
            &format!("{} {}", shares.len(), self.many),
            &self.list(shares),
            groups,
        )
    }

    fn list(&self, shares: &[Share]) -> String {
        let mut lines = Vec::new();
        let known = shares.iter().filter_map(|share| share.expected);
        if let Some(sum) = self.expected(Some(known.fold(0, i64::saturating_add))) {
            lines.push(format!("About {sum} expected"));
        }
        if let Some(late @ 1..) = self.late(shares) {
            lines.push(format!("{late} late"));
        }
        lines.push(ratings(shares));
        lines.push(String::new());
        lines.extend(
            shares
                .iter()
                .take(LISTED)
                .map(|share| match self.expected(share.expected) {
                    Some(amount) => format!("{}: {amount}", share.id),
                    None => share.id.clone(),
                }),
        );
        if let Some(more @ 1..) = shares.len().checked_sub(LISTED) {
            lines.push(format!("and {more} more"));
        }
        lines.join("\n")
    }

    /// How many are late, where that is said.
    fn late(&self, shares: &[Share]) -> Option<usize> {
        let late = shares.iter().filter(|share| share.late).count();
        (self.one != self.one_late).then_some(late)
    }

    fn expected(&self, millionths: Option<i64>) -> Option<String> {
        match self.amounts {
            Amounts::Shown => in_words(millionths?),
            Amounts::Unknown => None,
        }
    }
}

/// Every identity that an event of `note` alone may have: on whichever day its payments are.
pub(super) fn ids(note: &str) -> impl Iterator<Item = String> {
    let days = DateSpan::ALL.first().iter_days();
    let days = days.take_while(|day| *day < DateSpan::ALL.end());
    let due = days.map(move |day| DUE.id(note, day));
    due.chain([LAST.id(note, DateSpan::ALL.first())])
}

/// Whether `event` is made of many notes and `note` is one of those that it lists.
pub(in crate::source::prosper) fn gathers(source: &SourceId, event: &Event, note: &str) -> bool {
    let When::Days(day) = event.when else {
        return false;
    };
    let is_of = |words: &Words| day_uid(source, words.uid, day.first()) == event.uid;
    let is_note = |line: &str| line.split_once(':').map_or(line, |(id, _)| id) == note;
    [&DUE, &LAST].into_iter().any(is_of) && event.details.as_str().lines().any(is_note)
}

/// How many notes have each rating, best first: `AA 3, B 20`.
fn ratings(shares: &[Share]) -> String {
    let mut counts: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for share in shares {
        let rating = share.rating.as_deref().unwrap_or("no rating");
        let rank = RATINGS.iter().position(|known| *known == rating);
        *counts
            .entry((rank.unwrap_or(RATINGS.len()), rating))
            .or_default() += 1;
    }
    let counts = counts
        .iter()
        .map(|((_, rating), count)| format!("{rating} {count}"));
    counts.collect::<Vec<_>>().join(", ")
}

/// The identity of what is gathered on a day, which stays while notes come and go. No note's id begins with `day`.
fn day_uid(source: &SourceId, kind: &str, day: NaiveDate) -> EventUid {
    EventUid::new(source, &format!("{kind}-day-{day}"))
}

fn event(uid: EventUid, day: DateSpan, title: &str, details: &str, groups: Vec<GroupId>) -> Event {
    Event {
        uid,
        when: When::Days(day),
        title: Line::new(title),
        details: Text::new(details),
        places: Vec::new(),
        groups,
        status: Some(Status::Confirmed),
        zone: None,
        series: None,
        created: None,
        updated: None,
    }
}
