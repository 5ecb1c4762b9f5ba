//! Values that come as an id, as `{id, name}`, or as a list of either (`upstreams/prospectconnect.md` §9).

use serde::{Deserialize, Deserializer};

use crate::source::{any::Any, loose::Words};

/// What a field refers to, in the upstream's order; empty if it is `null`, blank or nothing that can be read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Refs(pub(super) Vec<Ref>);

/// One thing referred to: by its id, by its name, or by both. A bare text may be either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ref {
    pub(super) id: Option<Box<str>>,
    pub(super) name: Option<Box<str>>,
}

/// An object that refers to something.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    id: Words,
    name: Words,
}

impl Named {
    fn into_ref(self) -> Option<Ref> {
        let (id, name) = (self.id.0, self.name.0);
        (id.is_some() || name.is_some()).then_some(Ref { id, name })
    }
}

impl Refs {
    /// The ids there are. Their case counts, since they are opaque and asked for.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|one| one.id.as_deref())
    }

    fn of(text: &str) -> Self {
        let text = text.trim();
        let one = (!text.is_empty()).then(|| Ref {
            id: Some(text.into()),
            name: None,
        });
        Self(one.into_iter().collect())
    }
}

impl<'de> Deserialize<'de> for Refs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Any::<Self, Named>::deserialize(deserializer)? {
            Any::List(refs) => Self(refs.into_iter().flat_map(|Self(refs)| refs).collect()),
            Any::Object(named) => Self(named.into_ref().into_iter().collect()),
            Any::Text(text) => Self::of(&text),
            Any::Number(number) if !number.is_f64() => Self::of(&number.to_string()),
            Any::Null | Any::Bool(_) | Any::Number(_) => Self::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_comes_in_many_shapes() {
        for (json, want) in [
            (r#""usr_1""#, "usr_1"),
            (r#"" usr_1 ""#, "usr_1"),
            ("17", "17"),
            (
                r#"{"id":"usr_1","name":"Ada","mail":{"x":[1]}}"#,
                "usr_1=Ada",
            ),
            (r#"{"id":17,"name":"Ada"}"#, "17=Ada"),
            (r#"{"name":"Done"}"#, "=Done"),
            (r#"["usr_1",{"id":"usr_2"},null,3,[4]]"#, "usr_1,usr_2,3,4"),
            (r#"{"mail":"x"}"#, ""),
            ("[]", ""),
            ("{}", ""),
            ("null", ""),
            (r#""""#, ""),
            ("true", ""),
            ("1.5", ""),
        ] {
            let refs: Refs = serde_json::from_str(json).unwrap();
            let shown = refs.0.into_iter().map(|one| {
                let id = one.id.as_deref().unwrap_or_default();
                one.name
                    .map_or(id.to_owned(), |name| format!("{id}={name}"))
            });
            assert_eq!(shown.collect::<Vec<_>>().join(","), want, "{json}");
        }
    }
}
