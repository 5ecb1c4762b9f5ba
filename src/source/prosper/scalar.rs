//! Values as Prosper writes them: numbers may come as text, and whole ones with a point (§5).

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// An id, a code or a count; `null` and `""` count as absent.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) enum Code {
    /// Nothing is there.
    #[default]
    Absent,
    /// A whole number, however it is written.
    Number(i64),
    /// Any other text.
    Text(String),
}

impl Code {
    /// The number, if it is one.
    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Absent | Self::Text(_) => None,
        }
    }

    /// Whether nothing is there.
    pub(super) fn is_absent(&self) -> bool {
        *self == Self::Absent
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => Ok(()),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// An amount in millionths of a US dollar, the finest that occurs; `None` if there is none that can be read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dollars(pub(super) Option<i64>);

/// Millionths in a dollar.
const MILLIONTHS: i64 = 1_000_000;
/// Millionths in a cent.
const PER_CENT: i64 = MILLIONTHS / 100;
/// The largest amount that is believed: a trillion dollars.
const DOLLARS_MAX: f64 = 1e12;

impl Dollars {
    fn of(dollars: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "amounts are held below what both can count"
        )]
        let millionths = (dollars * MILLIONTHS as f64).round() as i64;
        Self((dollars.abs() <= DOLLARS_MAX).then_some(millionths))
    }
}

/// Writes `millionths` of a dollar in dollars and cents, such as `0.85 USD`; `None` if that is not more than nothing.
pub(super) fn in_words(millionths: i64) -> Option<String> {
    let cents = (millionths + PER_CENT / 2) / PER_CENT;
    (cents > 0).then(|| format!("{}.{:02} USD", cents / 100, cents % 100))
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AsCode)
    }
}

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AsDollars)
    }
}

struct AsCode;

impl Visitor<'_> for AsCode {
    type Value = Code;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text")
    }

    fn visit_unit<E>(self) -> Result<Code, E> {
        Ok(Code::Absent)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Code, E> {
        Ok(Code::Number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Code, E> {
        let number = i64::try_from(number);
        number.map_or_else(
            |_| Err(E::custom("too large")),
            |number| self.visit_i64(number),
        )
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Code, E> {
        #[expect(clippy::cast_possible_truncation, reason = "a cast saturates")]
        let whole = number as i64;
        self.visit_i64(whole)
    }

    fn visit_str<E>(self, text: &str) -> Result<Code, E> {
        let text = text.trim();
        Ok(match text.parse() {
            Ok(number) => Code::Number(number),
            Err(_) if text.is_empty() => Code::Absent,
            Err(_) => Code::Text(text.to_owned()),
        })
    }
}

struct AsDollars;

impl Visitor<'_> for AsDollars {
    type Value = Dollars;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount as number or text")
    }

    fn visit_unit<E>(self) -> Result<Dollars, E> {
        Ok(Dollars::default())
    }

    fn visit_i64<E: Error>(self, dollars: i64) -> Result<Dollars, E> {
        Ok(Dollars(dollars.checked_mul(MILLIONTHS)))
    }

    fn visit_u64<E: Error>(self, dollars: u64) -> Result<Dollars, E> {
        self.visit_i64(i64::try_from(dollars).unwrap_or(i64::MAX))
    }

    fn visit_f64<E>(self, dollars: f64) -> Result<Dollars, E> {
        Ok(Dollars::of(dollars))
    }

    fn visit_str<E>(self, text: &str) -> Result<Dollars, E> {
        Ok(text.trim().parse().map_or(Dollars::default(), Dollars::of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_numbers_however_they_are_written_or_else_texts() {
        for (json, want) in [
            ("6", Code::Number(6)),
            ("6.0", Code::Number(6)),
            (r#""6""#, Code::Number(6)),
            ("-1", Code::Number(-1)),
            (r#"" 35659-26 ""#, Code::Text("35659-26".to_owned())),
            ("null", Code::Absent),
            (r#"" ""#, Code::Absent),
        ] {
            assert_eq!(serde_json::from_str::<Code>(json).unwrap(), want, "{json}");
        }
        for wrong in ["true", "[6]", "{}", "18446744073709551615"] {
            assert!(serde_json::from_str::<Code>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn money_is_read_as_number_or_text_and_written_in_cents() {
        for (json, millionths, words) in [
            ("0.85", Some(850_000), Some("0.85 USD")),
            (r#""0.85""#, Some(850_000), Some("0.85 USD")),
            ("0.847312", Some(847_312), Some("0.85 USD")),
            ("12", Some(12_000_000), Some("12.00 USD")),
            (r#""1234.5""#, Some(1_234_500_000), Some("1234.50 USD")),
            ("0.0", Some(0), None),
            ("0.004", Some(4_000), None),
            ("-0.01", Some(-10_000), None),
            ("1e300", None, None),
            (r#""NaN""#, None, None),
            ("9223372036854775807", None, None),
            ("null", None, None),
            (r#""""#, None, None),
            (r#""a lot""#, None, None),
        ] {
            let Dollars(read) = serde_json::from_str(json).unwrap();
            assert_eq!(read, millionths, "{json}");
            assert_eq!(read.and_then(in_words).as_deref(), words, "{json}");
        }
        assert!(serde_json::from_str::<Dollars>("[1]").is_err());
    }
}
