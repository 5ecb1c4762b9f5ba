//! Content lines (RFC 5545 §3.1), read as leniently as the wild needs: any line end, folds inside a character, other
//! encodings, lines that are none.

use std::borrow::Cow;

use memchr::memchr2_iter;

/// The longest parameters of a property, in bytes. They are looked through for each of its values.
const PARAMS_MAX: usize = 16 * 1024;

/// The unfolded text of a file, a line each.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    text: String,
    /// Where each line ends in `text`.
    ends: Vec<usize>,
}

/// One property: its name, its parameters as they stand, its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Property<'a> {
    pub(crate) name: &'a str,
    params: &'a str,
    pub(crate) value: &'a str,
}

impl Lines {
    /// Unfolds `body`. A fold may stand inside a character, so bytes become text only afterwards.
    pub(crate) fn unfold(body: &[u8]) -> Self {
        let mut lines = Self {
            text: String::with_capacity(body.len()),
            ends: Vec::with_capacity(body.len() / 32),
        };
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let mut whole: Vec<u8> = Vec::new();
        let ends = memchr2_iter(b'\n', b'\r', body).chain([body.len()]);
        let mut start = 0;
        for end in ends {
            let raw = &body[start..end];
            start = end + 1;
            match raw.first() {
                // Between CR and LF, or blank: a fold may go on behind it.
                None => {}
                Some(b' ' | b'\t') => whole.extend_from_slice(&raw[1..]),
                Some(_) => {
                    lines.push(&whole);
                    whole.clear();
                    whole.extend_from_slice(raw);
                }
            }
        }
        lines.push(&whole);
        lines
    }

    /// Every line that is not empty.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let spans = starts.zip(self.ends.iter().copied());
        spans.map(|(start, end)| &self.text[start..end])
    }

    fn push(&mut self, line: &[u8]) {
        if line.is_empty() {
            return;
        }
        match std::str::from_utf8(line) {
            Ok(line) => self.text.push_str(line),
            Err(_) => self.text.extend(line.iter().copied().map(windows_1252)),
        }
        self.ends.push(self.text.len());
    }
}

/// A character of what programs write that do not write UTF-8; bytes that it leaves open are those of Latin-1.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

impl<'a> Property<'a> {
    /// The property on `line`; `None` if there is none.
    pub(crate) fn parse(line: &'a str) -> Option<Self> {
        let end = line.find([';', ':'])?;
        let (name, rest) = line.split_at(end);
        let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        if name.is_empty() || !name.bytes().all(word) {
            return None;
        }
        let colon = match rest.strip_prefix(':') {
            Some(_) => 0,
            None => value_at(name, rest)?,
        };
        (colon <= PARAMS_MAX).then(|| Self {
            name,
            params: rest[..colon].trim_start_matches(';'),
            value: &rest[colon + 1..],
        })
    }

    /// Its name in capitals, as nearly all programs write it.
    pub(crate) fn upper_name(&self) -> Cow<'a, str> {
        if self.name.bytes().any(|byte| byte.is_ascii_lowercase()) {
            Cow::Owned(self.name.to_ascii_uppercase())
        } else {
            Cow::Borrowed(self.name)
        }
    }

    /// Whether it is called `name`, in any case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of a parameter without its quotes.
    pub(crate) fn param(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.params;
        while !rest.is_empty() {
            let end = unquoted(rest, ';').unwrap_or(rest.len());
            let (param, after) = rest.split_at(end);
            rest = after.strip_prefix(';').unwrap_or(after);
            if let Some((key, value)) = param.split_once('=')
                && key.trim().eq_ignore_ascii_case(name)
            {
                return Some(value.trim().trim_matches('"'));
            }
        }
        None
    }
}

/// Where the colon before the value is. Times have no colon, but their zone may, without the quotes it needs.
fn value_at(name: &str, rest: &str) -> Option<usize> {
    const TIMES: [&str; 5] = ["DTSTART", "DTEND", "EXDATE", "RDATE", "RECURRENCE-ID"];
    if TIMES.iter().any(|time| time.eq_ignore_ascii_case(name)) {
        let colon = rest.rfind(':')?;
        let written = |tail: &str| tail.trim_start().starts_with(|c: char| c.is_ascii_digit());
        // `2026-11-21T19:00:00` does have some.
        let basic = written(&rest[colon + 1..]) && rest.len() - colon > 8;
        if basic {
            return Some(colon);
        }
    }
    // A quote that is never closed hides the colon.
    unquoted(rest, ':').or_else(|| rest.find(':'))
}

/// Where the first `wanted` is outside of quotes.
fn unquoted(text: &str, wanted: char) -> Option<usize> {
    let mut quoted = false;
    text.find(|c: char| {
        quoted ^= c == '"';
        !quoted && c == wanted
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_unfolded_whatever_ends_them() {
        for (body, want) in [
            (&b"A:1\r\nB:2\r\n"[..], &["A:1", "B:2"][..]),
            (b"A:1\nB:2", &["A:1", "B:2"]),
            (b"A:1\rB:2\r", &["A:1", "B:2"]),
            (b"A:1\r\r\nB:2\r\r\n", &["A:1", "B:2"]),
            (b"\xEF\xBB\xBFA:1\r\n", &["A:1"]),
            (b"A:1\r\n 2\r\n\t3\r\n", &["A:123"]),
            (b"A:1\r\n  2", &["A:1 2"]),
            (b"A:1\r\r\n 2", &["A:12"]),
            (b"A:1\n\n 2", &["A:12"]),
            (b" A:1\n", &["A:1"]),
            (b"A:caf\xC3\r\n \xA9", &["A:café"]),
            (
                b"A:caf\xE9 \x80\x93\r\nB:caf\xC3\xA9",
                &["A:café €“", "B:café"],
            ),
            (b"", &[]),
            (b"\r\n\r\n", &[]),
        ] {
            let lines = Lines::unfold(body);
            let got: Vec<&str> = lines.iter().collect();
            assert_eq!(got, want, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn a_property_is_found_behind_the_worst_parameters() {
        for (line, name, zone, value) in [
            ("SUMMARY:a:b;c", "SUMMARY", None, "a:b;c"),
            ("summary:", "summary", None, ""),
            (
                "DTSTART;TZID=Europe/Berlin:20261121T190000",
                "DTSTART",
                Some("Europe/Berlin"),
                "20261121T190000",
            ),
            (
                "DTSTART;tzid=\"Europe/Berlin\";VALUE=DATE-TIME:20261121T190000",
                "DTSTART",
                Some("Europe/Berlin"),
                "20261121T190000",
            ),
            (
                "DTSTART;TZID=\"(UTC+01:00) Berlin; Rome\":20261121T190000",
                "DTSTART",
                Some("(UTC+01:00) Berlin; Rome"),
                "20261121T190000",
            ),
            (
                "DTSTART;TZID=(UTC+01:00) Berlin:20261121T190000",
                "DTSTART",
                Some("(UTC+01:00) Berlin"),
                "20261121T190000",
            ),
            (
                "DTSTART;TZID=Europe/Berlin:2026-11-21T19:00:00",
                "DTSTART",
                Some("Europe/Berlin"),
                "2026-11-21T19:00:00",
            ),
            ("X-A;CN=\"a:b\";TZID=x:c", "X-A", Some("x"), "c"),
            ("X-A;CN=\"a;TZID=x:c", "X-A", None, "c"),
            ("X-A;FOO:c", "X-A", None, "c"),
            ("X-A;;TZID = x :c", "X-A", Some("x"), "c"),
            ("ITEM1.X_A:c", "ITEM1.X_A", None, "c"),
        ] {
            let property = Property::parse(line).unwrap_or_else(|| panic!("{line}"));
            let got = (property.name, property.param("TZID"), property.value);
            assert_eq!(got, (name, zone, value), "{line}");
        }
        for line in [
            "",
            "no property",
            "two words:x",
            ":x",
            ";A=b:c",
            "X;A=b",
            "SÜM:x",
        ] {
            assert_eq!(Property::parse(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_no_line_has_a_line_end(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            for line in Lines::unfold(&body).iter() {
                prop_assert!(!line.contains(['\r', '\n']));
                if let Some(property) = Property::parse(line) {
                    property.param("TZID");
                }
            }
        }

        #[test]
        fn nothing_that_looks_like_a_property_panics(line in "[A-Z;:=\" ,é0-9]{0,60}") {
            if let Some(property) = Property::parse(&line) {
                property.param("A");
            }
        }
    }
}
