//! `calbridge check`

mod facts;
mod groups;

use std::io::{self, Write};

use serde::Serialize;

use super::{CliError, World, history::Shape, stdout};
use crate::{
    api::Chain,
    config::{Config, Store},
    feed::Feeds,
    store::{Loaded, sqlite},
};

use facts::{clock, zone_data};

/// What may be asked for a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The upstreams too.
    Upstreams,
    /// Nothing outside this machine.
    Offline,
}

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and it is worth a look.
    Warning,
    /// It does not work.
    Failed,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Fact {
    /// What it is, such as `source stage`.
    subject: String,
    verdict: Verdict,
    /// What was found, and if it is not well, what to do.
    found: String,
}

impl Fact {
    fn new(subject: impl Into<String>, verdict: Verdict, found: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            verdict,
            found: found.into(),
        }
    }
}

/// All of them.
#[derive(Serialize)]
struct Report<'a> {
    failed: usize,
    warnings: usize,
    checks: &'a [Fact],
}

/// Checks what the configuration refers to; the configuration itself has no problems any more.
pub(super) async fn check(
    config: Config,
    reach: Reach,
    shape: Shape,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let store = config.store.clone();
    let shown = config.feeds.len() + config.closed.len();
    let count = format!("{} sources, {shown} feeds", config.sources.len());
    let mut facts = vec![Fact::new("configuration", Verdict::Ok, count)];
    let (feeds, zones) = crate::assemble(config, &world.clock, None)?;
    facts.push(zone_data(&zones.current(), world.clock.now()));
    let (fact, kept) = look_at(&store).await;
    facts.push(fact);
    if reach == Reach::Upstreams {
        facts.extend(sources(&feeds).await);
        facts.extend(clock(
            feeds
                .sources()
                .filter_map(|(id, units)| Some((id, units.skew()?))),
        ));
    }
    facts.extend(groups::groups(&feeds, &kept, reach).await);
    match shape {
        Shape::Json => json(&facts, out),
        Shape::Lines => facts.iter().try_for_each(|fact| tell(fact, out)),
    }
    .map_err(stdout)?;
    match count_of(&facts, Verdict::Failed) {
        0 => Ok(()),
        failed => Err(CliError::Checks {
            failed,
            of: facts.len(),
        }),
    }
}

/// How the store is, without a change to it, and what it has.
async fn look_at(store: &Store) -> (Fact, Loaded) {
    let Store::File(path) = store else {
        let found = "none; what is published ends with the process";
        return (Fact::new("store", Verdict::Ok, found), Loaded::default());
    };
    let name = path.display();
    let looked = async {
        let found = sqlite::inspect(path).await?;
        Ok((found, sqlite::recall(path).await?.unwrap_or_default()))
    };
    match looked.await {
        Ok((None, kept)) => {
            let found = format!("{name}, to be made");
            (Fact::new("store", Verdict::Ok, found), kept)
        }
        Ok((Some(found), kept)) => {
            let found = format!("{name}, {} events, layout {}", found.events, found.layout);
            (Fact::new("store", Verdict::Ok, found), kept)
        }
        Err::<_, crate::store::StoreError>(error) => {
            let found = Chain(&error).to_string();
            (
                Fact::new("store", Verdict::Failed, found),
                Loaded::default(),
            )
        }
    }
}

/// Whether every upstream lets us in, and as whom.
async fn sources(feeds: &Feeds) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (id, units) in feeds.sources() {
        let subject = format!("source {id}");
        facts.push(match units.check().await {
            Ok(account) => Fact::new(subject, Verdict::Ok, format!("as {account}")),
            Err(error) => Fact::new(subject, Verdict::Failed, Chain(&error).to_string()),
        });
    }
    facts
}

fn json(facts: &[Fact], out: &mut impl Write) -> io::Result<()> {
    let report = Report {
        failed: count_of(facts, Verdict::Failed),
        warnings: count_of(facts, Verdict::Warning),
        checks: facts,
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn count_of(facts: &[Fact], verdict: Verdict) -> usize {
    facts.iter().filter(|fact| fact.verdict == verdict).count()
}

/// `source stage     ok  as bridge@theatre.example`
fn tell(fact: &Fact, out: &mut impl Write) -> io::Result<()> {
    let verdict = match fact.verdict {
        Verdict::Ok => "ok",
        Verdict::Warning => "WARNING",
        Verdict::Failed => "FAILED",
    };
    writeln!(out, "{:<16} {verdict}  {}", fact.subject, fact.found)
}
