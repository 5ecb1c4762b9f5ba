//! What a reader gets.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{document::Document, state::State};

/// A document for a reader.
#[derive(Debug, Clone)]
pub struct Served {
    /// The calendar.
    pub document: Arc<Document>,
    /// How it stands at this moment; no part of its bytes or validators.
    pub state: State,
    /// When the sources that do not stand well were last as it shows them: of several the earliest.
    pub as_of: Option<DateTime<Utc>>,
}
