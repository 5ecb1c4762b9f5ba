//! `kind = "add-to-calendar-pro"`.

use crate::{
    api::Credential,
    config::{secret::Vault, section::Section},
    source::add_to_calendar_pro::{BASE_URL, Settings},
};

use super::{secret, web_address_or};

pub(super) fn settings(section: &mut Section<'_>, vault: Vault<'_>) -> Option<Settings> {
    let base_url = web_address_or(section, "base_url", BASE_URL);
    let key = secret(section, "key", vault).and_then(|key| {
        Credential::raw(&key)
            .map_err(|fact| section.problem("key", fact))
            .ok()
    });
    Some(Settings {
        base_url: base_url?,
        key: key?,
    })
}
