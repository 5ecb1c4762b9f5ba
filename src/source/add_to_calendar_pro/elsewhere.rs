//! Calendars elsewhere that groups refer to by `subscription: external` (`upstreams/add-to-calendar-pro.md` §3).

use std::{
    collections::{HashMap, HashSet},
    num::{NonZeroU32, NonZeroUsize},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono_tz::Tz;
use futures_util::future::join_all;
use url::Url;

use crate::{
    api::{Api, ApiError, Auth, Limits},
    domain::{
        batch::Batch,
        id::{EventUid, GroupId, SourceId},
    },
    source::{
        Setup, Source, Unit,
        ics::{self, Ics},
    },
    zones::Zones,
};

/// The calendars that groups refer to, read with a way of their own: what opens the account opens nothing else.
#[derive(Debug)]
pub(super) struct Elsewhere {
    id: SourceId,
    zone: Tz,
    zones: Arc<Zones>,
    api: Api,
    /// By address; each holds its newest copy, so that an unchanged one is not sent again.
    calendars: Mutex<HashMap<Url, Arc<Ics>>>,
}

impl Elsewhere {
    pub(super) fn new(setup: &Setup) -> Self {
        Self {
            id: setup.id.clone(),
            zone: setup.zone,
            zones: Arc::clone(&setup.zones),
            api: setup.api(Auth::None, limits()),
            calendars: Mutex::default(),
        }
    }

    /// Reads the calendar of each group, every calendar once; those that no group refers to any more are let go.
    pub(super) async fn read(
        &self,
        groups: Vec<(GroupId, ics::Settings)>,
    ) -> Vec<(Vec<GroupId>, Result<Batch, ApiError>)> {
        let mut by_address: Vec<(ics::Settings, Vec<GroupId>)> = Vec::new();
        for (group, calendar) in groups {
            let same = |(known, _): &&mut (ics::Settings, _)| known.url == calendar.url;
            match by_address.iter_mut().find(same) {
                Some((_, groups)) => groups.push(group),
                None => by_address.push((calendar, vec![group])),
            }
        }
        let kept: HashSet<Url> = by_address
            .iter()
            .map(|(known, _)| known.url.clone())
            .collect();
        let reads = by_address.into_iter().map(|(calendar, groups)| async move {
            let calendar = self.calendar(&calendar);
            (groups, calendar.fetch(&self.api, &Unit::whole()).await)
        });
        let read = join_all(reads).await;
        let mut calendars = self
            .calendars
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        calendars.retain(|url, _| kept.contains(url));
        read
    }

    fn calendar(&self, settings: &ics::Settings) -> Arc<Ics> {
        let mut calendars = self
            .calendars
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let calendar = calendars.entry(settings.url.clone()).or_insert_with(|| {
            let (id, zones) = (self.id.clone(), Arc::clone(&self.zones));
            Arc::new(Ics::new(id, settings, self.zone, zones))
        });
        Arc::clone(calendar)
    }
}

/// Several at once and each for a short time: they are in many places, and one of them that is dead must not keep the
/// account's own events waiting. The next poll asks again.
fn limits() -> Limits {
    Limits {
        concurrency: const { NonZeroUsize::new(8).expect("it is not zero") },
        attempt: Duration::from_secs(10),
        attempts: const { NonZeroU32::new(2).expect("it is not zero") },
        ..Limits::default()
    }
}

/// Adds the events of a calendar to `batch`, as events of the groups that refer to it. One that two calendars hold is one
/// event, in the groups of both.
pub(super) fn merge(batch: &mut Batch, calendar: Batch, groups: &[GroupId]) {
    let places = batch.events.iter().enumerate();
    let places: HashMap<EventUid, usize> =
        places.map(|(place, event)| (event.uid, place)).collect();
    let hidden = &calendar.withheld.events;
    batch.withheld.events.extend(hidden);
    batch.unreadable.extend(calendar.unreadable);
    let shown = calendar.events.into_iter();
    for mut event in shown.filter(|event| !hidden.contains_key(&event.uid)) {
        event.groups.extend_from_slice(groups);
        let held = places.get(&event.uid).copied();
        if let Some(held) = held.and_then(|place| batch.events.get_mut(place)) {
            event.groups.append(&mut held.groups);
            held.groups = sorted(event.groups);
        } else {
            event.groups = sorted(event.groups);
            batch.events.push(event);
        }
    }
    for (id, group) in calendar.groups {
        batch.groups.entry(id).or_insert(group);
    }
    batch.remarks.extend(calendar.remarks);
    batch.from_wall_times |= calendar.from_wall_times;
}

fn sorted(mut groups: Vec<GroupId>) -> Vec<GroupId> {
    groups.sort();
    groups.dedup();
    groups
}
