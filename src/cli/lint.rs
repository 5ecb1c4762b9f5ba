//! `calbridge lint`

use std::io::{self, Write};

use serde::Serialize;

use super::{
    CliError, World,
    history::Shape,
    place::{Place, Web},
    stdout,
};
use crate::{
    StartError,
    lint::{Finding, Findings, Level, http},
    zones::{Databases, Zones},
};

/// Says what is wrong with the calendar at `place`, and how it is served if that is an address.
pub(super) async fn lint(
    place: &Place,
    shape: Shape,
    world: &World,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let zones = Zones::open(Databases::new(None), world.clock.now()).map_err(StartError::Zones)?;
    let data = zones.current();
    let findings = if let Place::Web(address) = place {
        let visit = Web::open(address).await?.visit().await;
        let mut findings = Findings::of(&visit.plain.body, &data);
        http::look(&visit, &mut findings);
        findings
    } else {
        Findings::of(&place.read().await?, &data)
    };
    match shape {
        Shape::Json => json(&findings, out),
        Shape::Lines => tell(&findings, out),
    }
    .map_err(stdout)?;
    match findings.count(Level::Error) {
        0 => Ok(()),
        errors => Err(CliError::Flawed { errors }),
    }
}

/// A finding as a script reads it.
#[derive(Serialize)]
struct Told<'a> {
    rule: &'static str,
    level: Level,
    line: Option<usize>,
    found: &'a str,
    right: &'static str,
    suffers: &'static str,
}

/// A law that is broken more often than is told.
#[derive(Serialize)]
struct Untold {
    rule: &'static str,
    level: Level,
    times: usize,
    right: &'static str,
}

#[derive(Serialize)]
struct Report<'a> {
    errors: usize,
    warnings: usize,
    hints: usize,
    findings: Vec<Told<'a>>,
    more: Vec<Untold>,
}

impl<'a> From<&'a Finding> for Told<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            rule: finding.law.rule,
            level: finding.law.level,
            line: finding.line,
            found: &finding.found,
            right: finding.law.right,
            suffers: finding.law.suffers,
        }
    }
}

fn json(findings: &Findings, out: &mut impl Write) -> io::Result<()> {
    let more = findings.untold().map(|(law, times)| Untold {
        rule: law.rule,
        level: law.level,
        times,
        right: law.right,
    });
    let report = Report {
        errors: findings.count(Level::Error),
        warnings: findings.count(Level::Warning),
        hints: findings.count(Level::Hint),
        findings: findings.told().map(Told::from).collect(),
        more: more.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

/// Three lines each: where and what, what would be right, who suffers.
fn tell(findings: &Findings, out: &mut impl Write) -> io::Result<()> {
    for Finding { law, line, found } in findings.told() {
        let level = word(law.level);
        match line {
            Some(line) => writeln!(out, "{level} {} line {line}: {found}", law.rule)?,
            None => writeln!(out, "{level} {}: {found}", law.rule)?,
        }
        writeln!(out, "    right:   {}", law.right)?;
        writeln!(out, "    suffers: {}", law.suffers)?;
    }
    for (law, times) in findings.untold() {
        writeln!(
            out,
            "{} {}: {times} more: {}",
            word(law.level),
            law.rule,
            law.right
        )?;
    }
    let [errors, warnings, hints] =
        [Level::Error, Level::Warning, Level::Hint].map(|level| findings.count(level));
    writeln!(out, "{errors} errors, {warnings} warnings, {hints} hints")
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error  ",
        Level::Warning => "warning",
        Level::Hint => "hint   ",
    }
}
