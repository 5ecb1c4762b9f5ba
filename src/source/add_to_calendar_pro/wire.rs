//! What Add to Calendar PRO sends, as far as calbridge reads it (`upstreams/add-to-calendar-pro.md` §3 to §5, §10).
//!
//! Every shape the API has had since 2023 is read: an object or a list of one, a key bare or wrapped. Team notes,
//! organizers and attendees are not even read.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
        value::MapAccessDeserializer,
    },
};
use serde_json::value::RawValue;

use crate::source::loose::{Flag, Words};

/// The longest key that is believed; they are UUIDs of 36 characters.
const KEY_MAX: usize = 64;

/// A list whose records are decoded one by one; `null` is an empty one, and a single object a list of one.
#[derive(Debug, Default)]
pub(super) struct Records(pub(super) Vec<Box<RawValue>>);

/// The answer of a list: its records, or the only one; an object that is no record says that something went wrong.
#[derive(Debug)]
pub(super) struct List(pub(super) Vec<Box<RawValue>>);

/// One record: an object or, as until May 2025, a list of one; nothing if it is `null` or an empty list.
#[derive(Debug)]
pub(super) struct One(pub(super) Option<Box<RawValue>>);

impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(Box::deserialize(deserializer)?)
    }
}

impl Records {
    fn of<E: Error>(raw: Box<RawValue>) -> Result<Self, E> {
        match raw.get().as_bytes().first() {
            Some(b'[') => serde_json::from_str(raw.get()).map(Self).map_err(E::custom),
            Some(b'{') => Ok(Self(vec![raw])),
            _ if matches!(raw.get(), "null" | "\"\"") => Ok(Self::default()),
            _ => Err(E::custom("no list of records")),
        }
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let lone = raw.get().starts_with('{');
        if lone && serde_json::from_str(raw.get()).is_ok_and(|key: Key| key.0.is_none()) {
            return Err(D::Error::custom("an object instead of a list"));
        }
        Records::of(raw).map(|records| Self(records.0))
    }
}

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let records = Records::deserialize(deserializer)?;
        Ok(Self(records.0.into_iter().next()))
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
    pub(super) events: Records,
}

/// An event: what its date entries have in common, and how it repeats.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event {
    pub(super) status: Words,
    pub(super) dates: Dates,
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

/// The date entries of an event; nothing stands for one that is no object, so that it is left out alone.
#[derive(Debug, Default)]
pub(super) struct Dates(pub(super) Vec<Option<Entry>>);

impl<'de> Deserialize<'de> for Dates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyDates)
    }
}

struct AnyDates;

impl<'de> Visitor<'de> for AnyDates {
    type Value = Dates;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("date entries")
    }

    fn visit_unit<E>(self) -> Result<Dates, E> {
        Ok(Dates::default())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Dates, E> {
        match text {
            "" => Ok(Dates::default()),
            _ => Err(E::custom("no date entries")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Dates, A::Error> {
        let mut entries = Vec::new();
        while let Some(raw) = list.next_element::<&RawValue>()? {
            entries.push(read(raw));
        }
        Ok(Dates(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Dates, A::Error> {
        let entry = Entry::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Dates(vec![Some(entry)]))
    }
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

/// Decodes one record; `None` if it has another shape.
pub(super) fn read<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

/// Whether a group or an event is published; `None` if the upstream says neither that nor that it is a draft.
pub(super) fn is_published(status: &Words) -> Option<bool> {
    let told = said(status)?.to_ascii_lowercase();
    match told.as_str() {
        "published" => Some(true),
        "draft" => Some(false),
        _ => None,
    }
}
