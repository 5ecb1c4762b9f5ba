//! Add to Calendar PRO.

use calbridge::{
    api::Credential,
    clock::Clock,
    domain::when::TimeSpan,
    sandbox::{
        add_to_calendar_pro::{AddToCalendarPro, Route, Settings},
        double::{Lasting, Running},
        season::{Group, Holds, Season},
    },
    source::{self, Kind},
};

use crate::{
    prospero::events,
    row::{self, Calls, Failure, Login, Pace, Rate},
    world::{World, now},
};

pub(crate) struct Row;

impl row::Row for Row {
    type Upstream = AddToCalendarPro;

    const ROUTES: &'static [Route] = &[
        Route::Groups,
        Route::LatestGroup,
        Route::Group,
        Route::Events,
        Route::LatestEvent,
        Route::Event,
        Route::Unknown,
    ];
    const LISTS: &'static [Route] = &[Route::Groups];
    const LOGIN: Option<Login<Route>> = None;
    const RECORDS: Route = Route::Event;
    const ONE: Lasting = Lasting::Next(1);
    // The dates of an event have no ids: two that are alike are two.
    const TWICE: &'static [Route] = &[Route::Groups, Route::Group];
    // One call each, and fifty a second is all we allow ourselves: ten thousand take minutes.
    const MANY: usize = 300;

    async fn start(season: Season, pace: Pace) -> Running<AddToCalendarPro> {
        let settings = Settings {
            rate: (pace.rate == Rate::Documented).then_some(Settings::RATE),
            ..Settings::new(pace.clock)
        };
        AddToCalendarPro::start(season, settings).await.unwrap()
    }

    fn kind(upstream: &Running<AddToCalendarPro>) -> Kind {
        let key = Settings::new(Clock::new(now)).key;
        Kind::AddToCalendarPro(source::add_to_calendar_pro::Settings {
            base_url: upstream.base_url().parse().unwrap(),
            key: Credential::raw(&key).unwrap(),
        })
    }

    fn season(spans: &[TimeSpan]) -> Season {
        Season {
            events: events(spans),
            ..Season::empty()
        }
    }

    fn poll(events: u64) -> Calls<Self> {
        let group = (Route::Group, u64::from(events > 0));
        vec![(Route::Groups, 1), group, (Route::Event, events)]
    }

    fn long_poll() -> Calls<Self> {
        Self::poll(Self::MANY as u64)
    }

    fn asked(_: Failure) -> usize {
        1
    }

    /// A page holds 800 groups, and each of them is read with a call of its own in a poll, so only their list is read.
    async fn two_pieces() {
        let groups = (0..801).map(|number| Group {
            id: format!("group-{number}"),
            name: format!("Group {number}"),
            holds: Holds::People,
        });
        let groups: Vec<Group> = groups.collect();
        let world = World::<Self>::new(&[], |_| {}).await;
        world.upstream.edit(|season| season.groups = groups);
        let who = world.source.check(&world.api).await.unwrap();
        assert_eq!(who, "an organisation with 801 groups");
        world.assert_calls(&[(Route::Groups, 2)], "two pages");
    }
}
