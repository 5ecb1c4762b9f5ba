//! Values that come as an id, as `{id, name}`, or as a list of either (`upstreams/prospectconnect.md` §9).

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::source::loose::Words;

/// What a field refers to, in the upstream's order; empty if it is `null`, blank or nothing that can be read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Refs(pub(super) Vec<Ref>);

/// One thing referred to: by its id, by its name, or by both. A bare text may be either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ref {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
}

impl Refs {
    /// The ids there are. Their case counts, since they are opaque and asked for.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|one| one.id.as_deref())
    }

    fn of(text: &str) -> Self {
        let text = text.trim();
        let one = (!text.is_empty()).then(|| Ref {
            id: Some(text.to_owned()),
            name: None,
        });
        Self(one.into_iter().collect())
    }
}

impl<'de> Deserialize<'de> for Refs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyRefs)
    }
}

struct AnyRefs;

impl<'de> Visitor<'de> for AnyRefs {
    type Value = Refs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Refs, E> {
        Ok(Refs::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Refs, E> {
        Ok(Refs::default())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Refs, E> {
        Ok(Refs::of(&number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Refs, E> {
        Ok(Refs::of(&number.to_string()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Refs, E> {
        Ok(Refs::default())
    }

    fn visit_str<E>(self, text: &str) -> Result<Refs, E> {
        Ok(Refs::of(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Refs, A::Error> {
        let mut all = Vec::new();
        while let Some(Refs(more)) = list.next_element()? {
            all.extend(more);
        }
        Ok(Refs(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Refs, A::Error> {
        let (mut id, mut name) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "id" => id = map.next_value::<Words>()?.0,
                "name" => name = map.next_value::<Words>()?.0,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        let known = id.is_some() || name.is_some();
        Ok(Refs(
            known.then_some(Ref { id, name }).into_iter().collect(),
        ))
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
                let id = one.id.unwrap_or_default();
                one.name.map_or(id.clone(), |name| format!("{id}={name}"))
            });
            assert_eq!(shown.collect::<Vec<_>>().join(","), want, "{json}");
        }
    }
}
