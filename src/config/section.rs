//! One table of the file, read key by key, so that one wrong key does not hide the next.

use std::{cell::RefCell, path::PathBuf};

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::{fingerprint::Fingerprint, problems::Problems, secret::Vault};

/// A value as an operator writes it.
pub(super) trait Form: DeserializeOwned {
    /// What it is.
    const NAME: &'static str;
    /// How it is written.
    const FORM: &'static str;
}

impl Form for String {
    const NAME: &'static str = "text";
    const FORM: &'static str = "a text in quotes";
}

impl Form for PathBuf {
    const NAME: &'static str = "path";
    const FORM: &'static str = "a path in quotes, such as `\"/usr/share/zoneinfo\"`";
}

impl Form for Vec<String> {
    const NAME: &'static str = "list";
    const FORM: &'static str = "a list of texts, such as `[\"one\", \"two\"]`";
}

impl Form for bool {
    const NAME: &'static str = "truth value";
    const FORM: &'static str = "`true` or `false`";
}

/// A table that knows where it stands and which of its keys have been read.
pub(super) struct Section<'a> {
    path: String,
    table: Table,
    asked: Vec<&'static str>,
    problems: &'a RefCell<Problems>,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(super) fn root(table: Table, problems: &'a RefCell<Problems>) -> Self {
        Self {
            path: String::new(),
            table,
            asked: Vec::new(),
            problems,
        }
    }

    /// Where `key` stands in the file, such as `sources.stage.zone`.
    pub(super) fn at(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// What stands for all of it that has not been read yet.
    pub(super) fn fingerprint(&self, vault: Vault<'_>) -> Fingerprint {
        Fingerprint::of(&self.table, vault)
    }

    /// Notes a problem with the value of `key`.
    pub(super) fn problem(&self, key: &str, fact: impl std::fmt::Display) {
        self.problems.borrow_mut().add(&self.at(key), fact);
    }

    /// Takes the value of `key`; a wrong type is a problem and counts as absent. What stands there is not repeated, for
    /// it may be a secret in the wrong place.
    pub(super) fn take<T: Form>(&mut self, key: &'static str) -> Option<T> {
        let value = self.value(key)?;
        let found = value.type_str();
        let taken = value.try_into().ok();
        if taken.is_none() {
            let fact = match found {
                "table" | "array" => format!("is not what belongs there; write {}", T::FORM),
                _ => format!("is no {}; write {}", T::NAME, T::FORM),
            };
            self.problem(key, fact);
        }
        taken
    }

    /// Takes the value of `key`, saying nothing if its type is wrong: for values that may be secrets.
    pub(super) fn take_quietly<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<T> {
        self.value(key)?.try_into().ok()
    }

    /// Takes the value of `key` through its text form; a refused one is a problem, told by `fact` alone, and counts as
    /// absent. For types whose own messages say neither what stands there nor what should.
    pub(super) fn read<T: std::str::FromStr>(
        &mut self,
        key: &'static str,
        fact: &str,
    ) -> Option<T> {
        let text: String = self.take(key)?;
        let read = text.parse().ok();
        if read.is_none() {
            self.problem(key, fact);
        }
        read
    }

    /// Takes the value of `key` through its text form; a refused one is a problem and counts as absent.
    pub(super) fn parse<T: std::str::FromStr>(&mut self, key: &'static str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        let text: String = self.take(key)?;
        text.parse().map_err(|error| self.problem(key, error)).ok()
    }

    /// Takes the value of `key`, which must be one of `choices`.
    pub(super) fn choose<T: Clone>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let text: String = self.take(key)?;
        let found = choices
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, choice)| choice.clone());
        if found.is_none() {
            let names: Vec<String> = choices
                .iter()
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            self.problem(
                key,
                format!("`{text}` is not known; write {}", names.join(" or ")),
            );
        }
        found
    }

    /// Says that `key` must be there.
    pub(super) fn require<T>(
        &self,
        key: &'static str,
        value: Option<T>,
        example: &str,
    ) -> Option<T> {
        let wrong = self
            .problems
            .borrow()
            .to_string()
            .contains(&format!("- {}:", self.at(key)));
        if value.is_none() && !wrong {
            self.problem(key, format!("is missing; write {example}"));
        }
        value
    }

    /// Takes the table at `key`; an absent one is empty.
    pub(super) fn section(&mut self, key: &'static str) -> Section<'a> {
        let table = match self.value(key) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(other) => {
                let path = self.at(key);
                self.problem(
                    key,
                    format!("is {}, not a table; write [{path}]", other.type_str()),
                );
                Table::new()
            }
        };
        self.inner(self.at(key), table)
    }

    /// Takes the tables at `key`, written `[[…]]`, which problems number from 1; none if it is absent.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<Section<'a>> {
        let path = self.at(key);
        let tables: Option<Vec<Table>> = match self.value(key) {
            None => Some(Vec::new()),
            Some(value) => value.try_into().ok(),
        };
        if tables.is_none() {
            self.problem(
                key,
                format!("is no list of tables; write [[{path}]] for each"),
            );
        }
        let tables = (1..).zip(tables.unwrap_or_default());
        tables
            .map(|(number, table)| self.inner(format!("{path}[{number}]"), table))
            .collect()
    }

    /// Takes every remaining key as a table of its own.
    pub(super) fn sections(&mut self) -> Vec<(String, Section<'a>)> {
        let table = std::mem::take(&mut self.table);
        let mut sections = Vec::new();
        for (name, value) in table {
            let path = self.at(&name);
            match value {
                Value::Table(table) => sections.push((name, self.inner(path, table))),
                other => self.problem(
                    &name,
                    format!("is {}, not a table; write [{path}]", other.type_str()),
                ),
            }
        }
        sections
    }

    /// Whether `key` is there and has not been read yet.
    pub(super) fn has(&mut self, key: &'static str) -> bool {
        self.ask(key);
        self.table.contains_key(key)
    }

    /// Takes every remaining key as a text.
    pub(super) fn texts(&mut self) -> Vec<(String, String)> {
        let table = std::mem::take(&mut self.table);
        let mut texts = Vec::new();
        for (name, value) in table {
            match value {
                Value::String(text) => texts.push((name, text)),
                other => self.problem(
                    &name,
                    format!("is {}, not a text in quotes", other.type_str()),
                ),
            }
        }
        texts
    }

    /// Ends the section: what is left over is not known.
    pub(super) fn finish(self) {
        for key in self.table.keys() {
            let known = self
                .asked
                .iter()
                .map(|known| format!("`{known}`"))
                .collect::<Vec<_>>();
            let fact = match self.asked.iter().find(|known| alike(known, key)) {
                Some(known) => format!("is not known; did you mean `{known}`"),
                None => format!("is not known; known here: {}", known.join(", ")),
            };
            self.problem(key, fact);
        }
    }

    fn inner(&self, path: String, table: Table) -> Section<'a> {
        Section {
            path,
            table,
            asked: Vec::new(),
            problems: self.problems,
        }
    }

    fn value(&mut self, key: &'static str) -> Option<Value> {
        self.ask(key);
        self.table.remove(key)
    }

    fn ask(&mut self, key: &'static str) {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
    }
}

/// Whether two keys differ by one letter, by two neighbours swapped, or by punctuation only.
fn alike(known: &str, key: &str) -> bool {
    let bare = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    let (known, key) = (bare(known), bare(key));
    let same_front = known
        .chars()
        .zip(key.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let same_back = known
        .chars()
        .rev()
        .zip(key.chars().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let longer = known.len().max(key.len());
    let mut swapped: Vec<char> = key.chars().collect();
    if same_front + 1 < swapped.len() {
        swapped.swap(same_front, same_front + 1);
    }
    known == key
        || known.chars().eq(swapped)
        || (longer > 3
            && same_front + same_back + 1 >= longer
            && known.len().abs_diff(key.len()) <= 1)
}
