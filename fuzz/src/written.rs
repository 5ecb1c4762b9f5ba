//! What was written, read as strictly as RFC 5545 §3.1 says it: nothing here is shared with the writer or the reader of
//! calbridge, so that no mistake is made twice.

use std::str;

/// The longest line in octets, without its line end.
const OCTETS: usize = 75;

/// A content line, unfolded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// What stands before the first colon or semicolon.
    pub(crate) name: String,
    /// What stands behind the first colon. Parameters are passed over: those of calbridge hold none.
    pub(crate) value: String,
}

impl Line {
    /// The value as TEXT (§3.3.11).
    ///
    /// # Panics
    /// If something is escaped that need not be, or a mark that has to be is not.
    pub(crate) fn text(&self) -> String {
        let mut texts = self.texts();
        assert_eq!(texts.len(), 1, "one text, not a list: {self:?}");
        texts.remove(0)
    }

    /// The value as a list of TEXT.
    ///
    /// # Panics
    /// As for [`Line::text`].
    pub(crate) fn texts(&self) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut rest = self.value.chars();
        while let Some(c) = rest.next() {
            let meant = match c {
                ',' => {
                    texts.push(String::new());
                    continue;
                }
                '\\' => match rest.next() {
                    Some('n') => '\n',
                    Some(mark @ ('\\' | ';' | ',')) => mark,
                    other => panic!("`\\` before {other:?}: {self:?}"),
                },
                ';' => panic!("a bare semicolon: {self:?}"),
                c => c,
            };
            texts.last_mut().expect("there is always one").push(meant);
        }
        texts
    }
}

/// The content lines of `body`.
///
/// # Panics
/// If it is not made of lines as every client can read them (interop S1, S3, S4).
pub(crate) fn lines(body: &[u8]) -> Vec<Line> {
    let mut unfolded: Vec<String> = Vec::new();
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r\n").expect("S1: CR LF ends a line");
        assert!(!line.contains(&b'\r'), "S1: a bare CR: {line:?}");
        assert!(line.len() <= OCTETS, "S3: {} octets", line.len());
        let line = str::from_utf8(line).expect("S4: no fold falls inside a character");
        match line.strip_prefix(' ') {
            Some(rest) => unfolded.last_mut().expect("a line to go on").push_str(rest),
            None => unfolded.push(line.to_owned()),
        }
    }
    unfolded.iter().map(|line| parsed(line)).collect()
}

fn parsed(line: &str) -> Line {
    let (head, value) = line.split_once(':').expect("a colon in every line");
    let name = head.split(';').next().unwrap_or_default();
    Line {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}
