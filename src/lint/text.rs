//! Content lines and the texts in them (interop S4, S6 to S8, S10 to S12, S15).

use unicode_segmentation::GraphemeCursor;

use crate::{outline::Row, source::ics::line::Property};

use super::{Findings, Law, quoted};

/// Values that are TEXT (RFC 5545 §3.3.11) and one each.
const TEXTS: [&str; 4] = ["SUMMARY", "LOCATION", "DESCRIPTION", "NAME"];
/// Values that are none, and have commas or semicolons of their own.
const RAW: [&str; 6] = ["URL", "RRULE", "GEO", "SOURCE", "CONFERENCE", "EXDATE"];

static CLUSTER: Law = Law::hint(
    "S4",
    "fold between grapheme clusters",
    "an emoji or an accent comes apart where lines are read one by one",
);
static BARE: Law = Law::error(
    "S6",
    "write `\\,` and `\\;` inside a text",
    "Apple cuts a place at the first bare comma",
);
static ESCAPED: Law = Law::warning(
    "S7",
    "put a backslash only before `\\`, `;`, `,` and `n`",
    "the backslash shows up in the text",
);
static RAW_ESCAPED: Law = Law::error(
    "S8",
    "leave commas and semicolons of a value that is no text as they are",
    "links lead nowhere and rules are not understood",
);
static NONCHARACTER: Law = Law::error(
    "S10",
    "leave out U+FEFF and noncharacters",
    "Nextcloud fails to load the calendar",
);
static DIRECTION: Law = Law::warning(
    "S11",
    "close every direction mark in the text that opens it, or leave them out",
    "the text behind it runs backwards in lists",
);
static CASE: Law = Law::warning(
    "S12",
    "write names in upper case",
    "Apple ignored a lower-case `rrule`",
);
static EMPTY: Law = Law::hint(
    "S15",
    "leave out properties that have nothing to say",
    "one more thing that seems to change",
);

/// Looks at each line by itself.
pub(super) fn look(rows: &[Row], findings: &mut Findings) {
    for row in rows {
        let Some(property) = Property::parse(&row.text) else {
            continue;
        };
        let splits = |fold: &usize| {
            let mut cursor = GraphemeCursor::new(*fold, row.text.len(), true);
            matches!(cursor.is_boundary(&row.text, 0), Ok(false))
        };
        // A fold inside a character is a graver thing, told of the bytes.
        let between = row
            .folds
            .iter()
            .filter(|fold| row.text.is_char_boundary(**fold));
        if between.clone().any(splits) {
            findings.at(
                row.number,
                &CLUSTER,
                "a fold inside what shows as one character",
            );
        }
        look_at(row.number, &row.text, property, findings);
    }
}

fn look_at(number: usize, text: &str, property: Property<'_>, findings: &mut Findings) {
    let Property { name, value, .. } = property;
    if name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        findings.at(number, &CASE, quoted(name));
    }
    if value.is_empty() {
        findings.at(number, &EMPTY, format!("{name} is empty"));
    }
    if let Some(odd) = text.chars().find(|c| is_noncharacter(*c)) {
        findings.at(
            number,
            &NONCHARACTER,
            format!("U+{:04X} in {name}", u32::from(odd)),
        );
    }
    if !is_balanced(value) {
        findings.at(
            number,
            &DIRECTION,
            format!("a direction mark in {name} that is not closed"),
        );
    }
    if TEXTS.iter().any(|text| property.is(text)) {
        let (bare, escaped) = escapes(value);
        if bare {
            findings.at(number, &BARE, quoted(value));
        }
        if escaped {
            findings.at(number, &ESCAPED, quoted(value));
        }
    }
    let is_raw = RAW.iter().any(|raw| property.is(raw));
    if is_raw && (value.contains("\\,") || value.contains("\\;")) {
        findings.at(number, &RAW_ESCAPED, quoted(value));
    }
}

/// Whether a comma or a semicolon lacks its backslash, and whether there is one where none belongs.
fn escapes(value: &str) -> (bool, bool) {
    let (mut bare, mut escaped) = (false, false);
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            ',' | ';' => bare = true,
            '\\' => escaped |= !matches!(chars.next(), Some('\\' | ';' | ',' | 'n' | 'N')),
            _ => {}
        }
    }
    (bare, escaped)
}

fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    c == '\u{feff}' || (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}

/// Whether every embedding and isolate of `text` is closed, each by its own kind.
fn is_balanced(text: &str) -> bool {
    let (mut embeddings, mut isolates) = (0_i32, 0_i32);
    for c in text.chars() {
        match c {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => embeddings += 1,
            '\u{202c}' => embeddings -= 1,
            '\u{2066}'..='\u{2068}' => isolates += 1,
            '\u{2069}' => isolates -= 1,
            _ => {}
        }
        if embeddings < 0 || isolates < 0 {
            return false;
        }
    }
    embeddings == 0 && isolates == 0
}
