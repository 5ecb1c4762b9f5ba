//! What is asked of how a calendar is served.

use crate::lint::Law;

pub(super) static TYPE: Law = Law::error(
    "H1",
    "serve it as `text/calendar; charset=utf-8`",
    "Mozilla refuses it, Nextcloud reads it wrong",
);
pub(super) static CHARSET: Law = Law::warning(
    "H1",
    "serve it as `text/calendar; charset=utf-8`",
    "Google was seen to spoil letters",
);
pub(super) static METHOD: Law = Law::hint(
    "H1a",
    "leave out every parameter but the charset",
    "what it does to each program is not known",
);
pub(super) static PATH: Law = Law::hint(
    "H2",
    "end the path with a name and `.ics`",
    "Thunderbird names the calendar after it",
);
pub(super) static QUERY: Law = Law::hint(
    "H3",
    "put what chooses the calendar into the path",
    "links to Google lose what stands behind `&`",
);
pub(super) static IGNORED: Law = Law::warning(
    "H3",
    "ignore a query that means nothing",
    "people add one to have the calendar looked at anew",
);
pub(super) static HEAD: Law = Law::warning(
    "H4",
    "answer HEAD as GET, without the body",
    "programs that look first see a dead calendar",
);
pub(super) static TAG: Law = Law::warning(
    "H5",
    "send a strong ETag",
    "Thunderbird and Evolution fetch everything each time",
);
pub(super) static DATE: Law = Law::warning(
    "H5",
    "send Last-Modified",
    "programs that go by it fetch everything each time",
);
pub(super) static STEADY: Law = Law::warning(
    "H5",
    "send the same bytes as long as no event changes",
    "every look fetches everything, and Nextcloud sees changes where there are none",
);
pub(super) static UNCHANGED: Law = Law::warning(
    "H6",
    "answer 304 to what the reader has",
    "every look fetches everything",
);
pub(super) static FROZEN: Law = Law::error(
    "H6",
    "answer 200 to a reader whose copy is old",
    "Apple never sees a change",
);
pub(super) static REPEATED: Law = Law::hint(
    "H7",
    "repeat ETag and Last-Modified in a 304",
    "programs that go by them fetch everything the next time",
);
pub(super) static CODED: Law = Law::error(
    "H9",
    "compress only for readers that ask for it",
    "they see garbage",
);
pub(super) static VARY: Law = Law::warning(
    "H9",
    "send `Vary: Accept-Encoding`",
    "a proxy hands compressed bytes to readers that cannot take them",
);
pub(super) static ONE_TAG: Law = Law::warning(
    "H9",
    "have an ETag for each coding",
    "a proxy mixes them up",
);
pub(super) static CODING: Law = Law::error(
    "H9",
    "compress the same bytes",
    "readers that take gzip see another calendar, or none",
);
pub(super) static MOVED: Law = Law::warning(
    "H10",
    "serve it at the address itself",
    "Sailfish follows no redirect; ICSx5 does not store the new address",
);
pub(super) static PLAIN: Law = Law::warning(
    "H11",
    "serve it by https",
    "whoever listens reads along, and can change it",
);
pub(super) static NEGOTIATED: Law = Law::error(
    "H12",
    "send the calendar whatever Accept says",
    "Google sends none",
);
pub(super) static CACHE: Law = Law::hint(
    "H15",
    "send Cache-Control with a max-age of at most 15 minutes",
    "copies on the way get old",
);
pub(super) static SILENT: Law = Law::warning(
    "H16",
    "answer every request within seconds",
    "Home Assistant gives up after 30 seconds, ICSx5 after 60",
);
pub(super) static COOKIE: Law = Law::warning(
    "H18",
    "set no cookie",
    "whoever watches readers; proxies do not keep a copy",
);
pub(super) static ATTACHED: Law = Law::warning(
    "H20",
    "send `inline`, or no Content-Disposition",
    "was blamed for subscriptions that fail in Google",
);
