//! What goes wrong with a store.

use std::{error::Error, sync::Arc};

/// Why a store cannot be used, by what can be done about it. Holds no text of any event.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The bytes are not what was written.
    #[error(
        "store `{store}` is damaged; it was left as it is: put a backup in its place, or move it away to begin with an empty one"
    )]
    Damaged {
        /// Which store.
        store: String,
        /// What the database says.
        #[source]
        why: Why,
    },
    /// A newer version of calbridge has written it.
    #[error(
        "store `{store}` has layout {found}, and this version knows {known} at most; it was left as it is: run the newer version, or name another file in `store.url`"
    )]
    Newer {
        /// Which store.
        store: String,
        /// The layout it has.
        found: i64,
        /// The newest layout known here.
        known: i64,
    },
    /// It belongs to another program.
    #[error(
        "`{store}` is no store of calbridge; it was left as it is: name another file in `store.url`"
    )]
    Foreign {
        /// Which file.
        store: String,
    },
    /// It cannot be opened or made.
    #[error(
        "store `{store}` cannot be opened; let this user read and write it and its folder, or name another file in `store.url`"
    )]
    Closed {
        /// Which store.
        store: String,
        /// What the system says.
        #[source]
        why: Why,
    },
    /// It can be read and not written.
    #[error("store `{store}` cannot be written; let this user write it and its folder")]
    ReadOnly {
        /// Which store.
        store: String,
        /// What the database says.
        #[source]
        why: Why,
    },
    /// There is no room.
    #[error("there is no room for store `{store}`; make some")]
    Full {
        /// Which store.
        store: String,
        /// What the database says.
        #[source]
        why: Why,
    },
    /// Another program holds it.
    #[error("store `{store}` is locked by another program; end that, or wait for it")]
    Busy {
        /// Which store.
        store: String,
        /// What the database says.
        #[source]
        why: Why,
    },
    /// Another server has begun to write it.
    #[error("another calbridge has taken store `{store}` over; run one server for each store")]
    Taken {
        /// Which store.
        store: String,
    },
    /// It is another one than before: whatever it holds cannot be relied on.
    #[error("store `{store}` was replaced or removed under the running server; it is written anew")]
    Replaced {
        /// Which store.
        store: String,
    },
    /// Anything else.
    #[error("store `{store}` failed; see whether its disk is well")]
    Failed {
        /// Which store.
        store: String,
        /// What the database says.
        #[source]
        why: Why,
    },
}

/// What a database or the system says.
pub type Why = Arc<dyn Error + Send + Sync>;
