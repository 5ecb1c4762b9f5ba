//! iCalendar text in the making, so that a fault can still spoil it.

use super::fault::Fault;

/// A calendar as lines that are neither folded nor ended yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Calendar {
    /// What comes before the events.
    pub(in crate::sandbox) head: Vec<String>,
    /// The events, each with its first and last line.
    pub(in crate::sandbox) events: Vec<Vec<String>>,
    /// What comes after them.
    pub(in crate::sandbox) foot: Vec<String>,
    /// How lines end.
    pub(in crate::sandbox) ending: Ending,
    /// Whether long lines are folded.
    pub(in crate::sandbox) folds: Folds,
}

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As RFC 5545 §3.1 wants it.
    CrLf,
    /// As Unix has it.
    Lf,
}

/// Whether long lines are folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folds {
    /// At 75 octets, as RFC 5545 §3.1 wants it, and in the middle of a character where that falls.
    At75Octets,
    /// Never.
    Never,
}

impl Calendar {
    /// The calendar as it is sent.
    pub(in crate::sandbox) fn bytes(&self) -> Vec<u8> {
        let end: &[u8] = match self.ending {
            Ending::CrLf => b"\r\n",
            Ending::Lf => b"\n",
        };
        let mut bytes = Vec::new();
        let lines = self.head.iter().chain(self.events.iter().flatten());
        for line in lines.chain(&self.foot) {
            let mut rest = line.as_bytes();
            let mut room = 75;
            while self.folds == Folds::At75Octets && rest.len() > room {
                let (piece, more) = rest.split_at(room);
                bytes.extend_from_slice(piece);
                bytes.extend_from_slice(end);
                bytes.push(b' ');
                rest = more;
                room = 74;
            }
            bytes.extend_from_slice(rest);
            bytes.extend_from_slice(end);
        }
        bytes
    }

    /// Spoils its events as `fault` says.
    pub(super) fn spoil(&mut self, fault: &Fault) {
        let middle = self.events.len() / 2;
        match fault {
            Fault::Huge { bytes } => self.swell(*bytes),
            Fault::Empty => self.events.clear(),
            Fault::WrongType => {
                if let Some(event) = self.events.get_mut(middle) {
                    replace(event, "DTSTART", "DTSTART:soon");
                }
            }
            Fault::UnknownValue => {
                if let Some(event) = self.events.get_mut(middle) {
                    replace(event, "STATUS", "STATUS:UNHEARD-OF");
                }
            }
            Fault::UnknownFields => {
                let field = "X-UNHEARD-OF;DEPTH=\"3, or so\":one\\;two";
                self.head.push(field.to_owned());
                for event in &mut self.events {
                    event.insert(1, field.to_owned());
                }
            }
            Fault::Duplicates => {
                let twice = self.events.drain(..).flat_map(|one| [one.clone(), one]);
                self.events = twice.collect();
            }
            _ => {}
        }
    }

    /// Repeats the last event, under new names, until there are about `bytes` bytes.
    fn swell(&mut self, bytes: usize) {
        let Some(last) = self.events.last().cloned() else {
            return;
        };
        let size: usize = last.iter().map(String::len).sum();
        let copies = 0..=bytes / size.max(1);
        self.events.extend(copies.map(|copy| {
            let mut event = last.clone();
            replace(&mut event, "UID", &format!("UID:copy-{copy}"));
            event
        }));
    }
}

/// Puts `line` where the property `name` is, or else before the last line.
fn replace(event: &mut Vec<String>, name: &str, line: &str) {
    let is = |old: &String| {
        let rest = old.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with([':', ';']))
    };
    match event.iter().position(is) {
        Some(at) => line.clone_into(&mut event[at]),
        None => event.insert(event.len().saturating_sub(1), line.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Calendar {
        let event = |id: &str| {
            [
                "BEGIN:VEVENT",
                &format!("UID:{id}"),
                "DTSTART;VALUE=DATE:20261122",
                "END:VEVENT",
            ]
            .map(str::to_owned)
            .to_vec()
        };
        Calendar {
            head: vec!["BEGIN:VCALENDAR".to_owned()],
            events: vec![event("a"), event("b"), event("c")],
            foot: vec!["END:VCALENDAR".to_owned()],
            ending: Ending::CrLf,
            folds: Folds::At75Octets,
        }
    }

    fn spoiled(fault: &Fault) -> String {
        let mut calendar = three();
        calendar.spoil(fault);
        String::from_utf8(calendar.bytes()).unwrap()
    }

    #[test]
    fn events_are_spoiled_in_the_middle_or_all_of_them() {
        for (fault, text, times) in [
            (Fault::WrongType, "DTSTART:soon\r\n", 1),
            (
                Fault::UnknownValue,
                "UID:b\r\nDTSTART;VALUE=DATE:20261122\r\nSTATUS:UNHEARD-OF\r\n",
                1,
            ),
            (Fault::UnknownFields, "X-UNHEARD-OF;", 4),
            (Fault::Duplicates, "UID:b\r\n", 2),
            (Fault::Empty, "BEGIN:VEVENT", 0),
            (Fault::Hang, "BEGIN:VEVENT", 3),
        ] {
            assert_eq!(spoiled(&fault).matches(text).count(), times, "{fault:?}");
        }
        assert!(spoiled(&Fault::Huge { bytes: 9_000 }).len() > 9_000);
    }

    #[test]
    fn long_lines_are_folded_at_75_octets_and_come_back_whole() {
        let mut calendar = three();
        calendar.head.push(format!("X-LONG:{}", "é".repeat(100)));
        let folded = calendar.bytes();
        let longest = folded.split(|byte| *byte == b'\n').map(<[u8]>::len).max();
        assert_eq!(longest, Some(76), "with the carriage return");
        calendar.folds = Folds::Never;
        let whole = String::from_utf8(calendar.bytes()).unwrap();
        let crude: Vec<u8> = folded.clone();
        let unfolded = crude.windows(3).filter(|three| three == b"\r\n ").count();
        assert_eq!(folded.len(), whole.len() + 3 * unfolded);
        calendar.ending = Ending::Lf;
        assert!(!calendar.bytes().contains(&b'\r'));
    }
}
