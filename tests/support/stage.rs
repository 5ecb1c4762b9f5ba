//! A sandbox with a neutral event list and the server over it, both real processes, and what its feeds must hold.

use std::collections::BTreeSet;

use chrono::{Days as Count, Months, NaiveDate, Weekday};
use chrono_tz::Tz;
use tempfile::TempDir;
use toml::Table;

use crate::{
    oracle::{Concert, Concerts, Days},
    process::Server,
    vcalendar::{Component, Purpose, fine},
};

/// Where the home of every list is.
pub(crate) const HOME: Tz = Tz::America__New_York;

/// A sandbox with the concerts, and the server over it.
pub(crate) struct Stage<'a> {
    pub(crate) concerts: &'a Concerts,
    _sandbox: Server,
    pub(crate) bridge: Server,
    folder: TempDir,
}

/// Days asked for, and how.
pub(crate) struct Window {
    pub(crate) text: String,
    days: Days,
}

impl<'a> Stage<'a> {
    /// The sandbox over the file of `concerts`, and the server with the configuration it prints, changed by `change`.
    #[track_caller]
    pub(crate) fn of(concerts: &'a Concerts, change: fn(&str) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = concerts.file.to_str().unwrap();
        let arguments = ["sandbox", "--kind", "prospero", "--data", data];
        let mut sandbox = Server::start(folder.path(), &arguments);
        let printed = sandbox.says("a whole configuration", |text| {
            let (_, config) = text.split_once("\n\n")?;
            let table: Table = config.parse().ok()?;
            let zone = table.get("feeds")?.get("season")?.get("zone")?;
            assert_eq!(zone.as_str(), Some(HOME.name()));
            Some(config.to_owned())
        });
        let listen = printed.replacen("listen = \"127.0.0.1:8080\"", "listen = \"127.0.0.1:0\"", 1);
        assert_ne!(listen, printed, "nothing but the port is changed");
        std::fs::write(folder.path().join("calbridge.toml"), change(&listen)).unwrap();
        let bridge = Server::start(folder.path(), &["serve"]);
        Self {
            concerts,
            _sandbox: sandbox,
            bridge,
            folder,
        }
    }

    /// The body of the feed in a window, which holds exactly the concerts of that window, in order.
    #[track_caller]
    pub(crate) fn holds_exactly_what_overlaps(&self, window: &Window) -> Vec<u8> {
        let path = format!("/feeds/{}/season.ics", window.text);
        let body = self.bridge.get(&path);
        let calendar = fine(&body, Purpose::Feed, &path);
        let wanted = self
            .concerts
            .ranked(|concert| concert.overlaps(&window.days));
        self.assert_holds(&calendar, &wanted, &path);
        body
    }

    /// A group's feed holds exactly the concerts `belongs` says that are in the window, under the group's name.
    #[track_caller]
    pub(crate) fn group_holds_exactly_its_own(
        &self,
        id: &str,
        name: &str,
        window: &Window,
        belongs: impl Fn(&Concert) -> bool,
    ) {
        let path = format!("/groups/stage/{id}/{}/any-name.ics", window.text);
        let own = |concert: &Concert| concert.overlaps(&window.days) && belongs(concert);
        let wanted = self.concerts.ranked(own);
        let (status, body) = self.bridge.ask(&path);
        // Groups are known once they have been seen.
        if wanted.is_empty() && status == 404 {
            assert!(!self.knows_all(), "{path}");
            return;
        }
        let calendar = fine(&body, Purpose::Feed, &path);
        self.assert_holds(&calendar, &wanted, &path);
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(calendar.text("X-WR-CALNAME"), name, "{path}");
    }

    /// Whether everything is in the horizon.
    fn knows_all(&self) -> bool {
        let config = std::fs::read_to_string(self.folder.path().join("calbridge.toml"));
        !config.unwrap().contains(AROUND_TODAY)
    }

    /// Exactly the concerts `wanted`, in their order.
    #[track_caller]
    fn assert_holds(&self, calendar: &Component, wanted: &[String], path: &str) {
        let found: BTreeSet<&str> = calendar.uids().into_iter().collect();
        let wanted_set: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
        let names = |set: BTreeSet<&str>| {
            let name = |uid| {
                let concert = self.concerts.of(uid);
                format!(
                    "{} {:?} {}..{}",
                    concert.id, concert.title, concert.start, concert.end
                )
            };
            set.into_iter().map(name).collect::<Vec<_>>()
        };
        let missing = names(&wanted_set - &found);
        let extra = names(&found - &wanted_set);
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{path}: lacks {missing:#?}, has {extra:#?}"
        );
        assert_eq!(calendar.uids(), wanted, "{path}: order");
    }
}

/// Nothing of any list is in these days.
const AROUND_TODAY: &str = "past-7d..next-30d";

/// `config` with nothing kept warm but the days around today.
pub(crate) fn around_today(config: &str) -> String {
    let mut table: Table = config.parse().unwrap();
    for (kind, name, key) in [
        ("sources", "stage", "horizon"),
        ("feeds", "season", "window"),
    ] {
        let old = table[kind][name]
            .as_table_mut()
            .unwrap()
            .insert(key.to_owned(), AROUND_TODAY.into());
        assert!(old.is_some(), "{key}");
    }
    table.to_string()
}

/// The days a window means, told apart by nothing but their length: `2008`, `2008-03`, `2008-W10`, `2008-03-09`, and two
/// days with dots between.
#[track_caller]
pub(crate) fn window(text: &str) -> Window {
    let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
    let before = |day: NaiveDate| day.pred_opt().unwrap();
    let (first, last) = match text.len() {
        4 => (day(&format!("{text}-01-01")), day(&format!("{text}-12-31"))),
        7 => {
            let first = day(&format!("{text}-01"));
            (first, before(first + Months::new(1)))
        }
        8 => {
            let (year, week) = text.split_once("-W").unwrap();
            let (year, week) = (year.parse().unwrap(), week.parse().unwrap());
            let monday = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).unwrap();
            (monday, monday + Count::new(6))
        }
        10 => (day(text), day(text)),
        _ => (day(&text[..10]), day(&text[12..])),
    };
    Window {
        text: text.to_owned(),
        days: Days::new(HOME, first, last),
    }
}
