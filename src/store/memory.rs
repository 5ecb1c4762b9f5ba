//! The store of those who want none.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;

use super::{DocumentKey, KeptDocument, Loaded, Reads, Store, StoreError, UnitKey, Work};
use crate::domain::history::Acceptance;

/// Keeps nothing: what is published lives and ends with the process.
#[derive(Debug, Clone, Copy)]
pub struct Memory;

#[async_trait]
impl Store for Memory {
    async fn load(&self) -> Result<Loaded, StoreError> {
        Ok(Loaded::default())
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
        Ok(Reads::new())
    }

    async fn close(&self) {}
}
