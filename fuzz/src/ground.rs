//! What promises stand on: one moment, one tz database, one source to name, and feeds to publish in.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
    time::Duration,
};

use calbridge::{
    api::{Addresses, Clients},
    clock::Clock,
    domain::{
        feed::{Cancelled, Detail, Feed, Recurring, Times},
        frames::Frames,
        history::{Policy, Vanished},
        id::SourceId,
        text::Line,
        when::DateSpan,
        window::{Window, WindowSpec},
    },
    source::Setup,
    zones::{Book, Databases, ZoneData, Zones},
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// Where the office of every input is.
pub(crate) const HOME: Tz = Tz::America__New_York;

static ZONES: LazyLock<Arc<Zones>> = LazyLock::new(|| {
    let zones = Zones::open(Databases::new(None), now());
    Arc::new(zones.expect("there is a built-in tz database"))
});
static CLIENTS: LazyLock<Clients> =
    LazyLock::new(|| Clients::new().expect("certificates of the system, or those built in"));

/// The moment at which everything happens.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_secs(1_795_262_400).expect("a day in November 2026")
}

/// The rules of the zones, behind a handle as connectors take it.
pub(crate) fn zones() -> Arc<Zones> {
    Arc::clone(&ZONES)
}

/// The rules of the zones.
pub(crate) fn data() -> Arc<ZoneData> {
    ZONES.current()
}

/// The source that every input comes from.
pub(crate) fn source() -> SourceId {
    "stage".parse().expect("a name")
}

/// What every connector is made with. It is never asked to call anybody.
pub(crate) fn setup() -> Setup {
    Setup {
        id: source(),
        names: HashMap::new(),
        zone: HOME,
        book: book(),
        zones: zones(),
        clock: Clock::new(now),
        clients: CLIENTS.clone(),
        addresses: Addresses::Global,
        timeout: Duration::from_secs(1),
    }
}

/// Which zone an event lives in that does not say so.
pub(crate) fn book() -> Book {
    Book::new([], [], Some(HOME))
}

/// How far an upstream is believed.
pub(crate) fn policy() -> Policy {
    Policy {
        confirm_after: Duration::from_mins(10),
        empty_after: Duration::from_hours(24),
        vanished: Vanished::Buried(DateSpan::ALL),
        accepted: None,
    }
}

/// Everything, with recurring events in the form `recurring`.
pub(crate) fn feed(recurring: Recurring) -> Feed {
    Feed {
        title: Line::new("Season"),
        sources: vec![source()],
        groups: None,
        window: WindowSpec::All,
        zone: HOME,
        pinned: None,
        detail: Detail::Full,
        cancelled: Cancelled::Keep,
        times: Times::Zoned,
        recurring,
        frames: Frames::Anybody,
    }
}

/// The days on which recurring events are looked at: with a change of the clocks in autumn and one in spring.
pub(crate) fn within() -> Window {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a day");
    let days = DateSpan::through(day(2026, 9, 20), day(2027, 4, 10)).expect("in order");
    Window::new(days, |day| day.and_time(NaiveTime::MIN).and_utc())
}
