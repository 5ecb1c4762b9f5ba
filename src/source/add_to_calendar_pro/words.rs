//! Texts without what is meant for one reader, and words fit for a log.

use std::borrow::Cow;

use crate::domain::text::Line;

/// The longest name of a placeholder, such as `first_name` in `%%first_name%%`.
const PLACEHOLDER_MAX: usize = 64;

/// A word that may be logged: cut, since it stands where a code should be.
pub(super) fn short(word: &str) -> String {
    Line::new(word).as_str().chars().take(40).collect()
}

/// One line of text that everybody sees alike.
pub(super) fn line(text: Option<&str>) -> Line {
    Line::new(&filled(text.unwrap_or_default()))
}

/// `text` without placeholders such as `%%first_name%%`: what stands for them differs from reader to reader, and a feed
/// has no reader.
pub(super) fn filled(text: &str) -> Cow<'_, str> {
    if !text.contains("%%") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("%%") {
        out.push_str(before);
        let name = after.split_once("%%").filter(|(name, _)| {
            let plain = |c: char| !c.is_whitespace() && c != '%';
            (1..=PLACEHOLDER_MAX).contains(&name.len()) && name.chars().all(plain)
        });
        // What is no placeholder stays as it stands.
        out.push_str(if name.is_some() { "" } else { "%%" });
        rest = name.map_or(after, |(_, after)| after);
    }
    out.push_str(rest);
    Cow::Owned(out)
}
