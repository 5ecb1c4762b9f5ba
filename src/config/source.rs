//! `[sources.…]`.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use chrono_tz::Tz;
use secrecy::ExposeSecret as _;

use crate::{
    domain::{
        feed::GroupFeeds,
        hook::{BadSecret, HookSecret},
        id::SourceId,
        text::Line,
        window::WindowSpec,
    },
    source::Kind,
    zones::{Book, alias::canonical},
};

use super::{
    duration::Length, fingerprint::Fingerprint, kind, secret::Vault, section::Section,
    token::Access,
};

/// How often a source is asked, unless it says otherwise.
const REFRESH: Duration = Duration::from_mins(10);
/// How long one upstream call may take with all its attempts, unless the source says otherwise.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How often an upstream that others use too is asked at most: more often, and it would rightly shut us out.
const REFRESH_MIN: Duration = Duration::from_secs(30);
/// The least time it gets: with less, every slow answer would be a failure.
const TIMEOUT_MIN: Duration = Duration::from_secs(5);

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
    /// The secret of its webhook, if it has one.
    pub webhook: Option<HookSecret>,
    /// Whose midnights bound its days, and where its events are unless the book says otherwise.
    pub zone: Tz,
    /// Which zone its events live in.
    pub book: Book,
    /// Names, by lower-cased id, for what the upstream does not let us read.
    pub names: HashMap<String, Line>,
    /// Whether it may be at a loopback or private address.
    pub allow_private_addresses: bool,
    /// Differs from that of an earlier configuration if anything of this does.
    pub fingerprint: Fingerprint,
}

/// Every source by name; one that has problems is there, but empty, so that feeds may refer to it.
pub(super) fn sources(
    mut section: Section<'_>,
    vault: Vault<'_>,
) -> BTreeMap<SourceId, Option<Source>> {
    let mut sources = BTreeMap::new();
    for (name, inner) in section.sections() {
        match name.parse() {
            Ok(id) => {
                sources.insert(id, source(inner, vault));
            }
            Err(error) => section.problem(&name, error),
        }
    }
    sources
}

fn source(mut section: Section<'_>, vault: Vault<'_>) -> Option<Source> {
    let fingerprint = section.fingerprint(vault);
    let settings = kind::kind(&mut section, vault).ok()?;
    let zone_here = zone(&mut section, "zone").unwrap_or(Tz::UTC);
    let horizon = section.parse("horizon");
    if horizon == Some(WindowSpec::All) {
        section.problem(
            "horizon",
            "`all` has no bounds; write one such as `past-60d..next-400d`",
        );
    }
    let allow_private_addresses: bool = section.take("allow_private_addresses").unwrap_or_default();
    let mut length = |key, default, least: Duration| {
        let Some(Length(length)) = section.parse(key) else {
            return default;
        };
        if length < least && !allow_private_addresses {
            let (short, least) = (length.as_secs(), least.as_secs());
            let fact = format!(
                "`{short}s` is too short for an upstream that others use too; write `{least}s` or more"
            );
            section.problem(key, fact);
        }
        length
    };
    let refresh = length("refresh", REFRESH, REFRESH_MIN);
    let timeout = length("timeout", TIMEOUT, TIMEOUT_MIN);
    let group_feeds = group_feeds(&mut section);
    let webhook = webhook(&mut section, vault);
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
        webhook,
        book: Book::new(places, groups, Some(zone_here)),
        zone: zone_here,
        names: names
            .into_iter()
            .map(|(id, name)| (id.to_lowercase(), Line::new(&name)))
            .collect(),
        allow_private_addresses,
        fingerprint,
    })
}

/// Takes the secret of the address that the upstream calls. Every kind may have one: that a call came is all that counts.
fn webhook(section: &mut Section<'_>, vault: Vault<'_>) -> Option<HookSecret> {
    let secret = kind::secret_if_any(section, "webhook", vault)?;
    let read = secret.expose_secret().parse();
    read.map_err(|error: BadSecret| section.problem("webhook", error))
        .ok()
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
    let given = section.has("group_feeds");
    let choices = [
        ("public", GroupFeeds::Public),
        ("token", GroupFeeds::Closed(Vec::new())),
        ("off", GroupFeeds::Off),
    ];
    let choice = section.choose("group_feeds", &choices);
    let access = match choice {
        Some(GroupFeeds::Closed(_)) => Access::Token,
        None if given => Access::Unclear,
        _ => Access::Public,
    };
    let tokens = access.tokens(section, "group_feeds");
    match choice {
        Some(GroupFeeds::Closed(_)) => GroupFeeds::Closed(tokens),
        Some(choice) => choice,
        // Nothing is public that the operator has not made public.
        None => GroupFeeds::Off,
    }
}
