//! ProspectConnect.

use calbridge::{
    api::Credential,
    clock::Clock,
    domain::when::TimeSpan,
    sandbox::{
        crm::{Crm, Due, Task},
        double::Running,
        prospectconnect::{ProspectConnect, Resource, Route, Settings},
        season::Season,
    },
    source::{self, Kind},
};
use chrono::TimeDelta;

use crate::{
    row::{self, Calls, Failure, Login, Pace},
    world::now,
};

pub(crate) struct Row;

const TASKS: Route = Route::Search(Resource::Tasks);
const DEALS: Route = Route::Search(Resource::Deals);
const ACTIVITIES: Route = Route::Search(Resource::Activities);

impl row::Row for Row {
    type Upstream = ProspectConnect;

    const ROUTES: &'static [Route] = &[
        TASKS,
        DEALS,
        ACTIVITIES,
        Route::Search(Resource::Contacts),
        Route::Search(Resource::Companies),
        Route::Search(Resource::Pipelines),
        Route::Record(Resource::Tasks),
        Route::Record(Resource::Deals),
        Route::Record(Resource::Activities),
        Route::Record(Resource::Contacts),
        Route::Record(Resource::Companies),
        Route::Record(Resource::Pipelines),
        Route::Pipelines,
        Route::Unknown,
    ];
    const LISTS: &'static [Route] = &[TASKS, DEALS, ACTIVITIES];
    const LOGIN: Option<Login<Route>> = None;
    const RECORDS: Route = TASKS;
    const TWICE: &'static [Route] = &[TASKS, DEALS, ACTIVITIES];

    async fn start(season: Season, pace: Pace) -> Running<ProspectConnect> {
        let standard = Settings::new(pace.clock);
        let settings = Settings {
            page: pace.page.unwrap_or(standard.page),
            ..standard
        };
        ProspectConnect::start(season, settings).await.unwrap()
    }

    fn kind(upstream: &Running<ProspectConnect>) -> Kind {
        let tenant = Settings::new(Clock::new(now));
        Kind::ProspectConnect(source::prospectconnect::Settings {
            base_url: upstream.base_url().parse().unwrap(),
            token: Credential::bearer(&tenant.token).unwrap(),
            version: tenant.version.parse().unwrap(),
            due_time: source::prospectconnect::DueTime::Zone,
            resources: source::prospectconnect::Resource::ALL.into(),
        })
    }

    fn season(spans: &[TimeSpan]) -> Season {
        let task = |(number, span): (usize, &TimeSpan)| {
            let id = format!("task_{number:05}");
            Task::bare(id, &format!("Task {number}"), Due::At(span.end()))
        };
        Season {
            crm: Crm {
                tasks: spans.iter().enumerate().map(task).collect(),
                ..Crm::default()
            },
            ..Season::empty()
        }
    }

    /// A task takes the quarter of an hour before it is due.
    fn shown(span: TimeSpan) -> TimeSpan {
        TimeSpan::new(span.end() - TimeDelta::minutes(15), span.end()).unwrap()
    }

    fn poll(_: u64) -> Calls<Self> {
        vec![(TASKS, 1), (DEALS, 1), (ACTIVITIES, 1)]
    }

    /// Pages have a hundred tasks.
    fn long_poll() -> Calls<Self> {
        vec![(TASKS, 100), (DEALS, 1), (ACTIVITIES, 1)]
    }

    /// Each resource is granted and fails on its own, but who keeps silent is not asked on.
    fn asked(failure: Failure) -> usize {
        match failure {
            Failure::Silent => 1,
            Failure::Refused | Failure::Broken | Failure::Unreadable => 3,
        }
    }

    async fn two_pieces() {
        let pages = [(TASKS, 2), (DEALS, 1), (ACTIVITIES, 1)];
        row::read_in_two_pieces::<Self>(&pages).await;
    }
}
