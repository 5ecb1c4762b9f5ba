//! Values as RFC 5545 §3.3 writes them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// A wall time.
pub(super) fn wall(at: NaiveDateTime) -> String {
    at.format("%Y%m%dT%H%M%S").to_string()
}

/// An instant.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    format!("{}Z", wall(at.naive_utc()))
}

/// A day.
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// An offset from UTC given in seconds.
pub(super) fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (minutes, rest) = (seconds.abs() / 60, seconds.abs() % 60);
    let seconds = if rest == 0 {
        String::new()
    } else {
        format!("{rest:02}")
    };
    format!("{sign}{:02}{:02}{seconds}", minutes / 60, minutes % 60)
}

/// Text for people. Control characters have no place in it, so they are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push(c),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_the_standard_wants_them() {
        for (seconds, want) in [
            (0, "+0000"),
            (-18_000, "-0500"),
            (20_700, "+0545"),
            (1_172, "+001932"),
        ] {
            assert_eq!(offset(seconds), want, "{seconds}");
        }
        assert_eq!(
            escaped("a;b,c\\d\r\ne\u{0}f\n"),
            "a\\;b\\,c\\\\d\\ne\u{66}\\n"
        );
        assert_eq!(
            instant("2026-11-22T10:00:00Z".parse().unwrap()),
            "20261122T100000Z"
        );
    }
}
