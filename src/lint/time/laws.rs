//! What is asked of the times of an event.

use crate::lint::Law;

pub(super) static MISSING: Law =
    Law::error("T11", "have one DTSTART", "most programs drop the event");
pub(super) static UNREADABLE: Law = Law::error(
    "T10",
    "write `20261121T190000Z`, `20261121T190000` with a TZID, or `20261121` with VALUE=DATE",
    "most programs drop the event, strict ones the whole calendar",
);
pub(super) static YEAR: Law = Law::warning(
    "T10",
    "stay between 1970 and 2099",
    "readers that reckon from 1970",
);
pub(super) static FLOATING: Law = Law::error(
    "T2",
    "write the time in UTC, or with a TZID",
    "the event is at another hour for everybody in another zone, and on servers that read it as UTC",
);
pub(super) static BOTH: Law = Law::error(
    "T3",
    "write either a TZID or a `Z`",
    "strict readers refuse the calendar; others shift the event",
);
pub(super) static ZONED_DAY: Law = Law::error(
    "T3",
    "leave the TZID of a day out",
    "strict readers refuse the calendar",
);
pub(super) static BARE_DAY: Law = Law::error(
    "T4",
    "write `;VALUE=DATE` for a day",
    "strict readers refuse the calendar",
);
pub(super) static LAST_DAY: Law = Law::error(
    "T4",
    "end with the day behind the last one",
    "Google and Outlook lose the last day; Outlook shows an entry at midnight",
);
pub(super) static ENDLESS_DAY: Law = Law::hint(
    "T4",
    "have a DTEND for all-day events too",
    "nobody we know of",
);
pub(super) static BACKWARDS: Law = Law::error(
    "T7",
    "end later than it starts",
    "Google's interface refuses it, others show nothing",
);
pub(super) static INSTANT: Law = Law::warning(
    "T7",
    "leave DTEND out of what is a point in time",
    "Outlook and Google refuse an end that is the start",
);
pub(super) static TWO_ENDS: Law = Law::error(
    "T7",
    "have DTEND or DURATION, not both",
    "strict readers refuse the calendar",
);
pub(super) static LENGTH: Law = Law::error(
    "T7",
    "write a length such as `PT1H30M` or `P1D`",
    "the event has no end",
);
pub(super) static KINDS: Law = Law::error(
    "T8",
    "write DTEND as DTSTART: both days, or both times",
    "strict readers refuse the calendar",
);
pub(super) static TWO_ZONES: Law = Law::hint(
    "T8",
    "write both in UTC where they are in different zones",
    "the end may be read by the zone of the start",
);
pub(super) static FLAG: Law = Law::warning(
    "T6",
    "set it for days only",
    "Outlook shows an all-day event",
);
pub(super) static REPEATED: Law = Law::warning(
    "T9",
    "write a time that occurs twice in UTC",
    "readers differ by an hour on which of the two it is",
);
pub(super) static SKIPPED: Law = Law::error(
    "T9",
    "name a time that exists; clocks skip this one",
    "readers differ by an hour",
);
pub(super) static LATE: Law = Law::warning(
    "T9",
    "write what is after 2037 in UTC",
    "some readers know no summer time after 2037",
);
pub(super) static UNDECLARED: Law = Law::error(
    "Z1",
    "have a VTIMEZONE for every TZID",
    "Outlook guesses and may be an hour off, Google several",
);
pub(super) static UNKNOWN: Law = Law::error(
    "Z2",
    "name a zone of the tz database, such as `Europe/Berlin`, or have its VTIMEZONE",
    "nobody knows when that is",
);
pub(super) static WRONG: Law = Law::error(
    "Z3",
    "make the VTIMEZONE say what the tz database says",
    "programs that follow it are off by the difference, the others are right",
);
