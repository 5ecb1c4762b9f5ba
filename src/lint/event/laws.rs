//! What is asked of an event.

use crate::lint::Law;

pub(super) static REQUIRED: Law = Law::error(
    "P14",
    "have UID and DTSTAMP in every event",
    "strict readers refuse the calendar; others see a new event each time",
);
pub(super) static TWICE: Law = Law::error(
    "P14",
    "have it once",
    "which of the two counts depends on the program",
);
pub(super) static LONG_UID: Law = Law::error(
    "E1",
    "keep UIDs below 255 characters",
    "Exchange refuses the event",
);
pub(super) static UID: Law = Law::hint(
    "E1",
    "have a UUID: letters, digits and dashes",
    "UIDs with a host or a user in them tell who made them",
);
pub(super) static SAME: Law = Law::error(
    "E2",
    "give every event a UID of its own",
    "Google shows the last one only, others the first",
);
pub(super) static STAMP: Law = Law::error(
    "E5",
    "write stamps in UTC, such as `20261121T190000Z`",
    "changes are missed, or seen where there are none",
);
pub(super) static MODIFIED: Law = Law::warning(
    "E4",
    "have LAST-MODIFIED, and move it with every change",
    "ICSx5 and Evolution never show a change",
);
pub(super) static CREATED: Law = Law::hint(
    "E5",
    "have CREATED not later than LAST-MODIFIED",
    "nobody we know of",
);
pub(super) static SEQUENCE: Law = Law::error(
    "E6",
    "write a whole number below 2147483648",
    "strict readers refuse the calendar",
);
pub(super) static SEQUENCELESS: Law = Law::hint(
    "E6",
    "have SEQUENCE, and raise it when the event moves",
    "Google may keep the old date",
);
pub(super) static STATUS: Law = Law::error(
    "E9",
    "write CONFIRMED, TENTATIVE or CANCELLED",
    "a cancelled event shows as if it took place",
);
pub(super) static TITLE: Law = Law::warning(
    "P1",
    "have a SUMMARY",
    "programs show an event without a name",
);
pub(super) static LONG_TITLE: Law = Law::hint(
    "P1",
    "keep SUMMARY to one line of 200 characters",
    "lists cut it",
);
pub(super) static MARKUP: Law = Law::warning(
    "P2",
    "write plain text",
    "Apple, GNOME and Thunderbird show the tags",
);
pub(super) static LONG_TEXT: Law = Law::hint(
    "P2",
    "keep DESCRIPTION below 4,000 characters and link to the rest",
    "the calendar grows beyond what Google takes",
);
pub(super) static GEO: Law =
    Law::error("P5a", "write `GEO:51.3;6.5`", "Google refuses the calendar");
pub(super) static NOWHERE: Law = Law::warning(
    "P5a",
    "leave GEO out where the place is not known",
    "the map shows the sea off Africa",
);
pub(super) static ALARM: Law = Law::warning(
    "P6",
    "leave alarms out",
    "they go off in Thunderbird and ICSx5",
);
pub(super) static BUSY: Law = Law::hint(
    "P7",
    "have TRANSP and X-MICROSOFT-CDO-BUSYSTATUS, which agree",
    "Outlook and the others show the time differently",
);
pub(super) static PRIVATE: Law = Law::warning(
    "P8",
    "leave private events out",
    "CLASS hides nothing: the text is in the file",
);
pub(super) static CATEGORIES: Law = Law::hint(
    "P9",
    "have one line of at most 10 categories",
    "some readers take the first line only",
);
pub(super) static INLINE: Law = Law::warning(
    "P11",
    "link to it",
    "it makes the calendar larger than Google takes",
);
pub(super) static IDLE_LAW: Law = Law::hint("P12", "leave it out", "read by almost nobody");
pub(super) static PEOPLE: Law = Law::warning(
    "V1",
    "leave people out",
    "everybody who subscribes gets the addresses; Outlook shows an invitation",
);
pub(super) static ORPHAN: Law = Law::warning(
    "R9",
    "have the series that it is an exception of",
    "whether it shows depends on the program",
);
