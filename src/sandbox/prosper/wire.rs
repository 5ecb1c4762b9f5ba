//! How this API writes dates and numbers (fact sheet §5 and §6).

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value, json};

use super::settings::{Blanks, Numbers};
use crate::sandbox::local::{Fold, Zone};

/// Where a date in disguise is midnight.
const HOME: &str = "America/Los_Angeles";

/// A record in the making.
pub(super) struct Record {
    numbers: Numbers,
    blanks: Blanks,
    fields: Map<String, Value>,
}

impl Record {
    pub(super) fn new(numbers: Numbers, blanks: Blanks) -> Self {
        let fields = Map::new();
        Self {
            numbers,
            blanks,
            fields,
        }
    }

    /// The record.
    pub(super) fn done(self) -> Value {
        Value::Object(self.fields)
    }

    /// Sets a field; what is missing is sent as the settings say.
    pub(super) fn put<T>(mut self, name: &str, value: Option<T>) -> Self
    where
        Value: From<T>,
    {
        let value = match (value, self.blanks) {
            (Some(value), _) => Value::from(value),
            (None, Blanks::LeftOut) => return self,
            (None, Blanks::Null) => Value::Null,
            (None, Blanks::Empty) => json!(""),
        };
        self.fields.insert(name.to_owned(), value);
        self
    }

    /// Sets an amount, given in cents, with six decimals.
    pub(super) fn put_amount(self, name: &str, cents: i32) -> Self {
        match self.numbers {
            Numbers::Plain => self.put(name, Some(f64::from(cents) / 100.0)),
            Numbers::Odd => {
                let sign = if cents < 0 { "-" } else { "" };
                let (whole, rest) = (cents.abs() / 100, cents.abs() % 100);
                self.put(name, Some(format!("{sign}{whole}.{rest:02}0000")))
            }
        }
    }

    /// Sets a whole number.
    pub(super) fn put_count(self, name: &str, count: Option<u32>) -> Self {
        match self.numbers {
            Numbers::Plain => self.put(name, count),
            Numbers::Odd => self.put(name, count.map(f64::from)),
        }
    }

    /// Sets a date as notes write it.
    pub(super) fn put_day(self, name: &str, day: Option<NaiveDate>) -> Self {
        self.put(name, day.map(|day| day.to_string()))
    }

    /// Sets an instant as listings write it.
    pub(super) fn put_instant(self, name: &str, at: Option<DateTime<Utc>>) -> Self {
        self.put(name, at.map(spaced))
    }

    /// Sets a date in the disguise of listings and accounts.
    pub(super) fn put_disguised(self, name: &str, day: Option<NaiveDate>) -> Self {
        self.put(name, day.map(|day| spaced(midnight(day))))
    }

    /// Sets a date in the disguise of payments.
    pub(super) fn put_payment_day(self, name: &str, day: Option<NaiveDate>) -> Self {
        let form = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string();
        self.put(name, day.map(|day| form(midnight(day))))
    }
}

fn spaced(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S +0000").to_string()
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    let home = Zone::named(HOME).expect("Los Angeles is there");
    home.instant(day, (0, 0), Fold::First)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_every_spelling() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let record = |numbers, blanks| {
            let at = "2026-08-28T22:00:47Z".parse().ok();
            Record::new(numbers, blanks)
                .put_amount("fee", -5)
                .put_count("term", Some(36))
                .put_day("due", day("2026-08-19"))
                .put_instant("start", at)
                .put_disguised("summer", day("2026-08-28"))
                .put_payment_day("winter", day("2026-02-03"))
                .put_day("end", None)
                .done()
        };
        let plain = json!({
            "fee": -0.05, "term": 36, "due": "2026-08-19", "start": "2026-08-28 22:00:47 +0000",
            "summer": "2026-08-28 07:00:00 +0000", "winter": "2026-02-03T08:00:00.000+0000",
        });
        assert_eq!(record(Numbers::Plain, Blanks::LeftOut), plain);
        let odd = record(Numbers::Odd, Blanks::Empty);
        for (name, want) in [
            ("fee", json!("-0.050000")),
            ("term", json!(36.0)),
            ("end", json!("")),
        ] {
            assert_eq!(odd[name], want, "{name}");
        }
        assert_eq!(record(Numbers::Plain, Blanks::Null)["end"], Value::Null);
    }
}
