//! When a listing closes, or when it did.

use chrono::{DateTime, Datelike, Days, Utc};

use crate::{
    domain::{
        batch::{Batch, Remark},
        event::{Event, Status},
        id::EventUid,
        text::{Line, Text},
        when::{TimeSpan, When, YEARS},
    },
    source::prosper::{
        LISTING_DAYS, Record,
        map::{
            Fault, Mapping, brief,
            groups::{self, Traits},
            outside,
        },
        scalar::Code,
        wire::Listing,
    },
};

/// What has become of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Active,
    Withdrawn,
    Expired,
    Completed,
    Cancelled,
    Review,
}

impl Phase {
    /// By the words, which are told apart from numbers because those are only inferred (§8).
    fn of(listing: &Listing) -> Option<Self> {
        let words = listing.reason().map(str::to_ascii_lowercase);
        let told = match words.as_deref() {
            Some("active") => Some(Self::Active),
            Some("withdrawn") => Some(Self::Withdrawn),
            Some("expired") => Some(Self::Expired),
            Some("completed") => Some(Self::Completed),
            Some("cancelled" | "canceled") => Some(Self::Cancelled),
            _ => None,
        };
        told.or(match listing.listing_status {
            Code::Number(2) => Some(Self::Active),
            Code::Number(4) => Some(Self::Withdrawn),
            Code::Number(5) => Some(Self::Expired),
            Code::Number(6) => Some(Self::Completed),
            Code::Number(7) => Some(Self::Cancelled),
            Code::Number(8) => Some(Self::Review),
            _ => None,
        })
    }

    /// The id and the name of the group of all listings in it.
    fn group(self) -> (&'static str, &'static str) {
        match self {
            Self::Active => ("active", "Active"),
            Self::Withdrawn => ("withdrawn", "Withdrawn"),
            Self::Expired => ("expired", "Expired"),
            Self::Completed => ("completed", "Completed"),
            Self::Cancelled => ("cancelled", "Cancelled"),
            Self::Review => ("review", "In review"),
        }
    }

    /// What happened, or will happen, at the end.
    fn verb(self) -> &'static str {
        match self {
            Self::Active => "closes",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Review => "closed, in review",
        }
    }
}

/// When a listing ends, and how sure that is.
struct End {
    at: DateTime<Utc>,
    verb: &'static str,
    status: Option<Status>,
}

impl Mapping<'_> {
    /// Its end as told, else for one that is still open the last possible one; `None` if there is nothing to tell.
    pub(super) fn listing(
        &self,
        uid: EventUid,
        id: &str,
        listing: &Listing,
        batch: &mut Batch,
    ) -> Result<Option<Event>, Fault> {
        if listing.is_of_others() {
            return Ok(None);
        }
        let phase = Phase::of(listing);
        if phase.is_none() && !listing.listing_status.is_absent() {
            batch.remarks.insert(Remark::UnknownWord {
                field: "listing_status",
                word: brief(&listing.listing_status.to_string()),
            });
        }
        let Some(end) = self.end(listing, phase)? else {
            return Ok(None);
        };
        let span = TimeSpan::new(end.at, end.at).map_err(outside)?;
        let traits = Traits {
            record: Record::Listings,
            rating: listing.rating(),
            status: phase.map(Phase::group),
            term: listing.listing_term.number(),
        };
        let rating = listing.rating().and_then(groups::rating);
        let rating = rating.map(|rating| format!("Rating {rating}"));
        let term = traits.term.map(|term| format!("{term} months"));
        let details = [rating, term].into_iter().flatten();
        Ok(Some(Event {
            uid,
            when: When::Timed(span),
            title: Line::new(&format!("Listing {id} {}", end.verb)),
            details: Text::new(&details.collect::<Vec<_>>().join("\n")),
            places: Vec::new(),
            groups: self.groups(traits, &mut batch.groups),
            status: end.status,
            zone: None,
            series: None,
            created: self.stamp(listing.created()),
            updated: self.stamp(listing.updated()),
        }))
    }

    fn end(&self, listing: &Listing, phase: Option<Phase>) -> Result<Option<End>, Fault> {
        let instant = |text: Option<&str>, fault: Fault| {
            let read = text.map(|text| self.moments.instant(text).ok_or(fault));
            read.transpose()
        };
        let start = instant(listing.start(), "its start is no time")?;
        let told = instant(listing.end(), "its end is no time")?;
        // An end before the start is none.
        let told = told.filter(|end| start.is_none_or(|start| start <= *end));
        Ok(match (told, start, phase) {
            (Some(at), _, Some(phase)) => Some(End {
                at,
                verb: phase.verb(),
                status: Some(Status::Confirmed),
            }),
            (Some(at), _, None) => Some(End {
                at,
                verb: "ends",
                status: None,
            }),
            (None, Some(start), Some(Phase::Active)) => {
                let latest = start.checked_add_days(Days::new(LISTING_DAYS));
                latest.map(|at| End {
                    at,
                    verb: "closes at the latest",
                    status: Some(Status::Tentative),
                })
            }
            (None, _, _) => None,
        })
    }

    /// When a record was made or changed; a time that no calendar can hold says nothing.
    fn stamp(&self, text: Option<&str>) -> Option<DateTime<Utc>> {
        let at = self.moments.instant(text?)?;
        YEARS.contains(&at.year()).then_some(at)
    }
}
