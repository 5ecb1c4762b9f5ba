//! The envelope of a page (`upstreams/prospectconnect.md` §7).

use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    api::FromJson,
    source::{
        loose::Words,
        record::{self, Apart, Object},
    },
};

/// One page of a search. That more follow without a way to them, or after nothing, makes the answer unreadable: half a
/// list would look like a list that shrank.
#[derive(Debug)]
pub(super) struct Rows<T> {
    /// Its records.
    pub(super) rows: Vec<Object<T>>,
    /// Leads to the next page.
    pub(super) next: Option<String>,
}

#[derive(Deserialize)]
struct RowsAsSent<R> {
    data: Vec<R>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    cursor: Cursor,
}

#[derive(Deserialize)]
struct Cursor {
    #[serde(default)]
    next: Words,
    has_more: bool,
}

impl<T, R: Into<Object<T>>> TryFrom<RowsAsSent<R>> for Rows<T> {
    type Error = &'static str;

    fn try_from(sent: RowsAsSent<R>) -> Result<Self, Self::Error> {
        let rows: Vec<Object<T>> = sent.data.into_iter().map(Into::into).collect();
        let Cursor { next, has_more } = sent.meta.cursor;
        let next = match (has_more, next.0) {
            (false, _) => None,
            (true, None) => return Err("more is said to follow, but not where"),
            (true, Some(_)) if rows.is_empty() => return Err("more is said to follow nothing"),
            (true, next) => next.map(String::from),
        };
        Ok(Self { rows, next })
    }
}

impl<T: DeserializeOwned + Send + 'static> FromJson for Rows<T> {
    fn from_json(json: &str) -> serde_json::Result<Self> {
        record::read::<_, RowsAsSent<Object<T>>, RowsAsSent<Apart<T>>>(json)
    }
}
