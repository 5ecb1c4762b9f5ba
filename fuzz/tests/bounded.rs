//! Every promise holds for what is in `corpus/` and for some two dozen inputs like each: always the same ones, whatever machine
//! it is, so that nobody's change fails for what an earlier one did. `scripts/fuzz` looks for others.

use std::{
    fs, panic,
    path::{Path, PathBuf},
};

use calbridge_fuzz::{ics, line, mutate::Form, request, window, wire};
use fastrand::Rng;

/// How many inputs like each one in a corpus.
const ALIKE: usize = 24;
/// How many changes one has at most.
const CHANGES: usize = 4;
/// The most octets that are put in, taken out or moved at once.
const STRETCH: usize = 24;

#[test]
fn requests_are_answered() {
    holds("request", None, request::hold);
}

#[test]
fn windows_are_read_as_one_understands_them() {
    holds("window", None, window::hold);
}

#[test]
fn texts_stay_texts() {
    holds("line", None, line::hold);
}

#[test]
fn foreign_calendars_can_be_published() {
    holds("ics", Some(Form::Calendar), ics::hold);
}

#[test]
fn answers_of_prospero_can_be_published() {
    holds("prospero", Some(Form::Json), wire::prospero);
}

#[test]
fn answers_of_add_to_calendar_pro_can_be_published() {
    let hold = wire::add_to_calendar_pro;
    holds("add_to_calendar_pro", Some(Form::Json), hold);
}

#[test]
fn answers_of_prospectconnect_can_be_published() {
    holds("prospectconnect", Some(Form::Json), wire::prospectconnect);
}

#[test]
fn answers_of_prosper_can_be_published() {
    holds("prosper", Some(Form::Json), wire::prosper);
}

/// Holds `target` to what is in its corpus, and to inputs of its `form` that are like it.
fn holds(target: &str, form: Option<Form>, hold: fn(&[u8])) {
    let corpus = corpus(target);
    assert!(!corpus.is_empty(), "{target} begins with nothing");
    for (name, input) in &corpus {
        attempt(target, name, input, hold);
        // By its name, so that the others stay what they are when one is added.
        let seed = name.bytes().fold(0_u64, |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(byte.into())
        });
        let mut dice = Rng::with_seed(seed);
        for _ in 0..ALIKE {
            let mut alike = input.clone();
            for _ in 0..dice.usize(1..=CHANGES) {
                alike = changed(alike, form, &mut dice);
            }
            attempt(target, name, &alike, hold);
        }
    }
}

/// The inputs of `target` in the order of their names.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![here.join("corpus").join(target)];
    if target == "ics" {
        folders.push(here.join("../tests/fixtures/ics"));
    }
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a corpus"));
    let paths = entries.map(|entry| entry.expect("a file of a corpus").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        (name.into_owned(), fs::read(&path).expect("an input"))
    };
    paths.into_iter().map(read).collect()
}

/// `input` with one change: one of its form, or one of its octets.
fn changed(mut input: Vec<u8>, form: Option<Form>, dice: &mut Rng) -> Vec<u8> {
    let text = str::from_utf8(&input).ok();
    let kept = form.zip(text).filter(|_| dice.u8(..4) > 0);
    if let Some(text) = kept.and_then(|(form, text)| form.changed(text, dice)) {
        return text.into_bytes();
    }
    let cut = stretch(&input, dice);
    let with = match dice.u8(..3) {
        0 => Vec::new(),
        1 => vec![dice.u8(..)],
        _ => input[stretch(&input, dice)].to_vec(),
    };
    input.splice(cut, with);
    input
}

/// Some octets in a row.
fn stretch(input: &[u8], dice: &mut Rng) -> std::ops::Range<usize> {
    let start = dice.usize(..=input.len());
    let end = start + dice.usize(..=STRETCH);
    start..end.min(input.len())
}

/// Holds a promise to `input`; if it is broken, keeps the input for `scripts/fuzz`.
fn attempt(target: &str, like: &str, input: &[u8], hold: fn(&[u8])) {
    if panic::catch_unwind(|| hold(input)).is_err() {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("broken-{target}"));
        fs::write(&kept, input).expect("a place for the input");
        panic!(
            "{target} breaks its promise, see above, by {} (like {like})",
            kept.display()
        );
    }
}
