//! Whatever a text says, its content line says that and nothing else: one line, no octet of it lost, in pieces that every
//! client takes (interop S1 to S8).

use calbridge::{
    domain::text::{Line, Text},
    format::ics::line,
};

use crate::written;

/// Holds the writer of lines to its promise.
///
/// # Panics
/// If it breaks it.
pub fn hold(input: &[u8]) {
    let raw = String::from_utf8_lossy(input);
    // A carriage return is no part of a text: with a line feed it ends a line, alone it is dropped (interop S6).
    let said = raw.replace('\r', "");

    let line = only(|out| line::text(out, "DESCRIPTION", &raw));
    assert_eq!(line.text(), said);

    let parts: Vec<&str> = raw.split('\u{1f}').collect();
    let line = only(|out| line::texts(out, "CATEGORIES", parts.iter().copied()));
    let texts: Vec<String> = said.split('\u{1f}').map(str::to_owned).collect();
    assert_eq!(line.texts(), texts);

    let line = only(|out| line::text_lines(out, "LOCATION", raw.lines()));
    assert_eq!(
        line.text(),
        raw.lines().collect::<Vec<_>>().join("\n").replace('\r', "")
    );

    cleaned(&raw);
}

/// What comes from strangers goes through these types first: what is left of it can neither add a line nor be cleaned again.
fn cleaned(raw: &str) {
    let title = Line::new(raw);
    assert_eq!(Line::new(title.as_str()), title, "cleaned once is clean");
    assert!(!title.as_str().contains(char::is_control), "{title:?}");

    let text = Text::new(raw);
    assert_eq!(Text::new(text.as_str()), text, "cleaned once is clean");
    let line = only(|out| line::text(out, "DESCRIPTION", text.as_str()));
    assert_eq!(line.text(), text.as_str());
    let controls = line.value.chars().filter(|c| c.is_control());
    assert_eq!(controls.count(), 0, "{line:?}");
}

/// The only line that `write` writes.
fn only(write: impl FnOnce(&mut Vec<u8>)) -> written::Line {
    let mut out = Vec::new();
    write(&mut out);
    let mut lines = written::lines(&out);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.remove(0)
}
