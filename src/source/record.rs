//! Records: objects that are read whatever stands in them, in one pass over their text.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

/// Declares what is read of an object. A field is called as the upstream calls it, unless `as` says otherwise; one that is
/// absent has its default, one that is there twice says what it says last, and one that is not declared is passed over.
///
/// Where the types of its fields take any value, no object of an answer can keep the others from being read. That much
/// `derive(Deserialize)` does not promise: it also takes a list for a record, and refuses a field that is there twice.
macro_rules! record {
    (
        $(#[$of_record:meta])*
        $reach:vis struct $Record:ident {
            $( $(#[$of_field:meta])* $seen:vis $field:ident: $Type:ty $(as $key:literal)?, )*
        }
    ) => {
        $(#[$of_record])*
        #[derive(Debug, Default)]
        $reach struct $Record {
            $( $(#[$of_field])* $seen $field: $Type, )*
        }

        impl<'de> ::serde::Deserialize<'de> for $Record {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;

                impl<'de> ::serde::de::Visitor<'de> for Fields {
                    type Value = $Record;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$Record, A::Error> {
                        let mut record = $Record::default();
                        while let Some($crate::source::record::Name(name)) = map.next_key()? {
                            match &*name {
                                $( $crate::source::record::key!($field $($key)?) => record.$field = map.next_value()?, )*
                                _ => _ = map.next_value::<::serde::de::IgnoredAny>()?,
                            }
                        }
                        Ok(record)
                    }
                }

                deserializer.deserialize_map(Fields)
            }
        }
    };
}

/// What the upstream calls a field.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

pub(super) use {key, record};

/// The name of a field.
pub(super) struct Name<'de>(pub(super) Cow<'de, str>);

/// A record; nothing where another value stands, so that it is left out alone.
#[derive(Debug, Default)]
pub(super) struct Object<T>(pub(super) Option<T>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(AnyName)
    }
}

struct AnyName;

impl<'de> Visitor<'de> for AnyName {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(AnyValue(PhantomData))
            .map(Self)
    }
}

struct AnyValue<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnyValue<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::loose::{Flag, Words};

    record! {
        /// A record of the tests.
        struct Stop {
            name: Words,
            kind: Words as "type",
            /// Whether nobody boards there.
            closed: Flag,
        }
    }

    #[test]
    fn a_record_is_read_whatever_stands_in_it() {
        for (json, want) in [
            (
                r#"{"name":"Pier","type":"bus","closed":true}"#,
                Some("Pier bus Yes"),
            ),
            (r#"{"closed":[1],"type":{},"name":7}"#, Some("7 - Unclear")),
            (r#"{"kind":"bus"}"#, Some("- - Absent")),
            (r#"{"name":"Old","name":"New"}"#, Some("New - Absent")),
            (r#"{"n\u0061me":"Pier"}"#, Some("Pier - Absent")),
            (
                r#"{"name":"Pier","people":[{"name":"x"}]}"#,
                Some("Pier - Absent"),
            ),
            ("{}", Some("- - Absent")),
            (r#"["Pier","bus",true]"#, None),
            ("[]", None),
            ("null", None),
            ("true", None),
            ("-7", None),
            ("7", None),
            ("7.5", None),
            (r#""Pier""#, None),
        ] {
            let Object(stop) = serde_json::from_str::<Object<Box<Stop>>>(json).unwrap();
            let said = |words: Words| words.0.unwrap_or_else(|| "-".to_owned());
            let told = stop.map(|stop| {
                let Stop { name, kind, closed } = *stop;
                format!("{} {} {closed:?}", said(name), said(kind))
            });
            assert_eq!(told.as_deref(), want, "{json}");
        }
    }

    #[test]
    fn one_strange_record_keeps_no_other_from_being_read() {
        let json = r#"[{"name":"a"},{"name":"b","name":[]},7,[{"name":"c"}],{"name":"d"}]"#;
        let stops: Vec<Object<Stop>> = serde_json::from_str(json).unwrap();
        let names = stops.into_iter().map(|Object(stop)| stop?.name.0);
        assert_eq!(
            names.collect::<Vec<_>>(),
            [Some("a".to_owned()), None, None, None, Some("d".to_owned())]
        );
    }
}
