//! `kind = "prospero"`.

use std::collections::BTreeMap;

use crate::{
    config::{
        secret::Vault,
        section::{Form, Section},
    },
    domain::event::Status,
    source::prospero::{AllDayEnd, Settings},
};

use super::{secret, web_address};

impl Form for BTreeMap<String, String> {
    const NAME: &'static str = "table of texts";
    const FORM: &'static str =
        "numbers with their meanings, such as `{ \"0\" = \"tentative\", \"1\" = \"confirmed\" }`";
}

pub(super) fn settings(section: &mut Section<'_>, vault: Vault<'_>) -> Option<Settings> {
    let base_url = web_address(section, "base_url");
    let email: Option<String> = section.take("email");
    let email = section.require(
        "email",
        email,
        "the address of the account that reads, such as `bridge@example.org`",
    );
    let password = secret(section, "password", vault);
    let status = status(section);
    let inclusive = section.choose(
        "all_day_end",
        &[
            ("inclusive", AllDayEnd::Inclusive),
            ("exclusive", AllDayEnd::Exclusive),
        ],
    );
    Some(Settings {
        base_url: base_url?,
        email: email?,
        password: password?,
        status,
        all_day_end: inclusive.unwrap_or_default(),
    })
}

/// What the status numbers mean; the sheet does not say, so only the configuration can (`upstreams/prospero.md` §6.4).
fn status(section: &mut Section<'_>) -> BTreeMap<i64, Status> {
    let mut meanings = BTreeMap::new();
    for (number, told) in section
        .take::<BTreeMap<String, String>>("status")
        .unwrap_or_default()
    {
        let meaning = match told.to_lowercase().as_str() {
            "tentative" | "hold" => Some(Status::Tentative),
            "confirmed" => Some(Status::Confirmed),
            "cancelled" | "canceled" => Some(Status::Cancelled),
            _ => None,
        };
        match (number.parse(), meaning) {
            (Ok(number), Some(meaning)) => {
                meanings.insert(number, meaning);
            }
            (Ok(_), None) => section.problem(
                "status",
                format!("`{told}` is no meaning; write `tentative`, `confirmed` or `cancelled`"),
            ),
            (Err(_), _) => section.problem(
                "status",
                format!(
                    "`{number}` is no number; write {}",
                    BTreeMap::<String, String>::FORM
                ),
            ),
        }
    }
    meanings
}
