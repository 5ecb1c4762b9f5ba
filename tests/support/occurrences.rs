//! Python's `recurring-ical-events` (tests/readers/README.md).

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

use serde::Deserialize;

use super::readers;

/// When an instance begins and ends: UTC times, or dates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instance {
    pub(crate) start: String,
    pub(crate) end: String,
}

#[derive(Deserialize)]
struct Found {
    uid: String,
    start: String,
    end: String,
}

/// Every instance in `body` that overlaps the days from `first` up to `end`, by UID.
///
/// # Panics
/// When the program cannot be run or refuses `body`.
#[track_caller]
pub(crate) fn of(body: &[u8], (first, end): (&str, &str)) -> BTreeMap<String, Vec<Instance>> {
    let mut child = Command::new(readers::directory().join("python-occurrences"))
        .args([first, end])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // All of it is read before anything is written.
    child.stdin.take().unwrap().write_all(body).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "python-occurrences refused it");
    let found: Vec<Found> = serde_json::from_slice(&output.stdout).unwrap();
    let mut by_uid = BTreeMap::<_, Vec<_>>::new();
    for Found { uid, start, end } in found {
        by_uid.entry(uid).or_default().push(Instance { start, end });
    }
    by_uid
}
