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

impl Units {
    /// The snapshots that together hold every event in `days` (all that is kept if `None`), best copy first.
    ///
    /// # Errors
    /// [`Missing`] when part of the days was never read.
    pub async fn over(
        self: &Arc<Self>,
        days: Option<DateSpan>,
    ) -> Result<Vec<Arc<Snapshot>>, Missing> {
        // A source that can only be read whole keeps more days than its horizon.
        let horizon = self.horizon_days().ok();
        let now = horizon.map(|days| self.source.unit(&Ask::Horizon(days)).days);
        let (Some(days), Some(now)) = (days, now) else {
            return Ok(vec![self.horizon.first(&self.clock).await?.0]);
        };
        let mut snapshots = Vec::new();
        let mut kept = None;
        if days.overlaps(now.padded(1)) {
            let (snapshot, fetched) = self.horizon.first(&self.clock).await?;
            snapshots.push(snapshot);
            // Days of other zones reach a little further, and so does every fetch.
            kept = Some(fetched.padded(1));
        }
        let cold: Vec<Month> = Month::of(days)
            .filter(|month| {
                let wanted = days.intersection(month.days());
                wanted.is_some_and(|wanted| kept.is_none_or(|kept| !kept.covers(wanted)))
            })
            .collect();
        if !cold.is_empty() {
            snapshots.extend(self.beyond.get(self, &cold).await?);
        }
        Ok(snapshots)
    }

    /// The horizon and every month that happens to be known.
    ///
    /// # Errors
    /// [`Missing`] when nothing was ever read.
    pub async fn at_hand(self: &Arc<Self>) -> Result<Vec<Arc<Snapshot>>, Missing> {
        let (snapshot, fetched) = self.horizon.first(&self.clock).await?;
        let mut snapshots = vec![snapshot];
        // An event that was withdrawn must not live on in an old copy of a month that is now kept warm.
        snapshots.extend(self.beyond.at_hand_outside(fetched.padded(1)));
        Ok(snapshots)
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
