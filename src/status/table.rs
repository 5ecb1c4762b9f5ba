//! The status for a terminal.

use std::fmt::{self, Write as _};

use super::{Counters, Cut, Failure, Feed, Link, Source, Status, Webhook};

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            version,
            now,
            zones,
            sources,
            feeds,
            counters,
        } = self;
        writeln!(f, "calbridge {version} at {now}")?;
        writeln!(f, "tz database {} {}", zones.version, zones.origin)?;
        let head = [
            "source",
            "kind",
            "state",
            "events",
            "groups",
            "confirmed",
            "next poll",
        ];
        columns(f, head, sources.iter().map(Source::row))?;
        let head = ["feed", "state", "events", "bytes", "cut"];
        columns(f, head, feeds.iter().map(Feed::row))?;
        let Counters {
            documents, traffic, ..
        } = counters;
        writeln!(
            f,
            "\n{} documents of {} bytes in memory; {} connections, {} since the start",
            documents.held, documents.bytes, traffic.open, traffic.accepted
        )
    }
}

impl Source {
    fn row(&self) -> ([String; 7], Vec<String>) {
        let next = self.next.as_ref();
        let cells = [
            self.name.clone(),
            self.kind.clone(),
            word(self.state.as_ref()),
            self.events.to_string(),
            self.groups.to_string(),
            self.confirmed.clone().unwrap_or_else(|| "never".to_owned()),
            next.map_or("now".to_owned(), |next| {
                format!("{}: {}", next.at, next.why)
            }),
        ];
        let failure = self.failure.iter().map(Failure::to_string);
        let webhook = self.webhook.iter().map(Webhook::to_string);
        let links = self.links.iter().map(Link::to_string);
        (cells, failure.chain(webhook).chain(links).collect())
    }
}

impl Feed {
    fn row(&self) -> ([String; 5], Vec<String>) {
        let cells = [
            self.name.clone(),
            word(self.state.as_ref()),
            self.events.to_string(),
            self.bytes.to_string(),
            self.cut.as_ref().map_or("no".to_owned(), Cut::to_string),
        ];
        let reads: Vec<_> = self
            .reads
            .iter()
            .map(|(family, count)| format!("{family} {count}"))
            .collect();
        let told = (!reads.is_empty()).then(|| format!("read today by {}", reads.join(", ")));
        let links = self.links.iter().map(Link::to_string);
        (cells, told.into_iter().chain(links).collect())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, at, count } = self;
        match count {
            1 => write!(f, "failed once, at {at}: {what}"),
            _ => write!(f, "failed {count} times in a row, last at {at}: {what}"),
        }
    }
}

impl fmt::Display for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "webhook {}", self.state)?;
        match &self.last {
            Some(last) => write!(
                f,
                ", {} calls since the start, the last at {last}",
                self.calls
            )?,
            None => f.write_str(", not called since the start")?,
        }
        match self.untold {
            0 => Ok(()),
            1 => f.write_str("; 1 change that it did not tell of"),
            untold => write!(f, "; {untold} changes in a row that it did not tell of"),
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { label, last, reads } = self;
        let Some(last) = last else {
            return write!(f, "link of {label}: not used in the time that is kept");
        };
        let reads: Vec<_> = reads
            .iter()
            .map(|(family, count)| format!("{family} {count}"))
            .collect();
        write!(
            f,
            "link of {label}: last used at {last}; {}",
            reads.join(", ")
        )
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            first,
            last,
            left_out,
        } = self;
        write!(f, "to {first}..{last}, {left_out} events left out")
    }
}

/// The word of a state, or that there is none.
fn word(state: Option<&String>) -> String {
    state.map_or("nothing yet", String::as_str).to_owned()
}

/// A table with its columns in line, and notes below the rows they belong to.
fn columns<const N: usize>(
    f: &mut fmt::Formatter<'_>,
    head: [&str; N],
    rows: impl Iterator<Item = ([String; N], Vec<String>)>,
) -> fmt::Result {
    let head = (head.map(str::to_owned), Vec::new());
    let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|(cells, _)| cells[column].chars().count());
        cells.max().unwrap_or_default()
    });
    f.write_char('\n')?;
    for (cells, notes) in &rows {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            write!(line, "{cell:width$}  ")?;
        }
        writeln!(f, "{}", line.trim_end())?;
        for note in notes {
            writeln!(f, "    {note}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
