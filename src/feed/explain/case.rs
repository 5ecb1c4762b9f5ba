//! One event before the rules of a feed, one after another.

use std::sync::Arc;

use serde::Serialize;

use crate::{
    domain::{
        event::{Event, Groups, Status},
        feed::{Cancelled, Detail, Feed},
        history::Entry,
        id::{GroupId, SourceId},
        select::{Rule, Rules, Shown},
        when::{When, stamp},
    },
    format::ics::Flaw,
};

use super::{super::recipe::Ingredients, Copy, Outcome};

/// Why one event is, or is not, in a feed.
#[derive(Debug, Serialize)]
pub struct Case {
    /// Its title, as the upstream has it.
    pub title: String,
    /// Its `UID`; of a series that of the whole.
    pub uid: String,
    /// When it is; of a series its first instance.
    pub when: String,
    /// Whose event it is.
    pub source: String,
    /// The unit this copy of it is in.
    pub unit: String,
    /// Whether the calendar has it, or an instance of it.
    pub shown: bool,
    /// What it had to pass. The first that it does not pass keeps it out.
    pub steps: Vec<Step>,
    /// What else there is to know, in plain words.
    pub notes: Vec<String>,
}

/// One rule and its verdict.
#[derive(Debug, Serialize)]
pub struct Step {
    /// `source`, `copy`, `window`, `groups`, `cancelled`, `instances`, `size` or `check`.
    pub rule: &'static str,
    /// Whether the event passes.
    pub passes: bool,
    /// What the verdict rests on, in plain words.
    pub why: String,
}

/// The case of `entry`, which stands in `copy`, before a calendar made of `of`.
pub(super) fn case(
    of: &Ingredients,
    outcome: &Outcome<'_>,
    copy: &Copy<'_>,
    entry: &Entry,
) -> Case {
    let event = &entry.event;
    let mut steps = before_selection(of, copy, event);
    if steps.iter().all(|step| step.passes) {
        steps.extend(after_selection(outcome, event));
    }
    Case {
        title: event.title.to_string(),
        uid: event.uid.to_string(),
        when: event.when.to_string(),
        source: copy.units.id().to_string(),
        unit: copy.unit.clone(),
        shown: steps.iter().all(|step| step.passes),
        steps,
        notes: notes(&of.feed, copy, event),
    }
}

/// What decides whether it is selected.
fn before_selection(of: &Ingredients, copy: &Copy<'_>, event: &Event) -> Vec<Step> {
    let id = copy.units.id();
    let source = Step {
        rule: "source",
        passes: of.feed.sources.contains(id),
        why: if of.feed.sources.contains(id) {
            format!("the feed is made of `{id}`")
        } else {
            let names = of.feed.sources.iter().map(SourceId::as_str);
            format!("the feed is made of {} only", quoted(names))
        },
    };
    if !source.passes {
        return vec![source];
    }
    let snapshots = of.snapshots();
    let mut shares = of.shares.iter();
    let index = shares.position(|share| Arc::ptr_eq(&share.snapshot, &copy.snapshot));
    let rules = index.and_then(|index| Rules::of(&of.feed, of.window.as_ref(), &snapshots, index));
    let Some(rules) = rules else {
        let why = "the days of this unit have come into the horizon, which counts instead";
        return vec![source, step("copy", false, why.to_owned())];
    };
    let verdict = |rule| {
        let passes = rules.pass(rule, event);
        step(word(rule), passes, why(rule, of, copy, event))
    };
    [source].into_iter().chain(Rule::ALL.map(verdict)).collect()
}

/// What becomes of an event that passes all rules.
fn after_selection(outcome: &Outcome<'_>, event: &Event) -> Vec<Step> {
    let selected = outcome
        .shown
        .iter()
        .filter(|shown| shown.whole() == event.uid);
    let selected: Vec<_> = selected.map(Shown::uid).collect();
    let written = selected.iter().filter_map(|uid| outcome.written.get(uid));
    let written: Vec<Option<Flaw>> = written.copied().collect();
    let mut steps = Vec::new();
    if event.series.is_some() {
        let why = match selected.len() {
            0 => "none of its instances is in the window, or other events stand in for them"
                .to_owned(),
            count => {
                format!("{count} of its instances are in the window, or it stands there whole")
            }
        };
        steps.push(step("instances", !selected.is_empty(), why));
    } else if selected.is_empty() {
        let why = "an instance of a series has the same UID and stands in for it";
        steps.push(step("copy", false, why.to_owned()));
    }
    if selected.is_empty() {
        return steps;
    }
    let why = match outcome.cut {
        None => "the calendar is small enough for every calendar program".to_owned(),
        Some(cut) => format!(
            "calendar programs drop larger ones, so it is cut to {}..{} (interop W1): {} of {} are in; ask for a shorter window",
            cut.first,
            cut.last,
            written.len(),
            selected.len()
        ),
    };
    steps.push(step("size", !written.is_empty(), why));
    if let Some(flaw) = written.iter().flatten().next() {
        let passes = written.iter().any(Option::is_none);
        let why = format!("calendar programs would refuse it: {flaw}; this is a bug in calbridge");
        steps.push(step("check", passes, why));
    }
    steps
}

fn step(rule: &'static str, passes: bool, why: String) -> Step {
    Step { rule, passes, why }
}

fn word(rule: Rule) -> &'static str {
    match rule {
        Rule::Window => "window",
        Rule::Groups => "groups",
        Rule::Cancelled => "cancelled",
        Rule::Copy => "copy",
    }
}

/// What the verdict of `rule` rests on.
fn why(rule: Rule, of: &Ingredients, copy: &Copy<'_>, event: &Event) -> String {
    match rule {
        Rule::Window if event.series.is_some() => {
            "it repeats; its instances are asked one by one".to_owned()
        }
        Rule::Window => match &of.window {
            None => "the feed shows all days that are kept".to_owned(),
            Some(window) => format!(
                "it is {}; the feed shows {} in {}",
                event.when,
                When::Days(window.days()),
                of.feed.zone
            ),
        },
        Rule::Groups => {
            let own = names(&event.groups, copy.snapshot.groups());
            let own = if own.is_empty() {
                "it is in no group".to_owned()
            } else {
                format!("it is in {own}")
            };
            match &of.feed.groups {
                None => format!("{own}; the feed shows every group"),
                Some(names) => {
                    let wanted = quoted(names.iter().map(String::as_str));
                    format!("{own}; the feed shows {wanted}")
                }
            }
        }
        Rule::Cancelled => match (event.status, of.feed.cancelled) {
            (Some(Status::Cancelled), Cancelled::Omit) => {
                "it is cancelled, and the feed leaves out what is (`cancelled = \"omit\"`)"
                    .to_owned()
            }
            (Some(Status::Cancelled), Cancelled::Keep | Cancelled::Mark) => {
                "it is cancelled, and the feed shows what is".to_owned()
            }
            (None | Some(Status::Tentative | Status::Confirmed), _) => {
                "it is not cancelled".to_owned()
            }
        },
        Rule::Copy => {
            let listing = of.shares.iter().filter(|share| {
                share.snapshot.lists(event.uid) && !Arc::ptr_eq(&share.snapshot, &copy.snapshot)
            });
            match listing.map(|share| share.units.id()).next() {
                None => "no other copy of it is at hand".to_owned(),
                Some(id) => {
                    format!("of the copies there are, the first one counts; `{id}` has another")
                }
            }
        }
    }
}

/// What is worth knowing and decides nothing.
fn notes(feed: &Feed, copy: &Copy<'_>, event: &Event) -> Vec<String> {
    let absent = copy.snapshot.absent_since(event.uid).map(|since| {
        let buried = event.status == Some(Status::Cancelled);
        let fate = if buried {
            "it is published as cancelled until 30 days after its last one"
        } else {
            "it stays as it is until another poll says the same"
        };
        format!(
            "the upstream has not listed it since {}; {fate}",
            stamp(since)
        )
    });
    let missed = event
        .groups
        .iter()
        .any(|id| copy.snapshot.missed().contains(id));
    let missed = missed.then(|| {
        "one of its groups could not be read the last time; this is an earlier copy".to_owned()
    });
    let held = copy.snapshot.held().map(|held| {
        format!(
            "what the upstream has listed since {} is held back, so this is an earlier copy",
            stamp(held.since)
        )
    });
    let hidden = match feed.detail {
        Detail::Full => None,
        Detail::Title => Some("the feed shows its title and time, and nothing else"),
        Detail::Busy => Some("the feed shows its time, and of the rest only that something is on"),
    };
    let hidden = hidden.map(str::to_owned);
    [absent, missed, held, hidden]
        .into_iter()
        .flatten()
        .collect()
}

/// The groups `ids` by name, or by id where nobody knows one.
fn names(ids: &[GroupId], groups: &Groups) -> String {
    quoted(ids.iter().map(|id| {
        let name = groups.get(id).map(|group| group.name.as_str());
        name.filter(|name| !name.is_empty()).unwrap_or(id.as_str())
    }))
}

fn quoted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
