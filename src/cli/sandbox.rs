//! `calbridge sandbox`: an upstream to try calbridge on, and the configuration that serves it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::{self, Write},
    net::SocketAddr,
    path::Path,
};

use chrono::{Days, Months, NaiveDate};
use secrecy::ExposeSecret;
use toml::{Table, Value};

use crate::{
    clock::Clock,
    sandbox::{
        neutral::{self, BadData},
        prospero::{Prospero, Settings},
        season::Season,
    },
};

/// Why the sandbox did not run.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The data file is wrong.
    #[error(
        "the event list cannot be served; mend it, or leave `--data` out for the fictional season"
    )]
    Data(#[from] BadData),
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`; choose another address, or port 0 for a free one")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The address and the configuration could not be printed.
    #[error("cannot print where the sandbox listens; give standard output a place to go")]
    Print(#[source] io::Error),
}

/// Serves the neutral event list in `data`, or else the fictional season around the day `clock` shows, as a Prospero
/// on `listen` until `stop`. Prints its address, then a configuration for it.
///
/// # Errors
///
/// When the data is wrong, the address cannot be listened on, or `out` cannot be written to.
pub async fn sandbox(
    data: Option<&Path>,
    listen: SocketAddr,
    clock: Clock,
    out: &mut impl Write,
    stop: impl Future<Output = ()>,
) -> Result<(), SandboxError> {
    let today = clock.now().date_naive();
    let season = match data {
        Some(path) => neutral::read(path)?,
        None => Season::touring(today),
    };
    let settings = Settings {
        listen,
        ..Settings::new(clock)
    };
    let running = Prospero::start(season.clone(), settings.clone())
        .await
        .map_err(|source| SandboxError::Listen {
            address: listen,
            source,
        })?;
    let config = config_text(&running.url(), &season, &settings, today);
    writeln!(out, "listening on {}\n\n{config}", running.url())
        .and_then(|()| out.flush())
        .map_err(SandboxError::Print)?;
    stop.await;
    running.stop().await;
    Ok(())
}

/// A `calbridge.toml` that serves `season` from a Prospero at `base_url`, with every place in the zone book.
///
/// Its windows roll with the days if the season has events near `today`; a season long past gets the window it fills.
#[must_use]
pub fn config_text(
    base_url: &str,
    season: &Season,
    settings: &Settings,
    today: NaiveDate,
) -> String {
    let password = settings.password.expose_secret().replace('\'', r"'\''");
    let window = window(season, today);
    let mut text = format!(
        "\
# calbridge.toml for the sandbox at {base_url}. The password is not in it; before `calbridge serve`, say
# export PROSPERO_PASSWORD='{password}'

[server]
listen = \"127.0.0.1:8080\"
public_url = \"http://127.0.0.1:8080\"

[sources.stage]
kind = \"prospero\"
{base_url_entry}{email}password = {{ env = \"PROSPERO_PASSWORD\" }}
# What the sandbox means by its numbers; any other one has no meaning.
status = {{ \"0\" = \"tentative\", \"1\" = \"confirmed\", \"2\" = \"cancelled\" }}
# The sandbox is on this machine, which a source may not be without a word.
allow_private_addresses = true
# Where its events are unless the zone book below says otherwise.
{zone}# What is kept warm.
{horizon}# A feed for every group, project, place and tag: /groups/stage/<id>/<name>.ics
group_feeds = \"public\"
",
        base_url_entry = entry("base_url", base_url),
        email = entry("email", &settings.email),
        zone = entry("zone", &season.zone),
        horizon = entry("horizon", &window),
    );
    text += "\n# The zone book. Prospero stores instants only, so this is where the clocks on the walls come from.\n";
    text += "# Rooms, and houses that share a name across zones, go by their ids.\n[sources.stage.zones.places]\n";
    zone_book(season, &mut text);
    text += "\n# Names of what Prospero only sends the ids of.\n[sources.stage.names]\n";
    let groups = season.groups.iter().map(|group| (&group.id, &group.name));
    let others = season
        .projects
        .iter()
        .chain(&season.tags)
        .map(|named| (&named.id, &named.name));
    for (id, name) in groups.chain(others) {
        text += &entry(id, name);
    }
    text += "\n# http://127.0.0.1:8080/feeds/season.ics\n[feeds.season]\n";
    text += &entry("title", &season.title);
    text += "sources = [\"stage\"]\n";
    text += &entry("window", &window);
    text += "# Whose midnights bound the windows.\n";
    text += &entry("zone", &season.zone);
    text
}

/// One line for each place: a venue by its name where that has one zone, anything else by its id.
fn zone_book(season: &Season, text: &mut String) {
    let mut zones = BTreeMap::<String, BTreeSet<&str>>::new();
    for place in &season.places {
        zones
            .entry(place.name.to_lowercase())
            .or_default()
            .insert(&place.zone);
    }
    let mut written = BTreeSet::new();
    for place in &season.places {
        let same_everywhere = zones[&place.name.to_lowercase()].len() == 1;
        if place.inside.is_some() || !same_everywhere {
            // `Debug` keeps a name with a line break on the comment's line.
            _ = writeln!(
                text,
                "{}  # {:?}",
                entry(&place.id, &place.zone).trim_end(),
                place.name
            );
        } else if written.insert(&place.name) {
            *text += &entry(&place.name, &place.zone);
        }
    }
}

/// `key = "value"` with both quoted as TOML wants them, and a line end.
fn entry(key: &str, value: &str) -> String {
    Table::from_iter([(key.to_owned(), Value::from(value))]).to_string()
}

/// The default window if anything happens in it, else the days from the first event to the last, ten years at most.
fn window(season: &Season, today: NaiveDate) -> String {
    let near = today - Days::new(60)..today + Days::new(400);
    let first = season
        .events
        .iter()
        .map(|event| event.span.start().date_naive())
        .min();
    let last = season
        .events
        .iter()
        .map(|event| event.span.last_day())
        .max();
    let alive = season
        .events
        .iter()
        .any(|event| near.contains(&event.span.start().date_naive()));
    match (first, last) {
        (Some(first), Some(last)) if !alive => {
            // A day more on each side, as these days are UTC's.
            let last = last + Days::new(1);
            let first = (first - Days::new(1)).max(last - Months::new(119));
            format!("{first}..{last}")
        }
        _ => "past-60d..next-400d".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sandbox::season::{Event, Span};

    proptest! {
        #[test]
        fn any_text_comes_back_from_an_entry(key in any::<String>(), value in any::<String>()) {
            let line = entry(&key, &value);
            prop_assert!(line.ends_with('\n'));
            let read: Table = line.parse().unwrap();
            prop_assert_eq!(read, Table::from_iter([(key, Value::from(value))]));
        }
    }

    #[test]
    fn windows_roll_over_a_live_season_and_stand_over_a_past_one() {
        for (first, last, want) in [
            ("2026-11-01", "2026-11-30", "past-60d..next-400d"),
            ("2004-09-15", "2027-12-26", "past-60d..next-400d"),
            ("2004-09-15", "2011-06-30", "2004-09-14..2011-07-01"),
            ("1911-01-01", "2011-06-30", "2001-08-01..2011-07-01"),
            ("2030-02-01", "2030-02-28", "2030-01-31..2030-03-01"),
        ] {
            let events = [first, last].map(|text| {
                let (first, last) = (day(text), day(text));
                Event::bare(text, Span::Days { first, last })
            });
            let season = Season {
                events: events.into(),
                ..Season::touring(day("2026-11-22"))
            };
            assert_eq!(
                window(&season, day("2026-11-22")),
                want,
                "{first} to {last}"
            );
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
}
