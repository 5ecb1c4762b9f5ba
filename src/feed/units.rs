//! The snapshots of one source: its horizon, kept warm, and months outside it, fetched when somebody asks.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    api::{Api, ApiError},
    clock::Clock,
    domain::{
        batch::Remark,
        event::{Event, Groups},
        feed::{Feed, GroupFeeds},
        history::Acceptance,
        hook::HookSecret,
        id::{GroupId, SourceId},
        window::WindowSpec,
    },
    source::{Ask, Month, Source, Unit},
    store::HORIZON,
    zones::{Book, ZoneData, Zones},
};

use super::{
    accepted::Accepted,
    beyond::Beyond,
    durations::Durations,
    failure::Failure,
    hook::Hook,
    horizon::{Horizon, Standing},
    keeper::Keeper,
    refresh::Wish,
    state::State,
    term::Term,
};

/// What of the configuration decides how a source is kept.
#[derive(Debug)]
pub struct Keeping {
    /// The kind of upstream, as configurations call it.
    pub kind: &'static str,
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
    /// The secret of its webhook, if it has one.
    pub webhook: Option<HookSecret>,
}

/// Everything known of one source.
pub struct Units {
    pub(super) source: Box<dyn Source>,
    pub(super) api: Api,
    pub(super) clock: Clock,
    pub(super) zones: Arc<Zones>,
    pub(super) keeping: Keeping,
    pub(super) horizon: Horizon,
    pub(super) beyond: Beyond,
    pub(super) accepted: Accepted,
    pub(super) hook: Option<Hook>,
    pub(super) term: Term,
    groups: ArcSwap<Groups>,
    pub(super) remarks: Mutex<BTreeSet<Remark>>,
    pub(super) durations: Durations,
    published: AtomicU64,
    hidden: AtomicU64,
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
            hook: keeping.webhook.map(Hook::new),
            keeping,
            horizon: Horizon::default(),
            accepted: Accepted::default(),
            term: Term::default(),
            groups: ArcSwap::default(),
            remarks: Mutex::default(),
            durations: Durations::default(),
            published: AtomicU64::default(),
            hidden: AtomicU64::default(),
            from_wall_times: AtomicBool::default(),
            keeper: None,
        }
    }

    /// Ends its polls and loads for good, since a newer configuration takes its place. Once this resolves nothing more is
    /// asked of the upstream, published or kept; what is known can still be read.
    pub(crate) async fn end(&self) {
        self.term.end().await;
    }

    /// The same with a `keeper` of what is published from now on.
    #[must_use]
    pub fn kept_by(mut self, keeper: Arc<Keeper>) -> Self {
        self.set_keeper(keeper);
        self
    }

    /// Has `keeper` keep what is published from now on.
    pub(crate) fn set_keeper(&mut self, keeper: Arc<Keeper>) {
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

    /// How its horizon stands now, and since when if that is not well; `None` if it has never delivered. Cheap enough for
    /// every answer.
    pub(super) fn state_as_of(&self) -> Option<(State, Option<DateTime<Utc>>)> {
        self.horizon.look(Standing::state_as_of)
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
        matches!(self.keeping.group_feeds, GroupFeeds::Public)
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
            self.horizon.wish(Wish::Rules, self.clock.now());
        }
    }

    /// Takes up which of its holds the operator lets through, by unit, and has the horizon fetched again for one of its own.
    pub(super) fn accept(&self, accepted: BTreeMap<String, Acceptance>) {
        let news = self.accepted.replace(accepted);
        for unit in &news {
            tracing::info!(source = %self.id(), unit, "what was held back is let through at the operator's word");
        }
        if news.iter().any(|unit| unit == HORIZON) {
            self.horizon.wish(Wish::Operator, self.clock.now());
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

    /// How often something that was published has been hidden; no earlier document is shown any more then.
    pub(super) fn hidden(&self) -> u64 {
        self.hidden.load(Ordering::Acquire)
    }

    /// Counts that something is no longer published because the upstream hides it, once readers cannot see it.
    pub(super) fn note_hiding(&self) {
        self.hidden.fetch_add(1, Ordering::Release);
    }

    /// Finds out whether the upstream is there and lets us in.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn check(&self) -> Result<String, ApiError> {
        self.source.check(&self.api).await
    }

    /// How far our clock is ahead of that of the upstream; `None` if it has not told its time.
    #[must_use]
    pub fn skew(&self) -> Option<TimeDelta> {
        self.api.skew()
    }

    /// Why nothing at all is asked of it now for readers, if that is so.
    pub(super) fn bar(&self, now: DateTime<Utc>) -> Option<Failure> {
        let failure = self.horizon.look(|standing| standing.failure.clone());
        let bar = failure.filter(|failure| failure.bars_all() && failure.counts(now));
        bar.or_else(|| self.beyond.bar(now))
    }

    /// The unit a month is fetched as.
    pub(super) fn month(&self, month: Month) -> Unit {
        self.source.unit(&Ask::Month(month))
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
