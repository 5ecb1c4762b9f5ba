//! `calbridge diff`

use std::io::{self, Write};

use super::{CliError, history::Shape, place::Place, stdout};
use crate::{
    diff::{Difference, differences},
    outline::unfold,
};

/// Says what became of the events of `before` in `after`.
pub(super) async fn diff(
    before: &Place,
    after: &Place,
    shape: Shape,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let (before, after) = (before.calendar().await?, after.calendar().await?);
    let found = differences(&unfold(&before), &unfold(&after));
    match shape {
        Shape::Json => serde_json::to_writer_pretty(&mut *out, &found)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out)),
        Shape::Lines => found.iter().try_for_each(|one| tell(one, out)),
    }
    .map_err(stdout)?;
    match found.len() {
        0 => Ok(()),
        events => Err(CliError::Different { events }),
    }
}

/// A line for the event, and one for each change.
fn tell(one: &Difference, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}, {}", plain(&one.title), plain(&one.when))?;
    for change in &one.changes {
        writeln!(out, "    {}", plain(&change.to_string()))?;
    }
    Ok(())
}

/// `text` with nothing in it that a terminal would obey.
fn plain(text: &str) -> String {
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(shown).collect()
}
