//! From the records of an account to events; pure but for the numbers that entries are known by.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        batch::{Batch, Remark},
        event::{Event, Groups, Place, Status},
        id::{EventUid, GroupId, SourceId},
        series::{self, Length, Series},
        text::{Line, Text},
        when::{BadSpan, TimeSpan, When, YEARS},
    },
    source::{html, record::Object},
    zones::{Book, ZoneData},
};

use super::{
    identity::{Content, Memory, Number},
    rule::rule,
    time::{Named, OUT_OF_YEARS, Wall},
    visible::{Hidden, hidden},
    wire::{self, Entry, said},
    words::{filled, line, short},
};

/// What an event without a title is called.
const UNTITLED: &str = "Untitled";

/// An event as it was read, and the groups that list it.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) groups: Vec<GroupId>,
    pub(super) record: Object<Box<wire::Event>>,
}

/// All that the mapping needs to know beside the records.
pub(super) struct Mapping<'a> {
    pub(super) source: &'a SourceId,
    pub(super) book: &'a Book,
    pub(super) data: &'a ZoneData,
    pub(super) groups: &'a Groups,
}

/// What the entries of one event have in common.
struct Common<'a> {
    groups: &'a [GroupId],
    title: Line,
    rule: Option<String>,
    created: Option<DateTime<Utc>>,
    updated: Option<DateTime<Utc>>,
}

impl Mapping<'_> {
    /// Maps every entry of every published event into `batch`; one that cannot be understood is left out with a remark. The
    /// keys of all of them are what is left.
    pub(super) fn add(
        &self,
        members: Vec<Member>,
        memory: &mut Memory,
        batch: &mut Batch,
    ) -> HashSet<String> {
        batch.events.reserve(members.len());
        let each = members.into_iter().map(|member| {
            if let Err(why) = self.member(&member, memory, batch) {
                let uids = uids(self.source, &member.key, memory);
                batch.unreadable.extend(uids.map(|uid| (uid, why)));
                leave_out(batch, member.key.clone(), why);
            }
            member.key
        });
        each.collect()
    }

    fn member(
        &self,
        member: &Member,
        memory: &mut Memory,
        batch: &mut Batch,
    ) -> Result<(), &'static str> {
        let Object(Some(record)) = &member.record else {
            return Err("it is no event object");
        };
        let numbered = record.dates.0.as_deref().map(|entries| {
            let contents = entries.iter().map(|Object(entry)| match entry {
                Some(entry) => Content::of(entry),
                None => Content::default(),
            });
            let numbers = memory.number(&member.key, &contents.collect::<Vec<_>>());
            (entries, numbers)
        });
        if let Some(why) = hidden(record) {
            let uids = uids(self.source, &member.key, memory);
            match why {
                Hidden::Told(why) => batch.withheld.events.extend(uids.map(|uid| (uid, why))),
                Hidden::Unclear(why) => {
                    batch.unclear.events.extend(uids.map(|uid| (uid, why)));
                    leave_out(batch, member.key.clone(), why);
                }
            }
            return Ok(());
        }
        let (entries, numbers) = numbered.ok_or("its dates are no list")?;
        let mut rule = rule(record)?;
        let entries = entries.iter().map(|Object(entry)| entry.as_ref());
        let dated = entries.clone().flatten().filter(|entry| !entry.is_empty());
        if dated.count() > 1 && rule.take().is_some() {
            let why = "it repeats although it has several dates; each is shown once";
            odd(batch, member.key.clone(), why);
        }
        let created = said(&record.date_created).and_then(stamp);
        let common = Common {
            groups: &member.groups,
            title: line(said(&record.title_event_series)),
            rule,
            created,
            updated: said(&record.date_updated).and_then(stamp).or(created),
        };
        for (entry, number) in entries.zip(numbers) {
            let id = id(&member.key, number);
            let uid = EventUid::new(self.source, &id);
            let event = match entry {
                Some(entry) if entry.is_empty() => continue,
                Some(entry) => self.event(uid, &id, entry, &common, batch),
                None => Err("it is no date entry"),
            };
            match event {
                Ok(event) => batch.events.push(event),
                Err(why) => {
                    batch.unreadable.insert(uid, why);
                    leave_out(batch, id, why);
                }
            }
        }
        Ok(())
    }

    fn event(
        &self,
        uid: EventUid,
        id: &str,
        entry: &Entry,
        common: &Common<'_>,
        batch: &mut Batch,
    ) -> Result<Event, &'static str> {
        let places = places(entry);
        let (wall, strange) = Wall::of(entry)?;
        let (when, zone, series) = match wall {
            Wall::Days(days) => {
                let count = u16::try_from((days.end() - days.first()).num_days());
                let start = days.first().and_time(chrono::NaiveTime::MIN);
                let series = common.rule.as_deref().map(|rule| {
                    let length = Length::Days(count.unwrap_or(u16::MAX));
                    repeated(series::Wall::Days, start, length, rule)
                });
                (When::Days(days), None, series)
            }
            Wall::Timed { start, end } => {
                let (zone, tz) = self.zone(entry, &places, common.groups, batch);
                batch.from_wall_times |= tz != Tz::UTC;
                let rules = self.data.zone_or_utc(tz);
                let first = rules.instant(start);
                // Clocks that are set back can put the end before the start.
                let last = rules.instant(end).max(first);
                let span = TimeSpan::new(first, last).map_err(|BadSpan| OUT_OF_YEARS)?;
                let series = common.rule.as_deref().map(|rule| {
                    let length = Length::Exact(last - first);
                    repeated(series::Wall::Zone(tz), start, length, rule)
                });
                (When::Timed(span), zone, series)
            }
        };
        let series = series.transpose()?;
        if let Some(why) = strange {
            odd(batch, id.to_owned(), why);
        }
        let title = [line(said(&entry.name)), common.title.clone()]
            .into_iter()
            .find(|title| !title.is_empty());
        let details = html::to_text(said(&entry.description).unwrap_or_default());
        Ok(Event {
            uid,
            when,
            title: title.unwrap_or_else(|| Line::new(UNTITLED)),
            details: Text::new(&filled(&details)),
            places,
            groups: common.groups.to_vec(),
            status: status(entry, batch),
            zone,
            series: series.map(Into::into),
            created: common.created,
            updated: common.updated,
        })
    }

    /// The zone the upstream names, and the one that its wall times are in: UTC if it names none (§5), and what the zone
    /// book says if it names one that is not known.
    fn zone(
        &self,
        entry: &Entry,
        places: &[Place],
        groups: &[GroupId],
        batch: &mut Batch,
    ) -> (Option<Tz>, Tz) {
        let booked = |tz| {
            self.book
                .zone_for(tz, places, groups, self.groups, self.data)
        };
        let name = said(&entry.time_zone);
        match Named::of(name) {
            Named::Nothing => (None, Tz::UTC),
            Named::Zone(tz) => (Some(tz), booked(Some(tz))),
            Named::Unknown => {
                let name = short(name.unwrap_or_default());
                batch.remarks.insert(Remark::UnknownZone(name));
                (None, booked(None))
            }
        }
    }
}

/// Whatever was ever published of the event `key` of `source`.
pub(super) fn uids(
    source: &SourceId,
    key: &str,
    memory: &Memory,
) -> impl Iterator<Item = EventUid> {
    let given = memory.given(key);
    given.map(move |number| EventUid::new(source, &id(key, number)))
}

/// What the entry `number` of the event `key` is called.
fn id(key: &str, number: Number) -> String {
    format!("{key}-{number}")
}

fn repeated(
    wall: series::Wall,
    start: chrono::NaiveDateTime,
    length: Length,
    rule: &str,
) -> Result<Series, &'static str> {
    let rules = [rule.to_owned()];
    Series::new(wall, start, length, &rules, Vec::new(), Vec::new()).map_err(series::BadSeries::why)
}

/// Where it is: free text, which for something online is an address of the web.
fn places(entry: &Entry) -> Vec<Place> {
    let name = line(said(&entry.location));
    if name.is_empty() {
        return Vec::new();
    }
    // Places have no ids here, so they go by their names.
    vec![Place {
        id: GroupId::new(name.as_str()),
        name,
        address: Line::default(),
    }]
}

/// What takes place for sure is what the upstream says nothing of (§5).
fn status(entry: &Entry, batch: &mut Batch) -> Option<Status> {
    let Some(told) = said(&entry.status) else {
        return Some(Status::Confirmed);
    };
    match told.to_ascii_lowercase().as_str() {
        "confirmed" => Some(Status::Confirmed),
        "tentative" => Some(Status::Tentative),
        "cancelled" | "canceled" => Some(Status::Cancelled),
        _ => {
            let field = "dates[].status";
            let word = short(told);
            batch.remarks.insert(Remark::UnknownWord { field, word });
            None
        }
    }
}

/// When a record was made or changed; a time that no calendar can hold says nothing (interop T10).
fn stamp(text: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    YEARS.contains(&at.year()).then_some(at)
}

fn leave_out(batch: &mut Batch, id: String, why: &'static str) {
    batch.remarks.insert(Remark::LeftOut { id, why });
}

fn odd(batch: &mut Batch, id: String, why: &'static str) {
    batch.remarks.insert(Remark::Odd { id, why });
}
