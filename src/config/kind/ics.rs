//! `kind = "ics"`.

use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::{
    config::{
        secret::{SecretRef, Vault},
        section::{Form, Section},
    },
    source::ics::Settings,
};

/// What may stand at `url`.
const FORM: &str = "a web address such as `\"https://calendar.example/name.ics\"`, or where one with a token is kept: `{ env = \"NAME\" }` or `{ file = \"path\" }`";

/// An address: most are public, many hold a token.
#[derive(Deserialize)]
#[serde(untagged)]
enum Address {
    Plain(String),
    Secret(SecretRef),
}

pub(super) fn settings(section: &mut Section<'_>, vault: Vault<'_>) -> Option<Settings> {
    if !section.has("url") {
        return section.require("url", None, FORM);
    }
    // What stands there may hold a token, so it is never repeated.
    let settings = match section.take_quietly::<Address>("url") {
        None => Err(format!("is not what belongs there; write {FORM}")),
        Some(Address::Plain(address)) => match Settings::at(&address) {
            Ok(settings) if settings.url.password().is_some() => Err(format!(
                "holds a password, which must not stand in this file in clear; write {}",
                SecretRef::FORM
            )),
            Ok(settings) => Ok(settings),
            Err(_) => Err(format!("is no web address; write {FORM}")),
        },
        Some(Address::Secret(reference)) => vault.read(&reference).and_then(|address| {
            Settings::at(address.expose_secret()).map_err(|bad| bad.to_string())
        }),
    };
    settings.map_err(|fact| section.problem("url", fact)).ok()
}
