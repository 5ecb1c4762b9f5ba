//! Lists in pages by offset and limit (`upstreams/prosper.md` §3.3).

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

use reqwest::StatusCode;
use serde_json::value::RawValue;

use crate::api::{Api, ApiError, Call, Page};

use super::wire::List;

/// Records asked for at a time; the highest number that is said to work.
const PAGE: usize = 100;
/// Records asked for at a time where the upstream refuses that many: as many as it sends by itself.
const SMALL_PAGE: usize = 25;

/// The whole list, in pages as large as the upstream takes.
pub(super) async fn rows(api: &Api, list: &Call) -> Result<Vec<Box<RawValue>>, ApiError> {
    match pages(api, list, PAGE).await {
        Err(ApiError::Rejected { status, .. }) if status == StatusCode::BAD_REQUEST => {
            pages(api, list, SMALL_PAGE).await
        }
        read => read,
    }
}

/// Reads `list` in pages of `limit`, of which the upstream may send fewer.
///
/// The next page begins after as many records as were seen, each counted once: one that comes again has moved, because
/// another came in before it, and so have those behind it. A page of nothing else is passed over, unless it is the first
/// page once more: then offsets are ignored, and what could be read is not the list. The upstream counts anew with each
/// page; what it says last counts.
async fn pages(api: &Api, list: &Call, limit: usize) -> Result<Vec<Box<RawValue>>, ApiError> {
    let page = |offset: usize| {
        list.clone()
            .query("limit", limit.to_string())
            .query("offset", offset.to_string())
    };
    let (hasher, mut seen) = (RandomState::new(), HashSet::new());
    let (mut offset, mut first) = (0, Vec::new());
    let read = |List { rows, total }| {
        let before = seen.len();
        let these: Vec<u64> = rows.iter().map(|row| hasher.hash_one(row.get())).collect();
        seen.extend(these.iter().copied());
        if before == 0 {
            first = these;
        } else if first.len() > 1 && first == these {
            // A list whose pages lead in a circle is an error.
            let next = Some(page(0));
            return Page { next, items: rows };
        }
        offset = if seen.len() > before {
            seen.len().max(offset + 1)
        } else {
            offset + rows.len()
        };
        let all = total.is_some_and(|total| seen.len().max(offset) >= total);
        Page {
            next: (!rows.is_empty() && !all).then(|| page(offset)),
            items: rows,
        }
    };
    api.pages(page(0), read).await
}
