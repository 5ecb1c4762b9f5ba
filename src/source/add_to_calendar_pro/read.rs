//! Reading an account: the list of its groups, each group, each of its events.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use reqwest::StatusCode;

use crate::{
    api::{Api, ApiError, Call, Denial, Page},
    domain::{
        batch::Remark,
        event::{Group, GroupKind},
        id::GroupId,
        text::Line,
    },
    source::{ics, record::Object},
};

use super::{
    AddToCalendarPro,
    reading::{Reading, Sweep, Unread, Unreadable},
    visible::is_published,
    wire::{self, Key, List, One, said},
};

/// Records on a full page of a list (§1); a shorter one is the last.
const PAGE: usize = 800;
/// Groups in a row for whose events the upstream has no time before the rest is not asked for either.
const TROUBLES_MAX: u32 = 3;

impl AddToCalendarPro {
    /// The keys of all groups, in the upstream's order.
    pub(super) async fn listed(
        &self,
        api: &Api,
    ) -> Result<(Vec<String>, BTreeSet<Remark>), ApiError> {
        let page = |number: usize| self.list(&["group", "all"], number);
        let (mut keys, mut remarks, mut number) = (Vec::new(), BTreeSet::new(), 1);
        let mut seen = HashSet::new();
        let take = |List(listed): List| {
            let before = seen.len();
            let full = listed.len() >= PAGE;
            for (index, Key(key)) in listed.into_iter().enumerate() {
                let Some(key) = key else {
                    let id = format!("group {} of page {number}", index + 1);
                    let why = "it has no key, so it is not shown";
                    remarks.insert(Remark::Odd { id, why });
                    continue;
                };
                if seen.insert(key.to_ascii_lowercase()) {
                    keys.push(key);
                }
            }
            number += 1;
            // A page that says nothing new is the last one, however full it is.
            let more = full && seen.len() > before;
            Page {
                items: Vec::<()>::new(),
                next: more.then(|| page(number)),
            }
        };
        api.pages(page(1), take).await.map_err(refused_key)?;
        Ok((keys, remarks))
    }

    /// One page of a list. A list without anything is a 404 that says so (§1).
    fn list(&self, path: &[&str], page: usize) -> Call {
        self.at(path)
            .query("page", page.to_string())
            .null_if(|status, said| {
                status == StatusCode::NOT_FOUND && said.contains("No entry found")
            })
    }

    /// Reads everything. What cannot be read of a group is missed; the others go on.
    pub(super) async fn sweep(&self, api: &Api) -> Result<Sweep, ApiError> {
        let (keys, remarks) = self.listed(api).await?;
        let mut reading = Reading {
            sweep: Sweep {
                remarks,
                ..Sweep::default()
            },
            ..Reading::default()
        };
        let call = |key: &String| self.at(&["group", key]).route("/group/{prokey}");
        let answers: Vec<Result<One<wire::Group>, ApiError>> =
            api.each(keys.iter().map(call).collect()).await?;
        for (key, answer) in keys.iter().zip(answers) {
            self.group(GroupId::new(key), answer, &mut reading);
        }
        let listed = std::mem::take(&mut reading.listed);
        let (mut troubles, mut rest) = (0, listed.into_iter());
        for (group, keys) in rest.by_ref() {
            match self.members(api, &group, keys, &mut reading).await {
                Ok(()) => troubles = 0,
                Err(error @ ApiError::Blocked { .. }) => return Err(error),
                Err(error) => {
                    troubles += u32::from(error.is_trouble());
                    let is_last = troubles == TROUBLES_MAX || api.is_sent_away(&error);
                    reading.failed.push((group, error));
                    if is_last {
                        break;
                    }
                }
            }
        }
        let calendars = std::mem::take(&mut reading.elsewhere);
        for (groups, calendar) in self.elsewhere.read(calendars).await {
            match calendar {
                Ok(batch) => {
                    reading.read += 1;
                    reading.sweep.calendars.push((batch, groups));
                }
                Err(error) => {
                    let error = Arc::new(Unread(error));
                    for group in groups {
                        let error = Arc::<Unread>::clone(&error);
                        reading.sweep.missed.insert(group, error);
                    }
                }
            }
        }
        reading.done(rest.map(|(group, _)| group).collect())
    }

    /// Notes what a group is called and which events it lists. One that is no published group is as if it were not there.
    fn group(
        &self,
        id: GroupId,
        answer: Result<One<wire::Group>, ApiError>,
        reading: &mut Reading,
    ) {
        let group = match answer {
            Ok(One(Some(Object(Some(group))))) => group,
            Ok(One(Some(Object(None)))) => return reading.miss(id, Unreadable::Shape),
            Ok(One(None)) => return reading.miss(id, Unreadable::Nothing),
            Err(error) => return reading.failed.push((id, error)),
        };
        match is_published(&group.status) {
            Some(true) => {}
            Some(false) => {
                reading.sweep.withheld.insert(id, "it is not published");
                return;
            }
            None => {
                let why = "whether the group is published cannot be read, so it is not shown";
                reading.odd(id.to_string(), why);
                reading.sweep.unclear.insert(id, why);
                return;
            }
        }
        let told = Some(Line::new(said(&group.name).unwrap_or_default()));
        let name = told
            .filter(|name| !name.is_empty())
            .or_else(|| self.facts.names.get(id.as_str()).cloned());
        let shown = Group {
            name: name.unwrap_or_default(),
            kind: GroupKind::Group,
        };
        reading.sweep.groups.insert(id.clone(), shown);
        let external = |kind: &str| kind.eq_ignore_ascii_case("external");
        if said(&group.subscription).is_some_and(external) {
            let address = said(&group.subscription_cal_url).unwrap_or_default();
            return match ics::Settings::at(address) {
                Ok(calendar) => reading.elsewhere.push((id, calendar)),
                // What stands there may hold a token, so it is not repeated.
                Err(ics::BadAddress) => reading.miss(id, Unreadable::Nowhere),
            };
        }
        let Some(listed) = group.events.0 else {
            return reading.miss(id, Unreadable::Shape);
        };
        let (mut keys, mut seen) = (Vec::new(), HashSet::new());
        for Key(key) in listed {
            match key {
                Some(key) if seen.insert(key.to_ascii_lowercase()) => keys.push(key),
                Some(_) => {}
                None => reading.odd(id.to_string(), "it lists an event without a key"),
            }
        }
        reading.listed.push((id, keys));
    }

    /// Reads those of the events of a group that no other group has brought.
    async fn members(
        &self,
        api: &Api,
        group: &GroupId,
        keys: Vec<String>,
        reading: &mut Reading,
    ) -> Result<(), ApiError> {
        let (known, new): (Vec<_>, Vec<_>) = keys
            .into_iter()
            .partition(|key| reading.places.contains_key(&key.to_ascii_lowercase()));
        for key in known {
            reading.also_in(&key, group);
        }
        let call = |key: &String| self.at(&["event", key]).route("/event/{prokey}");
        let answers: Vec<Result<One<Box<wire::Event>>, ApiError>> =
            api.each(new.iter().map(call).collect()).await?;
        let mut failed = None;
        let mut readable = new.is_empty();
        for (key, answer) in new.into_iter().zip(answers) {
            match answer {
                Ok(One(Some(record))) => reading.take(&key, group, record),
                Ok(One(None)) => reading.gone(key),
                Err(ApiError::NotOffered { status, .. }) if status == StatusCode::NOT_FOUND => {
                    reading.gone(key);
                }
                Err(error) => {
                    failed = failed.or(Some(error));
                    continue;
                }
            }
            readable = true;
        }
        reading.read += usize::from(readable);
        failed.map_or(Ok(()), Err)
    }
}

/// A key that the upstream refuses by 403 is no less refused (§1).
fn refused_key(error: ApiError) -> ApiError {
    match error {
        ApiError::NotOffered { at, status, .. } if status == StatusCode::FORBIDDEN => {
            let why = Denial::Status(status);
            ApiError::Blocked { at, why }
        }
        other => other,
    }
}
