//! Values of properties: times, lengths of time, texts (RFC 5545 §3.3).

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// A time as it is written, before a zone is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// A day.
    Date(NaiveDate),
    /// What a clock on a wall shows.
    Wall(NaiveDateTime),
    /// An instant: `Z`, or an offset although the format knows none.
    Utc(DateTime<Utc>),
}

/// A length of time, the part in days or weeks apart: those are by the calendar (RFC 5545 §3.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Duration {
    pub(crate) days: u16,
    pub(crate) exact: TimeDelta,
}

/// The longest exact part of a length of time: no event lasts ten years.
const LONGEST: TimeDelta = TimeDelta::days(3_660);

impl Written {
    /// Reads a date or a date-time, in the basic form or in that of RFC 3339.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some((day, clock)) = text.split_once(['T', 't', ' ']) else {
            return date(text).map(Self::Date);
        };
        let day = date(day)?;
        let digits = clock.find(|c: char| !matches!(c, '0'..='9' | ':' | '.'));
        let (clock, offset) = clock.split_at(digits.unwrap_or(clock.len()));
        let wall = day.and_time(NaiveTime::MIN) + time_of_day(clock)?;
        match offset.trim() {
            "" => Some(Self::Wall(wall)),
            "Z" | "z" => Some(Self::Utc(wall.and_utc())),
            offset => {
                let ahead = seconds_east(offset)?;
                Some(Self::Utc((wall - TimeDelta::seconds(ahead)).and_utc()))
            }
        }
    }

    /// The day that is written.
    pub(crate) fn date(self) -> NaiveDate {
        match self {
            Self::Date(date) => date,
            Self::Wall(wall) => wall.date(),
            Self::Utc(at) => at.date_naive(),
        }
    }
}

/// `20261121` or `2026-11-21`.
fn date(text: &str) -> Option<NaiveDate> {
    let dashed = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    // Years of any other length leave no room to reckon with.
    basic_date(text)
        .or_else(dashed)
        .filter(|date| (1..=9_999).contains(&date.year()))
}

/// `20261121`, by hand: every event has some.
fn basic_date(text: &str) -> Option<NaiveDate> {
    let digits: [u8; 8] = text.as_bytes().try_into().ok()?;
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
            Some(number * 10 + digit)
        })
    };
    let year = i32::try_from(number(&digits[..4])?).ok()?;
    NaiveDate::from_ymd_opt(year, number(&digits[4..6])?, number(&digits[6..])?)
}

/// `190000`, `1900`, `19:00:00.5`; 24:00 is the next midnight, and a leap second the second before it.
fn time_of_day(text: &str) -> Option<TimeDelta> {
    let whole = text.split('.').next().unwrap_or_default();
    let digits: String = whole.chars().filter(|c| *c != ':').collect();
    let part = |at: usize| digits.get(at..at + 2)?.parse::<i64>().ok();
    let seconds = match digits.len() {
        4 => 0,
        6 => part(4)?,
        _ => return None,
    };
    let (hours, minutes) = (part(0)?, part(2)?);
    let midnight = hours == 24 && minutes == 0 && seconds == 0;
    let fits = (hours < 24 || midnight) && minutes < 60 && seconds <= 60;
    fits.then(|| TimeDelta::seconds(hours * 3_600 + minutes * 60 + seconds.min(59)))
}

/// Seconds east of Greenwich, as `+0100`, `-05:30` or `+053028` say.
pub(crate) fn seconds_east(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => (1, text),
    };
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| {
        digits
            .get(at..at + 2)
            .map_or(Some(0), |part| part.parse::<i64>().ok())
    };
    let (hours, minutes, seconds) = (part(0)?, part(2)?, part(4)?);
    let fits = hours < 24 && minutes < 60 && seconds < 60;
    fits.then(|| sign * (hours * 3_600 + minutes * 60 + seconds))
}

impl Duration {
    /// Reads `P1DT2H`, `PT30M`, `P2W`. One that goes back is none, and neither is `P1H`, which lacks its `T`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let rest = text.strip_prefix('+').unwrap_or(&text).strip_prefix('P')?;
        let (calendar, clock) = rest.split_once('T').unwrap_or((rest, ""));
        if calendar.is_empty() && clock.is_empty() {
            return None;
        }
        let days = [('W', 7), ('D', 1)];
        let seconds = [('H', 3_600), ('M', 60), ('S', 1)];
        Some(Self {
            days: u16::try_from(sum(calendar, &days)?).ok()?,
            exact: TimeDelta::try_seconds(sum(clock, &seconds)?)
                .filter(|exact| *exact <= LONGEST)?,
        })
    }

    /// Its length where a day has 24 hours.
    pub(crate) fn nominal(self) -> TimeDelta {
        TimeDelta::days(self.days.into()) + self.exact
    }

    /// What a clock shows when it is over that begins at `wall`, but for its exact part.
    pub(crate) fn days_after(self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        wall.checked_add_days(Days::new(self.days.into()))
    }
}

/// The sum of numbers, each followed by the sign of its unit.
fn sum(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..end].parse().ok()?;
        let sign = rest[end..].chars().next()?;
        let (_, size) = units.iter().find(|(unit, _)| *unit == sign)?;
        total = total.checked_add(number.checked_mul(*size)?)?;
        rest = &rest[end + sign.len_utf8()..];
    }
    Some(total)
}

/// The text that a value stands for (RFC 5545 §3.3.11); a backslash before anything else than it may stand before is
/// dropped with quotes and colons, which some programs escape, and stays otherwise.
pub(crate) fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((plain, escaped)) = rest.split_once('\\') {
        out.push_str(plain);
        let mut letters = escaped.chars();
        rest = match letters.next() {
            Some('n' | 'N') => {
                out.push('\n');
                letters.as_str()
            }
            Some(letter @ ('\\' | ';' | ',' | ':' | '"')) => {
                out.push(letter);
                letters.as_str()
            }
            _ => {
                out.push('\\');
                escaped
            }
        };
    }
    out.push_str(rest);
    out
}

/// The values of a list, split at commas that are not escaped, still escaped.
pub(crate) fn list(value: &str) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    value.split(move |c: char| {
        let ends = c == ',' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })
}

#[cfg(test)]
mod tests;
