//! `calbridge export`

use std::{
    fmt::Display,
    io::{self, Write},
    path::Path,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{CliError, World, stdout};
use crate::{
    config::Config,
    domain::{id::FeedId, window::WindowSpec},
    feed::{FeedError, Feeds, Part, Served, State},
};

/// As long as any upstream needs: nobody is there whom a longer wait would hold up.
pub(super) const PATIENCE: Duration = Duration::from_hours(24);

/// Fetches what the feed needs and writes it to `output`, or to `out`.
pub(super) async fn export(
    config: Config,
    feed: &FeedId,
    window: Option<WindowSpec>,
    output: Option<&Path>,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let (feeds, _) = crate::assemble(config, &world.clock, None)?;
    let part = window.map_or(Part::Default, Part::Window);
    let asked = feeds.get_within(feeds.for_operator(feed), part, PATIENCE);
    let fetched = fetched(&feeds, feed, asked, world).await?;
    let Served {
        document, state, ..
    } = fetched.map_err(|source| CliError::Export {
        feed: feed.clone(),
        source,
    })?;
    if state == State::Partial {
        tracing::warn!(%feed, "a source of this feed could not be read, or only in part; its events may be missing");
    }
    match output {
        None => out
            .write_all(document.identity().body())
            .and_then(|()| out.flush())
            .map_err(stdout),
        Some(path) => replace(path, document.identity().body()).map_err(|source| CliError::Write {
            to: path.display().to_string(),
            source,
        }),
    }
}

/// What comes of `asked`, which asks for a part of `feed`, while the upstreams are polled.
///
/// # Errors
/// [`CliError::Interrupted`] if a signal came first.
pub(super) async fn fetched(
    feeds: &Feeds,
    feed: &impl Display,
    asked: impl Future<Output = Result<Served, FeedError>>,
    world: &World,
) -> Result<Result<Served, FeedError>, CliError> {
    // Shows nothing unless standard error is a terminal.
    let progress = ProgressBar::new_spinner().with_style(ProgressStyle::default_spinner());
    progress.set_message(format!("fetching {feed}"));
    progress.enable_steady_tick(Duration::from_millis(120));
    let stop = world.stop.child_token();
    let fetched = tokio::select! {
        fetched = asked => Some(fetched),
        () = feeds.refresh(&stop) => None,
    };
    progress.finish_and_clear();
    fetched.ok_or(CliError::Interrupted)
}

/// Puts `body` at `path` whole or not at all.
fn replace(path: &Path, body: &[u8]) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    std::fs::write(&part, body)?;
    std::fs::rename(&part, path)
}
