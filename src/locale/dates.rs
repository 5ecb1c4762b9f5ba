//! Dates, hours, numbers and cities as people write them.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};
use chrono_tz::Tz;
use icu_calendar::{Gregorian, week::WeekInformation};
use icu_datetime::{
    FixedCalendarDateTimeFormatter, NoCalendarFormatter,
    fieldsets::{E, MD, MDE, T, YM, YMD, YMDE, zone::ExemplarCity},
    input::{Date, Time},
    options::{TimePrecision, YearStyle},
};
use icu_decimal::{DecimalFormatter, input::Decimal, options::DecimalFormatterOptions};
use icu_plurals::{PluralCategory, PluralRules};
use icu_time::TimeZone;

use super::lang::Locale;

/// Why a formatter is always there.
const COMPILED_IN: &str = "the data of every locale is compiled in";

/// How one locale writes dates. Made once per page.
#[derive(Debug)]
pub struct Dates {
    month: FixedCalendarDateTimeFormatter<Gregorian, YM>,
    day: FixedCalendarDateTimeFormatter<Gregorian, MD>,
    short_day: FixedCalendarDateTimeFormatter<Gregorian, MD>,
    weekday_and_day: FixedCalendarDateTimeFormatter<Gregorian, MDE>,
    date: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    full: FixedCalendarDateTimeFormatter<Gregorian, YMDE>,
    weekday: FixedCalendarDateTimeFormatter<Gregorian, E>,
    short_weekday: FixedCalendarDateTimeFormatter<Gregorian, E>,
    time: NoCalendarFormatter<T>,
    city: NoCalendarFormatter<ExemplarCity>,
    number: DecimalFormatter,
    plurals: PluralRules,
    first_weekday: Weekday,
}

/// A number of things: which plural form its noun takes (CLDR), and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The plural form.
    pub form: PluralCategory,
    /// Its digits, in the locale's numerals.
    pub digits: String,
}

impl Dates {
    /// How `locale` writes dates, by the data compiled in (CLDR).
    ///
    /// # Panics
    /// Never: a locale without data of its own has that of its language.
    #[must_use]
    pub fn of(locale: Locale) -> Self {
        let full = locale.full();
        let (prefs, decimals) = ((&full).into(), (&full).into());
        let dates = |set| FixedCalendarDateTimeFormatter::try_new(prefs, set).expect(COMPILED_IN);
        let time = T::short().with_time_precision(TimePrecision::MinuteOptional);
        let weekday = |set| FixedCalendarDateTimeFormatter::try_new(prefs, set).expect(COMPILED_IN);
        let day = |set| FixedCalendarDateTimeFormatter::try_new(prefs, set).expect(COMPILED_IN);
        let week = WeekInformation::try_new((&full).into()).expect(COMPILED_IN);
        Self {
            month: dates(YM::long().with_year_style(YearStyle::Full)),
            day: day(MD::long()),
            short_day: day(MD::medium()),
            weekday_and_day: FixedCalendarDateTimeFormatter::try_new(prefs, MDE::long())
                .expect(COMPILED_IN),
            date: FixedCalendarDateTimeFormatter::try_new(prefs, YMD::long()).expect(COMPILED_IN),
            full: FixedCalendarDateTimeFormatter::try_new(prefs, YMDE::long()).expect(COMPILED_IN),
            weekday: weekday(E::long()),
            short_weekday: weekday(E::short()),
            time: NoCalendarFormatter::try_new(prefs, time).expect(COMPILED_IN),
            city: NoCalendarFormatter::try_new(prefs, ExemplarCity).expect(COMPILED_IN),
            number: DecimalFormatter::try_new(decimals, DecimalFormatterOptions::default())
                .expect(COMPILED_IN),
            plurals: PluralRules::try_new_cardinal((&full).into()).expect(COMPILED_IN),
            first_weekday: first(week),
        }
    }

    /// `November 2026`
    #[must_use]
    pub fn month(&self, day: NaiveDate) -> String {
        self.month.format(&date(day)).to_string()
    }

    /// `November 21`
    #[must_use]
    pub fn day(&self, day: NaiveDate) -> String {
        self.day.format(&date(day)).to_string()
    }

    /// `Nov 21`
    #[must_use]
    pub fn short_day(&self, day: NaiveDate) -> String {
        self.short_day.format(&date(day)).to_string()
    }

    /// `Saturday, November 21`
    #[must_use]
    pub fn weekday_and_day(&self, day: NaiveDate) -> String {
        self.weekday_and_day.format(&date(day)).to_string()
    }

    /// `November 21, 2026`
    #[must_use]
    pub fn date(&self, day: NaiveDate) -> String {
        self.date.format(&date(day)).to_string()
    }

    /// `Saturday, November 21, 2026`
    #[must_use]
    pub fn full(&self, day: NaiveDate) -> String {
        self.full.format(&date(day)).to_string()
    }

    /// `Saturday`
    #[must_use]
    pub fn weekday(&self, day: NaiveDate) -> String {
        self.weekday.format(&date(day)).to_string()
    }

    /// `Sat`
    #[must_use]
    pub fn short_weekday(&self, day: NaiveDate) -> String {
        self.short_weekday.format(&date(day)).to_string()
    }

    /// `7:30 PM`; on the hour `7 PM` where the language leaves the minutes out.
    #[must_use]
    pub fn time(&self, at: NaiveTime) -> String {
        self.time.format(&time(at)).to_string()
    }

    /// What people call a zone: its best known city, or `UTC`.
    #[must_use]
    pub fn city(&self, zone: Tz) -> String {
        let known = TimeZone::from_iana_id(zone.name());
        let last = zone.name().rsplit('/').next().unwrap_or_default();
        if known == TimeZone::UNKNOWN || zone == Tz::UTC || !zone.name().contains('/') {
            return last.replace('_', " ");
        }
        if zone.name().starts_with("Etc/") {
            return last.to_owned();
        }
        self.city.format(&known.without_offset()).to_string()
    }

    /// A whole number in the locale's numerals.
    #[must_use]
    pub fn number(&self, number: u32) -> String {
        self.number.format(&Decimal::from(number)).to_string()
    }

    /// So many things.
    #[must_use]
    pub fn count(&self, number: usize) -> Count {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        Count {
            form: self.plurals.category_for(number),
            digits: self.number(number),
        }
    }

    /// The day a week begins with.
    #[must_use]
    pub fn first_weekday(&self) -> Weekday {
        self.first_weekday
    }
}

fn first(week: WeekInformation) -> Weekday {
    use icu_calendar::types::Weekday as Day;
    match week.first_weekday {
        Day::Monday => Weekday::Mon,
        Day::Tuesday => Weekday::Tue,
        Day::Wednesday => Weekday::Wed,
        Day::Thursday => Weekday::Thu,
        Day::Friday => Weekday::Fri,
        Day::Saturday => Weekday::Sat,
        Day::Sunday => Weekday::Sun,
    }
}

fn date(day: NaiveDate) -> Date<Gregorian> {
    let [month, of_month] = [day.month(), day.day()].map(|part| u8::try_from(part).unwrap_or(1));
    Date::try_new_gregorian(day.year(), month, of_month)
        .expect("both calendars are the Gregorian one")
}

fn time(at: NaiveTime) -> Time {
    let [hour, minute] = [at.hour(), at.minute()].map(|part| u8::try_from(part).unwrap_or(0));
    Time::try_new(hour, minute, 0, 0).expect("both clocks have the same hours")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(tag: &str) -> Dates {
        Dates::of(Locale::of_tag(tag).unwrap())
    }

    #[test]
    fn every_locale_writes_dates_in_its_own_way() {
        let day: NaiveDate = "2026-11-21".parse().unwrap();
        let evening: NaiveTime = "19:30:00".parse().unwrap();
        let lines: Vec<String> = super::super::Lang::ALL
            .into_iter()
            .map(super::super::Lang::tag)
            .chain(["en-GB", "de-AT", "zh-TW", "ar-AE", "en-ZZ"])
            .map(|tag| {
                let dates = dates(tag);
                [
                    tag.to_owned(),
                    dates.month(day),
                    dates.day(day),
                    dates.short_day(day),
                    dates.weekday_and_day(day),
                    dates.date(day),
                    dates.full(day),
                    dates.weekday(day),
                    dates.short_weekday(day),
                    dates.time(evening),
                    dates.time(NaiveTime::MIN),
                    dates.city(Tz::America__New_York),
                    dates.number(21),
                    dates.first_weekday().to_string(),
                ]
                .join(" | ")
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn plural_forms_are_those_of_the_language() {
        use PluralCategory::{Few, Many, One, Other, Two};
        for (tag, number, want) in [
            ("en", 1, One),
            ("en", 3, Other),
            ("fr", 0, One),
            ("pl", 1, One),
            ("pl", 3, Few),
            ("pl", 5, Many),
            ("pl", 22, Few),
            ("ar", 2, Two),
            ("ar", 3, Few),
            ("ar", 11, Many),
            ("ar", 100, Other),
            ("he", 2, Two),
            ("ja", 1, Other),
        ] {
            assert_eq!(dates(tag).count(number).form, want, "{tag} {number}");
        }
    }

    #[test]
    fn a_zone_is_called_by_its_city() {
        for (tag, zone, want) in [
            ("en", Tz::America__New_York, "New York"),
            ("de", Tz::Europe__Vienna, "Wien"),
            ("ja", Tz::Asia__Tokyo, "東京"),
            ("en", Tz::Asia__Calcutta, "Kolkata"),
            ("en", Tz::UTC, "UTC"),
            ("en", Tz::Etc__GMTPlus5, "GMT+5"),
            ("en", Tz::CET, "CET"),
        ] {
            assert_eq!(dates(tag).city(zone), want, "{tag} {zone}");
        }
    }
}
