//! Records of a list: each is read if it can be, whatever stands in the others.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, IgnoredAny},
};
use serde_json::value::RawValue;

use super::any::Any;

/// Reads an answer in one pass. Where one of its records does not let that happen, such as by a number that is too great, they are
/// read one by one; that takes twice as long and leaves out no more than it has to.
///
/// # Errors
/// When what is around the records is no JSON, or of another shape.
pub(super) fn read<Whole, AtOnce, OneByOne>(json: &str) -> serde_json::Result<Whole>
where
    AtOnce: DeserializeOwned + TryInto<Whole, Error: fmt::Display>,
    OneByOne: DeserializeOwned + TryInto<Whole, Error: fmt::Display>,
{
    if let Ok(sent) = serde_json::from_str::<AtOnce>(json) {
        return sent.try_into().map_err(Error::custom);
    }
    let sent: OneByOne = serde_json::from_str(json)?;
    sent.try_into().map_err(Error::custom)
}

/// A record; nothing where another value stands, so that it is left out alone.
#[derive(Debug)]
pub(super) struct Object<T>(pub(super) Option<T>);

/// What stands where records are expected.
#[derive(Debug)]
pub(super) enum Sent<Item, Lone = Item> {
    /// A list; `null` and `""` are empty ones.
    List(Vec<Item>),
    /// A single object.
    Lone(Lone),
    /// Something that holds no records.
    Other,
}

/// The same as [`Object`], cut out of its answer before it is read: nothing where it cannot be, whatever the reason.
#[derive(Debug)]
pub(super) struct Apart<T>(Object<T>);

impl<T> Sent<T> {
    /// The records, if it holds any.
    pub(super) fn records(self) -> Option<Vec<T>> {
        match self {
            Self::List(records) => Some(records),
            Self::Lone(record) => Some(vec![record]),
            Self::Other => None,
        }
    }
}

impl<T> From<Apart<T>> for Object<T> {
    fn from(Apart(object): Apart<T>) -> Self {
        object
    }
}

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(
            match Sent::<IgnoredAny, T>::deserialize(deserializer)? {
                Sent::Lone(record) => Some(record),
                Sent::List(_) | Sent::Other => None,
            },
        ))
    }
}

impl<'de, I: Deserialize<'de>, L: Deserialize<'de>> Deserialize<'de> for Sent<I, L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Any::deserialize(deserializer)? {
            Any::List(records) => Self::List(records),
            Any::Object(record) => Self::Lone(record),
            Any::Null => Self::List(Vec::new()),
            Any::Text(text) if text.is_empty() => Self::List(Vec::new()),
            Any::Bool(_) | Any::Number(_) | Any::Text(_) => Self::Other,
        })
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Apart<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::loose::Words;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Stop {
        name: Words,
        height: Words,
    }

    /// The names of the stops of a list; `-` where there is none, `?` for a stop that cannot be read.
    fn names(json: &str) -> serde_json::Result<String> {
        struct Line(Vec<Object<Stop>>);
        impl<R: Into<Object<Stop>>> From<Vec<R>> for Line {
            fn from(stops: Vec<R>) -> Self {
                Self(stops.into_iter().map(Into::into).collect())
            }
        }
        let Line(stops) = read::<_, Vec<Object<Stop>>, Vec<Apart<Stop>>>(json)?;
        let names = stops
            .into_iter()
            .map(|Object(stop)| stop.map_or("?".into(), |stop| stop.name.0.unwrap_or("-".into())));
        Ok(names.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn one_strange_record_keeps_no_other_from_being_read() {
        let deep = format!(r#"{{"name":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        for (strange, want) in [
            ("null", "?"),
            ("true", "?"),
            ("-7", "?"),
            ("7.5", "?"),
            (r#""Pier""#, "?"),
            ("[]", "?"),
            // A list is no record, although its values could be told apart by their order.
            (r#"["Pier","3"]"#, "?"),
            ("{}", "-"),
            (r#"{"name":[1],"height":{}}"#, "-"),
            (r#"{"name":7}"#, "7"),
            (r#"{"n\u0061me":"Pier"}"#, "Pier"),
            (r#"{"name":"Pier","people":[{"name":"x"}]}"#, "Pier"),
            // Half of an emoji, which an upstream may leave when it cuts a text to a length.
            (r#"{"name":"Pier \ud83d"}"#, "?"),
            (r#"{"name":"Pier","height":1e999}"#, "?"),
            (r#"{"name":"Old","name":"New"}"#, "?"),
            (&deep, "-"),
        ] {
            let json = format!(r#"[{{"name":"First"}},{strange},{{"name":"Last"}}]"#);
            assert_eq!(
                names(&json).unwrap(),
                format!("First {want} Last"),
                "{strange}"
            );
        }
    }

    #[test]
    fn what_is_no_list_of_records_is_refused() {
        for json in [
            "",
            "{}",
            "7",
            r#"[{"name":"a"}"#,
            r#"[{"name":"a" "b"}]"#,
            "[nil]",
            "[{}] 7",
        ] {
            assert!(names(json).is_err(), "{json}");
        }
    }
}
