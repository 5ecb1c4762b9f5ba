//! How our own pages tell dates and times.

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;

use crate::{
    domain::when::{DateSpan, TimeSpan, When},
    locale::Dates,
    zones::ZoneData,
};

use super::speech::Speech;

/// When an event is, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// The day, or the first and the last.
    pub(super) day: String,
    /// From when to when, with the zone named (interop B12); or that it is all day.
    pub(super) time: String,
    /// For `<time datetime>`: the first day, or the first instant in UTC.
    pub(super) machine: String,
}

/// Tells dates and times in one language. Made once per page.
#[derive(Debug)]
pub(super) struct Words {
    speech: Speech,
    dates: Dates,
}

impl Words {
    /// Those of a page.
    pub(super) fn of(speech: Speech) -> Self {
        let dates = Dates::of(speech.locale());
        Self { speech, dates }
    }

    /// Tells `when` in `zone`.
    pub(super) fn told(&self, when: When, zone: Tz, zones: &ZoneData) -> Told {
        match when {
            When::Days(days) => Told {
                day: self.days(days),
                time: self.speech.texts().all_day.to_owned(),
                machine: days.first().to_string(),
            },
            When::Timed(span) => self.timed(span, zone, zones),
        }
    }

    /// The day and the time of `at` by the clocks of `zone`, which is not named.
    pub(super) fn moment(&self, at: DateTime<Utc>, zone: Tz, zones: &ZoneData) -> String {
        let there = zones.zone_or_utc(zone).local(at);
        let (day, time) = (self.dates.date(there.date()), self.dates.time(there.time()));
        [day, time].join(self.speech.texts().comma)
    }

    /// What people call the clocks of a zone: `New York time`.
    pub(super) fn clock(&self, zone: Tz) -> String {
        let city = self.dates.city(zone);
        match zone.name().rsplit_once('/') {
            Some((area, _)) if area != "Etc" => (self.speech.pages().clock_of)(&city),
            _ => city,
        }
    }

    fn days(&self, days: DateSpan) -> String {
        let last = days.end() - Days::new(1);
        let first = self.dates.full(days.first());
        if last == days.first() {
            return first;
        }
        (self.speech.texts().span)(&first, &self.dates.full(last))
    }

    fn timed(&self, span: TimeSpan, tz: Tz, zones: &ZoneData) -> Told {
        let texts = self.speech.texts();
        let zone = zones.zone_or_utc(tz);
        let (start, end) = (zone.local(span.start()), zone.local(span.end()));
        let (from, to) = (self.dates.time(start.time()), self.dates.time(end.time()));
        let hours = if span.is_point() {
            from
        } else if start.date() == end.date() {
            (texts.span)(&from, &to)
        } else {
            let to = [self.dates.day(end.date()), to].join(texts.comma);
            (texts.span)(&from, &to)
        };
        Told {
            day: self.dates.full(start.date()),
            time: [hours, self.clock(tz)].join(texts.comma),
            machine: span.start().format("%FT%TZ").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    fn words(tag: &str) -> Words {
        Words::of(Speech::Chosen(Locale::of_tag(tag).unwrap()))
    }

    #[test]
    fn times_are_told_in_their_zone_which_is_named() {
        let zones = ZoneData::built_in();
        let new_york = chrono_tz::America::New_York;
        let span = |start: &str, end: &str| {
            let at = |text: &str| text.parse().unwrap();
            When::Timed(TimeSpan::new(at(start), at(end)).unwrap())
        };
        let days = |first: &str, last: &str| {
            let day = |text: &str| text.parse().unwrap();
            When::Days(DateSpan::through(day(first), day(last)).unwrap())
        };
        for (lang, when, day, time) in [
            (
                "en-GB",
                span("2026-11-22T00:30:00Z", "2026-11-22T03:00:00Z"),
                "Saturday, 21 November 2026",
                "19:30\u{a0}– 22:00, New York time",
            ),
            (
                "en",
                span("2026-11-22T03:00:00Z", "2026-11-22T06:00:00Z"),
                "Saturday, November 21, 2026",
                "10\u{202f}PM\u{a0}– November 22, 1\u{202f}AM, New York time",
            ),
            (
                "de",
                span("2026-11-22T03:00:00Z", "2026-11-22T03:00:00Z"),
                "Samstag, 21. November 2026",
                "22:00, Ortszeit New York",
            ),
            (
                "ja",
                days("2026-11-21", "2026-11-21"),
                "2026年11月21日土曜日",
                "終日",
            ),
            (
                "fr",
                days("2026-11-21", "2026-11-23"),
                "samedi 21 novembre 2026\u{a0}– lundi 23 novembre 2026",
                "Toute la journée",
            ),
        ] {
            let told = words(lang).told(when, new_york, &zones);
            let got = (told.day.as_str(), told.time.as_str());
            assert_eq!(got, (day, time), "{lang} {when}");
        }
        assert_eq!(words("en").clock(Tz::UTC), "UTC");
        assert_eq!(words("de").clock(chrono_tz::Etc::GMTMinus1), "GMT-1");
    }
}
