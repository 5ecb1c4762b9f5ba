//! A double, the way to it that the server takes, and what came over it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, LazyLock},
    time::Duration,
};

use calbridge::{
    api::{Addresses, Api, ApiError, Clients},
    clock::{Clock, Hand},
    domain::{
        batch::Batch,
        when::{DateSpan, TimeSpan, When},
    },
    sandbox::double::{Fault, Lasting, Running},
    source::{Ask, Setup, Source, Unit},
    zones::{Book, Databases, Zones},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::row::{Calls, Pace, Rate, RouteOf, Row};

/// How many events there are where their number does not matter.
pub(crate) const FEW: usize = 5;

/// Attempts of one call.
pub(crate) const ATTEMPTS: u64 = 3;

/// How long a call may take with all its attempts: short, so that the waits between them are.
const TIMEOUT: Duration = Duration::from_secs(4);

/// A kind of upstream with its double.
pub(crate) struct World<R: Row> {
    pub(crate) upstream: Running<R::Upstream>,
    pub(crate) source: Box<dyn Source>,
    pub(crate) api: Api,
    /// Moves the clock of both sides; it stands still otherwise.
    pub(crate) hand: Hand,
    /// The days that are asked for.
    pub(crate) days: DateSpan,
}

impl<R: Row> World<R> {
    /// A double in which each of `spans` is an event, and a source at it.
    pub(crate) async fn new(spans: &[TimeSpan], change: impl FnOnce(&mut Pace)) -> Self {
        Self::within(TIMEOUT, spans, change).await
    }

    /// The same, with few events in December.
    pub(crate) async fn small() -> (Self, Vec<TimeSpan>) {
        let spans = daily("2026-12-07", FEW);
        (Self::new(&spans, |_| {}).await, spans)
    }

    /// The same with a time limit of each call.
    pub(crate) async fn within(
        timeout: Duration,
        spans: &[TimeSpan],
        change: impl FnOnce(&mut Pace),
    ) -> Self {
        let (clock, hand) = Clock::movable(now());
        let mut pace = Pace {
            clock: clock.clone(),
            page: None,
            rate: Rate::Any,
        };
        change(&mut pace);
        let upstream = R::start(R::season(spans), pace).await;
        let (source, api) = R::kind(&upstream).connect(Setup {
            id: "stage".parse().unwrap(),
            names: HashMap::new(),
            zone: Tz::UTC,
            book: Book::new([], [], None),
            zones: zones(),
            clock,
            clients: Clients::new().unwrap(),
            addresses: Addresses::Any,
            timeout,
        });
        Self {
            upstream,
            source,
            api,
            hand,
            days: days("2026-12-01", "2026-12-31"),
        }
    }

    /// The unit that has the days.
    pub(crate) fn unit(&self) -> Unit {
        self.source.unit(&Ask::Horizon(self.days))
    }

    /// One poll.
    pub(crate) async fn fetch(&self) -> Result<Batch, ApiError> {
        self.source.fetch(&self.api, &self.unit()).await
    }

    /// Makes every list misbehave.
    pub(crate) fn fault_lists(&self, fault: &Fault, lasting: Lasting) {
        for route in R::LISTS {
            self.upstream.fault(*route, fault.clone(), lasting);
        }
    }

    /// Makes every list behave again.
    pub(crate) fn clear_lists(&self) {
        for route in R::LISTS {
            self.upstream.clear(*route);
        }
    }

    /// Fails unless these are all the calls there were, and none was out of order.
    #[track_caller]
    pub(crate) fn assert_calls(&self, wanted: &[(RouteOf<R>, u64)], row: &str) {
        let mut all: BTreeMap<RouteOf<R>, u64> =
            R::ROUTES.iter().map(|route| (*route, 0)).collect();
        for (route, calls) in wanted {
            *all.get_mut(route).expect("`ROUTES` has every route") += calls;
        }
        let found = R::ROUTES
            .iter()
            .map(|route| (*route, self.upstream.calls(*route)));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), all, "{row}");
        assert_eq!(self.upstream.violations(), [], "{row}");
    }

    /// The same for one login and what follows it.
    #[track_caller]
    pub(crate) fn assert_calls_after_login(&self, mut wanted: Calls<R>, row: &str) {
        wanted.extend(R::LOGIN.map(|login| (login.first, 1)));
        self.assert_calls(&wanted, row);
    }
}

/// Fails unless `batch` holds each of `spans` once, nothing else, nothing missed and nothing to remark upon.
#[track_caller]
pub(crate) fn assert_whole<R: Row>(batch: &Batch, spans: &[TimeSpan], row: &str) {
    assert!(batch.missed.is_empty(), "{row}: {:?}", batch.missed);
    assert!(batch.remarks.is_empty(), "{row}: {:?}", batch.remarks);
    assert_eq!(held(batch), shown::<R>(spans), "{row}");
}

/// The time it is.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

#[track_caller]
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The days from `first` to `last`, both included.
#[track_caller]
pub(crate) fn days(first: &str, last: &str) -> DateSpan {
    DateSpan::through(first.parse().unwrap(), last.parse().unwrap()).unwrap()
}

/// An evening of two hours on each of so many days from `first` on.
#[track_caller]
pub(crate) fn daily(first: &str, count: usize) -> Vec<TimeSpan> {
    let first: NaiveDate = first.parse().unwrap();
    let evening = |day: NaiveDate| {
        let start = day.and_hms_opt(19, 30, 0).unwrap().and_utc();
        TimeSpan::new(start, start + TimeDelta::hours(2)).unwrap()
    };
    first.iter_days().take(count).map(evening).collect()
}

/// When the events of `batch` are, in order.
#[track_caller]
pub(crate) fn held(batch: &Batch) -> Vec<TimeSpan> {
    let span = |when| match when {
        When::Timed(span) => span,
        When::Days(days) => panic!("{days:?} are whole days"),
    };
    let mut held: Vec<_> = batch.events.iter().map(|event| span(event.when)).collect();
    held.sort();
    held
}

/// When the events made of `spans` are, in order.
pub(crate) fn shown<R: Row>(spans: &[TimeSpan]) -> Vec<TimeSpan> {
    let mut shown: Vec<_> = spans.iter().map(|span| R::shown(*span)).collect();
    shown.sort();
    shown
}

pub(crate) fn zones() -> Arc<Zones> {
    static ZONES: LazyLock<Arc<Zones>> =
        LazyLock::new(|| Arc::new(Zones::open(Databases::new(None), now()).unwrap()));
    Arc::clone(&ZONES)
}
