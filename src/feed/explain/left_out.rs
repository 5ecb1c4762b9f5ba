//! What an upstream has and no calendar shows: hidden, or beyond understanding.

use std::{collections::BTreeSet, sync::PoisonError};

use serde::Serialize;

use crate::domain::batch::Remark;

use super::{
    super::{units::Units, word::Fate},
    about::{About, Sought},
};

/// Something that an upstream has and no feed shows. Says nothing of what stands in it.
#[derive(Debug, Serialize)]
pub struct LeftOut {
    /// The source.
    pub source: String,
    /// The id by which it was asked for.
    pub id: String,
    /// What became of it.
    pub fate: Fate,
    /// The rule that it falls under, in plain words.
    pub why: &'static str,
}

impl Sought<'_> {
    /// What the source has of it and does not show, as far as this process has asked it.
    pub(super) async fn left_out(&self) -> Vec<LeftOut> {
        let group = self.about.group();
        let fates = {
            let word = self.units.beyond.word.lock().await;
            // One record may have many UIDs, and is told of once.
            let fates = word.on(self.uids()).chain(word.on_group(&group));
            fates.collect::<BTreeSet<_>>()
        };
        let fates = if fates.is_empty() {
            self.units.remarked(self.about)
        } else {
            fates
        };
        let left_out = fates.into_iter().map(|(fate, why)| LeftOut {
            source: self.units.id().to_string(),
            id: self.about.to_string(),
            fate,
            why,
        });
        left_out.collect()
    }
}

impl Units {
    /// The records with this id that were left out since the process began to ask: some have no UID yet.
    fn remarked(&self, about: &About) -> BTreeSet<(Fate, &'static str)> {
        let remarks = self.remarks.lock();
        let remarks = remarks.unwrap_or_else(PoisonError::into_inner);
        let left_out = remarks.iter().filter_map(|remark| match remark {
            Remark::LeftOut { id, why } if about.is_id(id) => Some((Fate::Unreadable, *why)),
            _ => None,
        });
        left_out.collect()
    }
}
