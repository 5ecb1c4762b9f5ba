//! From a wire record to an event; pure.

use std::{
    collections::{BTreeMap, HashMap},
    str::FromStr,
};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::{
    domain::{
        batch::{Batch, Remark},
        event::{Event, Group, GroupKind, Groups, Place, Status},
        id::{EventUid, GroupId, SourceId},
        text::{Line, Text},
        when::{BadSpan, DateSpan, TimeSpan, When},
    },
    source::{
        html,
        loose::{Flag, Named},
        moment::{Moment, stamp},
        prospero::{AllDayEnd, places::Memory, wire},
    },
};

/// What an event without a title is called.
const UNTITLED: &str = "Untitled";

/// All that the mapping needs to know beside the records.
pub(super) struct Mapping<'a> {
    pub(super) source: &'a SourceId,
    pub(super) status: &'a BTreeMap<i64, Status>,
    pub(super) all_day_end: AllDayEnd,
    pub(super) names: &'a HashMap<String, Line>,
    pub(super) places: &'a Memory,
}

impl Mapping<'_> {
    /// Maps every record, each with its id; drafts are withheld, and one that may be a draft or that cannot be understood
    /// is left out with a remark.
    pub(super) fn batch(
        &self,
        records: impl ExactSizeIterator<Item = (String, Box<wire::Event>)>,
    ) -> Batch {
        let mut batch = Batch::default();
        batch.events.reserve(records.len());
        for (id, record) in records {
            let uid = EventUid::new(self.source, &id);
            let why = match record.draft {
                Flag::Yes => {
                    batch.withheld.events.insert(uid, "it is a draft");
                    continue;
                }
                Flag::Unclear => {
                    let why = "whether it is a draft cannot be read";
                    batch.unclear.events.insert(uid, why);
                    why
                }
                Flag::Absent | Flag::No => match self.event(uid, &record, &mut batch) {
                    Ok(event) => {
                        batch.events.push(event);
                        continue;
                    }
                    Err(why) => {
                        batch.unreadable.insert(uid, why);
                        why
                    }
                },
            };
            let id = Line::new(&id).to_string();
            batch.remarks.insert(Remark::LeftOut { id, why });
        }
        batch
    }

    fn event(
        &self,
        uid: EventUid,
        record: &wire::Event,
        batch: &mut Batch,
    ) -> Result<Event, &'static str> {
        let title = Line::new(record.title.as_deref().unwrap_or_default());
        Ok(Event {
            uid,
            when: self.when(record, batch)?,
            title: if title.is_empty() {
                Line::new(UNTITLED)
            } else {
                title
            },
            details: Text::new(&html::to_text(
                record.details.as_deref().unwrap_or_default(),
            )),
            places: self.places(record),
            groups: self.groups(record, &mut batch.groups),
            status: self.status(record, batch),
            zone: zone(record, batch),
            series: None,
            created: stamp(record.created.as_deref(), &mut batch.remarks),
            updated: stamp(record.updated.as_deref(), &mut batch.remarks),
        })
    }

    /// Whole days if the start is a bare date or the record says so; the dates are those written (§6.3).
    fn when(&self, record: &wire::Event, batch: &mut Batch) -> Result<When, &'static str> {
        const BAD_YEARS: fn(BadSpan) -> &'static str = |_| "it lies outside the years 1970 to 2099";
        let start = Moment::parse(
            record.start.as_deref().ok_or("it has no start")?,
            &mut batch.remarks,
        )
        .ok_or("its start is no time")?;
        let end = record
            .end
            .as_deref()
            .and_then(|text| Moment::parse(text, &mut batch.remarks));
        if record.is_all_day || matches!(start, Moment::Date(_)) {
            let days = self.days(start.date(), end).map_err(BAD_YEARS)?;
            return Ok(When::Days(days));
        }
        let start = start.instant();
        let end = match end {
            Some(Moment::Time(end)) => end.to_utc().max(start),
            Some(Moment::Date(_)) | None => start,
        };
        Ok(When::Timed(TimeSpan::new(start, end).map_err(BAD_YEARS)?))
    }

    fn days(&self, first: NaiveDate, end: Option<Moment>) -> Result<DateSpan, BadSpan> {
        let last = match (end, self.all_day_end) {
            (None, _) => first,
            (Some(end), AllDayEnd::Inclusive) => end.date(),
            // An end within a day cannot exclude that day.
            (Some(Moment::Time(end)), AllDayEnd::Exclusive) if end.time() != NaiveTime::MIN => {
                end.date_naive()
            }
            (Some(end), AllDayEnd::Exclusive) => end.date().pred_opt().ok_or(BadSpan)?,
        };
        DateSpan::through(first, last.max(first))
    }

    /// The rooms and buildings, with the building's name and address for a room (§7.2).
    fn places(&self, record: &wire::Event) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for named in &record.locations {
            let id = GroupId::new(&named.id);
            if places.iter().any(|place| place.id == id) {
                continue;
            }
            let known = self.places.get(id.as_str());
            let venue = known.and_then(|known| self.places.get(known.venue.as_deref()?));
            let own = self.name(&id, known.map(|known| &known.name), named);
            let name = match venue {
                Some(venue) if !venue.name.is_empty() && !own.is_empty() => {
                    Line::new(&format!("{own}, {}", venue.name))
                }
                _ => own,
            };
            let address = [known, venue]
                .into_iter()
                .flatten()
                .map(|known| &known.address);
            let address = address.into_iter().find(|address| !address.is_empty());
            places.push(Place {
                id,
                name,
                address: address.cloned().unwrap_or_default(),
            });
        }
        places
    }

    /// The upstream's name for `id`, else the operator's.
    fn name(&self, id: &GroupId, known: Option<&Line>, named: &Named) -> Line {
        let told = known.filter(|name| !name.is_empty()).cloned();
        let told = told.or_else(|| {
            named
                .name
                .as_deref()
                .map(Line::new)
                .filter(|name| !name.is_empty())
        });
        told.or_else(|| self.names.get(id.as_str()).cloned())
            .unwrap_or_default()
    }

    fn groups(&self, record: &wire::Event, seen: &mut Groups) -> Vec<GroupId> {
        let mut ids = Vec::new();
        let mut add = |named: &Named, kind, known: Option<&Line>| {
            let id = GroupId::new(&named.id);
            // Names cost more than ids, and most groups have been seen before.
            let group = seen.get(&id);
            if group.is_none_or(|group| group.name.is_empty()) {
                let name = self.name(&id, known, named);
                if group.is_none() || !name.is_empty() {
                    seen.insert(id.clone(), Group { name, kind });
                }
            }
            ids.push(id);
        };
        record
            .groups
            .iter()
            .for_each(|named| add(named, GroupKind::Group, None));
        record
            .projects
            .iter()
            .for_each(|named| add(named, GroupKind::Project, None));
        record
            .tags
            .iter()
            .for_each(|named| add(named, GroupKind::Tag, None));
        for named in &record.locations {
            let known = self.places.get(&named.id.to_lowercase());
            add(named, GroupKind::Place, known.map(|known| &known.name));
            // What is on in a room is on in its building.
            if let Some(venue) = known.and_then(|known| known.venue.clone()) {
                let building = self.places.get(&venue).map(|known| &known.name);
                add(
                    &Named {
                        id: venue.clone(),
                        name: None,
                    },
                    GroupKind::Place,
                    building,
                );
            }
        }
        ids.sort();
        ids.dedup();
        ids
    }

    /// Labels as documented, numbers as configured, ranks of holds as tentative (§6.4).
    fn status(&self, record: &wire::Event, batch: &mut Batch) -> Option<Status> {
        let told = record.status.as_deref()?.trim().to_ascii_lowercase();
        let number = told.parse::<i64>();
        let status = match (told.as_str(), number) {
            (_, Ok(number)) => self.status.get(&number).copied(),
            ("tentative", _) => Some(Status::Tentative),
            ("confirmed", _) => Some(Status::Confirmed),
            ("cancelled" | "canceled", _) => Some(Status::Cancelled),
            (label, _) if label.contains("hold") => Some(Status::Tentative),
            _ => None,
        };
        if status.is_none() {
            batch.remarks.insert(Remark::UnknownStatus(
                Line::new(&told).as_str().chars().take(20).collect(),
            ));
        }
        status
    }
}

fn zone(record: &wire::Event, batch: &mut Batch) -> Option<Tz> {
    let name = record.zone.as_deref()?;
    let zone = Tz::from_str(name).ok();
    if zone.is_none() {
        batch.remarks.insert(Remark::UnknownZone(
            Line::new(name).as_str().chars().take(40).collect(),
        ));
    }
    zone
}
