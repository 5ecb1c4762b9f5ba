//! What has been read of an account, while it is being read.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    error::Error,
    sync::Arc,
};

use crate::{
    api::ApiError,
    domain::{
        batch::{Batch, Remark},
        event::Groups,
        id::GroupId,
    },
    source::{ics, record::Object},
};

use super::{map::Member, wire};

/// What an account holds.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    pub(super) groups: Groups,
    pub(super) members: Vec<Member>,
    /// What calendars elsewhere hold, and the groups that refer to each.
    pub(super) calendars: Vec<(Batch, Vec<GroupId>)>,
    pub(super) missed: BTreeMap<GroupId, Arc<dyn Error + Send + Sync>>,
    /// The groups that are not published.
    pub(super) withheld: BTreeSet<GroupId>,
    /// The groups of which it cannot be read whether they are.
    pub(super) unclear: BTreeSet<GroupId>,
    pub(super) remarks: BTreeSet<Remark>,
}

/// Why a group is missed although the upstream answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    /// Its answer is none.
    #[error("the upstream lists the group and has nothing of it")]
    Nothing,
    /// Its answer is no group.
    #[error("its answer is no group; see whether the API has changed")]
    Shape,
    /// It is a button for a calendar elsewhere, of which it does not say where.
    #[error("its events are in a calendar elsewhere, of which it does not say where")]
    Nowhere,
}

/// Why a calendar elsewhere is missed. No [`ApiError`] itself: what another host asks for, such as to be left alone, the account
/// has not asked for.
#[derive(Debug, thiserror::Error)]
#[error("its calendar elsewhere cannot be read")]
pub(super) struct Unread(#[source] pub(super) ApiError);

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) sweep: Sweep,
    /// The groups with events of their own, and the keys of those.
    pub(super) listed: Vec<(GroupId, Vec<String>)>,
    /// The groups that refer to calendars elsewhere.
    pub(super) elsewhere: Vec<(GroupId, ics::Settings)>,
    /// Where each event stands among the members, by its lower-cased key.
    pub(super) places: HashMap<String, usize>,
    /// The groups that could not be read because a call failed.
    pub(super) failed: Vec<(GroupId, ApiError)>,
    /// How many groups could be read at all.
    pub(super) read: usize,
}

impl Reading {
    /// Keeps an event that no group has brought before.
    pub(super) fn take(&mut self, key: &str, group: &GroupId, record: Object<Box<wire::Event>>) {
        let place = self.sweep.members.len();
        let key = key.to_ascii_lowercase();
        self.places.insert(key.clone(), place);
        self.sweep.members.push(Member {
            key,
            groups: vec![group.clone()],
            record,
        });
    }

    /// Notes that one more group lists an event.
    pub(super) fn also_in(&mut self, key: &str, group: &GroupId) {
        let place = self.places.get(&key.to_ascii_lowercase());
        if let Some(member) = place.and_then(|place| self.sweep.members.get_mut(*place))
            && !member.groups.contains(group)
        {
            member.groups.push(group.clone());
            member.groups.sort();
        }
    }

    /// Notes that an event is listed and not there, as one is that was deleted a moment ago.
    pub(super) fn gone(&mut self, key: String) {
        self.odd(key, "its group lists it and it is not there");
    }

    /// Notes what an operator should know.
    pub(super) fn odd(&mut self, id: String, why: &'static str) {
        self.sweep.remarks.insert(Remark::Odd { id, why });
    }

    /// Notes a group that cannot be read although its call did not fail.
    pub(super) fn miss(&mut self, id: GroupId, why: Unreadable) {
        self.sweep.missed.insert(id, Arc::new(why));
    }

    /// The sweep, in which `unasked` groups are missed for the reason that ended it.
    ///
    /// # Errors
    /// The first one if no group could be read at all: then the account cannot be.
    pub(super) fn done(mut self, unasked: Vec<GroupId>) -> Result<Sweep, ApiError> {
        if self.read == 0 && !self.failed.is_empty() {
            return Err(self.failed.swap_remove(0).1);
        }
        let mut last: Option<Arc<ApiError>> = None;
        for (group, error) in self.failed {
            let error = Arc::new(error);
            last = Some(Arc::clone(&error));
            self.sweep.missed.insert(group, error);
        }
        for (group, error) in unasked.into_iter().zip(last.iter().cycle()) {
            self.sweep
                .missed
                .insert(group, Arc::<ApiError>::clone(error));
        }
        Ok(self.sweep)
    }
}
