//! `calbridge export`

use std::{
    io::{self, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{CliError, World, stdout};
use crate::{
    config::Config,
    domain::{id::FeedId, window::WindowSpec},
    feed::{FeedError, FeedName, Feeds, Part, document::Document},
};

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
    // Shows nothing unless standard error is a terminal.
    let progress = ProgressBar::new_spinner().with_style(ProgressStyle::default_spinner());
    progress.set_message(format!("fetching {feed}"));
    progress.enable_steady_tick(Duration::from_millis(120));
    let stop = world.stop.child_token();
    let fetched = tokio::select! {
        fetched = patiently(&feeds, feed, part) => Some(fetched),
        () = feeds.refresh(&stop) => None,
    };
    progress.finish_and_clear();
    let fetched = fetched.ok_or(CliError::Interrupted)?;
    let document = fetched.map_err(|source| CliError::Export {
        feed: feed.clone(),
        source,
    })?;
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

/// Waits as long as the upstream needs: nobody is there whom a longer wait would hold up.
async fn patiently(
    feeds: &Arc<Feeds>,
    feed: &FeedId,
    part: Part,
) -> Result<Arc<Document>, FeedError> {
    let name = FeedName::Configured(feed.clone());
    loop {
        match feeds.get(name.clone(), part).await {
            Err(FeedError::Pending) => {}
            done => return done,
        }
    }
}

/// Puts `body` at `path` whole or not at all.
fn replace(path: &Path, body: &[u8]) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    std::fs::write(&part, body)?;
    std::fs::rename(&part, path)
}
