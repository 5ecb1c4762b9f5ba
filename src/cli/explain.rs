//! `calbridge explain`

mod calendar;

use std::{
    io::{self, Write},
    sync::Arc,
};

use super::{
    CliError, ConfigFile, World,
    export::{PATIENCE, fetched},
    history::Shape,
    stdout,
};
use crate::{
    StartError,
    config::Store,
    domain::{id::SourceId, window::WindowSpec},
    feed::{
        FeedError, Feeds, Part,
        explain::{About, Case, Explanation, Fate, LeftOut},
    },
    store::{Loaded, sqlite},
};

pub use calendar::{BadCalendar, Calendar};

/// What is asked.
#[derive(Debug)]
pub(super) struct Question {
    /// The feed, or the group.
    pub(super) calendar: Calendar,
    /// Another window than its own.
    pub(super) window: Option<WindowSpec>,
    /// The event.
    pub(super) about: About,
    /// Where the answer comes from.
    pub(super) witness: Witness,
}

/// Who knows the events of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Witness {
    /// The store, if it knows something of the event; the upstreams otherwise.
    Store,
    /// The upstreams, as they are now.
    Upstreams,
}

/// Says why events are, or are not, in a feed, rule by rule.
pub(super) async fn explain(
    file: &ConfigFile,
    question: Question,
    shape: Shape,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let stored = match question.witness {
        Witness::Store => question.ask_the_store(file, world).await?,
        Witness::Upstreams => None,
    };
    let explained = if let Some(explained) = stored {
        explained
    } else {
        tracing::info!("the store cannot tell; the upstreams are asked");
        question.ask_the_upstreams(file, world).await?
    };
    match shape {
        Shape::Json => serde_json::to_writer_pretty(&mut *out, &explained)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out)),
        Shape::Lines => tell(&explained, out),
    }
    .map_err(stdout)?;
    if !explained.fits() {
        return Err(CliError::NoEvent(question.about));
    }
    Ok(())
}

impl Question {
    /// What the store knows of the event; `None` if that is nothing, as of what an upstream hides.
    async fn ask_the_store(
        &self,
        file: &ConfigFile,
        world: &World,
    ) -> Result<Option<Explanation>, CliError> {
        let config = file.load(world)?;
        let sources = self.calendar.sources(&config)?;
        let Some(loaded) = kept(&config.store, &sources).await? else {
            return Ok(None);
        };
        let feeds = crate::recall(config, &world.clock, loaded)?;
        match self.explained_by(&feeds).await {
            Ok(explained) => Ok(Some(explained).filter(Explanation::fits)),
            Err(
                CliError::NoGroup { .. }
                | CliError::Unexplained {
                    source: FeedError::Missing { .. },
                    ..
                },
            ) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What the upstreams say now; nothing of it is kept.
    async fn ask_the_upstreams(
        &self,
        file: &ConfigFile,
        world: &World,
    ) -> Result<Explanation, CliError> {
        let config = file.load(world)?;
        self.calendar.sources(&config)?;
        let (feeds, _) = crate::assemble(config, &world.clock, None)?;
        let part = self.window.map_or(Part::Default, Part::Window);
        let name = self.calendar.name(&feeds)?;
        let asked = async {
            match feeds.get_within(name, part, PATIENCE).await {
                // What groups are called is known only now.
                Err(FeedError::Unknown) => {
                    let name = self.calendar.name(&feeds);
                    let name = name.map_err(|_no_feeds| FeedError::Unknown)?;
                    feeds.get_within(name, part, PATIENCE).await
                }
                found => found,
            }
        };
        match fetched(&feeds, &self.calendar, asked, world).await? {
            Ok(_) | Err(FeedError::Unknown) => self.explained_by(&feeds).await,
            Err(source) => Err(self.unexplained(source)),
        }
    }

    /// What is known among `feeds`.
    async fn explained_by(&self, feeds: &Arc<Feeds>) -> Result<Explanation, CliError> {
        let name = self.calendar.name(feeds)?;
        let explained = feeds.explain(&name, self.window, &self.about).await;
        explained.map_err(|error| match error {
            FeedError::Unknown => self.calendar.missing_from(feeds),
            source => self.unexplained(source),
        })
    }

    fn unexplained(&self, source: FeedError) -> CliError {
        CliError::Unexplained {
            feed: self.calendar.to_string(),
            source,
        }
    }
}

/// What the store has, if that is anything of `sources`.
async fn kept(store: &Store, sources: &[SourceId]) -> Result<Option<Loaded>, StartError> {
    let Store::File(path) = store else {
        return Ok(None);
    };
    let loaded = sqlite::recall(path).await?;
    let has = |loaded: &Loaded| {
        let mut units = loaded.units.iter();
        units.any(|unit| sources.contains(&unit.kept.key.source))
    };
    Ok(loaded.filter(has))
}

/// The feed, its sources, and of each event a line for every rule.
fn tell(explained: &Explanation, out: &mut impl Write) -> io::Result<()> {
    let days = explained
        .window
        .as_deref()
        .unwrap_or("all days that are kept");
    writeln!(
        out,
        "feed {}: {days} in {}, access {}, detail {}",
        explained.feed, explained.zone, explained.access, explained.detail
    )?;
    for standing in &explained.sources {
        let confirmed = standing.confirmed.as_deref().unwrap_or("never");
        write!(out, "source {}: as of {confirmed}", standing.source)?;
        match &standing.trouble {
            Some(trouble) => writeln!(out, "; {trouble}")?,
            None => writeln!(out)?,
        }
    }
    explained
        .events
        .iter()
        .try_for_each(|case| tell_case(case, out))?;
    if explained.more > 0 {
        writeln!(
            out,
            "\n{} more events fit; ask for one of them",
            explained.more
        )?;
    }
    explained
        .left_out
        .iter()
        .try_for_each(|left_out| tell_left_out(left_out, out))
}

fn tell_left_out(left_out: &LeftOut, out: &mut impl Write) -> io::Result<()> {
    let fate = match left_out.fate {
        Fate::Withheld => "the upstream has it and hides it",
        Fate::Unclear => "the upstream has it and may hide it",
        Fate::Unreadable => "no event could be made of it",
    };
    writeln!(out, "\n{} in {}", left_out.id, left_out.source)?;
    writeln!(out, "    NO   source     {fate}: {}", left_out.why)?;
    writeln!(out, "    => not in the feed")
}

fn tell_case(case: &Case, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{}, {}", case.title, case.when)?;
    writeln!(out, "    {} in {} ({})", case.uid, case.source, case.unit)?;
    for step in &case.steps {
        let verdict = if step.passes { "yes" } else { "NO" };
        writeln!(out, "    {verdict:<3}  {:<9}  {}", step.rule, step.why)?;
    }
    for note in &case.notes {
        writeln!(out, "    note: {note}")?;
    }
    let verdict = if case.shown {
        "in the feed"
    } else {
        "not in the feed"
    };
    writeln!(out, "    => {verdict}")
}
