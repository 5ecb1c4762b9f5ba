//! Wire values of upstreams whose exact form is not promised: read what can be read, call the rest absent.
//!
//! `null`, `""`, `[]` and `{}` count as absent (`upstreams/prospero.md` §2).

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Number, Value};

/// A text; numbers count as their digits.
#[derive(Debug, Default, Clone)]
pub(super) struct Words(pub(super) Option<String>);

/// Ids, whether they come as one text, a list, a list of objects with `id`, or a map by id.
#[derive(Debug, Default, Clone)]
pub(super) struct Ids(pub(super) Vec<Named>);

/// An id and whatever else its object says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: String,
    pub(super) name: Option<String>,
}

/// Yes or no, however it is spelled.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    #[default]
    Absent,
    No,
    Yes,
    /// Something is there, but it cannot be read.
    Unclear,
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Text(text) if !text.is_empty() => Some(text),
            Scalar::Number(number) => Some(number.to_string()),
            _ => None,
        }))
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Scalar::deserialize(deserializer)? {
            Scalar::Null => Self::Absent,
            Scalar::Bool(yes) => Self::of(yes),
            Scalar::Number(number) => Self::of(number.as_f64() != Some(0.0)),
            Scalar::Text(text) => match text.to_ascii_lowercase().as_str() {
                "" => Self::Absent,
                "false" | "no" | "0" => Self::No,
                "true" | "yes" | "1" => Self::Yes,
                _ => Self::Unclear,
            },
            Scalar::Compound => Self::Unclear,
        })
    }
}

impl Flag {
    /// What two marks of one thing say together: a yes counts more than what cannot be read, and that more than a no.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unclear, _) | (_, Self::Unclear) => Self::Unclear,
            (Self::Absent, other) => other,
            (Self::No, _) => Self::No,
        }
    }

    fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// A JSON value, of which only scalars are kept.
#[derive(Debug)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    /// A list or an object.
    Compound,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyScalar)
    }
}

/// Takes any value there is; ten thousand records with thirty fields each pass through it.
struct AnyScalar;

impl<'de> Visitor<'de> for AnyScalar {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(Number::from_f64(number).map_or(Scalar::Null, Scalar::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Compound)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Compound)
    }
}

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Array(list) => list.into_iter().filter_map(named).collect(),
            Value::Object(map) if map.get("id").is_none_or(|id| !id.is_string()) => map
                .into_iter()
                .map(|(id, value)| Named {
                    id,
                    name: name(&value),
                })
                .collect(),
            other => named(other).into_iter().collect(),
        }))
    }
}

fn named(value: Value) -> Option<Named> {
    let (id, name) = match value {
        Value::String(id) => (id, None),
        Value::Object(ref map) => (map.get("id")?.as_str()?.to_owned(), name(&value)),
        _ => return None,
    };
    (!id.is_empty()).then_some(Named { id, name })
}

fn name(value: &Value) -> Option<String> {
    let name = value.get("name")?.as_str()?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_in_many_shapes() {
        for (json, want) in [
            (r#""a""#, "a"),
            (r#"["a","b"]"#, "a,b"),
            (
                r#"[{"id":"a","name":"Hall"},"b",{"x":1},7,null]"#,
                "a=Hall,b",
            ),
            (r#"{"id":"a","name":"Hall"}"#, "a=Hall"),
            (r#"{"a":{"name":"Hall"},"b":2}"#, "a=Hall,b"),
            ("null", ""),
            ("{}", ""),
            ("7", ""),
        ] {
            let ids: Ids = serde_json::from_str(json).unwrap();
            let shown = ids.0.into_iter().map(|named| match named.name {
                Some(name) => format!("{}={name}", named.id),
                None => named.id,
            });
            assert_eq!(shown.collect::<Vec<_>>().join(","), want, "{json}");
        }
    }

    #[test]
    fn flags_are_yes_no_absent_or_unclear() {
        for (json, want) in [
            ("true", Flag::Yes),
            ("1", Flag::Yes),
            (r#""Yes""#, Flag::Yes),
            ("false", Flag::No),
            ("0", Flag::No),
            (r#""0""#, Flag::No),
            ("null", Flag::Absent),
            (r#""""#, Flag::Absent),
            (r#""maybe""#, Flag::Unclear),
            ("{}", Flag::Unclear),
        ] {
            assert_eq!(serde_json::from_str::<Flag>(json).unwrap(), want, "{json}");
        }
    }
}
