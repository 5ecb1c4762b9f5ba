//! Links that open somebody else's calendar with a feed or an event of ours in it (interop section 12). Pure.
//!
//! None of these forms is promised by whom it belongs to, so the plain address to copy always stands beside them (L1).

pub mod event;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// Everything but the unreserved characters of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Where Google asks for the address of a calendar to subscribe to (L4). The one form that has stayed.
pub const GOOGLE_BY_ADDRESS: &str = "https://calendar.google.com/calendar/u/0/r/settings/addbyurl";

/// The addresses by which people subscribe to one feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// What everything takes that asks for an address (L1).
    pub copy: String,
    /// Apple's calendars and whatever else the reader's system has for subscriptions (L2).
    pub webcal: String,
    /// Google, straight to its question whether to add the calendar; works at times (L4).
    pub google: String,
    /// Outlook.com (L6).
    pub outlook_com: String,
    /// Outlook of an organisation's Microsoft 365 (L7).
    pub microsoft_365: String,
}

impl Subscribe {
    /// The addresses for the feed at `feed`, an http or https address, which people call `title`.
    #[must_use]
    pub fn to(feed: &Url, title: &str) -> Self {
        let copy = feed.as_str();
        let (address, name) = (encoded(copy), encoded(title));
        let outlook =
            |host: &str| format!("https://{host}/calendar/0/addfromweb/?url={address}&name={name}");
        let bare = copy.split_once("://").map_or(copy, |(_, rest)| rest);
        Self {
            copy: copy.to_owned(),
            webcal: format!("webcal://{bare}"),
            google: format!("https://calendar.google.com/calendar/u/0/r?cid={address}"),
            outlook_com: outlook("outlook.live.com"),
            microsoft_365: outlook("outlook.office.com"),
        }
    }
}

/// `text` with every reserved character as `%XX`, a space too, for some read `+` as itself.
#[must_use]
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests;
