//! What Add to Calendar PRO sends, as far as calbridge reads it (`upstreams/add-to-calendar-pro.md` §3 to §5, §10).
//!
//! Every shape the API has had since 2023 is read: an object or a list of one, a key bare or wrapped. Team notes,
//! organizers and attendees are not even read.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    api::FromJson,
    source::{
        loose::{Flag, Words},
        record::{Object, Sent},
    },
};

/// The longest key that is believed; they are UUIDs of 36 characters.
const KEY_MAX: usize = 64;
const NO_RECORDS: &str = "no list of records";

/// The answer of a list: the keys of its records, or that of the only one; an object without a key is no record, but says
/// that something went wrong.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Sent<Key>")]
pub(super) struct List(pub(super) Vec<Key>);

/// One record: an object or, as until May 2025, a list of one; nothing if it is `null` or an empty list.
#[derive(Debug)]
pub(super) struct One<T>(pub(super) Option<Object<T>>);

/// What a record lists; nothing if what stands there is no list.
#[derive(Debug, Deserialize)]
#[serde(from = "Sent<T>", bound = "T: Deserialize<'de>")]
pub(super) struct Listed<T>(pub(super) Option<Vec<T>>);

impl TryFrom<Sent<Key>> for List {
    type Error = &'static str;

    fn try_from(sent: Sent<Key>) -> Result<Self, Self::Error> {
        match sent {
            Sent::Lone(Key(None)) => Err("an object instead of a list"),
            sent => sent.records().map(Self).ok_or(NO_RECORDS),
        }
    }
}

impl<T: DeserializeOwned + Send + 'static> FromJson for One<T> {
    fn from_json(json: &str) -> serde_json::Result<Self> {
        let Ok(sent) = serde_json::from_str::<Sent<Object<T>>>(json) else {
            // What is there is JSON all the same, or no answer.
            let _: &RawValue = serde_json::from_str(json)?;
            return Ok(Self(Some(Object(None))));
        };
        let records = sent.records().ok_or_else(|| Error::custom(NO_RECORDS))?;
        Ok(Self(records.into_iter().next()))
    }
}

impl<T> From<Sent<T>> for Listed<T> {
    fn from(sent: Sent<T>) -> Self {
        Self(sent.records())
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self(Some(Vec::new()))
    }
}

/// The key of a group or an event: a text, a list of one, or an object that has it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Key(pub(super) Option<String>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyKey).map(Self)
    }
}

/// Whether `key` can be one: it is put into addresses and logs.
fn plausible(key: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(letter)
}

struct AnyKey;

impl<'de> Visitor<'de> for AnyKey {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
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

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        let text = text.trim();
        Ok(plausible(text).then(|| text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let first: Option<Key> = list.next_element()?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first.unwrap_or_default().0)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut key, mut id) = (None, None);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "prokey" => key = map.next_value::<Key>()?.0,
                "id" => id = map.next_value::<Key>()?.0,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        // Until May 2025 the key was called `id`, which has been a number since.
        Ok(key.or(id.filter(|id| id.contains('-'))))
    }
}

/// A group; its own key is that of the address it was read from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Group {
    pub(super) name: Words,
    pub(super) status: Words,
    pub(super) subscription: Words,
    pub(super) subscription_cal_url: Words,
    pub(super) events: Listed<Key>,
}

/// An event: what its date entries have in common, and how it repeats.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event {
    pub(super) status: Words,
    pub(super) dates: Listed<Object<Entry>>,
    pub(super) title_event_series: Words,
    pub(super) distribution: Flag,
    /// Not documented; the app has such a switch, so the word is heard if it is ever said.
    pub(super) private: Flag,
    pub(super) date_created: Words,
    pub(super) date_updated: Words,
    pub(super) simplified_recurrence: Flag,
    pub(super) recurrence: Words,
    pub(super) recurrence_simple_type: Words,
    pub(super) recurrence_interval: Words,
    pub(super) recurrence_count: Words,
    pub(super) recurrence_until: Words,
    #[serde(rename = "recurrence_byDay")]
    pub(super) recurrence_by_day: Words,
    #[serde(rename = "recurrence_byMonth")]
    pub(super) recurrence_by_month: Words,
    #[serde(rename = "recurrence_byMonthDay")]
    pub(super) recurrence_by_month_day: Words,
    pub(super) recurrence_weekstart: Words,
}

/// One date entry.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) name: Words,
    pub(super) description: Words,
    pub(super) start_date: Words,
    pub(super) start_time: Words,
    pub(super) end_date: Words,
    pub(super) end_time: Words,
    pub(super) time_zone: Words,
    pub(super) location: Words,
    pub(super) status: Words,
}

/// What `words` say, without blanks around it; blanks alone say nothing.
pub(super) fn said(words: &Words) -> Option<&str> {
    words
        .0
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

impl Entry {
    /// Whether nothing is left of it: deleted entries stay behind with all their fields nulled (§2).
    pub(super) fn is_empty(&self) -> bool {
        [&self.name, &self.start_date, &self.start_time]
            .into_iter()
            .all(|words| said(words).is_none())
    }
}
