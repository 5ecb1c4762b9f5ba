//! Feeds that are no longer published: a notice for their subscribers, made once and kept in memory, and then nothing (interop
//! W8).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        event::{Event, Groups},
        feed::{Cancelled, Detail, Feed, Recurring, Times},
        frames::Frames,
        history::{Bearings, Entry, Snapshot, Stamps},
        id::{EventUid, FeedId, SourceId},
        retired::Retired,
        select::{Expansion, select},
        series::Keepsakes,
        when::When,
        window::{Window, WindowSpec},
    },
    format::ics::{self, Checked, Flaw, Ledger, Purpose},
    zones::ZoneData,
};

use super::{FeedError, Feeds, Part, Served, State, document::Document, file_name::FileName};

/// What no upstream calls an event: control characters are no part of an id.
const NOTICE: &str = "\0retired";

/// A retired feed, ready to be told of.
#[derive(Debug)]
pub(super) struct Notice {
    retired: Retired,
    document: Arc<Document>,
}

impl Notice {
    /// As of `since`, which is later than anything that was published under this name before.
    fn new(
        id: &FeedId,
        retired: Retired,
        data: &ZoneData,
        since: DateTime<Utc>,
    ) -> Result<Self, Flaw> {
        let document = Arc::new(document(id, &retired, data, since)?);
        Ok(Self { retired, document })
    }

    /// What is told of it at `now`.
    ///
    /// # Errors
    /// [`FeedError::Gone`] once everybody has been told; [`FeedError::Unknown`] for one event, of which it has none.
    pub(super) fn served(&self, part: Part, now: DateTime<Utc>) -> Result<Served, FeedError> {
        match part {
            Part::Event(_) => Err(FeedError::Unknown),
            Part::Default | Part::Window(_) if self.retired.is_gone(now.date_naive()) => {
                Err(self.gone())
            }
            Part::Default | Part::Window(_) => Ok(Served {
                document: Arc::clone(&self.document),
                state: State::Fresh,
                as_of: None,
            }),
        }
    }
}

impl Notice {
    /// That it is no more: what people are told at once, and programs once their calendars have told it.
    pub(super) fn gone(&self) -> FeedError {
        FeedError::Gone {
            moved_to: self.retired.moved_to.clone(),
        }
    }
}

impl Feeds {
    /// The same, with a notice for whoever still asks for `retired` ones.
    #[must_use]
    pub fn with_retired(mut self, retired: BTreeMap<FeedId, Retired>) -> Self {
        let data = self.zones.current();
        for (id, retired) in retired {
            match Notice::new(&id, retired, &data, self.started) {
                Ok(notice) => {
                    self.retired.insert(id, notice);
                }
                Err(flaw) => {
                    tracing::error!(feed = %id, %flaw, "the notice of a retired feed does not pass the check because of a bug; the feed is not there");
                }
            }
        }
        self
    }
}

/// A calendar of one event, which says what to do. Its bytes are the same at each start; its date is `since`, because that of the
/// feed may be later than the day on which it was retired, and who asks with that date alone would never hear of it.
fn document(
    id: &FeedId,
    retired: &Retired,
    data: &ZoneData,
    since: DateTime<Utc>,
) -> Result<Document, Flaw> {
    let days = retired.told();
    let on = days.first().and_time(NaiveTime::MIN).and_utc();
    let source: SourceId = id.as_str().parse().expect("both are names of one form");
    let feed = Feed {
        title: retired.title.clone(),
        sources: vec![source.clone()],
        groups: None,
        window: WindowSpec::All,
        zone: Tz::UTC,
        pinned: None,
        detail: Detail::Full,
        cancelled: Cancelled::Keep,
        times: Times::Utc,
        recurring: Recurring::Expand,
        frames: Frames::Nobody,
    };
    let snapshot = notice(&source, retired, on);
    let kept = Keepsakes::new();
    let within = Window::new(days, |day| day.and_time(NaiveTime::MIN).and_utc());
    let expansion = Expansion {
        within,
        data,
        kept: &kept,
    };
    let events = select(&feed, None, &[(&source, &snapshot)], expansion);
    let rendered = ics::write(&ics::Request {
        feed: &feed,
        purpose: Purpose::Notice,
        events: &events,
        zones: &[Tz::UTC],
        data,
        today: days.first(),
        before: &Ledger::default(),
        changed: on,
    });
    let checked = Checked::new(rendered.body, events.len())?;
    let name = FileName::new(id.as_str(), &retired.title, "ics");
    Ok(Document::new(checked, name, since))
}

/// The one event, on every day on which somebody may still look.
fn notice(source: &SourceId, retired: &Retired, on: DateTime<Utc>) -> Snapshot {
    let event = Event {
        uid: EventUid::new(source, NOTICE),
        when: When::Days(retired.told()),
        title: retired.notice(),
        details: retired.remedy(),
        places: Vec::new(),
        groups: Vec::new(),
        status: None,
        zone: None,
        series: None,
        created: None,
        updated: None,
    };
    let stamps = Stamps {
        created: on,
        modified: on,
        sequence: 0,
    };
    let bearings = Bearings {
        revision: 0,
        changed: on,
        held: None,
        missed: BTreeSet::new(),
        absent: BTreeMap::new(),
    };
    Snapshot::restored(vec![Entry { event, stamps }], Groups::new(), bearings)
}
