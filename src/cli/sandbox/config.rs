//! The configuration that serves what the sandbox shows.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use chrono::{Days, Months, NaiveDate};
use secrecy::ExposeSecret;
use toml::{Table, Value};

use super::doubles::{Double, Doubles, Secret};
use crate::sandbox::{
    add_to_calendar_pro, ics, prospectconnect, prosper, prospero::Settings, season::Season,
};

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
    let page = Page::new(season, today);
    let secrets = [Secret::new("PROSPERO_PASSWORD", &settings.password)];
    let (source, feed) = page.prospero(base_url, settings);
    whole(base_url, &secrets, &[(source, feed)])
}

/// The same for every double that runs and that this version has a connector for.
pub(in crate::cli) fn config_of(doubles: &Doubles, season: &Season, today: NaiveDate) -> String {
    let page = Page::new(season, today);
    let parts: Vec<_> = doubles
        .all()
        .iter()
        .map(|double| page.part(double))
        .collect();
    let first = doubles.all().first().map(Double::url);
    whole(&first.unwrap_or_default(), &doubles.secrets(), &parts)
}

/// The whole text, made of a source and a feed for each upstream.
fn whole(url: &str, secrets: &[Secret<'_>], parts: &[(String, String)]) -> String {
    let (noun, verb) = match secrets {
        [_] => ("password", "is"),
        _ => ("secrets", "are"),
    };
    let mut text = format!(
        "# calbridge.toml for the sandbox at {url}. The {noun} {verb} not in it; before `calbridge serve`, say\n"
    );
    for Secret { name, secret } in secrets {
        let secret = secret.expose_secret().replace('\'', r"'\''");
        _ = writeln!(text, "# export {name}='{secret}'");
    }
    text += "
[server]
listen = \"127.0.0.1:8080\"
public_url = \"http://127.0.0.1:8080\"
";
    for (source, _) in parts {
        text += source;
    }
    for (_, feed) in parts {
        text += feed;
    }
    text
}

/// What every part of the configuration refers to.
struct Page<'a> {
    season: &'a Season,
    window: String,
}

impl<'a> Page<'a> {
    fn new(season: &'a Season, today: NaiveDate) -> Self {
        let window = window(season, today);
        Self { season, window }
    }

    /// A source for a double, and a feed for the source.
    fn part(&self, double: &Double) -> (String, String) {
        match double {
            Double::Prospero(running, settings) => self.prospero(&running.url(), settings),
            Double::AddToCalendarPro(running, _) => self.add_to_calendar_pro(running),
            Double::Ics(running) => self.ics(running),
            Double::ProspectConnect(running, settings) => self.prospectconnect(running, settings),
            Double::Prosper(running, settings) => self.prosper(running, settings),
        }
    }

    fn prospero(&self, base_url: &str, settings: &Settings) -> (String, String) {
        let season = self.season;
        let mut text = format!(
            "
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
            horizon = entry("horizon", &self.window),
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
        (text, self.feed("season", &season.title, "stage"))
    }

    fn add_to_calendar_pro(&self, running: &add_to_calendar_pro::Running) -> (String, String) {
        let own = entry("base_url", &running.base_url())
            + "key = { env = \"ADD_TO_CALENDAR_PRO_KEY\" }\n";
        let title = format!("{}, as announced", self.season.title);
        (
            self.source("announced", "add-to-calendar-pro", &own),
            self.feed("announced", &title, "announced"),
        )
    }

    fn ics(&self, running: &ics::Running) -> (String, String) {
        let own = entry("url", &format!("{}/season.ics", running.url()));
        let title = format!("{}, from its own calendar", self.season.title);
        (
            self.source("linked", "ics", &own),
            self.feed("linked", &title, "linked"),
        )
    }

    fn prospectconnect(
        &self,
        running: &prospectconnect::Running,
        settings: &prospectconnect::Settings,
    ) -> (String, String) {
        let own = entry("base_url", &running.base_url())
            + "token = { env = \"PROSPECTCONNECT_TOKEN\" }\n"
            + &entry("version", &settings.version)
            + "resources = [\"tasks\", \"deals\", \"activities\"]\n";
        let title = format!("{}: what is to be done", self.season.title);
        (
            self.source("desk", "prospectconnect", &own),
            self.feed("desk", &title, "desk"),
        )
    }

    fn prosper(
        &self,
        running: &prosper::Running,
        settings: &prosper::Settings,
    ) -> (String, String) {
        let own = entry("base_url", &running.base_url())
            + &entry("listings_base_url", &running.listings_base_url())
            + &entry("client_id", &settings.client_id)
            + "client_secret = { env = \"PROSPER_CLIENT_SECRET\" }\n"
            + &entry("username", &settings.username)
            + "password = { env = \"PROSPER_PASSWORD\" }\n"
            + "records = [\"notes\", \"listings\"]\n";
        let title = format!("{}: what is due", self.season.title);
        (
            self.source("endowment", "prosper", &own),
            self.feed("endowment", &title, "endowment"),
        )
    }

    /// A source with the keys of its kind in `own`.
    fn source(&self, name: &str, kind: &str, own: &str) -> String {
        format!(
            "\n[sources.{name}]\n{kind}{own}allow_private_addresses = true\n{zone}{horizon}group_feeds = \"public\"\n",
            kind = entry("kind", kind),
            zone = entry("zone", &self.season.zone),
            horizon = entry("horizon", &self.window),
        )
    }

    fn feed(&self, name: &str, title: &str, source: &str) -> String {
        format!(
            "\n# http://127.0.0.1:8080/feeds/{name}.ics\n[feeds.{name}]\n{title}sources = [\"{source}\"]\n{window}# Whose midnights bound the windows.\n{zone}",
            title = entry("title", title),
            window = entry("window", &self.window),
            zone = entry("zone", &self.season.zone),
        )
    }
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
mod tests;
