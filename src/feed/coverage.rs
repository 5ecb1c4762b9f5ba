//! Which snapshots of a source hold the days that somebody asks for.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::{
    domain::{
        history::Snapshot,
        when::{BadSpan, DateSpan},
    },
    source::{Ask, Month},
};

use super::{failure::Missing, units::Units};

/// What a source has for the days that somebody asks for.
#[derive(Debug, Default)]
pub struct Coverage {
    /// The snapshots that together hold every event there is of those days, best copy first.
    pub snapshots: Vec<Arc<Snapshot>>,
    /// The months of which nothing was ever read, and why.
    pub lacking: Vec<(Month, Missing)>,
}

impl Coverage {
    /// Of a source that lacks nothing.
    pub(super) fn whole(snapshots: Vec<Arc<Snapshot>>) -> Self {
        Self {
            snapshots,
            lacking: Vec::new(),
        }
    }
}

/// The months of `days` with a day that was not fetched with the horizon, which holds those of `kept`. Days of other zones
/// reach a little further, and so does every fetch.
fn months_beside(kept: Option<DateSpan>, days: DateSpan) -> Vec<Month> {
    let kept = kept.map(|kept| kept.padded(1));
    let cold = Month::of(days).filter(|month| {
        let wanted = days.intersection(month.days());
        wanted.is_some_and(|wanted| kept.is_none_or(|kept| !kept.covers(wanted)))
    });
    cold.collect()
}

impl Units {
    /// What there is for `days` (for all that is kept if `None`).
    ///
    /// # Errors
    /// [`Missing`] when nothing of them was ever read.
    pub async fn over(self: &Arc<Self>, days: Option<DateSpan>) -> Result<Coverage, Missing> {
        // A source that can only be read whole keeps more days than its horizon.
        let horizon = self.horizon_days().ok();
        let now = horizon.map(|days| self.source.unit(&Ask::Horizon(days)).days);
        let mut coverage = Coverage::default();
        let (Some(days), Some(now)) = (days, now) else {
            let (snapshot, _) = self.first().await?;
            coverage.snapshots.push(snapshot);
            return Ok(coverage);
        };
        let mut kept = None;
        if days.overlaps(now.padded(1)) {
            kept = Some(self.first().await?.1);
        }
        let months = loop {
            let months = self.beyond.get(self, months_beside(kept, days)).await;
            let Some(before) = kept else {
                break months;
            };
            // Looked at last, since a month may have found something hidden that is in it.
            let (snapshot, fetched) = self.first().await?;
            if fetched == before {
                coverage.snapshots.push(snapshot);
                break months;
            }
            // It has moved on meanwhile, and may leave out other days.
            kept = Some(fetched);
        };
        for (month, found) in months {
            match found {
                Ok(snapshot) => coverage.snapshots.push(snapshot),
                Err(why) => coverage.lacking.push((month, why)),
            }
        }
        match coverage.lacking.first() {
            Some((_, why)) if coverage.snapshots.is_empty() => Err(why.clone()),
            _ => Ok(coverage),
        }
    }

    /// The horizon and every month that happens to be known.
    ///
    /// # Errors
    /// [`Missing`] when nothing was ever read.
    pub async fn at_hand(self: &Arc<Self>) -> Result<Vec<Arc<Snapshot>>, Missing> {
        let (snapshot, fetched) = self.first().await?;
        let mut snapshots = vec![snapshot];
        // An event that was withdrawn must not live on in an old copy of a month that is now kept warm.
        snapshots.extend(self.beyond.at_hand_outside(fetched.padded(1)));
        Ok(snapshots)
    }

    /// The last good copy of the horizon, and the days it was fetched for; only the very first readers wait for it, and only
    /// as long as anybody still asks for it.
    ///
    /// # Errors
    /// [`Missing`] when there is none and none is coming in time.
    async fn first(&self) -> Result<(Arc<Snapshot>, DateSpan), Missing> {
        tokio::select! {
            biased;
            copy = self.horizon.first(&self.clock) => copy,
            () = self.term.ended() => Err(Missing::Pending),
        }
    }

    /// The days that are kept when today is `today`.
    pub(super) fn horizon_on(&self, today: NaiveDate) -> Option<DateSpan> {
        self.keeping.horizon.days(today).ok()?
    }

    /// The days that are kept warm, as of today.
    ///
    /// # Errors
    /// [`BadSpan`] when the clock shows a year beyond all calendars.
    pub(super) fn horizon_days(&self) -> Result<DateSpan, BadSpan> {
        let zones = self.zones.current();
        let today = zones
            .zone_or_utc(self.keeping.zone)
            .local(self.clock.now())
            .date();
        self.keeping.horizon.days(today)?.ok_or(BadSpan)
    }
}
