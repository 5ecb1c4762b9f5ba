//! The envelope of a page (`upstreams/prospectconnect.md` §7).

use serde::Deserialize;

use crate::source::loose::Words;

/// One page of a search. That more follow without a way to them, or after nothing, makes the answer unreadable: half a
/// list would look like a list that shrank.
#[derive(Debug, Deserialize)]
#[serde(try_from = "RowsAsSent<T>", bound = "T: Deserialize<'de>")]
pub(super) struct Rows<T> {
    /// Its records.
    pub(super) rows: Vec<T>,
    /// Leads to the next page.
    pub(super) next: Option<String>,
}

#[derive(Deserialize)]
struct RowsAsSent<T> {
    data: Vec<T>,
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

impl<T> TryFrom<RowsAsSent<T>> for Rows<T> {
    type Error = &'static str;

    fn try_from(sent: RowsAsSent<T>) -> Result<Self, Self::Error> {
        let rows = sent.data;
        let Cursor { next, has_more } = sent.meta.cursor;
        let next = match (has_more, next.0) {
            (false, _) => None,
            (true, None) => return Err("more is said to follow, but not where"),
            (true, Some(_)) if rows.is_empty() => return Err("more is said to follow nothing"),
            (true, next) => next,
        };
        Ok(Self { rows, next })
    }
}
