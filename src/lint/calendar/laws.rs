//! What is asked of the calendar as a whole.

use crate::lint::Law;

pub(super) static NO_LINE: Law = Law::error(
    "S12",
    "write every line as `NAME:value`, and begin what goes on with a space",
    "Google may drop the whole calendar, strict readers do",
);
pub(super) static NESTING: Law = Law::error(
    "S14",
    "end every component that begins, in the reverse order",
    "Nextcloud refuses a calendar that is cut, Evolution empties its copy",
);
pub(super) static ONE: Law = Law::error(
    "S14",
    "publish one `VCALENDAR` with everything in it",
    "most programs read the first one only, or none",
);
pub(super) static ORDER: Law = Law::hint(
    "S13",
    "put VERSION and PRODID first",
    "some readers look there only",
);
pub(super) static VERSION: Law = Law::error(
    "C1",
    "have one `VERSION:2.0`",
    "strict readers refuse the calendar",
);
pub(super) static PRODID: Law = Law::error(
    "C1",
    "have one PRODID",
    "strict readers refuse the calendar",
);
pub(super) static PRODUCT: Law = Law::hint(
    "C1",
    "write PRODID as `-//Organisation//Product//EN`",
    "readers choose their quirks by it",
);
pub(super) static SCALE: Law = Law::error(
    "C2",
    "have `CALSCALE:GREGORIAN` or no CALSCALE",
    "no program knows another",
);
pub(super) static SCALELESS: Law =
    Law::hint("C2", "have `CALSCALE:GREGORIAN`", "nobody we know of");
pub(super) static METHOD: Law = Law::error(
    "C3",
    "have `METHOD:PUBLISH`",
    "Outlook shows an invitation and takes only the first event",
);
pub(super) static METHODLESS: Law = Law::hint(
    "C3",
    "have `METHOD:PUBLISH`",
    "Outlook may take only the first event of a file",
);
pub(super) static NAMELESS: Law = Law::warning(
    "C4",
    "have X-WR-CALNAME",
    "Google shows the address in place of a name",
);
pub(super) static NAME: Law = Law::hint(
    "C4",
    "have NAME beside X-WR-CALNAME, with the same text",
    "readers that know the standard only",
);
pub(super) static NAMES: Law = Law::warning(
    "C4",
    "give X-WR-CALNAME and NAME the same text",
    "the name depends on the program",
);
pub(super) static LONG_NAME: Law = Law::warning(
    "C4",
    "keep the name to one line of 255 characters",
    "Exchange cuts it",
);
pub(super) static REFRESH: Law = Law::error(
    "C6",
    "write `REFRESH-INTERVAL;VALUE=DURATION:PT1H` and `X-PUBLISHED-TTL:PT1H`: hours need the `T`",
    "Nextcloud drops it and looks once a week",
);
pub(super) static REFRESHLESS: Law = Law::hint(
    "C6",
    "have `REFRESH-INTERVAL;VALUE=DURATION:PT1H` and `X-PUBLISHED-TTL:PT1H`",
    "Nextcloud looks once a week",
);
pub(super) static TYPELESS: Law = Law::warning(
    "C6",
    "write `;VALUE=DURATION`",
    "readers that go by the standard",
);
pub(super) static SHORT: Law = Law::warning(
    "C6",
    "ask for no more than one look in 15 minutes",
    "the server that is asked",
);
pub(super) static INTERVALS: Law = Law::warning(
    "C6",
    "give both the same length",
    "how often is looked depends on the program",
);
pub(super) static DISPLAY_ZONE: Law = Law::warning(
    "C8",
    "name an IANA zone in X-WR-TIMEZONE",
    "Google shows GMT",
);
pub(super) static COLOUR: Law = Law::hint("C9", "write `#RRGGBB`", "Apple ignores the colour");
pub(super) static INSPECTOR: Law = Law::warning(
    "C11",
    "leave X-MS-OLK-FORCEINSPECTOROPEN out",
    "Outlook opens a window for one event",
);
pub(super) static CLUTTER: Law = Law::hint(
    "C12",
    "leave it out",
    "Outlook gives it a meaning of its own",
);
pub(super) static SIZE: Law = Law::error(
    "W1",
    "stay below 1,000,000 octets: publish fewer days, or several calendars",
    "Google loses events and does not say so",
);
pub(super) static COUNT: Law = Law::warning(
    "W1",
    "stay below 1,000 events: publish fewer days, or several calendars",
    "Google may lose events and not say so",
);
pub(super) static HOLLOW: Law = Law::error(
    "W6",
    "have a VTIMEZONE where there is no event",
    "strict readers refuse a calendar of nothing, Outlook warns",
);
pub(super) static COMPONENT: Law =
    Law::warning("W9", "publish events only", "Nextcloud and Google drop it");
