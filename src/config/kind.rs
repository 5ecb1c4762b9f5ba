//! The keys of `[sources.…]` that depend on its kind, one file per kind.

mod add_to_calendar_pro;
mod ics;
mod prospectconnect;
mod prosper;
mod prospero;

use secrecy::SecretString;
use url::Url;

use crate::source::Kind;

use super::{
    secret::{SecretRef, Vault},
    section::{Form, Section},
};

/// The kinds there are.
const KINDS: &str = "`prospero`, `add-to-calendar-pro`, `prospectconnect`, `prosper` or `ics`";

/// The kind is not known, so that what the other keys of its source mean is not known either.
pub(super) struct UnknownKind;

/// Takes `kind` and the keys that belong to it; `None` if there is a problem with any of them.
///
/// # Errors
/// [`UnknownKind`] when there is no such kind, or none is named.
pub(super) fn kind(
    section: &mut Section<'_>,
    vault: Vault<'_>,
) -> Result<Option<Kind>, UnknownKind> {
    let kind: Option<String> = section.take("kind");
    let kind = section.require("kind", kind, KINDS).ok_or(UnknownKind)?;
    match kind.as_str() {
        "prospero" => Ok(prospero::settings(section, vault).map(Kind::Prospero)),
        "add-to-calendar-pro" => {
            Ok(add_to_calendar_pro::settings(section, vault).map(Kind::AddToCalendarPro))
        }
        "prospectconnect" => {
            Ok(prospectconnect::settings(section, vault).map(Kind::ProspectConnect))
        }
        "prosper" => Ok(prosper::settings(section, vault).map(Kind::Prosper)),
        "ics" => Ok(ics::settings(section, vault).map(Kind::Ics)),
        other => {
            section.problem("kind", format!("`{other}` is not known; write {KINDS}"));
            Err(UnknownKind)
        }
    }
}

/// Takes a plain web address: no user, no password, no query.
fn web_address(section: &mut Section<'_>, key: &'static str) -> Option<Url> {
    // The address may hold a password, so it is not repeated.
    const PLAIN: &str = "is no plain web address; write one such as `https://prospero.example/api`, without user, password or query";
    let url = section.read::<Url>(key, PLAIN);
    let url = section.require(
        key,
        url,
        "a web address such as `https://prospero.example/api`",
    )?;
    let good = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.query().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !good {
        section.problem(key, PLAIN);
    }
    good.then_some(url)
}

/// Takes a plain web address; without one it is `usual`.
fn web_address_or(section: &mut Section<'_>, key: &'static str, usual: &str) -> Option<Url> {
    if section.has(key) {
        return web_address(section, key);
    }
    let absent: Option<String> = section.take(key);
    absent.as_deref().unwrap_or(usual).parse().ok()
}

/// Takes a secret by reference.
fn secret(section: &mut Section<'_>, key: &'static str, vault: Vault<'_>) -> Option<SecretString> {
    if !section.has(key) {
        return section.require(key, None, SecretRef::FORM);
    }
    secret_if_any(section, key, vault)
}

/// Takes a secret by reference, which may be left out.
pub(super) fn secret_if_any(
    section: &mut Section<'_>,
    key: &'static str,
    vault: Vault<'_>,
) -> Option<SecretString> {
    let given = section.has(key);
    // Whatever stands there may be the secret itself, so it is not repeated.
    let Some(reference) = section.take_quietly::<SecretRef>(key) else {
        if !given {
            return None;
        }
        section.problem(
            key,
            format!(
                "must not stand in this file in clear; write {}",
                SecretRef::FORM
            ),
        );
        return None;
    };
    vault
        .read(&reference)
        .map_err(|fact| section.problem(key, fact))
        .ok()
}
