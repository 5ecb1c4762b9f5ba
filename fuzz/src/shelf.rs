//! A store that has one copy of each source to begin with and keeps nothing.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use calbridge::{
    domain::{
        history::{self, Acceptance},
        id::SourceId,
        when::DateSpan,
    },
    source::ics::{Ics, Settings},
    store::{
        DocumentKey, HORIZON, Kept, KeptDocument, Loaded, LoadedUnit, Reads, Store, StoreError,
        UnitKey, Work,
    },
};
use chrono::NaiveDate;

use crate::ground;

/// What was published of each source before the server began: a calendar file.
#[derive(Debug)]
pub(crate) struct Shelf(pub(crate) BTreeMap<SourceId, &'static str>);

#[async_trait]
impl Store for Shelf {
    async fn load(&self) -> Result<Loaded, StoreError> {
        Ok(Loaded {
            units: self.0.iter().map(|(id, file)| unit(id, file)).collect(),
            ..Loaded::default()
        })
    }

    async fn write(&self, _: Arc<Work>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn document(&self, _: &DocumentKey) -> Result<Option<KeptDocument>, StoreError> {
        Ok(None)
    }

    async fn accepted(&self) -> Result<Vec<(UnitKey, Acceptance)>, StoreError> {
        Ok(Vec::new())
    }

    async fn reads(&self, _: NaiveDate) -> Result<Reads, StoreError> {
        Ok(Reads::default())
    }

    async fn close(&self) {}
}

fn unit(id: &SourceId, file: &str) -> LoadedUnit {
    let settings = Settings::at("https://calendar.example/season.ics").expect("an address");
    let source = Ics::new(id.clone(), &settings, ground::HOME, ground::zones());
    let batch = source.batch(file.as_bytes());
    let snapshot = history::advance(None, batch, ground::now(), ground::policy());
    LoadedUnit {
        kept: Kept {
            key: UnitKey {
                source: id.clone(),
                unit: HORIZON.to_owned(),
            },
            days: DateSpan::ALL,
            fetched: ground::now(),
            from_wall_times: true,
            snapshot: Arc::new(snapshot),
        },
        lost: 0,
    }
}
