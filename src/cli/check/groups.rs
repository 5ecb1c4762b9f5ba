//! Whether the groups that feeds name are known to their sources.

use std::{collections::BTreeMap, sync::Arc};

use super::{Fact, Reach, Verdict};
use crate::{
    domain::{
        event::Groups,
        feed::Feed,
        id::{FeedId, SourceId},
        select::strays,
    },
    feed::Feeds,
    store::Loaded,
};

/// What part of a longer name may be different for the two to be taken for one.
const DIFFERENT: usize = 3;

/// A line for every feed that names groups. What the store does not know of them is read, unless that is not wanted.
pub(super) async fn groups(feeds: &Feeds, kept: &Loaded, reach: Reach) -> Vec<Fact> {
    let mut known: BTreeMap<&SourceId, Arc<Groups>> = BTreeMap::new();
    let mut facts = Vec::new();
    for (id, feed) in feeds.every_feed() {
        let Some(names) = &feed.groups else {
            continue;
        };
        for source in &feed.sources {
            if known.contains_key(source) {
                continue;
            }
            let groups = match (kept.known.get(source), feeds.units(source), reach) {
                (Some(groups), ..) => Some(Arc::new(groups.clone())),
                (None, Some(units), Reach::Upstreams) => {
                    units.poll().await;
                    units.standing().snapshot.is_some().then(|| units.groups())
                }
                (None, ..) => None,
            };
            if let Some(groups) = groups {
                known.insert(source, groups);
            }
        }
        facts.push(fact(id, feed, names, &known));
    }
    facts
}

/// What is said of the `names` of one feed.
fn fact(
    id: &FeedId,
    feed: &Feed,
    names: &[String],
    known: &BTreeMap<&SourceId, Arc<Groups>>,
) -> Fact {
    let subject = format!("groups of {id}");
    let silent = feed
        .sources
        .iter()
        .find(|source| !known.contains_key(source));
    if let Some(source) = silent {
        let found = format!("not known: `{source}` has not been read yet");
        return Fact::new(subject, Verdict::Warning, found);
    }
    let there = known
        .iter()
        .filter(|(source, _)| feed.sources.contains(source));
    let there: Vec<Arc<Groups>> = there.map(|(_, groups)| Arc::clone(groups)).collect();
    let unknown: Vec<String> = strays(names, &there)
        .map(|name| match nearest(name, &there) {
            Some(near) => format!("`{name}` is none; did you mean `{near}`"),
            None => format!("`{name}` is none of the groups its sources know"),
        })
        .collect();
    match unknown.len() {
        0 => Fact::new(
            subject,
            Verdict::Ok,
            format!("all {} are known", names.len()),
        ),
        _ => Fact::new(subject, Verdict::Warning, unknown.join("; ")),
    }
}

/// The name of a group that is most like `name`, if one is like it at all.
fn nearest<'g>(name: &str, known: &'g [Arc<Groups>]) -> Option<&'g str> {
    let name = name.to_lowercase();
    let names = known.iter().flat_map(|groups| groups.values());
    let names = names
        .map(|group| group.name.as_str())
        .filter(|name| !name.is_empty());
    let far = |other: &str| strsim::damerau_levenshtein(&name, &other.to_lowercase());
    let (distance, near) = names.map(|other| (far(other), other)).min()?;
    let longer = name.chars().count().max(near.chars().count());
    (distance * DIFFERENT <= longer).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::GroupKind,
        testing::{feed, groups, stage},
    };

    #[test]
    fn a_misspelt_group_is_told_with_the_name_most_like_it() {
        let source = stage();
        let there = groups(&[
            ("1", GroupKind::Project, "Opera"),
            ("2", GroupKind::Project, "Ballet"),
            ("3", GroupKind::Place, ""),
        ]);
        let known = BTreeMap::from([(&source, Arc::new(there))]);
        for (names, verdict, found) in [
            (&["opera", "2"][..], Verdict::Ok, "all 2 are known"),
            (
                &["Oprea"],
                Verdict::Warning,
                "`Oprea` is none; did you mean `Opera`",
            ),
            (
                &["Opera", "balet"],
                Verdict::Warning,
                "`balet` is none; did you mean `Ballet`",
            ),
            (
                &["Choir"],
                Verdict::Warning,
                "`Choir` is none of the groups its sources know",
            ),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let fact = fact(&"season".parse().unwrap(), &feed(), &names, &known);
            assert_eq!((fact.verdict, &*fact.found), (verdict, found), "{names:?}");
        }
    }

    #[test]
    fn nothing_is_said_of_groups_before_their_source_was_read() {
        let fact = fact(
            &"season".parse().unwrap(),
            &feed(),
            &["Opera".to_owned()],
            &BTreeMap::new(),
        );
        assert_eq!(fact.verdict, Verdict::Warning);
        assert!(
            fact.found.contains("`stage` has not been read yet"),
            "{fact:?}"
        );
    }
}
