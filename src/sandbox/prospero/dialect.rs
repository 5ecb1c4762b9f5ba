//! The one table of wire names of an event, in both readings of the documentation.

use serde_json::{Value, json};

use crate::sandbox::season::Status;

/// Which of the names and forms that may be Prospero's are spoken. The documentation shows neither event nor names,
/// so a client is tested against both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The likely names: lists of ids, numbers for states, `true` and `false`, bare dates for whole days.
    Primary,
    /// The other names: objects for ids, words for states, 0 and 1, milliseconds, capitals in ids, whole days as a
    /// flag with midnights in UTC, `null` for what is not there, and fields nobody has heard of.
    Aliases,
}

/// A field of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Org,
    Created,
    Updated,
    Title,
    Start,
    End,
    AllDay,
    Status,
    Flag,
    Draft,
    Details,
    AdminNotes,
    Locations,
    Projects,
    Groups,
    Collections,
    People,
    Roles,
    Items,
    Tags,
    Booking,
    Archived,
}

impl Dialect {
    /// The wire name of `field`. In the primary dialect groups and collections share a list.
    pub(super) fn name(self, field: Field) -> &'static str {
        let (primary, alias) = match field {
            Field::Id => ("id", "id"),
            Field::Org => ("orgId", "organizationId"),
            Field::Created => ("createdAt", "createdAt"),
            Field::Updated => ("lastUpdatedAt", "updatedAt"),
            Field::Title => ("title", "name"),
            Field::Start => ("start", "startAt"),
            Field::End => ("end", "endAt"),
            Field::AllDay => ("allDay", "isAllDay"),
            Field::Status => ("status", "status"),
            Field::Flag => ("flag", "flagged"),
            Field::Draft => ("draft", "isDraft"),
            Field::Details => ("details", "details"),
            Field::AdminNotes => ("adminNotes", "notes"),
            Field::Locations => ("locationIds", "locations"),
            Field::Projects => ("projectIds", "projects"),
            Field::Groups => ("groupIds", "groups"),
            Field::Collections => ("groupIds", "collectionIds"),
            Field::People => ("personIds", "people"),
            Field::Roles => ("roleIds", "roles"),
            Field::Items => ("itemIds", "items"),
            Field::Tags => ("tagIds", "tags"),
            Field::Booking => ("bookingId", "bookingId"),
            Field::Archived => ("archived", "isArchived"),
        };
        match self {
            Self::Primary => primary,
            Self::Aliases => alias,
        }
    }

    /// How a state is sent; the numbers are the sandbox's own, as no documentation has them.
    pub(super) fn status(self, status: Status) -> Value {
        let (number, word) = match status {
            Status::Tentative => (0, "Tentative"),
            Status::Confirmed => (1, "CONFIRMED"),
            Status::Canceled => (2, "Cancelled"),
            Status::Unheard => (77, "Pencilled in"),
        };
        match self {
            Self::Primary => json!(number),
            Self::Aliases => json!(word),
        }
    }

    /// How yes and no are sent.
    pub(super) fn truth(self, yes: bool) -> Value {
        match self {
            Self::Primary => json!(yes),
            Self::Aliases => json!(u8::from(yes)),
        }
    }

    /// How an id is spelled.
    pub(super) fn id(self, id: &str) -> String {
        match self {
            Self::Primary => id.to_owned(),
            Self::Aliases => id.to_ascii_uppercase(),
        }
    }
}
