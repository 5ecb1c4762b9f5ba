//! `[[feeds.….tokens]]` and `[[sources.….tokens]]`.

use std::{
    cell::RefCell,
    collections::{BTreeMap, btree_map::Entry},
};

use chrono::NaiveDate;
use serde::Deserialize;
use toml::value::Datetime;

use crate::domain::{
    text::Line,
    token::{Term, Token, TokenDigest},
};

use super::{
    problems::Problems,
    section::{Form, Section},
};

/// Who may read something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Public,
    Token,
    /// What stands there is a problem that has been told.
    Unclear,
}

impl Access {
    /// Takes the tokens of what has this access, which is said in `key`: only what is closed has any.
    pub(super) fn tokens(self, section: &mut Section<'_>, key: &str) -> Vec<Token> {
        let given = section.has("tokens");
        let tokens: Vec<Token> = section
            .tables("tokens")
            .into_iter()
            .filter_map(token)
            .collect();
        if given && self == Self::Public {
            let fact = format!(
                "are of no use where nothing is closed; write `{key} = \"token\"`, or remove them"
            );
            section.problem("tokens", fact);
        }
        for (index, token) in tokens.iter().enumerate() {
            if tokens[..index]
                .iter()
                .any(|other| other.label == token.label)
            {
                let fact = format!(
                    "`{}` stands there twice; give every link a label of its own",
                    token.label
                );
                section.problem("tokens", fact);
            }
        }
        tokens
    }
}

fn token(mut section: Section<'_>) -> Option<Token> {
    let label = section
        .take::<String>("label")
        .map(|label| Line::new(&label));
    if label.as_ref().is_some_and(Line::is_empty) {
        section.problem("label", "is empty; write who has the link");
    }
    let label = section.require("label", label, "who has the link, such as `\"orchestra\"`");
    let digest: Option<TokenDigest> = section.parse("sha256");
    let made = "what `calbridge token new` prints";
    let digest = section.require("sha256", digest, made);
    let mut day = |key| section.take::<Day>(key).map(|day| day.0);
    let (from, until) = (day("from"), day("until"));
    let term = Term::new(from, until).map_err(|error| section.problem("until", error));
    section.finish();
    Some(Token {
        label: label?,
        digest: digest?,
        term: term.ok()?,
    })
}

/// Says of a token that stands in several places that it does: `all` are the tokens with where they stand. With one link for
/// two calendars neither could be closed to its reader without the other (interop V2).
pub(super) fn distinct<'a>(
    all: impl Iterator<Item = (String, &'a Token)>,
    problems: &RefCell<Problems>,
) {
    let mut seen = BTreeMap::new();
    for (place, token) in all {
        match seen.entry(token.digest) {
            Entry::Vacant(free) => {
                free.insert((place, &token.label));
            }
            Entry::Occupied(taken) => {
                let (elsewhere, other) = taken.get();
                let fact = format!(
                    "`{}` has the `sha256` of `{other}` in {elsewhere}; make a token of its own with `calbridge token new`",
                    token.label
                );
                problems.borrow_mut().add(&place, fact);
            }
        }
    }
}

/// A date, as TOML knows it or as a text.
#[derive(Deserialize)]
#[serde(try_from = "Written")]
pub(super) struct Day(pub(super) NaiveDate);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Date(Datetime),
    Text(String),
}

impl TryFrom<Written> for Day {
    type Error = chrono::ParseError;

    fn try_from(written: Written) -> Result<Self, chrono::ParseError> {
        let text = match written {
            Written::Date(date) => date.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map(Self)
    }
}

impl Form for Day {
    const NAME: &'static str = "date";
    const FORM: &'static str = "a day such as `2026-11-21`";
}
