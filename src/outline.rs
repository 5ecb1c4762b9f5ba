//! A calendar file as it stands: its lines on the wire, and its components, each with the line it begins on.
//!
//! [`source::ics`](crate::source::ics) reads what a calendar means and forgives what it can; this forgives nothing and
//! understands nothing, so that it can be said what stands where.

use crate::source::ics::line::Property;

/// The deepest that components are looked at; a real calendar is three deep.
const DEPTH_MAX: usize = 8;

/// What ends a line on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    CrLf,
    Lf,
    Cr,
    Missing,
}

/// A line on the wire, which may be a part of a longer one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Physical<'a> {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) bytes: &'a [u8],
    pub(crate) end: End,
}

/// A content line, unfolded.
#[derive(Debug)]
pub(crate) struct Row {
    /// The line on the wire it begins on.
    pub(crate) number: usize,
    pub(crate) text: String,
    /// Whether it is UTF-8; what is not is replaced in `text`.
    pub(crate) is_text: bool,
    /// Where in `text` it was folded, in octets; none if it is not UTF-8.
    pub(crate) folds: Vec<usize>,
}

/// A property and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) number: usize,
    pub(crate) property: Property<'a>,
}

/// What stands between a `BEGIN` and its `END`.
#[derive(Debug)]
pub(crate) struct Component<'a> {
    pub(crate) name: &'a str,
    pub(crate) number: usize,
    pub(crate) lines: Vec<Line<'a>>,
    pub(crate) parts: Vec<Component<'a>>,
}

/// What keeps a line from being part of the outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// It is no property.
    Line,
    /// It stands in no calendar.
    Outside,
    /// It ends what has not begun.
    Unbegun,
    /// It begins what never ends.
    Unended,
    /// It begins what is nested too deep to be looked at.
    Deep,
}

/// The calendars of a file.
#[derive(Debug, Default)]
pub(crate) struct Outline<'a> {
    pub(crate) calendars: Vec<Component<'a>>,
    pub(crate) oddities: Vec<(usize, Oddity, &'a str)>,
}

/// The lines of `body` on the wire.
pub(crate) fn physical(body: &[u8]) -> impl Iterator<Item = Physical<'_>> {
    let mut rest = body;
    (1..).map_while(move |number| {
        if rest.is_empty() {
            return None;
        }
        let at = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let (bytes, tail) = rest.split_at(at.unwrap_or(rest.len()));
        let (end, length) = match tail {
            [] => (End::Missing, 0),
            [b'\r', b'\n', ..] => (End::CrLf, 2),
            [b'\r', ..] => (End::Cr, 1),
            _ => (End::Lf, 1),
        };
        rest = &tail[length..];
        Some(Physical { number, bytes, end })
    })
}

/// The content lines of `body`, without a byte order mark and without blank lines.
pub(crate) fn unfold(body: &[u8]) -> Vec<Row> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let mut rows: Vec<(usize, Vec<u8>, Vec<usize>)> = Vec::new();
    for line in physical(body) {
        match (line.bytes, rows.last_mut()) {
            ([], _) => {}
            ([b' ' | b'\t', rest @ ..], Some((_, whole, folds))) => {
                folds.push(whole.len());
                whole.extend_from_slice(rest);
            }
            (bytes, _) => rows.push((line.number, bytes.to_vec(), Vec::new())),
        }
    }
    let row = |(number, bytes, folds)| match String::from_utf8(bytes) {
        Ok(text) => Row {
            number,
            text,
            is_text: true,
            folds,
        },
        Err(bad) => Row {
            number,
            text: String::from_utf8_lossy(bad.as_bytes()).into_owned(),
            is_text: false,
            folds: Vec::new(),
        },
    };
    rows.into_iter().map(row).collect()
}

impl<'a> Outline<'a> {
    /// The outline of `rows`.
    pub(crate) fn of(rows: &'a [Row]) -> Self {
        let mut outline = Self::default();
        let mut open: Vec<Component<'a>> = Vec::new();
        // How many components are open that are too deep to be kept.
        let mut deep = 0_usize;
        for Row { number, text, .. } in rows {
            let Some(property) = Property::parse(text) else {
                outline.note(*number, Oddity::Line, text);
                continue;
            };
            let component = property.value.trim();
            if property.is("BEGIN") {
                if open.len() == DEPTH_MAX {
                    deep += 1;
                    outline.note(*number, Oddity::Deep, component);
                } else {
                    open.push(Component::new(component, *number));
                }
            } else if deep > 0 {
                deep -= usize::from(property.is("END"));
            } else if property.is("END") {
                outline.end(component, *number, &mut open);
            } else if let Some(inner) = open.last_mut() {
                inner.lines.push(Line {
                    number: *number,
                    property,
                });
            } else {
                outline.note(*number, Oddity::Outside, text);
            }
        }
        outline.close(0, &mut open);
        outline
    }

    fn end(&mut self, name: &'a str, number: usize, open: &mut Vec<Component<'a>>) {
        let Some(at) = open.iter().rposition(|component| component.is(name)) else {
            return self.note(number, Oddity::Unbegun, name);
        };
        self.close(at + 1, open);
        if let Some(done) = open.pop() {
            self.take(done, open);
        }
    }

    /// Ends what is open beyond the first `kept`, which nothing else ends.
    fn close(&mut self, kept: usize, open: &mut Vec<Component<'a>>) {
        while open.len() > kept
            && let Some(done) = open.pop()
        {
            self.note(done.number, Oddity::Unended, done.name);
            self.take(done, open);
        }
    }

    fn take(&mut self, done: Component<'a>, open: &mut [Component<'a>]) {
        match open.last_mut() {
            Some(outer) => outer.parts.push(done),
            None if done.is("VCALENDAR") => self.calendars.push(done),
            None => self.note(done.number, Oddity::Outside, done.name),
        }
    }

    fn note(&mut self, number: usize, oddity: Oddity, text: &'a str) {
        self.oddities.push((number, oddity, text));
    }
}

impl<'a> Component<'a> {
    fn new(name: &'a str, number: usize) -> Self {
        Self {
            name,
            number,
            lines: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// Whether it is called `name`, in any case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its parts that are called `name`.
    pub(crate) fn parts<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Component<'a>> {
        self.parts.iter().filter(move |part| part.is(name))
    }

    /// Its properties called `name`.
    pub(crate) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = Line<'a>> + 's {
        let named = move |line: &&Line<'a>| line.property.is(name);
        self.lines.iter().filter(named).copied()
    }

    /// Its first property called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<Line<'a>> {
        self.all(name).next()
    }

    /// The value of its first property called `name`.
    pub(crate) fn value(&self, name: &str) -> Option<&'a str> {
        self.get(name).map(|line| line.property.value)
    }
}

#[cfg(test)]
mod tests;
