//! One version of a document: written, checked, and only then published.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        feed::Feed,
        id::EventUid,
        select::{self, Shown},
        series::Keepsakes,
        when::When,
    },
    format::ics::{self, Checked, Cut, Flaw, Ledger, Rendered},
};

use super::{
    FeedError, FeedName, Part,
    before::Before,
    document::Document,
    file_name::FileName,
    recipe::{Ingredients, Recipe, Selected},
};

/// A document with what it was made of.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) of: Recipe,
    /// When the newest of what it was made of changed.
    pub(super) changed: DateTime<Utc>,
    pub(super) document: Arc<Document>,
    pub(super) ledger: Ledger,
    pub(super) cut: Option<Cut>,
}

/// The next version, and the events that had to be left out of it.
pub(super) type Next = Result<(Made, Vec<(EventUid, Flaw)>), FeedError>;

/// Makes the version that follows `before`.
///
/// # Errors
/// [`FeedError::Unknown`] if it would be one event that is not shown; [`FeedError::Bug`] if it does not pass the check and
/// there is none before.
pub(super) fn make(
    name: &FeedName,
    part: Part,
    recipe: Recipe,
    of: &Ingredients,
    before: &Before,
) -> Next {
    let kept = keepsakes(of, part);
    let Selected { events, within } = of.select(part, &kept);
    if within != of.within {
        let days = When::Days(within.days());
        tracing::warn!(
            feed = %name, most = select::INSTANCES_MAX, %days,
            "recurring events have too many instances in this window and show on these days only; ask for a shorter one"
        );
    }
    let purpose = match part {
        Part::Event(_) if events.is_empty() => return Err(FeedError::Unknown),
        Part::Event(_) => ics::Purpose::Download,
        Part::Default | Part::Window(_) => ics::Purpose::Feed,
    };
    let rendered = written(of, purpose, &events, before);
    if let Some(cut) = rendered.cut.filter(|_| !before.cut_is_told()) {
        tracing::warn!(
            feed = %name, first = %cut.first, last = %cut.last, left_out = cut.left_out,
            "a feed was cut because calendars drop larger ones; ask for a shorter window"
        );
    }
    publish(name, recipe, of, before, rendered)
}

/// `events`, which were selected from `of`, as a calendar.
pub(super) fn written(
    of: &Ingredients,
    purpose: ics::Purpose,
    events: &[Shown<'_>],
    before: &Before,
) -> Rendered {
    let zones: Vec<_> = events.iter().map(|shown| of.zone_of(shown)).collect();
    ics::write(&ics::Request {
        feed: &of.feed,
        purpose,
        events,
        zones: &zones,
        data: &of.zones,
        today: of.today,
        before: before.ledger(),
        changed: of.changed,
    })
}

/// What is published of what was written: all of it that passes the check, or what there was before.
fn publish(
    name: &FeedName,
    recipe: Recipe,
    of: &Ingredients,
    before: &Before,
    rendered: Rendered,
) -> Next {
    let (body, broken) = match Checked::without_broken(rendered.body, &rendered.events) {
        Ok(checked) => checked,
        Err(flaw) => {
            tracing::error!(feed = %name, %flaw, "a calendar does not pass the check because of a bug; the last good one stays");
            let before = before.made().ok_or(FeedError::Bug)?;
            let again = Made {
                // Under the new recipe, so that the same is not written again for every reader.
                of: recipe,
                changed: of.changed,
                document: Arc::clone(&before.document),
                ledger: before.ledger.clone(),
                cut: before.cut,
            };
            return Ok((again, Vec::new()));
        }
    };
    let document = before.document(body, file_name(name, &of.feed), of.changed);
    let made = Made {
        of: recipe,
        changed: of.changed,
        document,
        ledger: rendered.ledger,
        cut: rendered.cut,
    };
    Ok((made, broken))
}

/// What a download is called: the feed's name, or for a group a slug of its title.
fn file_name(name: &FeedName, feed: &Feed) -> FileName {
    match name {
        FeedName::Configured(id) => FileName::new(id.as_str(), &feed.title, "ics"),
        FeedName::Closed(id) => FileName::new(id.as_str(), &feed.title, "ics"),
        FeedName::Group(..) | FeedName::ClosedGroup(..) => {
            FileName::new(&feed.title.slug(), &feed.title, "ics")
        }
    }
}

/// The series that stay such; in the download of a single event that is at most the one asked for.
pub(super) fn keepsakes(of: &Ingredients, part: Part) -> Keepsakes {
    let entries = of.shares.iter().flat_map(|share| share.snapshot.entries());
    let asked = entries
        .map(|entry| &entry.event)
        .filter(|event| match part {
            Part::Event(uid) => event.uid == uid,
            Part::Default | Part::Window(_) => true,
        });
    ics::keepsakes(&of.feed, asked, &of.within, &of.zones)
}

#[cfg(test)]
mod tests;
