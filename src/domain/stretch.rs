//! Lengths on the calendar: `30d`, `6w`, `18m`, `2y`.

use std::{fmt, str::FromStr};

use chrono::{Days, Months, NaiveDate};

/// A length on the calendar: `30d`, `6w`, `18m`, `2y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stretch {
    count: u16,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// A text that is no length on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadStretch;

impl FromStr for Stretch {
    type Err = BadStretch;

    fn from_str(text: &str) -> Result<Self, BadStretch> {
        let unit = match text.bytes().last() {
            Some(b'd') => Unit::Day,
            Some(b'w') => Unit::Week,
            Some(b'm') => Unit::Month,
            Some(b'y') => Unit::Year,
            _ => return Err(BadStretch),
        };
        match text[..text.len() - 1].parse() {
            Ok(count @ 1..=3_653) => Ok(Self { count, unit }),
            _ => Err(BadStretch),
        }
    }
}

impl Unit {
    /// Length in 48ths of a day, in which an average month and year are whole numbers.
    const fn parts(self) -> u32 {
        match self {
            Self::Day => 48,
            Self::Week => 7 * 48,
            Self::Month => 1_461,
            Self::Year => 12 * 1_461,
        }
    }
}

impl Stretch {
    /// The [`Stretch::parts`] of a year.
    pub(super) const YEAR_PARTS: u32 = Unit::Year.parts();

    /// Its length in 48ths of a day, a month and a year being average ones.
    pub(super) fn parts(self) -> u32 {
        u32::from(self.count) * self.unit.parts()
    }

    /// The day that lies this far after `day`, in a shorter month its last.
    #[must_use]
    pub fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        let count = u32::from(self.count);
        match self.unit {
            Unit::Day => day.checked_add_days(Days::new(count.into())),
            Unit::Week => day.checked_add_days(Days::new(u64::from(count) * 7)),
            Unit::Month => day.checked_add_months(Months::new(count)),
            Unit::Year => day.checked_add_months(Months::new(count * 12)),
        }
    }

    /// The day that lies this far before `day`.
    #[must_use]
    pub fn before(self, day: NaiveDate) -> Option<NaiveDate> {
        let count = u32::from(self.count);
        match self.unit {
            Unit::Day => day.checked_sub_days(Days::new(count.into())),
            Unit::Week => day.checked_sub_days(Days::new(u64::from(count) * 7)),
            Unit::Month => day.checked_sub_months(Months::new(count)),
            Unit::Year => day.checked_sub_months(Months::new(count * 12)),
        }
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Day => 'd',
            Unit::Week => 'w',
            Unit::Month => 'm',
            Unit::Year => 'y',
        };
        write!(f, "{}{unit}", self.count)
    }
}
