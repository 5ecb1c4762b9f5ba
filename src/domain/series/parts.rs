//! A series taken apart into what it was made of, to be kept as text.

use std::fmt;

use chrono::{NaiveDateTime, Weekday};

use super::{
    BadSeries, Length, Series, Wall,
    rule::{Frequency, Rule, Until},
};

/// What [`Series::new`] takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// How wall times become instants.
    pub wall: Wall,
    /// The first time.
    pub start: NaiveDateTime,
    /// How long each instance lasts.
    pub length: Length,
    /// Values of `RRULE`.
    pub rules: Vec<String>,
    /// Those of `RDATE`.
    pub extra: Vec<NaiveDateTime>,
    /// Those of `EXDATE`.
    pub except: Vec<NaiveDateTime>,
}

impl Parts {
    /// The series of these parts.
    ///
    /// # Errors
    /// As [`Series::new`]: a later version may refuse what an earlier one took.
    pub fn series(self) -> Result<Series, BadSeries> {
        let Self {
            wall,
            start,
            length,
            rules,
            extra,
            except,
        } = self;
        Series::new(wall, start, length, &rules, extra, except)
    }
}

impl Series {
    /// What makes an equal series.
    #[must_use]
    pub fn parts(&self) -> Parts {
        let rules = self.patterns.iter().map(|pattern| &pattern.rule);
        Parts {
            wall: self.wall.clone(),
            start: self.start,
            length: self.length,
            rules: rules.map(ToString::to_string).collect(),
            extra: self.extra.clone(),
            except: self.except.clone(),
        }
    }
}

impl fmt::Display for Rule {
    /// As the value of `RRULE` (RFC 5545 §3.3.10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let freq = match self.freq {
            Frequency::Yearly => "YEARLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Daily => "DAILY",
            Frequency::Hourly => "HOURLY",
        };
        write!(f, "FREQ={freq};INTERVAL={}", self.interval)?;
        if let Some(count) = self.count {
            write!(f, ";COUNT={count}")?;
        }
        match self.until {
            None => {}
            Some(Until::Wall(at)) => write!(f, ";UNTIL={}", at.format("%Y%m%dT%H%M%S"))?,
            Some(Until::Utc(at)) => write!(f, ";UNTIL={}", at.format("%Y%m%dT%H%M%SZ"))?,
        }
        let weekdays = self.by_day.iter().map(|(nth, day)| match nth {
            0 => word(*day).to_owned(),
            nth => format!("{nth}{}", word(*day)),
        });
        list(f, "BYMONTH", &self.by_month)?;
        list(f, "BYWEEKNO", &self.by_week_no)?;
        list(f, "BYYEARDAY", &self.by_year_day)?;
        list(f, "BYMONTHDAY", &self.by_month_day)?;
        list(f, "BYDAY", &weekdays.collect::<Vec<_>>())?;
        list(f, "BYHOUR", &self.by_hour)?;
        list(f, "BYSETPOS", &self.by_set_pos)?;
        write!(f, ";WKST={}", word(self.week_start))
    }
}

fn list(f: &mut fmt::Formatter<'_>, name: &str, items: &[impl fmt::Display]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        match index {
            0 => write!(f, ";{name}={item}")?,
            _ => write!(f, ",{item}")?,
        }
    }
    Ok(())
}

fn word(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::TimeDelta;
    use chrono_tz::Tz;

    use super::*;
    use crate::zones::{Offset, OffsetTable};

    #[test]
    fn a_series_put_together_again_is_equal() {
        let wall = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap();
        let offsets = OffsetTable::new(
            Offset::east(3_600),
            vec![(wall("20270328T010000").and_utc(), Offset::east(7_200))],
        );
        let zones = [
            Wall::Zone(Tz::Europe__Berlin),
            Wall::Offsets(Arc::new(offsets)),
        ];
        let rules = [
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3;COUNT=20",
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20270630",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;UNTIL=20270630T220000Z",
            "FREQ=WEEKLY;BYDAY=2MO",
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=MONTHLY;BYDAY=-5SU",
            "FREQ=MONTHLY;BYMONTHDAY=31,-1;BYHOUR=20,9",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=YEARLY;BYMONTH=11,2;BYDAY=4TH",
            "FREQ=YEARLY;BYWEEKNO=20,-1;BYDAY=MO",
            "FREQ=YEARLY;BYYEARDAY=1,100,-1",
            "FREQ=HOURLY;INTERVAL=12;BYMINUTE=30",
        ];
        for rule in rules {
            for zone in &zones {
                let series = Series::new(
                    zone.clone(),
                    wall("20270201T193000"),
                    Length::Exact(TimeDelta::minutes(90)),
                    &[rule.to_owned()],
                    vec![wall("20270501T110000")],
                    vec![wall("20270203T193000"), wall("20270208T193000")],
                );
                let series = series.unwrap();
                assert_eq!(series.parts().series().as_ref(), Ok(&series), "{rule}");
            }
        }
        let days = Series::new(
            Wall::Days,
            wall("20270201T000000"),
            Length::Days(3),
            &["FREQ=YEARLY".to_owned(), "FREQ=MONTHLY;COUNT=3".to_owned()],
            Vec::new(),
            Vec::new(),
        );
        let days = days.unwrap();
        assert_eq!(days.parts().series(), Ok(days));
    }
}
