//! Everything that is wrong with a configuration, at once.

use std::fmt;

/// The problems found in one file, in the order they were met. Never empty where it is an error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    file: String,
    list: Vec<String>,
}

impl Problems {
    /// No problems yet in `file`.
    #[must_use]
    pub fn new(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            list: Vec::new(),
        }
    }

    /// Notes that what stands at `key` is wrong; `fact` says what is and what to write instead.
    pub fn add(&mut self, key: &str, fact: impl fmt::Display) {
        self.list.push(match key {
            "" => fact.to_string(),
            _ => format!("{key}: {fact}"),
        });
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.list.len() == 1 { "" } else { "s" };
        write!(f, "{} problem{plural} in {}:", self.list.len(), self.file)?;
        for problem in &self.list {
            write!(f, "\n  - {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
