//! `calbridge explain`

use std::{
    io::{self, Write},
    sync::Arc,
};

use super::{CliError, World, export::fetched, history::Shape, stdout};
use crate::{
    StartError,
    config::{Config, Store},
    domain::{
        id::{FeedId, SourceId},
        window::WindowSpec,
    },
    feed::{
        Feeds, Part,
        explain::{About, Case, Explanation},
    },
    store::{Loaded, sqlite},
};

/// What is asked.
#[derive(Debug)]
pub(super) struct Question {
    /// The feed.
    pub(super) feed: FeedId,
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
    /// The store, if it has something of the feed; the upstreams otherwise.
    Store,
    /// The upstreams, as they are now.
    Upstreams,
}

/// Says why events are, or are not, in a feed, rule by rule.
pub(super) async fn explain(
    config: Config,
    question: Question,
    shape: Shape,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let Question {
        feed,
        window,
        about,
        witness,
    } = question;
    let Some((_, configured)) = config.every_feed().find(|(id, _)| **id == feed) else {
        let known = config.every_feed().map(|(id, _)| id);
        return Err(CliError::unknown("feed", &feed, known));
    };
    let kept = match witness {
        Witness::Store => kept(&config.store, &configured.sources).await?,
        Witness::Upstreams => None,
    };
    let feeds = match kept {
        Some(loaded) => crate::recall(config, &world.clock, loaded)?,
        None => asked(config, &feed, window, world).await?,
    };
    let explained = feeds.explain(&feed, window, &about).await;
    let explained = explained.map_err(|source| CliError::Unexplained {
        feed: feed.clone(),
        source,
    })?;
    match shape {
        Shape::Json => serde_json::to_writer_pretty(&mut *out, &explained)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out)),
        Shape::Lines => tell(&explained, out),
    }
    .map_err(stdout)?;
    if explained.events.is_empty() && explained.left_out.is_empty() {
        return Err(CliError::NoEvent(about));
    }
    Ok(())
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

/// The feeds over what the upstreams say now; nothing of it is kept.
async fn asked(
    config: Config,
    feed: &FeedId,
    window: Option<WindowSpec>,
    world: &World,
) -> Result<Arc<Feeds>, CliError> {
    let (feeds, _) = crate::assemble(config, &world.clock, None)?;
    let part = window.map_or(Part::Default, Part::Window);
    let fetched = fetched(&feeds, feed, part, world).await?;
    match fetched {
        Ok(_) => Ok(feeds),
        Err(source) => Err(CliError::Unexplained {
            feed: feed.clone(),
            source,
        }),
    }
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
    for left_out in &explained.left_out {
        writeln!(
            out,
            "\n{} in {}\n    NO   source     no event could be made of it: {}",
            left_out.id, left_out.source, left_out.why
        )?;
    }
    Ok(())
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
