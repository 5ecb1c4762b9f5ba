//! What goes on without readers, also when the configuration changes under a running server.

use std::{collections::BTreeMap, sync::Arc};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::domain::id::SourceId;

use super::{Feeds, strays, units::Units};

/// The polls of every source there is now.
#[derive(Debug, Default)]
pub struct Polls {
    tasks: JoinSet<()>,
    running: BTreeMap<SourceId, Arc<Units>>,
}

impl Polls {
    /// Polls the sources of `feeds` until `stop`; one that is polled already does not notice. Those that are not there any
    /// more, or not as they were, have been ended by whoever put `feeds` in their place.
    pub fn follow(&mut self, feeds: &Feeds, stop: &CancellationToken) {
        self.running.retain(|id, units| {
            let now = feeds.sources.get(id);
            now.is_some_and(|now| Arc::ptr_eq(now, units))
        });
        for (id, units) in &feeds.sources {
            if self.running.contains_key(id) {
                continue;
            }
            self.running.insert(id.clone(), Arc::clone(units));
            let (units, stop) = (Arc::clone(units), stop.clone());
            self.tasks.spawn(async move { units.refresh(&stop).await });
        }
        // Otherwise the set would keep the end of every poll there ever was.
        while self.tasks.try_join_next().is_some() {}
    }

    /// Resolves once all have ended.
    pub async fn ended(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

impl Feeds {
    /// Keeps every source warm until `stop`.
    pub async fn refresh(&self, stop: &CancellationToken) {
        let mut polls = Polls::default();
        polls.follow(self, stop);
        tokio::join!(polls.ended(), self.attend(stop));
    }

    /// Does all that has to be done beside polls until `stop`: says which groups mean nothing, and keeps count of reads.
    pub async fn attend(&self, stop: &CancellationToken) {
        let mut tasks = JoinSet::new();
        for (id, feed) in self.configured.iter().chain(&self.closed) {
            let sources = feed.sources.iter();
            let sources = sources.filter_map(|source| self.sources.get(source).cloned());
            let told = strays::tell(id.clone(), Arc::clone(feed), sources.collect());
            let stop = stop.clone();
            tasks.spawn(async move {
                stop.run_until_cancelled(told).await;
            });
        }
        let strays = async { while tasks.join_next().await.is_some() {} };
        tokio::join!(strays, self.put_reads_regularly(stop));
    }
}
