//! A neutral event list as the oracle: what each concert's poster said, and what follows from that alone.
//!
//! Read apart from the sandbox, which leaves `zone` and `local` out and so cannot send them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use calbridge::domain::id::EventUid;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

/// The whole list.
#[derive(Debug, Deserialize)]
pub(crate) struct Concerts {
    #[serde(skip)]
    pub(crate) file: PathBuf,
    pub(crate) places: Vec<Place>,
    pub(crate) groups: Vec<Group>,
    pub(crate) events: Vec<Concert>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) city: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Concert {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) place: String,
    pub(crate) group: String,
    pub(crate) details: String,
    pub(crate) zone: String,
    pub(crate) all_day: bool,
    /// As on the poster: a day, or a day and a time.
    pub(crate) local: String,
    pub(crate) start: String,
    pub(crate) end: String,
    /// Whether the feed of its year has to say it in UTC; unknown if absent.
    pub(crate) utc: Option<bool>,
    /// Its `UID` in every feed of the source `stage`.
    #[serde(skip)]
    pub(crate) uid: String,
}

/// Days on the clocks of one zone, as the instants they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Days {
    first: NaiveDate,
    last: NaiveDate,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Concerts {
    /// The list in `file`, which has to agree with itself.
    #[track_caller]
    pub(crate) fn read(file: impl Into<PathBuf>) -> Self {
        let file = file.into();
        let text = std::fs::read_to_string(&file).unwrap();
        let mut concerts: Self = serde_json::from_str(&text).unwrap();
        let stage = "stage".parse().unwrap();
        for concert in &mut concerts.events {
            concert.agrees();
            concert.uid = EventUid::new(&stage, &concert.id).to_string();
        }
        Self { file, ..concerts }
    }

    /// Our own, which always runs.
    pub(crate) fn own() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut own = Self::read(root.join("tests/fixtures/neutral/driftwood.json"));
        for concert in &mut own.events {
            concert.utc.get_or_insert(false);
        }
        own
    }

    /// The list the environment names, if it names one.
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of the test is its own"
    )]
    pub(crate) fn named() -> Option<Self> {
        std::env::var_os("CALBRIDGE_CONCERTS").map(Self::read)
    }

    /// The concert of that `UID`.
    #[track_caller]
    pub(crate) fn of(&self, uid: &str) -> &Concert {
        let found = self.events.iter().find(|concert| concert.uid == uid);
        found.unwrap_or_else(|| panic!("no concert has the UID {uid}"))
    }

    /// The place of a concert.
    pub(crate) fn place(&self, concert: &Concert) -> &Place {
        let mut places = self.places.iter();
        places.find(|place| place.id == concert.place).unwrap()
    }

    /// What the group of a concert is called.
    pub(crate) fn kind(&self, concert: &Concert) -> &str {
        let mut groups = self.groups.iter();
        &groups.find(|group| group.id == concert.group).unwrap().name
    }

    /// The first and the last day on which something is on, as posters say.
    pub(crate) fn days(&self) -> (NaiveDate, NaiveDate) {
        let days = || self.events.iter().map(Concert::first_day);
        (days().min().unwrap(), days().max().unwrap())
    }

    /// The `UID`s of the concerts that are `wanted`, by start, then `UID`.
    pub(crate) fn ranked(&self, wanted: impl Fn(&Concert) -> bool) -> Vec<String> {
        let mut ranks: Vec<_> = self
            .events
            .iter()
            .filter(|one| wanted(one))
            .map(Concert::rank)
            .collect();
        ranks.sort();
        ranks.into_iter().map(|(_, uid)| uid).collect()
    }

    /// The year with the most concerts.
    pub(crate) fn busiest_year(&self) -> i32 {
        let mut years = BTreeMap::<i32, usize>::new();
        for concert in &self.events {
            *years.entry(concert.first_day().year()).or_default() += 1;
        }
        let most = years.iter().max_by_key(|(_, count)| **count);
        *most.unwrap().0
    }
}

impl Concert {
    /// Its first instant; of a concert that is no whole day.
    pub(crate) fn starts(&self) -> DateTime<Utc> {
        self.start.parse().unwrap()
    }

    /// The instant after its last.
    pub(crate) fn ends(&self) -> DateTime<Utc> {
        self.end.parse().unwrap()
    }

    /// The day on its poster.
    pub(crate) fn first_day(&self) -> NaiveDate {
        self.local[..10].parse().unwrap()
    }

    /// The day on which it begins by the clocks of `zone`.
    #[expect(
        clippy::disallowed_methods,
        reason = "the rules of chrono-tz are right for past years, and no code of ours"
    )]
    pub(crate) fn first_day_in(&self, zone: Tz) -> NaiveDate {
        if self.all_day {
            return self.first_day();
        }
        self.starts().with_timezone(&zone).date_naive()
    }

    /// The last day of whole days.
    pub(crate) fn last_day(&self) -> NaiveDate {
        self.end.parse().unwrap()
    }

    /// Where it sorts: by its first instant, whole days by the midnight in UTC that begins them.
    pub(crate) fn rank(&self) -> (DateTime<Utc>, String) {
        let midnight = || self.first_day().and_time(NaiveTime::MIN).and_utc();
        let start = if self.all_day {
            midnight()
        } else {
            self.starts()
        };
        (start, self.uid.clone())
    }

    /// Whether any of it is on in `days`.
    pub(crate) fn overlaps(&self, days: &Days) -> bool {
        if self.all_day {
            return self.first_day() <= days.last && days.first <= self.last_day();
        }
        let (start, end) = (self.starts(), self.ends());
        let runs = start < days.to && days.from < end;
        runs || (start == end && days.from <= start && start < days.to)
    }

    /// The oracle itself is right: the clock of its zone shows `local` at `start`.
    #[track_caller]
    #[expect(
        clippy::disallowed_methods,
        reason = "the rules of chrono-tz are right for past years, and no code of ours"
    )]
    fn agrees(&self) {
        if self.all_day {
            assert_eq!(self.local, self.start, "{}", self.id);
        } else {
            let shown = self
                .starts()
                .with_timezone(&self.zone.parse::<Tz>().unwrap());
            assert_eq!(
                shown.format("%Y-%m-%dT%H:%M").to_string(),
                self.local,
                "{}",
                self.id
            );
        }
    }
}

impl Days {
    /// From `first` through `last` on the clocks of `zone`.
    #[expect(
        clippy::disallowed_methods,
        reason = "the rules of chrono-tz are right for past years, and no code of ours"
    )]
    pub(crate) fn new(zone: Tz, first: NaiveDate, last: NaiveDate) -> Self {
        let midnight = |day: NaiveDate| {
            let midnight = zone.from_local_datetime(&day.and_time(NaiveTime::MIN));
            midnight
                .single()
                .expect("no clock is changed at midnight here")
                .to_utc()
        };
        Self {
            first,
            last,
            from: midnight(first),
            to: midnight(last.succ_opt().unwrap()),
        }
    }
}
