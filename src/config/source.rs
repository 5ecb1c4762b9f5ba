//! `[sources.…]`.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use chrono_tz::Tz;
use secrecy::SecretString;
use url::Url;

use crate::{
    domain::{event::Status, id::SourceId, text::Line, window::WindowSpec},
    source::prospero,
    zones::{Book, alias::canonical},
};

use super::{
    duration::Length,
    secret::{SecretRef, Vault},
    section::{Form, Section},
};

impl Form for BTreeMap<String, String> {
    const NAME: &'static str = "table of texts";
    const FORM: &'static str =
        "numbers with their meanings, such as `{ \"0\" = \"tentative\", \"1\" = \"confirmed\" }`";
}

/// How often a source is asked, unless it says otherwise.
const REFRESH: Duration = Duration::from_mins(10);
/// How long one upstream call may take with all its attempts, unless the source says otherwise.
const TIMEOUT: Duration = Duration::from_mins(1);

/// One configured upstream account.
#[derive(Debug)]
pub struct Source {
    /// What is there and how to get in.
    pub kind: Kind,
    /// The days that are kept warm.
    pub horizon: WindowSpec,
    /// Time between two polls.
    pub refresh: Duration,
    /// How long one upstream call may take with all its attempts.
    pub timeout: Duration,
    /// Who may read a feed of any group of it.
    pub group_feeds: GroupFeeds,
    /// Whose midnights bound its days, and where its events are unless the book says otherwise.
    pub zone: Tz,
    /// Which zone its events live in.
    pub book: Book,
    /// Names, by lower-cased id, for what the upstream does not let us read.
    pub names: HashMap<String, Line>,
    /// Whether it may be at a loopback or private address.
    pub allow_private_addresses: bool,
}

/// What kind of upstream it is, with the settings of that kind.
#[derive(Debug)]
pub enum Kind {
    /// Scheduling of performing-arts organisations.
    Prospero(prospero::Settings),
}

/// Who may read a feed of any upstream group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupFeeds {
    /// Everybody.
    Public,
    /// Nobody: only configured feeds exist.
    Off,
}

/// Every source by name; one that has problems is there, but empty, so that feeds may refer to it.
pub(super) fn sources(
    mut section: Section<'_>,
    vault: Vault<'_>,
    without_effect: &mut Vec<String>,
) -> BTreeMap<SourceId, Option<Source>> {
    let mut sources = BTreeMap::new();
    for (name, inner) in section.sections() {
        match name.parse() {
            Ok(id) => {
                sources.insert(id, source(inner, vault, without_effect));
            }
            Err(error) => section.problem(&name, error),
        }
    }
    sources
}

fn source(
    mut section: Section<'_>,
    vault: Vault<'_>,
    without_effect: &mut Vec<String>,
) -> Option<Source> {
    let kind: Option<String> = section.take("kind");
    let kind = section.require("kind", kind, "`prospero`");
    let settings = match kind.as_deref() {
        Some("prospero") => Some(prospero(&mut section, vault).map(Kind::Prospero)),
        Some(later @ ("add-to-calendar-pro" | "prospectconnect" | "prosper" | "ics")) => {
            section.problem(
                "kind",
                format!("`{later}` is not part of this version; `prospero` is"),
            );
            None
        }
        Some(other) => {
            section.problem("kind", format!("`{other}` is not known; write `prospero`"));
            None
        }
        None => None,
    };
    // Without a kind, what its other keys mean is not known.
    let settings = settings?;
    let zone_here = zone(&mut section, "zone").unwrap_or(Tz::UTC);
    let horizon = section.parse("horizon");
    if horizon == Some(WindowSpec::All) {
        section.problem(
            "horizon",
            "`all` has no bounds; write one such as `past-60d..next-400d`",
        );
    }
    let refresh = section
        .parse::<Length>("refresh")
        .map_or(REFRESH, |length| length.0);
    let timeout = section
        .parse::<Length>("timeout")
        .map_or(TIMEOUT, |length| length.0);
    let group_feeds = group_feeds(&mut section);
    let allow_private_addresses = section.take("allow_private_addresses").unwrap_or_default();
    if section.take::<SecretRef>("webhook").is_some() {
        without_effect.push(section.at("webhook"));
    }
    let names = section.section("names").texts();
    let mut zones = section.section("zones");
    let places = zone_table(&mut zones.section("places"));
    let groups = zone_table(&mut zones.section("groups"));
    zones.finish();
    section.finish();
    Some(Source {
        kind: settings?,
        horizon: horizon.or_else(|| super::feed::WINDOW.parse().ok())?,
        refresh,
        timeout,
        group_feeds,
        book: Book::new(places, groups, Some(zone_here)),
        zone: zone_here,
        names: names
            .into_iter()
            .map(|(id, name)| (id.to_lowercase(), Line::new(&name)))
            .collect(),
        allow_private_addresses,
    })
}

/// Takes an IANA zone name; an unknown one is a problem.
pub(super) fn zone(section: &mut Section<'_>, key: &'static str) -> Option<Tz> {
    let name: String = section.take(key)?;
    // The present name, so that one zone has one spelling in a calendar (interop Z9).
    parse_zone(&name)
        .map(canonical)
        .map_err(|fact| section.problem(key, fact))
        .ok()
}

fn parse_zone(name: &str) -> Result<Tz, String> {
    name.parse().map_err(|_unknown: chrono_tz::ParseError| {
        format!("`{name}` is no IANA time zone; write one such as `Europe/Berlin`")
    })
}

fn zone_table(section: &mut Section<'_>) -> Vec<(String, Tz)> {
    let mut table = Vec::new();
    for (name, zone) in section.texts() {
        match parse_zone(&zone) {
            Ok(tz) => table.push((name, tz)),
            Err(fact) => section.problem(&name, fact),
        }
    }
    table
}

fn group_feeds(section: &mut Section<'_>) -> GroupFeeds {
    let choices = [
        ("public", Some(GroupFeeds::Public)),
        ("off", Some(GroupFeeds::Off)),
        ("token", None),
    ];
    match section.choose("group_feeds", &choices) {
        Some(Some(choice)) => choice,
        Some(None) => {
            section.problem("group_feeds", "`token` needs secret links, which this version does not have; write `public` or `off`");
            GroupFeeds::Off
        }
        // Nothing is public that the operator has not made public.
        None => GroupFeeds::Off,
    }
}

fn prospero(section: &mut Section<'_>, vault: Vault<'_>) -> Option<prospero::Settings> {
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
            ("inclusive", prospero::AllDayEnd::Inclusive),
            ("exclusive", prospero::AllDayEnd::Exclusive),
        ],
    );
    Some(prospero::Settings {
        base_url: base_url?,
        email: email?,
        password: password?,
        status,
        all_day_end: inclusive.unwrap_or_default(),
    })
}

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

fn secret(section: &mut Section<'_>, key: &'static str, vault: Vault<'_>) -> Option<SecretString> {
    if !section.has(key) {
        return section.require(key, None, SecretRef::FORM);
    }
    // Whatever stands there may be the secret itself, so it is not repeated.
    let Some(reference) = section.take_quietly::<SecretRef>(key) else {
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
