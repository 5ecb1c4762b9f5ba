//! `kind = "prospectconnect"`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use reqwest::header::HeaderValue;

use crate::{
    api::Credential,
    config::{secret::Vault, section::Section},
    source::prospectconnect::{DueTime, Resource, Settings},
};

use super::{secret, web_address};

/// The contract that the connector was written for (`upstreams/prospectconnect.md` §2).
const VERSION: &str = "2026-06-01";

pub(super) fn settings(section: &mut Section<'_>, vault: Vault<'_>) -> Option<Settings> {
    // No default, so that no token goes to a host that nobody named: the API is sold under many names.
    let base_url = web_address(section, "base_url");
    let token = secret(section, "token", vault);
    let token = token.and_then(|token| {
        let credential = Credential::bearer(&token);
        credential.map_err(|bad| section.problem("token", bad)).ok()
    });
    let version = version(section);
    let due_time = section.choose(
        "due_time",
        &[("zone", DueTime::Zone), ("utc", DueTime::Utc)],
    );
    let resources = resources(section);
    Some(Settings {
        base_url: base_url?,
        token: token?,
        version: version?,
        due_time: due_time.unwrap_or_default(),
        resources: resources?,
    })
}

fn version(section: &mut Section<'_>) -> Option<HeaderValue> {
    let told: Option<String> = section.take("version");
    let told = told.as_deref().unwrap_or(VERSION);
    let date = NaiveDate::parse_from_str(told, "%Y-%m-%d");
    let header = date.ok().and_then(|date| {
        let text = date.format("%Y-%m-%d").to_string();
        HeaderValue::from_str(&text).ok()
    });
    if header.is_none() {
        section.problem(
            "version",
            format!("`{told}` is no date; write that of the API's contract, such as `{VERSION}`"),
        );
    }
    header
}

fn resources(section: &mut Section<'_>) -> Option<BTreeSet<Resource>> {
    let Some(told) = section.take::<Vec<String>>("resources") else {
        return Some(Resource::ALL.into());
    };
    let named = |word: &String| Resource::ALL.into_iter().find(|one| one.word() == word);
    let unknown = told.iter().find(|word| named(word).is_none());
    let known = Resource::ALL.map(|one| format!("`{}`", one.word()));
    let known = known.join(", ");
    if let Some(unknown) = unknown {
        section.problem(
            "resources",
            format!("`{unknown}` is not known; write some of {known}"),
        );
        return None;
    }
    if told.is_empty() {
        section.problem("resources", format!("is empty; write some of {known}"));
        return None;
    }
    Some(told.iter().filter_map(named).collect())
}
