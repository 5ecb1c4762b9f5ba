//! Wire values of upstreams whose exact form is not promised: read what can be read, call the rest absent.
//!
//! `null`, `""`, `[]` and `{}` count as absent (`upstreams/prospero.md` §2).

use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::{Map, Value};

use super::any::Any;

/// A text; numbers count as their digits.
#[derive(Debug, Default, Clone)]
pub(super) struct Words(pub(super) Option<Box<str>>);

/// Ids, whether they come as one text, a list, a list of objects with `id`, or a map by id.
#[derive(Debug, Default, Clone)]
pub(super) struct Ids(pub(super) Box<[Named]>);

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
            Scalar::Text(text) if !text.is_empty() => Some(text.into()),
            Scalar::Number(number) => Some(number.to_string().into()),
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
            Scalar::List(_) | Scalar::Object(_) => Self::Unclear,
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
pub(super) type Scalar = Any<IgnoredAny, IgnoredAny>;

/// A value of which an object is kept as it is.
type Open<Item> = Any<Item, Map<String, Value>>;

/// One of a list of ids; nothing where another value stands.
struct Listed(Option<Named>);

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Open::<Listed>::deserialize(deserializer)? {
            Open::List(list) => list.into_iter().filter_map(|Listed(named)| named).collect(),
            Open::Object(map) if map.get("id").is_none_or(|id| !id.is_string()) => map
                .into_iter()
                .map(|(id, value)| Named {
                    id,
                    name: name(&value),
                })
                .collect(),
            other => Named::of(other).into_iter().collect(),
        }))
    }
}

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Open::<IgnoredAny>::deserialize(deserializer).map(|value| Self(Named::of(value)))
    }
}

impl Named {
    fn of<Item>(value: Open<Item>) -> Option<Self> {
        let (id, name) = match value {
            Open::Text(id) => (id, None),
            Open::Object(map) => {
                let id = map.get("id")?.as_str()?.to_owned();
                (id, name(&Value::Object(map)))
            }
            _ => return None,
        };
        (!id.is_empty()).then_some(Self { id, name })
    }
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
