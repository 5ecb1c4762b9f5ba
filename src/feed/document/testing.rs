//! Documents of any bytes, for tests.

use super::*;
use crate::domain::text::Line;

/// `body` as the feed `season`, last changed at 08:05:09 and three quarters on 20 November 2026.
pub(crate) fn document(body: &[u8]) -> Document {
    let at = "2026-11-20T08:05:09.750Z".parse().unwrap();
    let name = FileName::new("season", &Line::new("Season"), "ics");
    Document::prepared(Bytes::copy_from_slice(body), ics::MEDIA_TYPE, name, at)
}

/// A document that is shorter in every coding; 9,500 bytes.
pub(crate) fn season() -> Document {
    document(&b"SUMMARY:Rehearsal\r\n".repeat(500))
}
