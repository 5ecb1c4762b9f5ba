//! The name under which a document is saved.

use std::fmt::Write as _;

use axum::http::HeaderValue;

use crate::domain::text::Line;

/// The longest name for people, in characters: file systems end at 255 bytes, and a character takes up to four.
const TITLE_MAX: usize = 60;

/// A document's file name, as the two `Content-Disposition` values that carry it (interop H20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName {
    inline: HeaderValue,
    attachment: HeaderValue,
}

impl FileName {
    /// The name of a document that URLs call `slug` and people call `title`, with `extension` such as `ics`.
    ///
    /// Readers that know RFC 8187 save a download under the title, the others under the slug.
    #[must_use]
    pub fn new(slug: &str, title: &Line, extension: &str) -> Self {
        let plain = format!("filename=\"{}.{extension}\"", token(slug));
        let named = ext_value(title, extension);
        Self {
            inline: printable(&format!("inline; {plain}")),
            attachment: printable(&format!("attachment; {plain}; filename*=UTF-8''{named}")),
        }
    }

    /// `Content-Disposition` of a document that is shown or subscribed to.
    pub(crate) const fn inline(&self) -> &HeaderValue {
        &self.inline
    }

    /// `Content-Disposition` of a document that is saved.
    pub(crate) const fn attachment(&self) -> &HeaderValue {
        &self.attachment
    }
}

/// `slug` with everything that would need quoting, or mean something to a file system, as `-`.
fn token(slug: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    slug.chars()
        .map(|c| if safe(c) { c } else { '-' })
        .collect()
}

/// The title as a file name in the form of RFC 8187 §3.2.1, without its charset.
fn ext_value(title: &Line, extension: &str) -> String {
    // What Windows forbids in names, and the separators of the others: recipients would drop or replace it anyway (RFC 6266 §4.3).
    let allowed = |c: char| if r#"<>:"/\|?*"#.contains(c) { '-' } else { c };
    let name: String = title
        .as_str()
        .chars()
        .take(TITLE_MAX)
        .map(allowed)
        .collect();
    let name = name.trim_matches(['.', ' ']);
    let name = if name.is_empty() { "calendar" } else { name };
    let mut value = String::new();
    for byte in name.bytes().chain(*b".").chain(extension.bytes()) {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            write!(value, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    value
}

fn printable(value: &str) -> HeaderValue {
    HeaderValue::from_str(value)
        .expect("token and ext-value are visible ASCII, extensions are ours")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_feed_names_its_slug_and_a_download_its_title_too() {
        for (slug, title, inline, attachment) in [
            (
                "season",
                "Season 2026/27",
                r#"inline; filename="season.ics""#,
                r#"attachment; filename="season.ics"; filename*=UTF-8''Season%202026-27.ics"#,
            ),
            (
                "chor",
                "Chor & Tänze €",
                r#"inline; filename="chor.ics""#,
                r#"attachment; filename="chor.ics"; filename*=UTF-8''Chor%20&%20T%C3%A4nze%20%E2%82%AC.ics"#,
            ),
            (
                r#"a"; x="../b"#,
                "..",
                r#"inline; filename="a---x-----b.ics""#,
                r#"attachment; filename="a---x-----b.ics"; filename*=UTF-8''calendar.ics"#,
            ),
        ] {
            let name = FileName::new(slug, &Line::new(title), "ics");
            assert_eq!(name.inline(), inline, "{slug:?} {title:?}");
            assert_eq!(name.attachment(), attachment, "{slug:?} {title:?}");
        }
    }

    proptest! {
        #[test]
        fn no_title_can_add_a_parameter_or_leave_the_folder(title in ".{0,200}") {
            let name = FileName::new("s", &Line::new(&title), "ics");
            let value = name.attachment().to_str().unwrap();
            let saved = value.strip_prefix(r#"attachment; filename="s.ics"; filename*=UTF-8''"#).unwrap();
            let stem = saved.strip_suffix(".ics").unwrap();
            prop_assert!(!stem.is_empty() && !stem.starts_with('.') && !stem.ends_with('.'), "{}", saved);
            prop_assert!(!saved.contains([';', '"', ' ', '/', '\\']), "{}", saved);
            prop_assert!(!saved.contains("%2F") && !saved.contains("%5C") && !saved.contains("%0"), "{}", saved);
        }
    }
}
