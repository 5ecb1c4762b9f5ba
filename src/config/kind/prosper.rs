//! `kind = "prosper"`.

use std::collections::BTreeSet;

use crate::{
    api::PasswordGrant,
    config::{secret::Vault, section::Section},
    source::prosper::{Record, Settings},
};

use super::{secret, web_address_or};

/// Where everybody's API is (`upstreams/prosper.md` §1).
const BASE_URL: &str = "https://api.prosper.com/v1";
/// Where everybody's API of listings is.
const LISTINGS_BASE_URL: &str = "https://api.prosper.com";

/// What may become events, by name.
const RECORDS: [Record; 2] = [Record::Notes, Record::Listings];

pub(super) fn settings(section: &mut Section<'_>, vault: Vault<'_>) -> Option<Settings> {
    let base_url = web_address_or(section, "base_url", BASE_URL);
    let listings_base_url = web_address_or(section, "listings_base_url", LISTINGS_BASE_URL);
    let client_id: Option<String> = section.take("client_id");
    let client_id = section.require(
        "client_id",
        client_id,
        "the client id from the API settings of the account",
    );
    let client_secret = secret(section, "client_secret", vault);
    let username: Option<String> = section.take("username");
    let username = section.require(
        "username",
        username,
        "the mail address the account logs in with, such as `investor@example.org`",
    );
    let password = secret(section, "password", vault);
    let records = records(section);
    Some(Settings {
        base_url: base_url?,
        listings_base_url: listings_base_url?,
        grant: PasswordGrant {
            client_id: client_id?,
            client_secret: client_secret?,
            username: username?,
            password: password?,
        },
        records: records?,
    })
}

/// Takes what is to become events: everything unless the operator picks.
fn records(section: &mut Section<'_>) -> Option<BTreeSet<Record>> {
    const FORM: &str = "write `[\"notes\", \"listings\"]` or one of them";
    let Some(named) = section.take::<Vec<String>>("records") else {
        return Some(RECORDS.into());
    };
    let known = |name: &String| RECORDS.into_iter().find(|record| record.as_str() == name);
    if let Some(unknown) = named.iter().find(|name| known(name).is_none()) {
        section.problem("records", format!("`{unknown}` is not known; {FORM}"));
        return None;
    }
    let records: BTreeSet<Record> = named.iter().filter_map(known).collect();
    if records.is_empty() {
        section.problem("records", format!("is empty; {FORM}"));
        return None;
    }
    Some(records)
}
