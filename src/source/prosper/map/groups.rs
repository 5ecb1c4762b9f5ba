//! The groups a record belongs to: its kind, its rating, its status, its term.

use crate::{
    domain::{
        event::{Group, GroupKind, Groups},
        id::GroupId,
        text::Line,
    },
    source::prosper::{Record, map::Mapping},
};

/// The longest rating that makes a group; those known have three characters.
const RATING_MAX: usize = 12;
/// The longest terms that make a group, in months.
const TERMS: std::ops::RangeInclusive<i64> = 1..=600;

/// What a record says that makes it belong to groups.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits<'a> {
    pub(super) record: Record,
    pub(super) rating: Option<&'a str>,
    /// Id and name.
    pub(super) status: Option<(&'static str, &'static str)>,
    /// In months.
    pub(super) term: Option<i64>,
}

impl Mapping<'_> {
    /// The groups of a record, sorted; those not seen before come to be known.
    pub(super) fn groups(&self, traits: Traits<'_>, seen: &mut Groups) -> Vec<GroupId> {
        let mut ids = vec![traits.record.group()];
        let mut add = |id: String, kind, name: &dyn Fn() -> String| {
            let id = GroupId::new(&id);
            // Names cost more than ids, and most groups have been seen before.
            if !seen.contains_key(&id) {
                let name = self.named(&id).unwrap_or_else(|| Line::new(&name()));
                seen.insert(id.clone(), Group { name, kind });
            }
            ids.push(id);
        };
        if let Some(rating) = traits.rating.and_then(rating) {
            add(format!("rating:{rating}"), GroupKind::Tag, &|| {
                format!("Rating {rating}")
            });
        }
        if let Some((id, name)) = traits.status {
            add(format!("status:{id}"), GroupKind::Tag, &|| name.to_owned());
        }
        if let Some(term) = traits.term.filter(|term| TERMS.contains(term)) {
            add(format!("term:{term}"), GroupKind::Tag, &|| {
                format!("{term} months")
            });
        }
        ids.sort();
        ids
    }

    /// Makes the group of a kind of record known.
    pub(super) fn know(&self, id: GroupId, seen: &mut Groups) {
        let name = match id.as_str() {
            "notes" => "Notes",
            _ => "Listings",
        };
        let name = self.named(&id).unwrap_or_else(|| Line::new(name));
        let kind = GroupKind::Group;
        seen.insert(id, Group { name, kind });
    }

    fn named(&self, id: &GroupId) -> Option<Line> {
        self.names.get(id.as_str()).cloned()
    }
}

/// A rating without what does not belong to one: `N/A` is `NA`, as accounts have it (§9).
pub(super) fn rating(wire: &str) -> Option<String> {
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let rating: String = wire.chars().filter(plain).take(RATING_MAX).collect();
    (!rating.is_empty()).then(|| rating.to_ascii_uppercase())
}
