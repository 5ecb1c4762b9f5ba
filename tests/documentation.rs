//! What the pages on sources tell operators to write can be written, beside the `[server]` that every configuration has.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use calbridge::{config::Config, domain::id::SourceId};

/// Every kind there is, as the configuration calls it; each has a page of that name.
const KINDS: [&str; 5] = [
    "add-to-calendar-pro",
    "ics",
    "prospectconnect",
    "prosper",
    "prospero",
];

#[test]
fn every_kind_has_its_page_and_no_page_is_of_anything_else() {
    let pages: BTreeSet<String> = pages()
        .iter()
        .map(|page| page.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(pages, KINDS.map(str::to_owned).into());
}

#[test]
fn the_configuration_on_the_page_of_a_source_is_taken_and_is_of_its_kind() {
    for page in pages() {
        let name = page.file_name().unwrap().to_str().unwrap();
        let kind = page.file_stem().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&page).unwrap();
        let blocks = blocks(&text);
        assert!(!blocks.is_empty(), "{name} has no configuration");
        for block in blocks {
            let line = format!("kind = \"{kind}\"");
            let squeezed = block.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(squeezed.contains(&line), "{name}: {line} is not in {block}");
            // One word does for a secret and for an address that holds one.
            let secret = |_: &str| Some("https://calendars.example/word.ics".to_owned());
            let whole = format!("[server]\nlisten = \"127.0.0.1:8080\"\n\n{block}");
            let config = Config::parse(&whole, name, Path::new("."), &secret);
            let config = config.unwrap_or_else(|problems| panic!("{problems}"));
            let sources: Vec<&SourceId> = config.sources.keys().collect();
            assert!(!sources.is_empty(), "{name} configures a source");
        }
    }
}

/// The pages, in order.
fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sources");
    let files = fs::read_dir(folder).unwrap();
    let mut pages: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    pages.sort();
    pages
}

/// The blocks of TOML on a page.
fn blocks(page: &str) -> Vec<&str> {
    let parts = page.split("\n```toml\n").skip(1);
    parts
        .map(|part| part.split_once("\n```").unwrap().0)
        .collect()
}
