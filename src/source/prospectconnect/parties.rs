//! Contacts and companies: the people and organisations that records are about. Only their names are read.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::StatusCode;
use serde_json::json;

use crate::{
    api::{Api, ApiError, Page},
    source::record::Object,
};

use super::{page::Rows, search::Searches, wire::Party};

/// Pages of a search for names; what they lack is asked for one by one.
const PAGES_MAX: usize = 100;

/// People or organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Contacts,
    Companies,
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::Contacts, Self::Companies];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Companies => "companies",
        }
    }

    pub(super) fn route(self) -> &'static str {
        match self {
            Self::Contacts => "/contacts/search",
            Self::Companies => "/companies/search",
        }
    }

    fn route_of_one(self) -> &'static str {
        match self {
            Self::Contacts => "/contacts/{id}",
            Self::Companies => "/companies/{id}",
        }
    }
}

/// What an error answer to a question for names means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// There is nothing more to learn of this one.
    Told,
    /// The whole kind is not for us.
    Refused,
    /// The upstream cannot answer now.
    Later,
}

impl Answer {
    pub(super) fn to(error: &ApiError) -> Self {
        match error {
            // A record that is gone or hidden from our user (§5).
            ApiError::NotOffered { status, .. } if *status == StatusCode::NOT_FOUND => Self::Told,
            ApiError::NotOffered { .. } => Self::Refused,
            ApiError::Rejected { .. } | ApiError::Malformed { .. } => Self::Told,
            _ => Self::Later,
        }
    }
}

/// What a search for names brought.
#[derive(Debug)]
pub(super) struct Found {
    /// Those that were wanted, by id.
    pub(super) names: BTreeMap<String, Option<String>>,
    /// Whether the whole list was read, so that those not found are not there for us.
    pub(super) to_the_end: bool,
}

/// Walks the list of `kind` until every one of `wanted` is found.
pub(super) async fn find(
    api: &Api,
    searches: &Searches,
    kind: Kind,
    wanted: &BTreeSet<String>,
) -> Result<Found, ApiError> {
    let page = |cursor: Option<String>| {
        let mut asked = json!({ "limit": 100 });
        if let Some(cursor) = cursor {
            asked["cursor"] = cursor.into();
        }
        searches.search(kind.word(), kind.route(), &asked)
    };
    let mut names = BTreeMap::new();
    let mut pages = 0;
    let mut to_the_end = false;
    let walk = api.pages(page(None), |Rows::<Party> { rows, next }| {
        pages += 1;
        let parties = rows.into_iter().filter_map(|Object(party)| party);
        for party in parties {
            let id = party.id.0.as_deref().filter(|id| wanted.contains(*id));
            if let Some(id) = id {
                names.insert(id.to_owned(), party.display());
            }
        }
        to_the_end = next.is_none();
        let enough = names.len() == wanted.len() || pages == PAGES_MAX;
        Page::<()> {
            items: Vec::new(),
            next: next.filter(|_| !enough).map(|cursor| page(Some(cursor))),
        }
    });
    walk.await?;
    Ok(Found { names, to_the_end })
}

/// What one of `kind` is called, if it says so.
pub(super) async fn one(
    api: &Api,
    searches: &Searches,
    kind: Kind,
    id: &str,
) -> Result<Option<String>, ApiError> {
    let call = searches.get(&[kind.word(), id], kind.route_of_one());
    let party: Party = api.json(call).await?;
    Ok(party.display())
}
