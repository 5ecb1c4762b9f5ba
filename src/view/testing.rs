//! Listings and screens for tests.

use std::sync::{Arc, LazyLock};

use chrono_tz::Tz;

use crate::{
    domain::{
        event::{GroupKind, Status},
        history::Stamps,
        id::GroupId,
        testing::{at, days, feed, groups, timed, uid},
        when::{DateSpan, When},
        window::Window,
    },
    feed::{
        FeedName, State,
        listing::{Listed, Listing, Where},
    },
    locale::Locale,
    zones::ZoneData,
};

use super::{
    address::Address,
    day_of,
    options::Read,
    screen::{Screen, screen},
    words::View,
};

/// The built-in zone data, shared as listings share it.
static ZONES: LazyLock<Arc<ZoneData>> = LazyLock::new(|| Arc::new(ZoneData::built_in()));

/// Text that would break out of a page that trusts it.
pub(crate) const HOSTILE: &str =
    "\"><script>alert(1)</script><img src=x onerror='alert(2)'>{{7*7}}\u{202e}&amp;";

/// An event in Berlin without more than its time and its id for a title.
pub(crate) fn listed(id: &str, when: When) -> Listed {
    Listed {
        uid: uid(id),
        when,
        zone: Tz::Europe__Berlin,
        title: id.to_owned(),
        details: String::new(),
        places: Vec::new(),
        categories: Vec::new(),
        groups: Vec::new(),
        status: None,
        stamps: Stamps {
            created: at("2026-01-01T00:00:00Z"),
            modified: at("2026-01-01T00:00:00Z"),
            sequence: 0,
        },
    }
}

/// What a feed in Berlin shows.
pub(crate) fn listing(events: Vec<Listed>) -> Listing {
    let midnight = |day| ZONES.zone_or_utc(Tz::Europe__Berlin).first_instant(day);
    Listing {
        feed: Arc::new(feed()),
        window: None,
        within: Window::new(DateSpan::ALL, midnight),
        today: "2026-11-22".parse().unwrap(),
        events,
        groups: groups(&[
            ("opera", GroupKind::Group, "Opera"),
            ("ballet", GroupKind::Group, "Ballet"),
        ]),
        zones: Arc::clone(&ZONES),
        state: State::Fresh,
        changed: at("2026-11-20T08:00:00Z"),
    }
}

/// A November with one of everything.
pub(crate) fn november() -> Listing {
    let mut opera = listed(
        "Aida",
        timed("2026-11-21T18:30:00Z", "2026-11-21T21:00:00Z"),
    );
    opera.groups = vec![GroupId::new("opera")];
    opera.categories = vec!["Opera".to_owned()];
    opera.details = "In four acts.\n\nSurtitles.".to_owned();
    opera.places = vec![Where {
        name: "Great Hall".to_owned(),
        address: "Quay 1, Hamburg".to_owned(),
    }];
    let mut tour = listed(
        "Giselle",
        timed("2026-11-22T11:00:00Z", "2026-11-22T13:30:00Z"),
    );
    tour.zone = Tz::Asia__Tokyo;
    tour.groups = vec![GroupId::new("ballet")];
    let mut hold = listed(
        "A hold",
        timed("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"),
    );
    hold.status = Some(Status::Tentative);
    let mut off = listed(
        "Called off",
        timed("2026-11-24T09:30:00Z", "2026-11-24T11:00:00Z"),
    );
    off.status = Some(Status::Cancelled);
    listing(vec![
        listed("Festival", days("2026-11-20", "2026-11-23")),
        opera,
        listed(
            "Night",
            timed("2026-11-21T21:00:00Z", "2026-11-22T01:00:00Z"),
        ),
        tour,
        hold,
        off,
        listed("Closed", days("2026-11-25", "2026-11-25")),
    ])
}

/// Whether `what` names a view, its day and its options: `month/2026-11?lang=de`.
#[track_caller]
pub(crate) fn shown(listing: &Listing, what: &str) -> Screen {
    let (path, query) = what.split_once('?').unwrap_or((what, ""));
    let (view, day) = path.split_once('/').unwrap_or((path, ""));
    let read = Read::of(query);
    let locale = read.options.lang.or_else(|| Locale::of_tag("en"));
    screen(
        listing,
        &Address::of(
            String::new(),
            FeedName::Configured("season".parse().unwrap()),
        ),
        view.parse::<View>().unwrap(),
        Some(day)
            .filter(|day| !day.is_empty())
            .map(|day| day_of(day).unwrap()),
        &read.options,
        locale.unwrap(),
        at("2026-11-22T10:02:03Z"),
    )
}
