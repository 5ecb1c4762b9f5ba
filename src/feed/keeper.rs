//! What is published, on its way to the store, and the store when it is in trouble.
//!
//! A new snapshot is kept before readers see it, so that nothing they saw is taken back by a restart; but a slow or broken
//! disk holds nothing up for long. What could not be written waits in memory and is written by itself once that works.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::NaiveDate;
use tokio::{
    sync::{Notify, watch},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    api::Chain,
    clock::Clock,
    domain::{
        event::Groups,
        history::{Acceptance, Change},
        id::SourceId,
    },
    store::{DocumentKey, Fetch, Kept, KeptDocument, Loaded, Reads, Store, StoreError, Work},
};

use super::due::Due;

/// How long a publication waits to be kept.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a reader waits to be told what was kept of a document.
const GLIMPSE: Duration = Duration::from_secs(1);
/// How long a store in trouble is left alone, unless there is something new to write.
const RETRY: Duration = Duration::from_secs(30);

/// Brings to the store what is published.
#[derive(Debug)]
pub struct Keeper {
    store: Arc<dyn Store>,
    clock: Clock,
    due: Mutex<Due>,
    wake: Notify,
    progress: watch::Sender<Progress>,
}

/// A store in use.
#[derive(Debug)]
pub struct Archive {
    /// Brings to it what is published from now on; has to be run.
    pub keeper: Arc<Keeper>,
    /// What was there.
    pub loaded: Loaded,
}

/// How far it has come.
#[derive(Debug, Default)]
struct Progress {
    /// What was due up to here is in the store.
    done: u64,
    /// Why the last attempt failed, if it did.
    trouble: Option<StoreError>,
}

impl Keeper {
    /// A keeper for `store`, and everything that was kept.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn open(store: Arc<dyn Store>, clock: Clock) -> Result<Archive, StoreError> {
        let loaded = store.load().await?;
        let keeper = Self {
            store,
            clock,
            due: Mutex::new(Due::after(&loaded)),
            wake: Notify::new(),
            progress: watch::Sender::default(),
        };
        Ok(Archive {
            keeper: Arc::new(keeper),
            loaded,
        })
    }

    /// Everything that is kept now.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub(crate) async fn loaded(&self) -> Result<Loaded, StoreError> {
        self.store.load().await
    }

    /// Writes what is due until `stop`, and then what is left.
    pub async fn run(&self, stop: &CancellationToken) {
        loop {
            self.write_all().await;
            let trouble = self.progress.borrow().trouble.is_some();
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(RETRY), if trouble => {}
            }
        }
        if timeout(PATIENCE, self.write_all()).await.is_err() {
            tracing::warn!("the store takes too long; what is not in it will be fetched again");
        }
        self.store.close().await;
    }

    /// Keeps a unit with the line of the log that tells of it, what became of its events, and every group known of its source.
    ///
    /// Returns once it is in the store, or it is clear that this will take longer than readers should wait for news.
    pub(super) async fn keep(
        &self,
        kept: Kept,
        groups: Arc<Groups>,
        fetch: Fetch,
        changes: Vec<Change>,
    ) {
        let mut progress = self.progress.subscribe();
        let ticket = {
            let mut due = self.due();
            due.groups(&kept.key.source, groups);
            due.changes(&fetch, changes);
            due.fetch(fetch);
            due.unit(kept)
        };
        self.wake.notify_one();
        let settled =
            progress.wait_for(|progress| progress.done >= ticket || progress.trouble.is_some());
        // A keeper that is gone keeps nothing, and says nothing more about it either.
        _ = timeout(PATIENCE, settled).await;
    }

    /// Writes a line of the fetch log, some time.
    pub(super) fn log(&self, fetch: Fetch) {
        self.due().fetch(fetch);
        self.wake.notify_one();
    }

    /// Keeps what a document says, some time.
    pub(super) fn keep_document(&self, key: DocumentKey, document: KeptDocument) {
        self.due().document(key, document);
        self.wake.notify_one();
    }

    /// Adds to how often feeds were read, some time.
    pub(super) fn add_reads(&self, reads: Reads) {
        if !reads.is_empty() {
            self.due().reads(reads);
            self.wake.notify_one();
        }
    }

    /// How often feeds were read since the day `first`, as far as it is in the store.
    pub(super) async fn reads(&self, first: NaiveDate) -> Reads {
        let found = timeout(GLIMPSE, self.store.reads(first)).await;
        found.ok().and_then(Result::ok).unwrap_or_default()
    }

    /// What was kept of a document; nothing if the store does not say in time.
    pub(super) async fn document(&self, key: &DocumentKey) -> Option<KeptDocument> {
        if let Some(document) = self.due().find(key) {
            return Some(document);
        }
        match timeout(GLIMPSE, self.store.document(key)).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::warn!(error = %Chain(&error), "the store does not say what a calendar was like before");
                None
            }
            Err(_elapsed) => None,
        }
    }

    /// What the operator lets through, by source and unit.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub(super) async fn accepted(
        &self,
    ) -> Result<BTreeMap<SourceId, BTreeMap<String, Acceptance>>, StoreError> {
        let mut sources: BTreeMap<SourceId, BTreeMap<String, Acceptance>> = BTreeMap::new();
        for (key, accepted) in self.store.accepted().await? {
            let units = sources.entry(key.source).or_default();
            units.insert(key.unit, accepted);
        }
        Ok(sources)
    }

    /// Writes until nothing is due or the store fails.
    async fn write_all(&self) {
        while let Some((work, ticket)) = self.take() {
            let work = Arc::new(work);
            match self.store.write(Arc::clone(&work)).await {
                Ok(()) => {
                    self.due().written(&work);
                    let before = self.progress.send_replace(Progress {
                        done: ticket,
                        trouble: None,
                    });
                    if before.trouble.is_some() {
                        tracing::info!("the store is written again");
                    }
                }
                Err(error @ StoreError::Replaced { .. }) => {
                    tracing::warn!("{error}");
                    self.due().put_back(Arc::unwrap_or_clone(work));
                    self.due().all_anew();
                }
                Err(error) => {
                    self.due().put_back(Arc::unwrap_or_clone(work));
                    return self.troubled(error);
                }
            }
        }
    }

    fn take(&self) -> Option<(Work, u64)> {
        self.due().take(self.clock.now())
    }

    /// Says once what is wrong, and again when it is something else.
    fn troubled(&self, error: StoreError) {
        self.progress.send_modify(|progress| {
            let same = |before: &StoreError| mem::discriminant(before) == mem::discriminant(&error);
            if !progress.trouble.as_ref().is_some_and(same) {
                tracing::error!(error = %Chain(&error), "nothing can be stored; readers are served from memory, and storing is tried again");
            }
            progress.trouble = Some(error);
        });
    }

    fn due(&self) -> MutexGuard<'_, Due> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
