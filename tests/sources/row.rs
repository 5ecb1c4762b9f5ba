//! What has to be said of a kind of upstream so that every case can be asked of it.

use calbridge::{
    clock::Clock,
    domain::when::TimeSpan,
    sandbox::{
        double::{Double, Lasting, Running},
        season::Season,
    },
    source::Kind,
};

use crate::world::{World, assert_whole, daily, days};

/// A route of a row's double.
pub(crate) type RouteOf<R> = <<R as Row>::Upstream as Double>::Route;

/// How often each route is called; one that is not named is not called.
pub(crate) type Calls<R> = Vec<(RouteOf<R>, u64)>;

/// A kind of upstream.
pub(crate) trait Row: Sized {
    /// Its double.
    type Upstream: Double;

    /// Every route that is there to be called, and the one of what is not there.
    const ROUTES: &'static [RouteOf<Self>];
    /// The lists that have to be read, in the order they are; without any of them there is nothing.
    const LISTS: &'static [RouteOf<Self>];
    /// Where a login is asked for, and where it is renewed; `None` where the same credentials go with every call.
    const LOGIN: Option<Login<RouteOf<Self>>>;
    /// Where the records are that events are made of.
    const RECORDS: RouteOf<Self>;
    /// How many answers of [`Row::RECORDS`] hold what a fault is to do to one record.
    const ONE: Lasting = Lasting::UntilCleared;
    /// The lists in which a record that has an id can stand twice.
    const TWICE: &'static [RouteOf<Self>];
    /// As many events as can be read within seconds, ten thousand if possible.
    const MANY: usize = 10_000;

    /// A double over `season`.
    async fn start(season: Season, pace: Pace) -> Running<Self::Upstream>;

    /// What the configuration says of a source at the double.
    fn kind(upstream: &Running<Self::Upstream>) -> Kind;

    /// A season in which each of `spans` is one event.
    fn season(spans: &[TimeSpan]) -> Season;

    /// What an event that is meant to last for `span` lasts for; some are a moment at its end.
    fn shown(span: TimeSpan) -> TimeSpan {
        span
    }

    /// The calls of one poll of a month that finds so many events, when all is well; logins too.
    fn poll(events: u64) -> Calls<Self>;

    /// The calls of one poll of a year that finds [`Row::MANY`] events.
    fn long_poll() -> Calls<Self>;

    /// How many of the lists are asked for when each of them fails in this way.
    fn asked(failure: Failure) -> usize;

    /// Reads what comes in two pieces, and looks at the calls.
    async fn two_pieces();
}

/// Where somebody logs in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Login<R> {
    /// By a password.
    pub(crate) first: R,
    /// By what the last login brought.
    pub(crate) renewal: R,
}

/// What time it is for a double, and how often it may be asked.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    /// Its clock.
    pub(crate) clock: Clock,
    /// The most records of a page, if the kind has pages and the case cares.
    pub(crate) page: Option<usize>,
    /// Whether the rate is watched, for which the clock must go.
    pub(crate) rate: Rate,
}

/// Whether a double counts how often it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rate {
    /// It does, by the number its documentation states, if it states one.
    Documented,
    /// It does not, since its clock stands still.
    Any,
}

/// A way in which a list fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It is not for us.
    Refused,
    /// It is broken.
    Broken,
    /// It says nothing.
    Silent,
    /// It cannot be read.
    Unreadable,
}

/// Reads twenty days of two months with pages of twelve records, which is to cause these calls.
pub(crate) async fn read_in_two_pieces<R: Row>(calls: &[(RouteOf<R>, u64)]) {
    let spans = daily("2026-12-20", 20);
    let mut world = World::<R>::new(&spans, |pace| pace.page = Some(12)).await;
    world.days = days("2026-12-16", "2027-01-12");
    let batch = world.fetch().await.unwrap();
    assert_whole::<R>(&batch, &spans, "both pieces");
    world.assert_calls(calls, "both pieces");
}
