//! The same concerts from an upstream that stores instants, one that stores what clocks on the wall show, and a calendar file:
//! three feeds with the same instants.
//!
//! Our own small list always runs. The large one runs where `CALBRIDGE_CONCERTS` names it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "support/oracle.rs"]
#[expect(dead_code, reason = "the other test files use the rest")]
mod oracle;
#[path = "support/readers.rs"]
mod readers;

use std::{
    collections::{BTreeMap, HashMap},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use calbridge::{
    api::{Addresses, Api, Auth, Clients, Credential, Limits},
    clock::Clock,
    domain::{
        batch::Batch,
        feed::{Cancelled, Detail, Feed, Recurring, Times},
        frames::Frames,
        history::{self, Policy, Vanished},
        id::SourceId,
        select::{self, Expansion},
        series::Keepsakes,
        text::Line,
        when::DateSpan,
        window::{Window, WindowSpec},
    },
    format::ics::{Ledger, Purpose, Request, write},
    sandbox::{
        add_to_calendar_pro as announced, ics as linked, neutral, prospero as stage, season::Season,
    },
    source::{
        Ask, Setup, Source, add_to_calendar_pro::AddToCalendarPro, ics::Ics, prospero::Prospero,
    },
    zones::{Book, Databases, Zones},
};
use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;

use oracle::Concerts;
use readers::Read;

/// Where the home of every list is.
const HOME: Tz = Tz::America__New_York;
/// Events in one calendar.
const CALENDAR: usize = 200;

#[tokio::test]
async fn our_own_concerts_have_the_same_instants_from_wall_clocks_and_from_utc() {
    same_instants(&Concerts::own()).await;
}

#[tokio::test]
async fn the_concerts_of_the_named_list_have_the_same_instants_from_wall_clocks_and_from_utc() {
    if let Some(concerts) = Concerts::named() {
        same_instants(&concerts).await;
    }
}

async fn same_instants(concerts: &Concerts) {
    let season = neutral::read(&concerts.file).unwrap();
    let world = World::new(concerts);
    let utc = world.utc(&season).await;
    assert_eq!(utc.len(), concerts.events.len(), "every concert is read");
    for (row, wall) in [
        ("a wall-clock source", world.wall(&season).await),
        ("a calendar file", world.file(&season).await),
    ] {
        let instants = |read: &[Read]| read.iter().map(instant).collect::<Vec<_>>();
        for (one, other) in instants(&utc).into_iter().zip(instants(&wall)) {
            assert_eq!(one, other, "{row}");
        }
        assert_eq!(utc.len(), wall.len(), "{row}");
        let zones = clocks(&utc);
        for (instant, clock) in clocks(&wall) {
            // What a wall cannot tell apart it tells in UTC; the zone book knows the zone all the same.
            assert_eq!(zones.get(&instant), Some(&clock), "{row}: {instant:?}");
        }
    }
    let here = |read: &&Read| read.tzid.as_deref() == Some(HOME.name());
    let (at_home, elsewhere): (Vec<&Read>, Vec<&Read>) = utc.iter().partition(|one| here(one));
    assert!(!at_home.is_empty(), "the zone of the source is used");
    let abroad = elsewhere.iter().filter(|one| one.tzid.is_some()).count();
    assert!(abroad > 0, "the zone book is used");
}

/// What is the same in every calendar of a concert: its title and when it is, as instants or as days.
fn instant(read: &Read) -> (Option<String>, Option<String>, Option<String>) {
    let Read {
        summary,
        start_utc,
        end_utc,
        start_local,
        end_local,
        ..
    } = read.clone();
    if read.all_day {
        (summary, Some(start_local), end_local)
    } else {
        (summary, start_utc, end_utc)
    }
}

/// The zone and the wall time of each concert that is written with them.
type Clocks = BTreeMap<(Option<String>, Option<String>, Option<String>), (String, String)>;

fn clocks(read: &[Read]) -> Clocks {
    let zoned = read.iter().filter_map(|one| {
        let zone = one.tzid.clone()?;
        Some((instant(one), (zone, one.start_local.clone())))
    });
    zoned.collect()
}

/// What all three sources are made with.
struct World {
    clock: Clock,
    clients: Clients,
    zones: Arc<Zones>,
    days: DateSpan,
}

impl World {
    fn new(concerts: &Concerts) -> Self {
        let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
        let clock = Clock::new(move || now);
        let (first, last) = concerts.days();
        Self {
            clients: Clients::new().unwrap(),
            zones: Arc::new(Zones::open(Databases::new(None), now).unwrap()),
            clock,
            days: DateSpan::through(first - Days::new(1), last + Days::new(1)).unwrap(),
        }
    }

    /// A way to an upstream on which nothing has to wait.
    fn api(&self, auth: Auth) -> Api {
        let plenty = NonZeroU32::new(100_000).unwrap();
        let limits = Limits {
            per_second: plenty,
            burst: plenty,
            ..Limits::default()
        };
        let client = self.clients.reaching(Addresses::Any);
        Api::new(id(), client, auth, limits, self.clock.clone())
    }

    /// The feed over an upstream that stores instants, whose zones are in the zone book.
    async fn utc(&self, season: &Season) -> Vec<Read> {
        let double = stage::Settings::new(self.clock.clone());
        let running = stage::Prospero::start(season.clone(), double.clone()).await;
        let running = running.unwrap();
        let settings = calbridge::source::prospero::Settings {
            base_url: running.base_url().parse().unwrap(),
            email: double.email,
            password: double.password,
            status: BTreeMap::new(),
            all_day_end: calbridge::source::prospero::AllDayEnd::Inclusive,
        };
        let auth = Auth::session(
            &settings.base_url,
            settings.email.clone(),
            settings.password.clone(),
        );
        let source = Prospero::new(id(), &settings, HashMap::new(), self.clock.clone());
        let places = season.places.iter();
        let places = places.map(|place| (place.id.clone(), place.zone.parse().unwrap()));
        let book = Book::new(places, [], Some(HOME));
        let read = self.read(&source, &self.api(auth), &book).await;
        assert_eq!(running.violations(), []);
        read
    }

    /// The feed over an upstream that stores wall times and the names of zones.
    async fn wall(&self, season: &Season) -> Vec<Read> {
        let double = announced::Settings::new(self.clock.clone());
        let running = announced::AddToCalendarPro::start(season.clone(), double.clone()).await;
        let running = running.unwrap();
        let key = Credential::raw(&double.key).unwrap();
        let settings = calbridge::source::add_to_calendar_pro::Settings {
            base_url: running.base_url().parse().unwrap(),
            key: key.clone(),
        };
        let setup = Setup {
            id: id(),
            names: HashMap::new(),
            zone: HOME,
            book: Book::default(),
            zones: Arc::clone(&self.zones),
            clock: self.clock.clone(),
            clients: self.clients.clone(),
            addresses: Addresses::Any,
            timeout: Duration::from_mins(1),
        };
        let source = AddToCalendarPro::new(&settings, setup);
        let api = self.api(Auth::Fixed(key));
        let read = self.read(&source, &api, &Book::default()).await;
        assert_eq!(running.violations(), []);
        read
    }

    /// The feed over a calendar file.
    async fn file(&self, season: &Season) -> Vec<Read> {
        let double = linked::Settings::new(self.clock.clone());
        let running = linked::Ics::start(season.clone(), double).await.unwrap();
        let address = format!("{}/season.ics", running.base_url());
        let settings = calbridge::source::ics::Settings::at(&address).unwrap();
        let source = Ics::new(id(), &settings, HOME, Arc::clone(&self.zones));
        let (api, book) = (self.api(Auth::None), Book::default());
        let read = self.read(&source, &api, &book).await;
        assert_eq!(running.violations(), []);
        read
    }

    /// What readers make of the feed over `source`, in the order of [`instant`].
    async fn read(&self, source: &dyn Source, api: &Api, book: &Book) -> Vec<Read> {
        let unit = source.unit(&Ask::Horizon(self.days));
        let batch = source.fetch(api, &unit).await.unwrap();
        assert!(batch.missed.is_empty(), "{:?}", batch.missed);
        let mut read = self.written(batch, book);
        read.sort_by_key(instant);
        read
    }

    fn written(&self, batch: Batch, book: &Book) -> Vec<Read> {
        static NONE: Keepsakes = Keepsakes::new();
        let now = self.clock.now();
        let policy = Policy {
            confirm_after: Duration::ZERO,
            empty_after: Duration::ZERO,
            vanished: Vanished::Go,
            accepted: None,
        };
        let data = self.zones.current();
        let snapshot = history::advance(None, batch, now, policy);
        let (id, feed) = (id(), feed());
        let within = Window::new(self.days, |day| day.and_time(NaiveTime::MIN).and_utc());
        let expansion = Expansion {
            within,
            data: &data,
            kept: &NONE,
        };
        let shown = select::select(&feed, None, &[(&id, &snapshot)], expansion);
        let calendars = shown.chunks(CALENDAR).map(|events| {
            let zone = |one: &select::Shown<'_>| {
                let (event, groups) = one.for_zone_book();
                book.zone_of(event, groups, &data)
            };
            let zones: Vec<Tz> = events.iter().map(zone).collect();
            write(&Request {
                feed: &feed,
                purpose: Purpose::Feed,
                events,
                zones: &zones,
                data: &data,
                today: now.date_naive(),
                before: &Ledger::default(),
                changed: now,
            })
        });
        let read = calendars.map(|calendar| {
            assert!(calendar.cut.is_none(), "everything is in it");
            readers::agreed(&calendar.body, "a calendar")
        });
        read.flatten().collect()
    }
}

fn id() -> SourceId {
    "stage".parse().unwrap()
}

fn feed() -> Feed {
    Feed {
        title: Line::new("Concerts"),
        sources: vec![id()],
        groups: None,
        window: WindowSpec::All,
        zone: HOME,
        pinned: None,
        detail: Detail::Full,
        cancelled: Cancelled::Keep,
        times: Times::Zoned,
        recurring: Recurring::Expand,
        frames: Frames::Anybody,
    }
}
