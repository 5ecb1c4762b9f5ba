//! The snapshots of one source: its horizon, kept warm, and months outside it, fetched when somebody asks.

use std::{
    collections::BTreeSet,
    fmt,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use crate::{
    api::{Api, ApiError, Chain},
    aside::aside,
    clock::Clock,
    domain::{
        batch::{Batch, Remark},
        event::{Event, Groups},
        feed::{Feed, GroupFeeds},
        history::{self, Policy, Snapshot},
        id::{GroupId, SourceId},
        window::WindowSpec,
    },
    source::{Ask, Month, Source, Unit},
    store::HORIZON,
    zones::{Book, ZoneData, Zones},
};

use super::{
    beyond::Beyond,
    horizon::{Failure, FetchError, Horizon, Standing},
    keeper::Keeper,
    refresh::next_poll,
    state::State,
};

/// How long a unit that lost all its events is not believed (design §10).
const EMPTY_AFTER: Duration = Duration::from_hours(24);
/// Odd things about one source that are logged; more would be noise.
const REMARKS_MAX: usize = 200;

/// What of the configuration decides how a source is kept.
#[derive(Debug)]
pub struct Keeping {
    /// Whose midnights bound its days.
    pub zone: chrono_tz::Tz,
    /// The days that are kept warm, as asked for.
    pub horizon: WindowSpec,
    /// Time between two polls.
    pub interval: Duration,
    /// Which zone its events live in.
    pub book: Book,
    /// Who may read a feed of any group.
    pub group_feeds: GroupFeeds,
}

/// Everything known of one source.
pub struct Units {
    pub(super) source: Box<dyn Source>,
    api: Api,
    pub(super) clock: Clock,
    pub(super) zones: Arc<Zones>,
    pub(super) keeping: Keeping,
    pub(super) horizon: Horizon,
    pub(super) beyond: Beyond,
    groups: ArcSwap<Groups>,
    remarks: Mutex<BTreeSet<Remark>>,
    published: AtomicU64,
    /// Whether the newest batch was made with zone data.
    from_wall_times: AtomicBool,
    /// `None` if nothing outlives the process.
    keeper: Option<Arc<Keeper>>,
}

impl Units {
    /// Nothing is known yet; [`Units::refresh`] begins to ask.
    #[must_use]
    pub fn new(
        source: Box<dyn Source>,
        api: Api,
        keeping: Keeping,
        zones: Arc<Zones>,
        clock: Clock,
    ) -> Self {
        Self {
            source,
            api,
            clock,
            zones,
            beyond: Beyond::new(keeping.interval),
            keeping,
            horizon: Horizon::default(),
            groups: ArcSwap::default(),
            remarks: Mutex::default(),
            published: AtomicU64::default(),
            from_wall_times: AtomicBool::default(),
            keeper: None,
        }
    }

    /// Has `keeper` keep what is published from now on.
    pub(super) fn set_keeper(&mut self, keeper: Arc<Keeper>) {
        self.keeper = Some(keeper);
    }

    /// Who keeps what is published, if anybody does.
    pub(super) fn keeper(&self) -> Option<&Arc<Keeper>> {
        self.keeper.as_ref()
    }

    /// Its name in the configuration.
    #[must_use]
    pub fn id(&self) -> &SourceId {
        self.source.id()
    }

    /// How its horizon stands now.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.horizon.standing()
    }

    /// How its horizon stands now, in one word; `None` if it has never delivered. Cheap enough for every answer.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        self.horizon.state()
    }

    /// Resolves once it has delivered its horizon.
    pub(super) async fn delivered(&self) {
        self.horizon.delivered().await;
    }

    /// Every group seen since the start.
    #[must_use]
    pub fn groups(&self) -> Arc<Groups> {
        self.groups.load_full()
    }

    /// Whether every group has a public feed.
    #[must_use]
    pub fn has_group_feeds(&self) -> bool {
        self.keeping.group_feeds == GroupFeeds::Public
    }

    /// The zone an event of this source lives in.
    #[must_use]
    pub fn zone_of(&self, event: &Event, groups: &Groups, data: &ZoneData) -> chrono_tz::Tz {
        self.keeping.book.zone_of(event, groups, data)
    }

    /// The feed of one group, whether or not it was ever seen.
    #[must_use]
    pub fn group_feed(&self, group: &GroupId) -> Feed {
        let groups = self.groups();
        let name = groups.get(group).map(|group| &group.name);
        Feed::of_group(
            self.id(),
            group,
            name,
            self.keeping.horizon,
            self.keeping.zone,
        )
    }

    /// Has it fetched again if what is known was made with the zone data that has just changed.
    pub fn zones_changed(&self) {
        if self.is_from_wall_times() {
            self.horizon.nudge();
        }
    }

    /// How often it has published anything; whatever is asked of it is unchanged while this is.
    #[must_use]
    pub fn published(&self) -> u64 {
        self.published.load(Ordering::Acquire)
    }

    /// Counts a publication, once readers can see it.
    pub(super) fn note_publication(&self) {
        self.published.fetch_add(1, Ordering::Release);
    }

    /// Finds out whether the upstream is there and lets us in.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn check(&self) -> Result<String, ApiError> {
        self.source.check(&self.api).await
    }

    /// Polls until `stop`, at the times [`next_poll`] says.
    pub async fn refresh(self: &Arc<Self>, stop: &CancellationToken) {
        loop {
            let units = Arc::clone(self);
            // A task of its own: a bug in one connector must not end the others, or the server.
            let mut poll = tokio::spawn(async move { units.poll().await });
            let retry_after = tokio::select! {
                () = stop.cancelled() => return poll.abort(),
                polled = &mut poll => polled.unwrap_or_else(|_bug| self.failed(FetchError::Bug)),
            };
            let failures = self.standing().failures();
            let wait = next_poll(
                self.keeping.interval,
                failures,
                retry_after,
                fastrand::f64(),
            );
            tracing::debug!(source = %self.id(), wait_s = wait.as_secs(), "next poll");
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
                () = self.horizon.nudged(&self.clock) => {}
            }
        }
    }

    /// Fetches the horizon once; says how long the upstream wants to be left alone.
    pub async fn poll(&self) -> Option<Duration> {
        let days = match self.horizon_days() {
            Ok(days) => days,
            Err(error) => return self.failed(error.into()),
        };
        let unit = self.source.unit(&Ask::Horizon(days));
        let fetched = self.fetch(&unit).await;
        let before = self.standing();
        match fetched {
            Ok(batch) => {
                let poll_after = batch.poll_after;
                self.made_from_wall_times(batch.from_wall_times);
                let snapshot = self.advance(before.snapshot.clone(), batch).await;
                self.keep(HORIZON, unit.days, before.snapshot.as_ref(), &snapshot)
                    .await;
                // A source that can only be read whole brings more days than were asked for.
                self.horizon.succeeded(snapshot, unit.days);
                self.note_publication();
                if before.failure.is_some() {
                    tracing::info!(source = %self.id(), "the upstream answers again");
                }
                poll_after
            }
            Err(error) => self.failed(error),
        }
    }

    /// Notes why the horizon could not be fetched; says how long the upstream wants to be left alone.
    fn failed(&self, error: FetchError) -> Option<Duration> {
        let failures = self.standing().failures().saturating_add(1);
        if matches!(error, FetchError::Bug) {
            tracing::error!(source = %self.id(), failures, "poll failed by a bug; the last good copy stays");
        } else {
            tracing::warn!(source = %self.id(), error = %Chain(&error), failures, "poll failed; the last good copy stays");
        }
        self.keep_failure(HORIZON, &error, self.standing().snapshot.as_ref());
        let retry_after = error.retry_after();
        self.horizon.failed(Failure {
            error: Arc::new(error),
            at: self.clock.now(),
            count: failures,
        });
        retry_after
    }

    /// Fetches a unit and says once what is odd about it.
    ///
    /// # Errors
    /// [`FetchError`]; a connector that panics is one.
    pub(super) async fn fetch(&self, unit: &Unit) -> Result<Batch, FetchError> {
        let fetched = AssertUnwindSafe(self.source.fetch(&self.api, unit));
        // What a panic says may quote what an event says, so only that there was one is told.
        let fetched = fetched.catch_unwind().await;
        let batch = fetched.map_err(|_panic| FetchError::Bug)??;
        let mut told = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        for remark in &batch.remarks {
            if told.len() < REMARKS_MAX && told.insert(remark.clone()) {
                tracing::warn!(source = %self.id(), unit = unit.name, "{remark}");
            }
        }
        drop(told);
        tracing::debug!(source = %self.id(), unit = unit.name, events = batch.events.len(), "fetched");
        Ok(batch)
    }

    /// The unit a month is fetched as.
    pub(super) fn month(&self, month: Month) -> Unit {
        self.source.unit(&Ask::Month(month))
    }

    /// The horizon.
    pub(super) fn horizon(&self) -> &Horizon {
        &self.horizon
    }

    /// The months outside the horizon.
    pub(super) fn beyond(&self) -> &Beyond {
        &self.beyond
    }

    /// The time on the clock of this source.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What to publish after `batch`, with its groups remembered; the very same snapshot if nothing changed.
    pub(super) async fn advance(
        &self,
        previous: Option<Arc<Snapshot>>,
        batch: Batch,
    ) -> Arc<Snapshot> {
        let policy = Policy {
            confirm_after: self.keeping.interval,
            empty_after: EMPTY_AFTER,
        };
        for (group, why) in &batch.missed {
            let known = previous.as_ref();
            if !known.is_some_and(|previous| previous.missed().contains(group)) {
                tracing::warn!(source = %self.id(), %group, error = %Chain(&**why), "a group could not be read; its last good copy stays");
            }
        }
        let (now, before) = (self.clock.now(), previous.clone());
        let snapshot = aside(move || history::advance(before.as_deref(), batch, now, policy)).await;
        let was_held = previous
            .as_ref()
            .is_some_and(|previous| previous.held().is_some());
        if let Some(held) = snapshot.held().filter(|_| previous.is_some() && !was_held) {
            tracing::warn!(
                source = %self.id(), missing = held.missing, of = held.of,
                "the upstream lost most of its events at once; the old copy stays until it has said so again"
            );
        }
        self.remember_groups(snapshot.groups());
        match previous {
            Some(old)
                if (old.revision(), old.held(), old.missed())
                    == (snapshot.revision(), snapshot.held(), snapshot.missed()) =>
            {
                old
            }
            _ => Arc::new(snapshot),
        }
    }

    /// Adds to the groups ever seen.
    pub(super) fn remember_groups(&self, groups: &Groups) {
        self.groups.rcu(|known| {
            let mut known = Groups::clone(known);
            for (id, group) in groups {
                // A name once known outlives an answer that does not tell it.
                if !group.name.is_empty() || !known.contains_key(id) {
                    known.insert(id.clone(), group.clone());
                }
            }
            known
        });
    }

    /// Whether the newest batch was made with zone data.
    pub(super) fn is_from_wall_times(&self) -> bool {
        self.from_wall_times.load(Ordering::Relaxed)
    }

    /// Notes whether the newest batch was made with zone data.
    pub(super) fn made_from_wall_times(&self, from_wall_times: bool) {
        self.from_wall_times
            .store(from_wall_times, Ordering::Relaxed);
    }
}

impl fmt::Debug for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Units")
            .field("source", self.id())
            .finish_non_exhaustive()
    }
}
