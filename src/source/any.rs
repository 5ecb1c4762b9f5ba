//! Whatever value stands in JSON.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::Number;

/// A value: `Item`s where it is a list, an `Object` where it is one.
#[derive(Debug)]
pub(super) enum Any<Item, Object> {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Item>),
    Object(Object),
}

impl<'de, I: Deserialize<'de>, O: Deserialize<'de>> Deserialize<'de> for Any<I, O> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Taken(PhantomData))
    }
}

/// Takes any value; ten thousand records with thirty fields each pass through it.
struct Taken<I, O>(PhantomData<(I, O)>);

impl<'de, I: Deserialize<'de>, O: Deserialize<'de>> Visitor<'de> for Taken<I, O> {
    type Value = Any<I, O>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Any::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Any::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Any::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Any::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(number).map_or(Any::Null, Any::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Any::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let Some(first) = list.next_element()? else {
            return Ok(Any::List(Vec::new()));
        };
        // Most lists hold one value, and there are many lists.
        let mut items = vec![first];
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Any::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        O::deserialize(MapAccessDeserializer::new(map)).map(Any::Object)
    }
}
