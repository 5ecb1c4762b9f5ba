//! A small reader that knows nothing of how calbridge writes: RFC 5545 as a client would implement it.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};

/// A content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) params: Vec<(String, String)>,
    /// As it stands, still escaped.
    pub(super) value: String,
}

/// A component with what is in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
    pub(super) inner: Vec<Component>,
}

/// When an event is, as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    Days(NaiveDate, NaiveDate),
    Timed(DateTime<Utc>, DateTime<Utc>),
}

/// The one calendar in `body`.
#[track_caller]
pub(super) fn read(body: &[u8]) -> Component {
    let text = std::str::from_utf8(body).unwrap();
    let unfolded = text.replace("\r\n ", "");
    let mut open = vec![Component::default()];
    for line in unfolded.strip_suffix("\r\n").unwrap().split("\r\n") {
        let line = content_line(line);
        match line.name.as_str() {
            "BEGIN" => open.push(Component {
                name: line.value,
                ..Component::default()
            }),
            "END" => {
                let done = open.pop().unwrap();
                assert_eq!(done.name, line.value, "components nest");
                open.last_mut().unwrap().inner.push(done);
            }
            _ => open.last_mut().unwrap().lines.push(line),
        }
    }
    let [outside] = &open[..] else {
        panic!("every component ends")
    };
    assert_eq!(outside.lines, [], "nothing stands outside the calendar");
    let [calendar] = &outside.inner[..] else {
        panic!("there is one calendar")
    };
    calendar.clone()
}

fn content_line(line: &str) -> Line {
    let mut quoted = false;
    let end_of_name = |c: char| {
        quoted ^= c == '"';
        c == ':' && !quoted
    };
    let (head, value) = line.split_at(line.find(end_of_name).unwrap_or_else(|| panic!("{line}")));
    let mut parts = head.split(';');
    let name = parts.next().unwrap().to_owned();
    let params = parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap();
        (name.to_owned(), value.trim_matches('"').to_owned())
    });
    Line {
        name,
        params: params.collect(),
        value: value[1..].to_owned(),
    }
}

impl Component {
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Component> {
        self.inner.iter().filter(move |inner| inner.name == name)
    }

    /// The raw value of a property that may stand there once.
    #[track_caller]
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let mut found = self.lines.iter().filter(|line| line.name == name);
        let first = found.next();
        assert!(found.next().is_none(), "{name} stands there twice");
        first.map(|line| line.value.as_str())
    }

    /// A TEXT value, unescaped.
    #[track_caller]
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(unescaped)
    }

    /// When the event is, by its own `VALUE` and `TZID` and the `VTIMEZONE`s of `calendar`.
    #[track_caller]
    pub(super) fn when(&self, calendar: &Self) -> Read {
        let line = |name| self.lines.iter().find(|line| line.name == name);
        let start = line("DTSTART").unwrap();
        let end = line("DTEND").unwrap_or(start);
        if start.params == [("VALUE".to_owned(), "DATE".to_owned())] {
            assert_eq!(end.params, start.params);
            return Read::Days(date(&start.value), date(&end.value));
        }
        Read::Timed(instant(start, calendar), instant(end, calendar))
    }
}

#[track_caller]
fn instant(line: &Line, calendar: &Component) -> DateTime<Utc> {
    if let Some(utc) = line.value.strip_suffix('Z') {
        assert_eq!(line.params, [], "no TZID beside Z");
        return date_time(utc).and_utc();
    }
    let [(key, tzid)] = &line.params[..] else {
        panic!("neither floating time nor anything but TZID: {line:?}")
    };
    assert_eq!(key, "TZID");
    let mut zones = calendar.all("VTIMEZONE");
    let zone = zones.find(|zone| zone.value("TZID") == Some(tzid)).unwrap();
    let local = date_time(&line.value);
    (local - offset(zone, local)).and_utc()
}

/// The offset that a `VTIMEZONE` gives a local time: `TZOFFSETTO` of the observance that set in last (RFC 5545 §3.6.5).
#[track_caller]
fn offset(zone: &Component, local: NaiveDateTime) -> TimeDelta {
    let onset = |observance: &Component| {
        let first = date_time(observance.value("DTSTART").unwrap());
        let latest = match observance.value("RRULE") {
            None => first,
            Some(rule) => [local.year(), local.year() - 1]
                .into_iter()
                .map(|year| yearly(rule, year).and_time(first.time()))
                .find(|onset| *onset <= local)
                .unwrap(),
        };
        assert!(first <= latest && latest <= local, "before any rule");
        latest
    };
    let last = zone.inner.iter().max_by_key(|observance| onset(observance));
    utc_offset(last.unwrap().value("TZOFFSETTO").unwrap())
}

/// The day of `FREQ=YEARLY;BYMONTH=m;BYDAY=nDD` in `year`.
#[track_caller]
fn yearly(rule: &str, year: i32) -> NaiveDate {
    let rest = rule.strip_prefix("FREQ=YEARLY;BYMONTH=").unwrap();
    let (month, day) = rest.split_once(";BYDAY=").unwrap();
    let (nth, weekday) = day.split_at(day.len() - 2);
    let weekday = match weekday {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        other => panic!("{other}"),
    };
    let month: u32 = month.parse().unwrap();
    let days = (1..=31).filter_map(|day| NaiveDate::from_ymd_opt(year, month, day));
    let days: Vec<_> = days.filter(|day| day.weekday() == weekday).collect();
    match nth.parse::<i8>().unwrap() {
        -1 => *days.last().unwrap(),
        nth => days[usize::try_from(nth - 1).unwrap()],
    }
}

#[track_caller]
fn utc_offset(text: &str) -> TimeDelta {
    let number: i64 = text.parse().unwrap();
    assert_eq!(text.len(), 5, "sign, hours, minutes");
    TimeDelta::minutes(number / 100 * 60 + number % 100)
}

#[track_caller]
pub(super) fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y%m%d").unwrap()
}

#[track_caller]
pub(super) fn date_time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap()
}

/// The values of a list, unescaped.
pub(super) fn list(raw: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut escaped = false;
    for c in raw.chars() {
        match c {
            ',' if !escaped => values.push(String::new()),
            _ => values.last_mut().unwrap().push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    values.iter().map(|value| unescaped(value)).collect()
}

#[track_caller]
fn unescaped(raw: &str) -> String {
    let mut text = String::new();
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some(c @ ('\\' | ',' | ';')) => c,
                other => panic!("escape of {other:?}"),
            },
            ',' | ';' => panic!("bare {c} in {raw}"),
            _ => c,
        });
    }
    text
}
