//! What the documentation tells operators to write can be written, and it leaves out nothing that can.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{
    collections::BTreeSet,
    fmt::Write as _,
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

#[test]
fn the_configuration_page_names_every_key_that_is_read_and_no_other() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let documented = documented_keys(&fs::read_to_string(page).unwrap());
    let known = known_keys();
    let only = |these: &BTreeSet<String>, those| -> Vec<String> {
        these.difference(those).cloned().collect()
    };
    let (missing, extra) = (only(&known, &documented), only(&documented, &known));
    assert_eq!(missing, [""; 0], "docs/configuration.md does not name them");
    assert_eq!(extra, [""; 0], "nothing reads them");
}

/// A key that stands in no table and is like none that does.
const UNHEARD_OF: &str = "a-key-nobody-has-heard-of";

/// The one table that there may be several of; problems number them.
const TOKENS: &str = "feeds.name.tokens";

/// Every key and table that is read, such as `server.listen`. A source goes by its kind, a feed by `name`.
fn known_keys() -> BTreeSet<String> {
    let mut tables: Vec<String> = [
        "server",
        "store",
        "zones",
        "feeds.name",
        TOKENS,
        "retired.name",
    ]
    .map(str::to_owned)
    .into();
    for kind in KINDS {
        tables.push(format!("sources.{kind}"));
        tables.push(format!("sources.{kind}.zones"));
    }
    let mut text = format!("{UNHEARD_OF} = 0\n");
    for table in &tables {
        let heading = match table.as_str() {
            TOKENS => format!("[[{table}]]"),
            _ => format!("[{table}]"),
        };
        writeln!(text, "{heading}\n{UNHEARD_OF} = 0").unwrap();
        if let Some(kind) = KINDS
            .iter()
            .find(|kind| *table == format!("sources.{kind}"))
        {
            writeln!(text, "kind = \"{kind}\"").unwrap();
        }
    }
    let problems = Config::parse(&text, "all", Path::new("."), &|_| None).unwrap_err();
    let problems = problems.to_string();
    let mut keys: BTreeSet<String> = tables.iter().cloned().collect();
    for table in [String::new()].into_iter().chain(tables) {
        let path = |key: &str| format!("{table}.{key}").trim_start_matches('.').to_owned();
        let place = path(UNHEARD_OF).replace(TOKENS, &format!("{TOKENS}[1]"));
        let said = format!("  - {place}: is not known; known here: ");
        let known = problems.lines().find_map(|line| line.strip_prefix(&said));
        let known = known.unwrap_or_else(|| panic!("{said}\n{problems}"));
        keys.extend(quoted(known).map(path));
    }
    keys
}

/// The same as the page has it: tables in headings, keys in the first column of the tables below them.
fn documented_keys(page: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut table = String::new();
    let mut rows = false;
    for line in page.lines() {
        if let Some(kind) = line.strip_prefix("### Of kind ") {
            table = format!("sources.{}", quoted(kind).next().unwrap());
        } else if line.starts_with('#') {
            for heading in quoted(line) {
                table = heading.trim_matches(['[', ']']).to_lowercase();
                keys.insert(table.split('.').next().unwrap().to_owned());
                keys.insert(table.clone());
            }
        }
        rows = line.starts_with("| key |") || rows && line.starts_with('|');
        if rows {
            let cell = line.split('|').nth(1).unwrap();
            keys.extend(quoted(cell).map(|key| format!("{table}.{key}")));
        }
    }
    // What is of every source is of each kind.
    let (every, mut keys): (BTreeSet<String>, _) = keys
        .into_iter()
        .partition(|key| key.starts_with("sources.name"));
    for key in every {
        for kind in KINDS {
            keys.insert(key.replacen("name", kind, 1));
            if let Some((zones, _)) = key.replacen("name", kind, 1).split_once(".zones.") {
                keys.insert(format!("{zones}.zones"));
            }
        }
    }
    keys
}

/// What stands in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
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
