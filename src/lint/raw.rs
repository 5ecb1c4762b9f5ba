//! The bytes: line ends, lengths, folds, encoding (interop S1 to S5, S10, S14).

use crate::outline::{End, Physical, Row, physical};

use super::{Findings, Law, quoted};

/// The longest line without its end, in octets (RFC 5545 §3.1).
const LINE_MAX: usize = 75;
const FIRST: &[u8] = b"BEGIN:VCALENDAR";

static LINE_END: Law = Law::error(
    "S1",
    "end every line, the last one too, with CR LF",
    "Outlook and strict validators refuse the calendar",
);
static BLANK: Law = Law::warning(
    "S1",
    "leave out blank lines",
    "strict readers refuse the calendar",
);
static MARK: Law = Law::error(
    "S2",
    "begin with the octets of `BEGIN:VCALENDAR`, without a byte order mark",
    "Android, Google and Apple fail to read it",
);
static BEGINNING: Law = Law::error(
    "S2",
    "begin with the octets of `BEGIN:VCALENDAR`",
    "Google and most others refuse the calendar",
);
static LENGTH: Law = Law::error(
    "S3",
    "fold lines at 75 octets, not characters",
    "Google may drop the whole calendar",
);
static TAB: Law = Law::hint("S3", "fold with one space", "sloppy readers keep the tab");
static ENCODING: Law = Law::error("S4", "write UTF-8", "letters come out wrong everywhere");
static SPLIT: Law = Law::error(
    "S4",
    "fold between characters",
    "Google shows replacement characters",
);
static SPACE: Law = Law::hint(
    "S5",
    "fold neither before nor behind a space",
    "readers that trim lines lose the blank",
);
static CONTROL: Law = Law::error(
    "S10",
    "leave control characters out",
    "the grammar forbids them; Nextcloud fails to load the calendar",
);
static BEHIND: Law = Law::error(
    "S14",
    "end with `END:VCALENDAR` and nothing behind it",
    "a second object is ignored or read wrong",
);

/// Looks at the octets of `body`, which unfolds to `rows`.
pub(super) fn look(body: &[u8], rows: &[Row], findings: &mut Findings) {
    if body.starts_with(b"\xEF\xBB\xBF") {
        findings.at(1, &MARK, "a byte order mark");
    } else if !body.starts_with(FIRST) {
        let first = physical(body).next().map_or(&[][..], |line| line.bytes);
        let first = String::from_utf8_lossy(&first[..first.len().min(4 * LINE_MAX)]);
        findings.at(1, &BEGINNING, quoted(&first));
    }
    let mut before: Option<Physical<'_>> = None;
    for line in physical(body) {
        look_at(line, before, findings);
        if std::str::from_utf8(line.bytes).is_err() {
            let of = rows.partition_point(|row| row.number <= line.number);
            // What is text once it is unfolded was folded inside a character.
            if rows[..of].last().is_some_and(|row| row.is_text) {
                findings.at(line.number, &SPLIT, "a part of a character");
            } else {
                findings.at(line.number, &ENCODING, "octets that are no UTF-8");
            }
        }
        before = Some(line);
    }
    if let Some(last) = before
        && body.starts_with(FIRST)
        && !last.bytes.eq_ignore_ascii_case(b"END:VCALENDAR")
        && !last.bytes.is_empty()
    {
        let text = String::from_utf8_lossy(&last.bytes[..last.bytes.len().min(4 * LINE_MAX)]);
        findings.at(
            last.number,
            &BEHIND,
            format!("the last line is {}", quoted(&text)),
        );
    }
}

fn look_at(line: Physical<'_>, before: Option<Physical<'_>>, findings: &mut Findings) {
    let Physical { number, bytes, end } = line;
    match end {
        End::CrLf => {}
        End::Lf => findings.at(number, &LINE_END, "a bare LF"),
        End::Cr => findings.at(number, &LINE_END, "a bare CR"),
        End::Missing => findings.at(number, &LINE_END, "no line end"),
    }
    if bytes.is_empty() && end == End::CrLf {
        findings.at(number, &BLANK, "a blank line");
    }
    if bytes.len() > LINE_MAX {
        findings.at(number, &LENGTH, format!("{} octets", bytes.len()));
    }
    if let Some(control) = bytes
        .iter()
        .find(|byte| byte.is_ascii_control() && **byte != b'\t')
    {
        findings.at(number, &CONTROL, format!("the octet {control:02X}"));
    }
    match (bytes, before.and_then(|before| before.bytes.last())) {
        ([b'\t', ..], Some(_)) => findings.at(number, &TAB, "a fold with a tab"),
        ([b' ', b' ', ..], Some(_)) | ([b' ', ..], Some(b' ')) => {
            findings.at(number, &SPACE, "a fold beside a space");
        }
        _ => {}
    }
}
