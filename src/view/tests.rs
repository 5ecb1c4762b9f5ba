use std::fmt::Write as _;

use chrono::Months;

use super::{
    testing::{listed, listing, november, shown},
    *,
};
use crate::domain::testing::{days, timed};

/// The days of a month that have something, each with its lines.
fn month(screen: &Screen) -> String {
    let Body::Month(month) = &screen.body else {
        panic!("no month");
    };
    let mut text = String::new();
    for cell in month.weeks.iter().flat_map(|week| &week.0) {
        if cell.slots.is_empty() && cell.more.is_none() {
            continue;
        }
        let _ = write!(text, "{}:", cell.date);
        for slot in &cell.slots {
            let _ = match slot {
                Slot::Gap => write!(text, " -"),
                Slot::Event { card, part, .. } => write!(text, " {}({part})", card.title),
            };
        }
        if let Some(more) = &cell.more {
            let _ = write!(text, " +{} {}", more.label, more.href);
        }
        text.push('\n');
    }
    text
}

fn agenda(screen: &Screen) -> String {
    let Body::Agenda(agenda) = &screen.body else {
        panic!("no agenda");
    };
    let mut text = String::new();
    for day in &agenda.days {
        let _ = writeln!(
            text,
            "{}{}",
            day.heading,
            if day.is_today { " (today)" } else { "" }
        );
        for card in &day.cards {
            let mark = card.mark.map_or("", |mark| mark.word);
            let elsewhere = card.elsewhere.as_deref().unwrap_or_default();
            let _ = writeln!(
                text,
                "  {} | {} | {elsewhere} | {mark}",
                card.time, card.title
            );
        }
    }
    text
}

fn grid(screen: &Screen) -> String {
    let Body::Grid(grid) = &screen.body else {
        panic!("no days by the hour");
    };
    let mut text = format!("{} hours from {}\n", grid.length, grid.hours[0].label);
    for column in &grid.columns {
        let _ = write!(text, "{}", column.date);
        for strip in &column.strips {
            let _ = write!(
                text,
                " [{} {}]",
                strip.card.title,
                strip.day_of.as_deref().unwrap_or("-")
            );
        }
        for block in &column.blocks {
            let Block {
                card,
                from,
                to,
                place,
                of,
            } = block;
            let _ = write!(text, " {}@{from}-{to}:{place}/{of}", card.title);
        }
        if let Some(now) = column.now {
            let _ = write!(text, " now@{now}");
        }
        text.push('\n');
    }
    text
}

#[test]
fn a_month_keeps_an_event_of_several_days_on_one_line() {
    insta::assert_snapshot!(month(&shown(&november(), "month")), @r"
    2026-11-20: Festival(head)
    2026-11-21: Festival(body) Aida(whole) Night(whole)
    2026-11-22: Festival(body) Giselle(whole)
    2026-11-23: Festival(tail)
    2026-11-24: A hold(whole) Called off(whole)
    2026-11-25: Closed(whole)
    ");
}

#[test]
fn a_day_without_room_says_how_many_more_and_where() {
    let evenings = (0..6).map(|n| {
        let start = format!("2026-11-14T1{n}:00:00Z");
        listed(&format!("e{n}"), timed(&start, &start))
    });
    let full = listing(evenings.collect());
    insta::assert_snapshot!(month(&shown(&full, "month/2026-11")), @r"
    2026-11-14: e0(whole) e1(whole) e2(whole) +3 more events on November 14 /embed/season/day/2026-11-14
    ");
    for (query, want) in [
        ("", "3 more events on November 14"),
        ("?limit=4", "2 more events on November 14"),
        ("?limit=5", "none"),
        ("?lang=pl", "jeszcze 3 wydarzenia: 14 listopada"),
    ] {
        let screen = shown(&full, &format!("month/2026-11{query}"));
        let Body::Month(month) = &screen.body else {
            panic!()
        };
        let mut cells = month.weeks.iter().flat_map(|week| &week.0);
        let more = cells.find_map(|cell| cell.more.as_ref());
        assert_eq!(more.map_or("none", |more| &more.label), want, "{query}");
    }
}

#[test]
fn a_week_begins_where_the_language_or_the_option_says() {
    for (what, first) in [
        ("week?lang=en", "2026-11-22"),
        ("week?lang=en-GB", "2026-11-16"),
        ("week?lang=ar", "2026-11-21"),
        ("week?lang=en&week_start=thu", "2026-11-19"),
    ] {
        let screen = shown(&november(), what);
        let Body::Grid(grid) = &screen.body else {
            panic!()
        };
        assert_eq!(grid.columns[0].date.to_string(), first, "{what}");
        assert_eq!(grid.columns.len(), 7);
    }
}

#[test]
fn days_by_the_hour_put_events_where_their_clock_says() {
    insta::assert_snapshot!(grid(&shown(&november(), "week?lang=de")), @r"
    15 hours from 09:00
    2026-11-16
    2026-11-17
    2026-11-18
    2026-11-19
    2026-11-20 [Festival Tag 1 von 4]
    2026-11-21 [Festival Tag 2 von 4] Aida@127-157:1/1 Night@157-181:1/1
    2026-11-22 [Festival Tag 3 von 4] Giselle@37-67:1/1 now@25
    ");
    insta::assert_snapshot!(grid(&shown(&november(), "day/2026-11-22?hours=0-24")), @r"
    24 hours from 12 AM
    2026-11-22 [Festival day 3 of 4] Night@1-25:1/1 Giselle@145-175:1/1 now@133
    ");
    insta::assert_snapshot!(grid(&shown(&november(), "day/2026-11-22?tz=Asia/Tokyo")), @r"
    20 hours from 3 AM
    2026-11-22 [Festival day 3 of 4] Aida@7-37:1/1 Night@37-85:1/1 Giselle@205-235:1/1 now@193
    ");
}

#[test]
fn an_agenda_has_the_days_with_events_and_says_the_last_of_several() {
    insta::assert_snapshot!(agenda(&shown(&november(), "agenda")), @r"
    Sunday, November 22, 2026 (today)
      All day, until Monday, November 23 | Festival |  | 
      12 PM – 2:30 PM | Giselle | Tokyo: 8 PM | 
    Tuesday, November 24, 2026
      10 AM – 11 AM | A hold |  | Tentative
      10:30 AM – 12 PM | Called off |  | Cancelled
    Wednesday, November 25, 2026
      All day | Closed |  |
    ");
    insta::assert_snapshot!(agenda(&shown(&november(), "agenda/2026-11-21?next=1d&tz=America/New_York&lang=en-GB")), @r"
    Saturday, 21 November 2026
      All day, until Monday 23 November | Festival |  | 
      13:30 – 16:00 | Aida | Berlin: 19:30 | 
      16:00 – 20:00 | Night | Berlin: 22:00 |
    ");
}

#[test]
fn an_hour_that_is_repeated_ends_although_the_clock_shows_the_same() {
    let night = listed(
        "Night",
        timed("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
    );
    let point = listed(
        "Bell",
        timed("2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z"),
    );
    let screen = shown(
        &listing(vec![night, point]),
        "agenda/2026-10-25?next=1d&lang=en-GB",
    );
    insta::assert_snapshot!(agenda(&screen), @r"
    Sunday, 25 October 2026
      02:30 – 02:30 | Night |  | 
      02:30 | Bell |  |
    ");
}

#[test]
fn no_query_makes_a_page_longer_than_ten_years() {
    for query in ["past=10y&next=10y", "past=10y&next=10y&date=2026-11-22"] {
        let read = options::Read::of(query);
        let days = period::ahead(View::Agenda, "2026-11-22".parse().unwrap(), &read.options);
        assert!(
            days.end() <= days.first() + Months::new(120),
            "{query}: {days:?}"
        );
    }
}

#[test]
fn a_list_has_what_is_not_over_and_leads_to_more() {
    insta::assert_snapshot!(agenda(&shown(&november(), "list?limit=2")), @r"
    Sunday, November 22, 2026 (today)
      All day, until Monday, November 23 | Festival |  | 
      12 PM – 2:30 PM | Giselle | Tokyo: 8 PM |
    ");
    let screen = shown(&november(), "list?limit=2&tz=UTC");
    let Body::Agenda(agenda) = &screen.body else {
        panic!()
    };
    assert_eq!(
        agenda.more.as_deref(),
        Some("/embed/season/list?tz=UTC&limit=12")
    );
}

#[test]
fn the_next_event_takes_place_and_has_not_begun() {
    for (events, want) in [
        (november(), Some("Giselle")),
        (
            listing(vec![listed("Festival", days("2026-11-20", "2026-11-23"))]),
            Some("Festival"),
        ),
        (
            listing(vec![listed("Past", days("2026-11-20", "2026-11-21"))]),
            None,
        ),
    ] {
        let screen = shown(&events, "next");
        let title = match &screen.body {
            Body::Next(next) => Some(next.card.title.as_str()),
            _ => None,
        };
        assert_eq!(title, want);
    }
}

#[test]
fn a_time_without_events_says_so_in_every_view() {
    for (what, want) in [
        ("month/2026-01", "No events in this period."),
        ("week/2026-01-05?q=x", "No event matches."),
        (
            "day/2026-01-05?lang=de",
            "Keine Termine in diesem Zeitraum.",
        ),
        ("agenda/2026-01-01", "No events in this period."),
        ("list?q=x", "No event matches."),
    ] {
        let screen = shown(&november(), what);
        let said = match screen.body {
            Body::Nothing(words) => Some(words),
            _ => screen.nothing,
        };
        assert_eq!(said, Some(want), "{what}");
    }
    assert_eq!(shown(&november(), "month/2026-11").nothing, None);
}

#[test]
fn words_and_groups_leave_out_the_others_and_the_rest_is_counted() {
    for (query, want) in [
        ("q=aida", Some("1 event found")),
        ("q=quay+SURTITLES", Some("1 event found")),
        ("q=aida+giselle", Some("0 events found")),
        ("groups=opera", Some("1 event found")),
        ("groups=Ballet", Some("1 event found")),
        ("groups=ballet,opera", Some("2 events found")),
        ("groups=nothing", Some("0 events found")),
        ("groups=,,opera,", Some("1 event found")),
        ("groups=,", Some("0 events found")),
        ("", None),
    ] {
        let screen = shown(&november(), &format!("month?{query}"));
        assert_eq!(screen.found.as_deref(), want, "{query}");
    }
}

#[test]
fn links_reproduce_the_screen_and_stop_at_the_years_we_speak_of() {
    let link = |step: &Option<Step>| step.as_ref().map_or("-", |step| &step.href).to_owned();
    for (what, previous, next) in [
        ("month", "month/2026-10", "month/2026-12"),
        (
            "month/2026-01?lang=de",
            "month/2025-12?lang=de",
            "month/2026-02?lang=de",
        ),
        ("month/1970-01", "-", "month/1970-02"),
        ("month/2099-12", "month/2099-11", "-"),
        ("week/2026-11-18", "week/2026-11-11", "week/2026-11-25"),
        ("week/2026-W47", "week/2026-11-09", "week/2026-11-23"),
        ("day/2026-11-30", "day/2026-11-29", "day/2026-12-01"),
        ("day/1970-01-01", "-", "day/1970-01-02"),
        (
            "agenda/2026-11-01?next=7d",
            "agenda/2026-10-25?next=7d",
            "agenda/2026-11-08?next=7d",
        ),
        ("list", "-", "-"),
        ("month?controls=none", "-", "-"),
    ] {
        let screen = shown(&november(), what);
        let cut = |href: String| href.trim_start_matches("/embed/season/").to_owned();
        assert_eq!(cut(link(&screen.previous)), previous, "{what}");
        assert_eq!(cut(link(&screen.next)), next, "{what}");
    }
}

#[test]
fn a_day_in_an_address_is_a_day_a_month_or_a_week() {
    for (text, want) in [
        ("2026-11-14", Some("2026-11-14")),
        ("2026-11", Some("2026-11-01")),
        ("2026-W47", Some("2026-11-16")),
        ("2026", None),
        ("today", None),
        ("2026-02-30", None),
        ("1969-12-31", None),
        ("2026-11-14..2026-11-15", None),
        ("<script>", None),
    ] {
        let day = day_of(text).ok().map(|day| day.to_string());
        assert_eq!(day.as_deref(), want, "{text}");
    }
}

#[test]
fn the_same_five_minutes_make_the_same_screen() {
    let at = |now: &str| {
        let listing = november();
        let name = crate::feed::FeedName::Configured("season".parse().unwrap());
        let options = EmbedOptions::default();
        let locale = crate::locale::Locale::from(crate::locale::Lang::En);
        screen(
            &listing,
            &Address::of(String::new(), name),
            View::Week,
            None,
            &options,
            locale,
            now.parse().unwrap(),
        )
        .body
    };
    assert_eq!(at("2026-11-22T10:00:00Z"), at("2026-11-22T10:04:59Z"));
    assert_ne!(at("2026-11-22T10:00:00Z"), at("2026-11-22T10:05:00Z"));
}

#[test]
fn groups_of_strange_names_are_one_segment_of_an_address() {
    let name = crate::feed::FeedName::Group(
        "stage".parse().unwrap(),
        crate::domain::id::GroupId::new("A/b? #é."),
    );
    let address = Address::of(String::new(), name);
    let options = EmbedOptions::default();
    assert_eq!(
        address.view(View::Month, day_of("2026-11").ok(), &options),
        "/embed/groups/stage/a%2Fb%3F%20%23%C3%A9%2E/month/2026-11"
    );
    assert_eq!(address.subscribe(), "/groups/stage/a%2Fb%3F%20%23%C3%A9%2E");
}
