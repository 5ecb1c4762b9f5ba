//! Three calendar readers that are not ours (tests/readers/README.md).

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
};

use serde::Deserialize;

/// The programs, by name.
const READERS: [&str; 3] = ["python-icalendar", "ical-js", "libical"];

/// An event as a reader understood it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Read {
    pub(crate) uid: String,
    pub(crate) summary: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) sequence: u32,
    pub(crate) all_day: bool,
    pub(crate) start_local: String,
    pub(crate) end_local: Option<String>,
    pub(crate) tzid: Option<String>,
    pub(crate) start_utc: Option<String>,
    pub(crate) end_utc: Option<String>,
    pub(crate) categories: Vec<String>,
}

/// What all three read in `body`, in file order.
///
/// # Panics
/// When one of them refuses it, or two differ in anything, with `what` and the first difference.
#[track_caller]
pub(crate) fn agreed(body: &[u8], what: &str) -> Vec<Read> {
    let [first, others @ ..] = thread::scope(|scope| {
        READERS
            .map(|reader| scope.spawn(move || read(reader, body)))
            .map(|thread| thread.join().unwrap())
            .map(|read| read.unwrap_or_else(|error| panic!("{what}: {error}")))
    });
    for (reader, other) in READERS[1..].iter().zip(others) {
        assert_eq!(
            first.len(),
            other.len(),
            "{what}: {} and {reader}",
            READERS[0]
        );
        for (one, two) in first.iter().zip(&other) {
            assert_eq!(one, two, "{what}: {} and {reader}", READERS[0]);
        }
    }
    first
}

fn read(reader: &str, body: &[u8]) -> Result<Vec<Read>, String> {
    let mut child = Command::new(directory().join(reader))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            format!("{reader} cannot be run ({error}); `./scripts/install-readers` installs it")
        })?;
    let mut input = child.stdin.take().expect("it was asked for");
    let done = thread::scope(|scope| {
        scope.spawn(move || input.write_all(body));
        child.wait_with_output()
    });
    let done = done.map_err(|error| format!("{reader}: {error}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    if !done.status.success() {
        return Err(format!("{reader} refuses it: {said}"));
    }
    serde_json::from_slice(&done.stdout).map_err(|error| format!("{reader}: {error} {said}"))
}

/// Where they are installed: as `./scripts/test` says, else where `./scripts/install-readers` puts them.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment of the test is its own"
)]
pub(crate) fn directory() -> PathBuf {
    let told = std::env::var_os("CALBRIDGE_READERS").map(PathBuf::from);
    told.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tools/readers"))
}
