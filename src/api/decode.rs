//! From bytes to what the caller asked for.

use std::borrow::Cow;

use memchr::memchr;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::{error::Flaw, wire::Answer};

/// The byte order mark that some servers put before UTF-8 text.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What can be read from an answer in JSON: everything that owns its data, and what has its own way, such as a list of which
/// one strange record must not keep the others from being read.
pub trait FromJson: Sized + Send + 'static {
    /// Reads `json`, all of it.
    ///
    /// # Errors
    /// When it is no JSON, or of another shape.
    fn from_json(json: &str) -> serde_json::Result<Self>;
}

impl<T: DeserializeOwned + Send + 'static> FromJson for T {
    fn from_json(json: &str) -> serde_json::Result<Self> {
        serde_json::from_str(json)
    }
}

/// Reads JSON. An octet that is no UTF-8, or half a character, spoils the text it stands in and nothing else.
///
/// The parser's own message is left out, because it can quote the body; line and column are kept.
pub(super) fn json<T: FromJson>(answer: &Answer) -> Result<T, Flaw> {
    let body = unmarked(&answer.body);
    let text = String::from_utf8_lossy(body);
    T::from_json(&whole_characters(&text)).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        match body.trim_ascii_start().first() {
            None => Flaw::Empty,
            Some(b'<') => Flaw::Html,
            Some(_) if answer.html => Flaw::Html,
            Some(_) => match error.classify() {
                Category::Eof => Flaw::Truncated {
                    bytes: answer.body.len(),
                },
                Category::Data => Flaw::Shape { line, column },
                Category::Syntax | Category::Io => Flaw::NotJson { line, column },
            },
        }
    })
}

/// Reads UTF-8 text, without its byte order mark.
pub(super) fn text(answer: Answer) -> Result<String, Flaw> {
    let body = if answer.body.starts_with(BOM) {
        unmarked(&answer.body).to_vec()
    } else {
        answer.body
    };
    String::from_utf8(body).or(Err(Flaw::NotUtf8))
}

/// The bytes of an iCalendar file, in whatever encoding, if it begins and ends as one; what stands around it is left.
pub(super) fn calendar(answer: Answer) -> Result<Vec<u8>, Flaw> {
    let body = unmarked(&answer.body).trim_ascii();
    match body.first() {
        None => return Err(Flaw::Empty),
        Some(b'<') => return Err(Flaw::Html),
        Some(_) => {}
    }
    let begins = last_line(body, b"BEGIN:VCALENDAR");
    let ends = last_line(body, b"END:VCALENDAR");
    match (begins, ends) {
        (None, _) if answer.html => Err(Flaw::Html),
        (None, _) => Err(Flaw::NotCalendar),
        (Some(begin), Some(end)) if begin < end => Ok(answer.body),
        (Some(_), _) => Err(Flaw::CutOff {
            bytes: answer.body.len(),
        }),
    }
}

/// Where the last line is that begins with `word`, in any case.
fn last_line(body: &[u8], word: &[u8]) -> Option<usize> {
    let mut end = body.len();
    while let Some(head) = body.get(..end) {
        let start = head
            .iter()
            .rposition(|byte| matches!(byte, b'\n' | b'\r'))
            .map_or(0, |at| at + 1);
        let line = body.get(start..start + word.len());
        if line.is_some_and(|line| line.eq_ignore_ascii_case(word)) {
            return Some(start);
        }
        end = start.checked_sub(1)?;
    }
    None
}

/// `json` with U+FFFD for every surrogate that stands alone. No parser takes one, and JavaScript sends it where a text was cut to
/// a length through the middle of an emoji.
fn whole_characters(json: &str) -> Cow<'_, str> {
    let (mut whole, mut done, mut at) = (String::new(), 0, 0);
    while let Some(found) = memchr(b'\\', json.as_bytes().get(at..).unwrap_or_default()) {
        let escape = at + found;
        let width = match (code_unit(json, escape), code_unit(json, escape + ESCAPED)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 2 * ESCAPED,
            (Some(0xD800..=0xDFFF), _) => {
                whole.push_str(&json[done..escape]);
                whole.push_str("\\ufffd");
                done = escape + ESCAPED;
                ESCAPED
            }
            (Some(_), _) => ESCAPED,
            // Such as `\\`, after which nothing is escaped.
            (None, _) => 2,
        };
        at = escape + width;
    }
    if done == 0 {
        return Cow::Borrowed(json);
    }
    whole.push_str(&json[done..]);
    Cow::Owned(whole)
}

/// The length of an escape such as `\u00e9`.
const ESCAPED: usize = 6;

/// The UTF-16 code unit that is escaped at `at`, if one is.
fn code_unit(json: &str, at: usize) -> Option<u16> {
    let digits = json.get(at..at + ESCAPED)?.strip_prefix("\\u")?;
    let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    hexadecimal.then(|| u16::from_str_radix(digits, 16).ok())?
}

fn unmarked(body: &[u8]) -> &[u8] {
    body.strip_prefix(BOM).unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::value::RawValue;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Events {
        events: Vec<Box<RawValue>>,
    }

    fn answer(body: &[u8], html: bool) -> Answer {
        Answer {
            body: body.to_vec(),
            html,
            ..Answer::null()
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_apart() {
        let cases: [(&[u8], bool, &str); 11] = [
            (b"", false, "it is empty"),
            (b" \r\n", true, "it is empty"),
            (b"<!doctype html>", false, "it is an HTML page"),
            (b"\xEF\xBB\xBF\n <html>", false, "it is an HTML page"),
            (b"Please log in", true, "it is an HTML page"),
            (b"Hello", false, "it is not JSON, from line `1` column `1`"),
            (
                b"{\"events\":[{\"id\":1},",
                false,
                "it is JSON that stops after `20` bytes",
            ),
            (
                b"{\"events\":[\"s3c",
                false,
                "it is JSON that stops after `15` bytes",
            ),
            (
                b"{\"events\":\"s3cret\"}",
                false,
                "it is JSON of another shape, from line `1` column `18`",
            ),
            (
                b"{\"items\":[]}",
                false,
                "it is JSON of another shape, from line `1` column `12`",
            ),
            (
                b"{\"events\":[]}\n]",
                false,
                "it is not JSON, from line `2` column `1`",
            ),
        ];
        for (body, html, want) in cases {
            let flaw = json::<Events>(&answer(body, html)).unwrap_err();
            assert_eq!(flaw.to_string(), want, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn records_can_be_kept_raw_to_be_read_one_by_one() {
        let read: Events =
            json(&answer(b"\xEF\xBB\xBF{\"events\":[{\"id\":1}, 7]}", false)).unwrap();
        let raw: Vec<_> = read.events.iter().map(|record| record.get()).collect();
        assert_eq!(raw, [r#"{"id":1}"#, "7"]);
    }

    #[test]
    fn an_octet_that_is_no_utf_8_spoils_only_its_text() {
        let read: Vec<String> = json(&answer(b"[\"caf\xE9\",\"bar\"]", false)).unwrap();
        assert_eq!(read, ["caf\u{fffd}", "bar"]);
    }

    #[test]
    fn half_a_character_spoils_only_its_text() {
        for (text, want) in [
            (r"plain \u00e9 \n", "plain é \n"),
            (r"\ud83c\udfad", "🎭"),
            (r"\uD83C\uDFAD", "🎭"),
            (r"cut \ud83c", "cut \u{fffd}"),
            (r"\udfad left", "\u{fffd} left"),
            (r"\udfad\ud83c", "\u{fffd}\u{fffd}"),
            (r"\ud83c\ud83c\udfad", "\u{fffd}🎭"),
            (r"\ud83c\u0041", "\u{fffd}A"),
            (r"\ud83cé", "\u{fffd}é"),
            // A backslash, and what is a word like any other.
            (r"\\ud83c", r"\ud83c"),
            (r"\\\ud83c", "\\\u{fffd}"),
        ] {
            let body = format!(r#"["{text}","next"]"#);
            let read: Vec<String> = json(&answer(body.as_bytes(), false)).unwrap();
            assert_eq!(read, [want, "next"], "{text}");
        }
        for cut in [r#"["\ud83c"#, r#"["\ud8"#, r#"["\"#, r#"["\ud83c\"#] {
            let flaw = json::<Vec<String>>(&answer(cut.as_bytes(), false)).unwrap_err();
            assert!(matches!(flaw, Flaw::Truncated { .. }), "{cut}: {flaw}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_whole_stays_as_it_is(text in ".{0,40}") {
            let json = serde_json::to_string(&text).unwrap();
            proptest::prop_assert_eq!(whole_characters(&json), json.as_str());
        }

        #[test]
        fn no_escape_panics(text in "(\\\\|\\\\u|d8|D83c|dfad|é|[0-9a-f]|\"){0,20}") {
            let _ = whole_characters(&text);
        }
    }

    #[test]
    fn json_that_calls_itself_html_is_still_read() {
        assert_eq!(json::<u8>(&answer(b"7", true)).unwrap(), 7);
    }

    #[test]
    fn a_calendar_begins_and_ends_as_one() {
        const WHOLE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
        let cut = &WHOLE[..WHOLE.len() - 4];
        let two = format!("{WHOLE}{WHOLE}");
        let warned = format!("Warning: something\n{WHOLE}");
        let in_text = format!("{}DESCRIPTION:END:VCALENDAR\r\n", &WHOLE[..30]);
        for (body, html, want) in [
            (WHOLE, false, "fine"),
            (WHOLE, true, "fine"),
            (&WHOLE.replace("\r\n", "\n"), false, "fine"),
            (&WHOLE.to_lowercase(), false, "fine"),
            (&format!("\u{feff}{WHOLE}"), false, "fine"),
            (&format!("\r\n {WHOLE}\0"), false, "fine"),
            (&two, false, "fine"),
            (&warned, false, "fine"),
            ("", false, "it is empty"),
            ("\u{feff}\r\n", false, "it is empty"),
            ("<html>BEGIN:VCALENDAR", false, "it is an HTML page"),
            (
                "<br />\nBEGIN:VCALENDAR\nEND:VCALENDAR",
                false,
                "it is an HTML page",
            ),
            ("Please log in", true, "it is an HTML page"),
            ("Not found", false, "it is no calendar"),
            ("END:VCALENDAR", false, "it is no calendar"),
            (cut, false, "it is a calendar that stops after `41` bytes"),
            (
                &in_text,
                false,
                "it is a calendar that stops after `57` bytes",
            ),
            (
                &two[..two.len() - 4],
                false,
                "it is a calendar that stops after `86` bytes",
            ),
        ] {
            let got = calendar(answer(body.as_bytes(), html));
            let got = got.map_or_else(|flaw| flaw.to_string(), |_| "fine".to_owned());
            assert_eq!(got, want, "{body:?}");
        }
    }

    #[test]
    fn text_is_utf8_without_its_mark() {
        assert_eq!(text(answer(b"\xEF\xBB\xBFHello", false)).unwrap(), "Hello");
        assert!(matches!(
            text(answer(b"caf\xE9", false)),
            Err(Flaw::NotUtf8)
        ));
    }
}
