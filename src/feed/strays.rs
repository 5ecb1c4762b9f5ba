//! Names of groups in the configuration that mean nothing: a feed of them is empty without anything having failed.

use std::sync::Arc;

use crate::domain::{event::Groups, feed::Feed, id::FeedId, select};

use super::units::Units;

/// Says once, as soon as every one of its `sources` has delivered, which group names of a feed none of them knows.
pub(super) async fn tell(id: FeedId, feed: Arc<Feed>, sources: Vec<Arc<Units>>) {
    let Some(names) = &feed.groups else {
        return;
    };
    for units in &sources {
        units.delivered().await;
    }
    let known: Vec<Arc<Groups>> = sources.iter().map(|units| units.groups()).collect();
    for name in select::strays(names, &known) {
        tracing::warn!(
            feed = %id, group = name,
            "no source of this feed knows this group, so it adds nothing; correct `groups` of the feed"
        );
    }
}
