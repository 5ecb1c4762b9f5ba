//! What a file says under one UID: an event, or a series and what was changed of it (RFC 5545 §3.8.4.4).

mod changed;
mod parts;

use std::{
    borrow::Cow,
    collections::{HashMap, VecDeque},
};

use chrono::{DateTime, NaiveTime, Utc};

use crate::domain::{
    batch::{Batch, Remark},
    id::EventUid,
    text::Line,
};

use super::{
    clock::{Clocks, Moment},
    map::{self, Mapping, stamp},
    record::{Calendar, Record},
    repeat::Repeat,
    span::Span,
};
use parts::Part;

/// Why a record is hidden.
const PRIVATE: &str = "its CLASS is not PUBLIC";
/// The longest id in a remark, in characters.
const ID_MAX: usize = 60;

/// Records with one UID, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Family<'a> {
    /// The UID; empty if the record has none.
    id: &'a str,
    /// Which calendar of the file it stands in.
    calendar: usize,
    /// Events and series.
    masters: Vec<Numbered<'a>>,
    /// Changed instances.
    changed: Vec<Numbered<'a>>,
}

/// A record and which of the file it is, from 1.
type Numbered<'a> = (usize, &'a Record<'a>);

/// What families are mapped with, and into.
pub(super) struct Context<'c, 'a> {
    pub(super) mapping: Mapping<'a>,
    pub(super) clocks: &'c mut Clocks<'a>,
    pub(super) batch: &'c mut Batch,
}

impl<'a> Family<'a> {
    /// The families of a file of `calendars`, each with the records of one of them. Some programs write a calendar for each
    /// record: changed instances of something that stands in another one belong to the first that has it.
    pub(super) fn all(calendars: &'a [Calendar<'a>]) -> Vec<Self> {
        let mut families: Vec<Self> = Vec::new();
        let mut number = 0;
        for calendar in calendars {
            let mut by_id: HashMap<Cow<'_, str>, usize> = HashMap::new();
            for record in &calendar.events {
                let id = record.uid.unwrap_or_default().trim();
                let family = match by_id.get(&folded(id)) {
                    // Without a UID nothing belongs together.
                    Some(family) if !id.is_empty() => *family,
                    _ => {
                        by_id.insert(folded(id), families.len());
                        families.push(Self {
                            id,
                            calendar: record.calendar,
                            ..Self::default()
                        });
                        families.len() - 1
                    }
                };
                let kind = match record.original {
                    Some(_) => &mut families[family].changed,
                    None => &mut families[family].masters,
                };
                number += 1;
                kind.push((number, record));
            }
        }
        Self::joined(families)
    }

    /// The same, with changed instances that are alone in their calendar where the rest of them is.
    fn joined(families: Vec<Self>) -> Vec<Self> {
        let is_orphan = |family: &Self| family.masters.is_empty() && !family.id.is_empty();
        let (orphans, mut families): (Vec<_>, Vec<_>) = families.into_iter().partition(is_orphan);
        let mut homes: HashMap<Cow<'_, str>, usize> = HashMap::new();
        for (index, family) in families.iter().enumerate() {
            homes.entry(folded(family.id)).or_insert(index);
        }
        for orphan in orphans {
            match homes.get(&folded(orphan.id)) {
                Some(home) => families[*home].changed.extend(orphan.changed),
                None => families.push(orphan),
            }
        }
        families
    }

    /// Maps the family, or withholds it if any of its events or series is private: whoever keeps a series private has not
    /// thought of the instances that were changed.
    pub(super) fn map(self, context: &mut Context<'_, 'a>) {
        if self.masters.iter().all(|(_, master)| is_public(master)) {
            return self.shown(context);
        }
        if !self.id.is_empty() {
            let uid = context.mapping.uid(self.id);
            context.batch.withheld.events.insert(uid, PRIVATE);
        }
        // Under every other UID, too, that it would have if it were public.
        let mut hidden = Batch::default();
        self.shown(&mut Context {
            mapping: context.mapping,
            clocks: context.clocks,
            batch: &mut hidden,
        });
        let uids = hidden.events.into_iter().map(|event| event.uid);
        let withheld = &mut context.batch.withheld.events;
        // What cannot be understood any more was published while it could.
        let marked = hidden.withheld.events.into_iter().chain(hidden.unreadable);
        let uids = uids.chain(marked.map(|(uid, _)| uid));
        withheld.extend(uids.map(|uid| (uid, PRIVATE)));
        context.batch.remarks.extend(hidden.remarks);
    }

    /// Maps it as if all of its events and series were public. Of an event that is there twice the newest counts: by
    /// SEQUENCE, then by stamp; those that are equally new are different events, told apart by their starts.
    fn shown(mut self, context: &mut Context<'_, 'a>) {
        if self.masters.len() > 1 {
            let newest = self.masters.iter().map(|(_, master)| age(master)).max();
            self.masters
                .retain(|(_, master)| Some(age(master)) == newest);
            self.masters.sort_by_key(|(_, master)| start(master));
            self.masters.dedup_by_key(|(_, master)| start(master));
        }
        if self.masters.is_empty() {
            let uid = context.mapping.uid(self.id);
            return self.orphans(uid, context);
        }
        let several = self.masters.len() > 1;
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_by_key(|(_, one)| original(one));
        let mut changed = VecDeque::from(changed);
        let mut masters = std::mem::take(&mut self.masters).into_iter().peekable();
        while let Some((number, master)) = masters.next() {
            // Of several, each has what was to begin before the next.
            let own = match masters.peek() {
                Some((_, next)) => changed.partition_point(|(_, one)| !follows(one, next)),
                None => changed.len(),
            };
            self.changed = changed.drain(..own).collect();
            let uid = match (several, self.id.is_empty()) {
                (false, false) => context.mapping.uid(self.id),
                _ => context.mapping.uid(&self.own_id(master)),
            };
            if let Err(why) = self.master(master, uid, context) {
                self.misread(number, uid, why, context.batch);
            }
        }
    }

    /// What stands for a UID that is missing, or is that of several events: where the event stands in time, and what it
    /// is called if nothing else tells.
    fn own_id(&self, master: &Record<'_>) -> String {
        let (start, zone) = start(master);
        let title = master.summary.filter(|_| self.id.is_empty());
        let title = title.unwrap_or_default();
        format!("{}\0{start}\0{zone}\0{title}", self.id)
    }

    /// An event or a series, with what was changed of it.
    fn master(
        &self,
        master: &'a Record<'a>,
        uid: EventUid,
        context: &mut Context<'_, 'a>,
    ) -> Result<(), &'static str> {
        let span = match Span::of(master, context.clocks, context.batch) {
            Ok(span) => span,
            Err(why) => {
                self.orphans(uid, context);
                return Err(why);
            }
        };
        let mut changed = self.by_original(context, |moment| span.reckoned(moment));
        let event = map::event(master, uid, &span, context.batch);
        let mut repeat = Repeat::of(master, &span, context.clocks, context.batch);
        let done = if repeat.is_series() {
            for original in changed.keys() {
                repeat.leave_out(*original);
            }
            let head = Part {
                event: Some(event),
                span,
                repeat,
            };
            let done = parts::deliver(self, head, uid, &changed, context);
            // They are where what they changed begins.
            changed.retain(|_, one| !one.and_future);
            done
        } else {
            if !changed.contains_key(&span.start) {
                context.batch.events.push(event);
            }
            Ok(())
        };
        self.deliver(changed, uid, context);
        done
    }

    /// Changed instances of a series that is not there.
    fn orphans(&self, uid: EventUid, context: &mut Context<'_, 'a>) {
        let changed = self.by_original(context, |moment| match moment {
            Moment::Day(date) => date.and_time(NaiveTime::MIN),
            Moment::Timed { wall, .. } => *wall,
        });
        self.deliver(changed, uid, context);
    }

    /// Leaves out a record that is there and cannot be understood.
    fn misread(&self, number: usize, uid: EventUid, why: &'static str, batch: &mut Batch) {
        batch.unreadable.insert(uid, why);
        self.leave_out(number, why, batch);
    }

    /// Says that a record was left out: by its UID up to what may be a mail address, or by its place in the file.
    fn leave_out(&self, number: usize, why: &'static str, batch: &mut Batch) {
        let id = Line::new(self.id.split('@').next().unwrap_or_default());
        let id: String = id.as_str().chars().take(ID_MAX).collect();
        let id = if id.is_empty() {
            format!("number {number} of the file")
        } else {
            id
        };
        batch.remarks.insert(Remark::LeftOut { id, why });
    }
}

/// A UID without regard to case, as [`EventUid::new`] takes it: what has one UID in a feed belongs together.
fn folded(id: &str) -> Cow<'_, str> {
    if id.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(id.to_ascii_lowercase())
    } else {
        Cow::Borrowed(id)
    }
}

/// How new a record is among those with its UID.
fn age(record: &Record<'_>) -> (u64, Option<DateTime<Utc>>) {
    let sequence = record.sequence.and_then(|text| text.trim().parse().ok());
    let stamps = [record.modified, record.stamp];
    let newest = stamps.into_iter().flatten().filter_map(stamp).max();
    (sequence.unwrap_or_default(), newest)
}

/// Where a record stands in time, as it is written.
fn start<'a>(record: &Record<'a>) -> (&'a str, &'a str) {
    let written =
        |start: super::line::Property<'a>| (start.value, start.param("TZID").unwrap_or_default());
    record.start.map(written).unwrap_or_default()
}

/// When a changed instance was to begin, as it is written.
fn original<'a>(record: &Record<'a>) -> &'a str {
    record.original.map_or("", |original| original.value)
}

/// Whether what was changed was to begin with `master` or after it, as far as both are written alike.
fn follows(changed: &Record<'_>, master: &Record<'_>) -> bool {
    let (original, (start, _)) = (original(changed).as_bytes(), start(master));
    let common = original.len().min(start.len());
    original[..common] >= start.as_bytes()[..common]
}

/// Whether everybody may see it: a class that is not known counts as private (RFC 5545 §3.8.1.3).
fn is_public(record: &Record<'_>) -> bool {
    let class = record.class.map(str::trim).unwrap_or_default();
    class.is_empty() || class.eq_ignore_ascii_case("PUBLIC")
}
