//! The window parameters of the event routes and what they let through (fact sheet §4.3).

use chrono::{DateTime, NaiveDateTime, Utc};
use url::form_urlencoded;

use crate::sandbox::season::Span;

/// The window asked for; a missing edge is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Asked {
    pub(super) start: Option<DateTime<Utc>>,
    pub(super) end: Option<DateTime<Utc>>,
}

impl Asked {
    /// Reads the query string of a request, or says why it is invalid.
    pub(super) fn parse(query: &str) -> Result<Self, String> {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let edge = match &*name {
                "window_start" => &mut asked.start,
                "window_end" => &mut asked.end,
                _ => return Err(format!("Unknown parameter {name}")),
            };
            let at = instant(&value).ok_or_else(|| {
                format!("{name} must be a UTC date-time such as 2026-11-21T19:30:00Z")
            })?;
            if edge.replace(at).is_some() {
                return Err(format!("{name} was given twice"));
            }
        }
        match (asked.start, asked.end) {
            (Some(start), Some(end)) if start > end => {
                Err("window_start must not be after window_end".to_owned())
            }
            _ => Ok(asked),
        }
    }

    /// Whether an event touches the window. What only touches an edge is let through: the documentation is silent,
    /// and a client that selects by itself does not notice.
    pub(super) fn touches(self, span: Span) -> bool {
        let end = span.end().max(span.start());
        self.end.is_none_or(|edge| span.start() <= edge)
            && self.start.is_none_or(|edge| end >= edge)
    }
}

/// A date-time in seconds with a literal `Z`, the only form Prospero takes (fact sheet §2).
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let exact = text.len() == "2026-11-21T19:30:00Z".len();
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").ok()?;
    exact.then(|| parsed.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utc_date_times_in_seconds_are_taken() {
        for (query, want) in [
            ("", true),
            ("window_start=2026-11-21T19:30:00Z", true),
            (
                "window_start=2026-11-21T19%3A30%3A00Z&window_end=2026-11-22T00:00:00Z",
                true,
            ),
            ("window_start=2026-11-21T19:30:00%2B00:00", false),
            ("window_start=2026-11-21T19:30:00+01:00", false),
            ("window_start=2026-11-21T19:30:00.000Z", false),
            ("window_start=2026-11-21T9:30:00Z", false),
            ("window_start=2026-11-21", false),
            ("window_start=", false),
            (
                "window_start=2026-11-21T00:00:00Z&window_start=2026-11-22T00:00:00Z",
                false,
            ),
            (
                "window_start=2026-11-22T00:00:00Z&window_end=2026-11-21T00:00:00Z",
                false,
            ),
            ("limit=10", false),
        ] {
            assert_eq!(Asked::parse(query).is_ok(), want, "{query}");
        }
    }

    #[test]
    fn a_window_lets_through_what_touches_it() {
        let at = |hour: u32| {
            format!("2026-11-21T{hour:02}:00:00Z")
                .parse::<DateTime<Utc>>()
                .unwrap()
        };
        let window =
            Asked::parse("window_start=2026-11-21T10:00:00Z&window_end=2026-11-21T12:00:00Z")
                .unwrap();
        for (start, end, want) in [
            (11, Some(14), true),
            (8, Some(11), true),
            (8, Some(14), true),
            (11, Some(11), true),
            (11, None, true),
            (8, Some(10), true),
            (12, Some(13), true),
            (8, Some(9), false),
            (13, Some(14), false),
            (13, Some(11), false),
        ] {
            let span = Span::Timed {
                start: at(start),
                end: end.map(at),
            };
            assert_eq!(window.touches(span), want, "{start} to {end:?}");
        }
        let day: chrono::NaiveDate = "2026-11-21".parse().unwrap();
        assert!(window.touches(Span::Days {
            first: day,
            last: day
        }));
        assert!(!window.touches(Span::Days {
            first: day.succ_opt().unwrap(),
            last: day.succ_opt().unwrap()
        }));
    }
}
