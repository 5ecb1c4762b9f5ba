//! Text from strangers, made harmless once, where it comes in.
//!
//! After [`Line::new`] and [`Text::new`] no control character, no noncharacter and no unbalanced direction mark
//! is left, so no output can gain a line or lose its direction (interop S10, S11; design §13).

use std::{fmt, sync::Arc};

use unicode_segmentation::UnicodeSegmentation;

/// The longest [`Line`], in characters (interop P1).
const LINE_MAX: usize = 200;
/// The longest [`Text`], in characters (interop P2).
const TEXT_MAX: usize = 4_000;
/// How much of an overlong input is looked at: enough for any [`Text`], little enough for a hostile megabyte.
const LOOK: usize = 64 * 1024;

/// One line of plain text, at most 200 characters: a title, a name. Clones share it, since thousands of events say the same
/// of where they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Line(Arc<str>);

impl Line {
    /// Cleans `raw`: every run of white space becomes one space, what cannot be shown is dropped, the rest is capped.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        if raw.len() <= LINE_MAX && is_clean(raw) {
            return Self(raw.into());
        }
        Self::cleaned(raw)
    }

    fn cleaned(raw: &str) -> Self {
        let shown: String = head(raw).chars().map(space).filter(|c| shows(*c)).collect();
        let words = balanced(shown, LINE_MAX);
        let joined = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Self(cap(joined, LINE_MAX).into())
    }

    /// The cleaned text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its ASCII letters and digits in words, as the last segment of an address (interop H2); `calendar` if it has none.
    #[must_use]
    pub fn slug(&self) -> String {
        let lower = self.0.to_lowercase();
        let words = lower
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty());
        let slug = words.collect::<Vec<_>>().join("-");
        if slug.is_empty() {
            "calendar".to_owned()
        } else {
            slug
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Plain text of several lines, at most 4,000 characters; lines end with `\n`, the last has none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Text(Box<str>);

impl Text {
    /// Cleans `raw`: line ends become `\n`, at most one blank line stands in a row, the rest as for [`Line::new`].
    #[must_use]
    pub fn new(raw: &str) -> Self {
        if raw.len() <= TEXT_MAX && is_clean_text(raw) {
            return Self(raw.into());
        }
        Self::cleaned(raw)
    }

    fn cleaned(raw: &str) -> Self {
        let shown = newlines(head(raw))
            .chars()
            .filter(|c| shows(*c) || c.is_whitespace())
            .map(|c| if c == '\n' { c } else { space(c) })
            .collect();
        let mut lines: Vec<String> = Vec::new();
        for line in balanced(shown, TEXT_MAX).split('\n') {
            let line = line.trim_end();
            let blank_twice = line.is_empty() && lines.last().is_none_or(String::is_empty);
            if !blank_twice {
                lines.push(line.to_owned());
            }
        }
        Self(cap(lines.join("\n").trim().to_owned(), TEXT_MAX).into())
    }

    /// The cleaned text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether cleaning would not change `line`, as of most: characters that show, none of them a direction mark, in words with
/// one blank between them.
fn is_clean(line: &str) -> bool {
    // As if one stood before the line, where it may not have one.
    let mut before = b' ';
    for byte in line.bytes() {
        match byte {
            b' ' if before == b' ' => return false,
            b' '..=b'~' => before = byte,
            _ => return is_clean_beyond_ascii(line),
        }
    }
    before != b' ' || line.is_empty()
}

fn is_clean_beyond_ascii(line: &str) -> bool {
    let stays = |c: char| match c {
        ' '..='~' => true,
        _ => shows(c) && !c.is_whitespace() && !directs(c),
    };
    line.chars().all(stays)
        && !line.starts_with(' ')
        && !line.ends_with(' ')
        && !line.contains("  ")
}

/// The same of a text: clean lines, at most one of them blank in a row, the first and the last none.
fn is_clean_text(text: &str) -> bool {
    let mut before = "";
    let lines = text.split('\n').all(|line| {
        let is_blank_again = line.is_empty() && before.is_empty();
        before = line;
        !is_blank_again && is_clean(line)
    });
    text.is_empty() || lines && !before.is_empty()
}

/// The beginning of `raw` that is worth looking at, cut between characters.
fn head(raw: &str) -> &str {
    &raw[..raw.floor_char_boundary(LOOK)]
}

/// All the ways to end a line, as `\n` (interop S6).
fn newlines(raw: &str) -> String {
    raw.replace("\r\n", "\n").replace(
        ['\r', '\u{85}', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}'],
        "\n",
    )
}

/// White space of any kind as a plain space, so that words on both sides stay apart.
fn space(c: char) -> char {
    if c.is_whitespace() { ' ' } else { c }
}

/// Whether a character may stand in text: no control, noncharacter, byte order mark or annotation mark.
fn shows(c: char) -> bool {
    let noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    !(c.is_control() || noncharacter || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}'))
}

/// Cuts after `max` characters, between grapheme clusters, and says so with an ellipsis.
fn cap(text: String, max: usize) -> String {
    if text.chars().count() <= max {
        return text;
    }
    let mut room = max - 1;
    let mut end = 0;
    for cluster in text.graphemes(true) {
        let size = cluster.chars().count();
        if size > room {
            break;
        }
        room -= size;
        end += cluster.len();
    }
    format!("{}…", text[..end].trim_end())
}

/// Drops every direction mark if they do not close as they opened (interop S11) or if a cut to `max` could part them.
fn balanced(text: String, max: usize) -> String {
    let mut open = Vec::new();
    let closes = text.chars().all(|c| match c {
        '\u{202a}'..='\u{202b}' | '\u{202d}'..='\u{202e}' => {
            open.push('\u{202c}');
            true
        }
        '\u{2066}'..='\u{2068}' => {
            open.push('\u{2069}');
            true
        }
        '\u{202c}' | '\u{2069}' => open.pop() == Some(c),
        _ => true,
    });
    if closes && open.is_empty() && text.chars().count() <= max {
        text
    } else {
        text.replace(directs, "")
    }
}

/// Whether a character changes the direction of the text that follows.
fn directs(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_keeps_what_can_be_shown() {
        for (raw, want) in [
            ("  Aida \t at\r\nnoon ", "Aida at noon"),
            ("a\u{0}b\u{7f}c\u{ffff}\u{feff}", "abc"),
            ("👩‍👩‍👧 \u{202b}مرحبا\u{202c}", "👩‍👩‍👧 \u{202b}مرحبا\u{202c}"),
            ("evil \u{202e}gnp.exe", "evil gnp.exe"),
            ("a\u{2028}b", "a b"),
            ("\u{2069}\u{2066}x", "x"),
            ("", ""),
        ] {
            assert_eq!(Line::new(raw).as_str(), want, "{raw:?}");
        }
    }

    #[test]
    fn a_text_keeps_its_lines_but_no_more_than_one_blank() {
        for (raw, want) in [
            ("a\r\nb\rc\n\n\n\nd\n", "a\nb\nc\n\nd"),
            ("\n\n a \u{b}b", "a\nb"),
            ("• one\n• two   ", "• one\n• two"),
        ] {
            assert_eq!(Text::new(raw).as_str(), want, "{raw:?}");
        }
    }

    #[test]
    fn a_megabyte_of_title_is_cut_to_200_characters() {
        let line = Line::new(&"x".repeat(1 << 20));
        assert_eq!(line.as_str().chars().count(), 200);
        assert!(line.as_str().ends_with('…'));
    }

    #[test]
    fn a_cut_never_splits_a_grapheme_cluster() {
        let family = "👨‍👩‍👧‍👦";
        let line = Line::new(&family.repeat(60));
        assert_eq!(line.as_str().trim_end_matches('…').replace(family, ""), "");
    }

    proptest! {
        #[test]
        fn what_is_taken_as_it_is_would_be_cleaned_to_the_same(
            raw in "([a-c é•👩\u{202a}\u{202c}\u{85}\u{a0}\u{2028}\u{feff}\u{ffff}\r\t]|\n|\n\n){0,12}"
        ) {
            prop_assert_eq!(Line::new(&raw), Line::cleaned(&raw));
            prop_assert_eq!(Text::new(&raw), Text::cleaned(&raw));
        }

        #[test]
        fn cleaning_is_idempotent_and_bounded(raw in "\\PC{0,300}|[\\x00-\\x20\\u{202a}-\\u{202e}a👩‍👧]{0,300}") {
            let line = Line::new(&raw);
            prop_assert_eq!(&Line::new(line.as_str()), &line);
            prop_assert!(line.as_str().chars().count() <= LINE_MAX);
            prop_assert!(!line.as_str().chars().any(char::is_control));
            let text = Text::new(&raw);
            prop_assert_eq!(&Text::new(text.as_str()), &text);
            prop_assert!(!text.as_str().chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}
