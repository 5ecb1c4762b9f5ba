//! Content lines: escaping, parameter quoting, folding (RFC 5545 §3.1, §3.3.11; RFC 6868; interop S1 to S15).

use unicode_segmentation::GraphemeCursor;

/// The longest line in octets, without its line end (RFC 5545 §3.1).
pub(super) const LINE_MAX: usize = 75;
/// How far before the limit a line may be folded to keep blanks inside lines (interop S5).
const LEEWAY: usize = 24;

/// Writes a property whose value is TEXT: escaped, folded, with its CRLF.
pub fn text(out: &mut Vec<u8>, name: &str, value: &str) {
    line(out, name, |out| escape(out, value));
}

/// Writes a property whose value is a list of TEXT: its separating commas stay raw (interop S8).
pub fn texts<'a>(out: &mut Vec<u8>, name: &str, values: impl Iterator<Item = &'a str>) {
    line(out, name, |out| joined(out, b",", values));
}

/// Writes a property whose value is a TEXT of several lines.
pub fn text_lines<'a>(out: &mut Vec<u8>, name: &str, lines: impl Iterator<Item = &'a str>) {
    line(out, name, |out| joined(out, b"\\n", lines));
}

/// Writes a property of any other type, or `BEGIN` and `END`: the value as it is (interop S8).
pub fn plain(out: &mut Vec<u8>, name: &str, value: &str) {
    line(out, name, |out| out.extend_from_slice(value.as_bytes()));
}

/// Writes one content line. `name` may carry parameters, none of which needs quotes: calbridge writes only `TZID` and
/// `VALUE` (interop S9, P15).
pub fn line(out: &mut Vec<u8>, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
    named(out, &[name], value);
}

/// Writes one content line with a `TZID`.
pub fn zoned(out: &mut Vec<u8>, name: &str, tzid: &str, value: impl FnOnce(&mut Vec<u8>)) {
    named(out, &[name, ";TZID=", tzid], value);
}

fn named(out: &mut Vec<u8>, name: &[&str], value: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    for part in name {
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b':');
    value(out);
    finish(out, start);
}

fn joined<'a>(out: &mut Vec<u8>, separator: &[u8], values: impl Iterator<Item = &'a str>) {
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.extend_from_slice(separator);
        }
        escape(out, value);
    }
}

/// Escapes a TEXT value: backslash, semicolon, comma and line break; never colon or quote (interop S6, S7).
fn escape(out: &mut Vec<u8>, text: &str) {
    let is_special = |byte: &u8| matches!(byte, b'\\' | b';' | b',' | b'\n' | b'\r');
    let mut rest = text.as_bytes();
    while let Some((plain, [special, after @ ..])) =
        rest.iter().position(is_special).map(|at| rest.split_at(at))
    {
        out.extend_from_slice(plain);
        match special {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => {}
            other => out.extend_from_slice(&[b'\\', *other]),
        }
        rest = after;
    }
    out.extend_from_slice(rest);
}

/// Folds the line that begins at `start` and ends it.
fn finish(out: &mut Vec<u8>, start: usize) {
    if out.len() - start > LINE_MAX {
        let line = out.split_off(start);
        fold(out, &String::from_utf8_lossy(&line));
    }
    out.extend_from_slice(b"\r\n");
}

fn fold(out: &mut Vec<u8>, line: &str) {
    let mut rest = line;
    let mut room = LINE_MAX;
    while rest.len() > room {
        let (head, tail) = rest.split_at(cut(rest, room));
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(b"\r\n ");
        rest = tail;
        room = LINE_MAX - 1; // the leading space counts (interop S3)
    }
    out.extend_from_slice(rest.as_bytes());
}

/// Where to cut `rest` so that at most `room` octets stand before: between grapheme clusters (interop S4), not beside a
/// blank (S5), and, if a cluster is longer than a line, at least between characters.
fn cut(rest: &str, room: usize) -> usize {
    let limit = rest.floor_char_boundary(room);
    let fits = |at: &usize| is_boundary(rest, *at) && !is_beside_blank(rest, *at);
    let near = limit.saturating_sub(LEEWAY).max(1);
    let best = (near..=limit).rev().find(fits);
    let whole = || (1..=limit).rev().find(|at| is_boundary(rest, *at));
    best.or_else(whole).unwrap_or(limit)
}

fn is_boundary(text: &str, at: usize) -> bool {
    let ascii = |index: usize| text.as_bytes().get(index).is_some_and(u8::is_ascii);
    if ascii(at) && ascii(at - 1) {
        return true;
    }
    text.is_char_boundary(at)
        && GraphemeCursor::new(at, text.len(), true)
            .is_boundary(text, 0)
            .unwrap_or(true)
}

fn is_beside_blank(text: &str, at: usize) -> bool {
    let blank = |index: usize| matches!(text.as_bytes().get(index), Some(b' ' | b'\t'));
    blank(at) || blank(at - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_line(name: &str, value: &str) -> String {
        let mut out = Vec::new();
        text(&mut out, name, value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_is_escaped_but_for_colons_and_quotes() {
        for (value, want) in [
            (r#"a\b;c,d:e"f"#, r#"a\\b\;c\,d:e"f"#),
            ("one\n\ntwo\r\nthree", r"one\n\ntwo\nthree"),
            ("Hall\nMain St 1, Town", r"Hall\nMain St 1\, Town"),
        ] {
            assert_eq!(
                text_line("SUMMARY", value),
                format!("SUMMARY:{want}\r\n"),
                "{value}"
            );
        }
    }

    #[test]
    fn other_values_are_written_as_they_are() {
        let mut out = Vec::new();
        plain(&mut out, "RRULE", "FREQ=YEARLY;BYDAY=-1SU");
        texts(&mut out, "CATEGORIES", ["one", "two, three"].into_iter());
        assert_eq!(
            out,
            b"RRULE:FREQ=YEARLY;BYDAY=-1SU\r\nCATEGORIES:one,two\\, three\r\n"
        );
    }

    #[test]
    fn a_line_of_75_octets_is_not_folded_and_one_of_76_is() {
        let value = "x".repeat(LINE_MAX - "SUMMARY:".len());
        assert_eq!(text_line("SUMMARY", &value), format!("SUMMARY:{value}\r\n"));
        assert_eq!(
            text_line("SUMMARY", &format!("{value}x")),
            format!("SUMMARY:{value}\r\n x\r\n")
        );
    }

    #[test]
    fn a_fold_keeps_a_family_together_and_stays_away_from_blanks() {
        let family = "👩‍👩‍👧‍👦";
        let folded = text_line("SUMMARY", &format!("{}{family}", "x".repeat(60)));
        assert_eq!(
            folded,
            format!("SUMMARY:{}\r\n {family}\r\n", "x".repeat(60))
        );
        let words = text_line("SUMMARY", "four ".repeat(40).trim_end());
        for part in words.split("\r\n") {
            assert!(!part.ends_with(' ') && !part.starts_with("  "), "{part:?}");
        }
    }

    #[test]
    fn a_cluster_longer_than_a_line_is_folded_between_characters() {
        let folded = text_line("SUMMARY", &format!("a{}", "\u{301}".repeat(100)));
        assert!(folded.split("\r\n").all(|part| part.len() <= LINE_MAX));
    }

    fn any_text() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a",
            " ",
            ",",
            ";",
            "\\",
            "\n",
            ":",
            "\"",
            "ä",
            "日本",
            "👩‍👩‍👧‍👦",
            "🇩🇪",
            "é",
            "نص",
            "कि",
            "\u{301}",
        ]);
        prop::collection::vec(piece, 0..160).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_line_is_short_valid_and_unfolds_to_what_went_in(value in any_text()) {
            let bytes = text_line("DESCRIPTION", &value);
            prop_assert!(bytes.ends_with("\r\n"));
            for part in bytes.trim_end_matches("\r\n").split("\r\n") {
                prop_assert!(part.len() <= LINE_MAX);
                prop_assert!(!part.contains(['\r', '\n']));
            }
            let written = bytes.replace("\r\n ", "").trim_end_matches("\r\n")["DESCRIPTION:".len()..].to_owned();
            let mut plain = String::new();
            let mut chars = written.chars();
            while let Some(c) = chars.next() {
                match (c, c == '\\') {
                    (_, false) => plain.push(c),
                    (_, true) => plain.push(match chars.next() { Some('n') => '\n', other => other.unwrap() }),
                }
            }
            prop_assert_eq!(plain, value);
        }
    }
}
