//! `/assets/{name}`: the style sheets and scripts of the pages, which are part of the program.

use std::{fmt::Write as _, sync::LazyLock};

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use sha2::{Digest, Sha256};

use crate::view::colour::Colour;

use super::{App, cache_policy::CachePolicy, error::WebError, made::Made};

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// How many bytes of the SHA-256 stand in the address.
const HASH_BYTES: usize = 6;

/// A file that pages refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asset {
    /// The style of our own pages.
    Site,
    /// What our own pages do beyond HTML: copy an address.
    SiteScript,
    /// The style of the embeds.
    Embed,
    /// The places of events by the hour in the embeds.
    EmbedGrid,
    /// What the embeds do beyond HTML: tell the page around a frame how high they are.
    Frame,
}

/// The files, those of [`Asset`] first and in its order.
static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    vec![
        File::new("site", Kind::Style, include_str!("../../assets/site.css")),
        File::new("site", Kind::Script, include_str!("../../assets/site.js")),
        File::new("embed", Kind::Style, include_str!("../../assets/embed.css")),
        File::new(
            "embed-grid",
            Kind::Style,
            include_str!("../../assets/embed-grid.css"),
        ),
        File::new("frame", Kind::Script, include_str!("../../assets/frame.js")),
        // No page of ours has these: websites name them, without the hash.
        File::new("host", Kind::Script, include_str!("../../assets/host.js")),
        File::new(
            "calendar-bridge",
            Kind::Script,
            include_str!("../../assets/calendar-bridge.js"),
        ),
    ]
});

/// A file with its addresses.
struct File {
    kind: Kind,
    text: &'static str,
    /// For pages of other websites, which write it by hand.
    plain: String,
    /// With the hash of the bytes in it: whoever has it, has the file for good.
    hashed: String,
    path: String,
}

/// What is in a file.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Style,
    Script,
}

impl Kind {
    const fn extension(self) -> &'static str {
        match self {
            Self::Style => "css",
            Self::Script => "js",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Style => "text/css; charset=utf-8",
            Self::Script => "text/javascript; charset=utf-8",
        }
    }
}

impl File {
    fn new(stem: &str, kind: Kind, text: &'static str) -> Self {
        let extension = kind.extension();
        let mut hash = String::with_capacity(2 * HASH_BYTES);
        for byte in &Sha256::digest(text)[..HASH_BYTES] {
            write!(hash, "{byte:02x}").expect("writing to a string cannot fail");
        }
        let hashed = format!("{stem}-{hash}.{extension}");
        Self {
            kind,
            text,
            plain: format!("{stem}.{extension}"),
            path: format!("/assets/{hashed}"),
            hashed,
        }
    }
}

impl Asset {
    /// Its address for our own pages: absolute in its path, so that a page works by whatever name we are reached.
    pub(super) fn path(self) -> &'static str {
        &FILES[self as usize].path
    }

    /// Its address for pages of other websites, which may be older than the file.
    pub(super) fn plain_path(self) -> String {
        format!("/assets/{}", FILES[self as usize].plain)
    }
}

/// The address of the style sheet for one accent.
pub(super) fn accent_path(accent: Colour) -> String {
    format!("/assets/accent-{accent}.css")
}

/// The accent whose style sheet has this name.
fn accent(name: &str) -> Option<Colour> {
    let accent = name.strip_prefix("accent-")?.strip_suffix(".css")?;
    accent.parse().ok()
}

/// `/assets/{name}`, with the hash in the name for good, without it for five minutes.
pub(super) async fn asset(
    State(app): State<App>,
    Path(name): Path<String>,
    request: HeaderMap,
) -> Result<Response, WebError> {
    let made = made(&name).ok_or(WebError::Unknown)?;
    let mut response = made.respond(&request, app.codings(&request));
    let headers = response.headers_mut();
    // Frames in a sandbox are of no origin, and websites that embed a calendar are of another.
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// The file of this name, or the style sheet of an accent.
fn made(name: &str) -> Option<Made<'static>> {
    if let Some(accent) = accent(name) {
        return Some(Made {
            bytes: Bytes::from(accent.sheet()),
            media_type: Kind::Style.media_type(),
            policy: CachePolicy::Public,
            varies_by: &[],
        });
    }
    let mut files = FILES.iter();
    let file = files.find(|file| name == file.hashed || name == file.plain)?;
    let policy = if name == file.hashed {
        CachePolicy::Immutable
    } else {
        CachePolicy::Public
    };
    Some(Made {
        bytes: Bytes::from_static(file.text.as_bytes()),
        media_type: file.kind.media_type(),
        policy,
        varies_by: &[],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::coding::{Coding, Effort};

    #[test]
    fn the_component_is_at_most_twelve_thousand_bytes() {
        let component = made("calendar-bridge.js").unwrap();
        let packed = Coding::Gzip.encode(&component.bytes, Effort::Once);
        let packed = packed.unwrap().len();
        assert!((1..=12_000).contains(&packed), "{packed}");
    }
}
