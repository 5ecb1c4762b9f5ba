use proptest::prelude::*;

use super::*;

/// The query that `query` comes back as, and the keys that were not understood.
fn again(query: &str) -> (String, Vec<&'static str>) {
    let read = Read::of(query);
    (read.options.query(), read.ignored)
}

#[test]
fn every_option_is_read_and_printed_in_one_way() {
    for (query, want) in [
        ("", ""),
        ("tz=asia/tokyo", "?tz=Asia%2FTokyo"),
        ("lang=de-AT", "?lang=de-AT"),
        ("lang=auto", ""),
        ("theme=dark", "?theme=dark"),
        ("theme=dark-stage", "?theme=stage-dark"),
        ("theme=auto", ""),
        ("theme=contrast", "?theme=contrast"),
        ("accent=%23ABC", "?accent=aabbcc"),
        ("accent=teal", "?accent=008080"),
        ("title=none", "?title=none"),
        ("title=Our+plays", "?title=Our+plays"),
        ("controls=none", "?controls=none"),
        ("controls=search,nav", "?controls=nav%2Csearch"),
        ("controls=all", ""),
        ("views=week,month", "?views=month%2Cweek"),
        ("groups=b&groups=a&groups=b", "?groups=b&groups=a"),
        ("q=++Aida%0d%0aX+", "?q=Aida+X"),
        ("past=7d&next=3m", "?past=7d&next=3m"),
        ("limit=5", "?limit=5"),
        ("limit=5&limit=6", "?limit=6"),
        ("week_start=Sun", "?week_start=sun"),
        ("hours=8-20", "?hours=8-20"),
        (
            "details=full&density=compact",
            "?details=full&density=compact",
        ),
        ("details=short", ""),
        ("utm_source=x&tz=", ""),
        ("density=compact&lang=ja", "?lang=ja&density=compact"),
    ] {
        assert_eq!(again(query), (want.to_owned(), vec![]), "{query}");
    }
}

#[test]
fn a_value_that_is_not_known_counts_as_not_given_and_is_told() {
    for (query, key) in [
        ("tz=Mars/Olympus", "tz"),
        ("lang=tlh", "lang"),
        ("theme=pink", "theme"),
        ("theme=dark-light", "theme"),
        ("accent=url(x)", "accent"),
        ("controls=nav,all", "controls"),
        ("views=year", "views"),
        ("views=none", "views"),
        ("past=-1d", "past"),
        ("next=soon", "next"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("week_start=8", "week_start"),
        ("hours=20-8", "hours"),
        ("hours=0-25", "hours"),
        ("details=most", "details"),
        ("density=dense", "density"),
        ("date=tomorrow", "date"),
        ("date=1969-12-31", "date"),
        ("date=2100-01-01", "date"),
        ("date=-262143-01-01", "date"),
    ] {
        assert_eq!(again(query), (String::new(), vec![key]), "{query}");
    }
}

#[test]
fn a_form_asks_for_a_day_in_the_query() {
    let read = Read::of("date=2026-11-14&q=");
    assert_eq!(read.date, "2026-11-14".parse().ok());
    assert_eq!(read.options, EmbedOptions::default());
}

proptest! {
    #[test]
    fn whatever_is_asked_prints_as_a_query_that_asks_the_same(
        query in "(&?(tz|lang|theme|accent|title|controls|views|groups|q|past|next|limit|week_start|hours|details|density)=[a-z0-9,+%<>\"'/#-]{0,12}){0,8}|\\PC{0,80}"
    ) {
        let read = Read::of(&query);
        let printed = read.options.query();
        prop_assert!(printed.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'".contains(&b)), "{}", printed);
        prop_assert_eq!(Read::of(printed.trim_start_matches('?')).options, read.options);
    }
}
