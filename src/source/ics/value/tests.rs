use super::*;

#[test]
fn times_are_read_in_every_form_that_is_found() {
    for (text, want) in [
        ("20261121", "Date 2026-11-21"),
        (" 20261121 ", "Date 2026-11-21"),
        ("2026-11-21", "Date 2026-11-21"),
        ("2026-1-5", "Date 2026-01-05"),
        ("2026-1-2T190000", "Wall 2026-01-02T19:00:00"),
        ("20261121T190000", "Wall 2026-11-21T19:00:00"),
        ("20261121T1900", "Wall 2026-11-21T19:00:00"),
        ("20261121t190000z", "Utc 2026-11-21T19:00:00"),
        ("20261121T190000Z", "Utc 2026-11-21T19:00:00"),
        ("20261121T190000+0100", "Utc 2026-11-21T18:00:00"),
        ("2026-11-21T19:00:00", "Wall 2026-11-21T19:00:00"),
        ("2026-11-21T19:00:00.123Z", "Utc 2026-11-21T19:00:00"),
        ("2026-11-21T19:00:00-05:00", "Utc 2026-11-22T00:00:00"),
        ("20261121T240000", "Wall 2026-11-22T00:00:00"),
        ("20261231T235960Z", "Utc 2026-12-31T23:59:59"),
        ("20261121T250000", "?"),
        ("20261121T196000", "?"),
        ("20261121T", "?"),
        ("20260229", "?"),
        ("+262142-12-31", "?"),
        ("+262142-12-31T240000", "?"),
        ("-262143-01-01T000000+0100", "?"),
        ("9999-12-31T240000", "Wall +10000-01-01T00:00:00"),
        ("2026112", "?"),
        ("20261121T19", "?"),
        ("20261121T190000X", "?"),
        ("+20261121", "?"),
        ("20261121T19é", "?"),
        ("", "?"),
    ] {
        let got = match Written::parse(text) {
            Some(Written::Date(date)) => format!("Date {date}"),
            Some(Written::Wall(wall)) => format!("Wall {}", wall.format("%FT%T")),
            Some(Written::Utc(at)) => format!("Utc {}", at.format("%FT%T")),
            None => "?".to_owned(),
        };
        assert_eq!(got, want, "{text}");
    }
}

#[test]
fn durations_keep_days_apart_from_time() {
    for (text, want) in [
        ("PT1H", Some((0, 3_600))),
        ("P1D", Some((1, 0))),
        ("P2W", Some((14, 0))),
        ("P1DT2H30M", Some((1, 9_000))),
        ("+PT15M", Some((0, 900))),
        ("pt90s", Some((0, 90))),
        ("PT0S", Some((0, 0))),
        ("P1H", None),
        ("-PT1H", None),
        ("P", None),
        ("PT", None),
        ("PT1", None),
        ("P99999999999W", None),
        ("PT99999999999999999999S", None),
        ("PT9000000000000S", None),
        ("P1DT9223372036854775S", None),
        ("PT87840H", Some((0, 316_224_000))),
        ("1H", None),
        ("", None),
    ] {
        let got = Duration::parse(text).map(|length| (length.days, length.exact.num_seconds()));
        assert_eq!(got, want, "{text}");
    }
}

#[test]
fn texts_lose_their_escapes_and_lists_are_split_where_commas_have_none() {
    for (value, want) in [
        (r"a\, b\; c\\ d\ne\Nf", "a, b; c\\ d\ne\nf"),
        (r#"a\: \"b\""#, "a: \"b\""),
        (r"C:\Users\x", r"C:\Users\x"),
        (r"ends in \", r"ends in \"),
        ("plain", "plain"),
    ] {
        assert_eq!(text(value), want, "{value}");
    }
    let split: Vec<&str> = list(r"one,two\, three,,\\,four").collect();
    assert_eq!(split, ["one", r"two\, three", "", r"\\", "four"]);
}

#[test]
fn offsets_may_have_seconds_and_lack_their_sign() {
    for (text, want) in [
        ("+0100", Some(3_600)),
        ("-0330", Some(-12_600)),
        ("+05:30", Some(19_800)),
        ("+053028", Some(19_828)),
        ("0100", Some(3_600)),
        ("+1", None),
        ("+2500", None),
        ("east", None),
        ("", None),
    ] {
        assert_eq!(seconds_east(text), want, "{text}");
    }
}
