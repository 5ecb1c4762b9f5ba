//! What the operator calls people, pipelines and states of which the upstream tells no name.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use crate::domain::text::Line;

/// What an id is of: users and pipelines may be numbered alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Person,
    /// A pipeline or a stage in one.
    Pipeline,
    /// A word of the tenant's own, such as a state.
    Word,
}

/// The operator's names, by lower-cased id; some are for what is of one sort alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    sorted: BTreeMap<Sort, HashMap<String, Line>>,
    any: HashMap<String, Line>,
}

impl Sort {
    const ALL: [Self; 3] = [Self::Person, Self::Pipeline, Self::Word];

    /// What stands before the id in that of a group, and may in the operator's names.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Person => "assignee",
            Self::Pipeline => "pipeline",
            Self::Word => "word",
        }
    }
}

impl Named {
    /// The names of a configuration, whose ids are in lower case.
    pub(super) fn new(any: HashMap<String, Line>) -> Self {
        let own = |sort: Sort, id: &str| {
            let id = id.strip_prefix(sort.prefix())?.strip_prefix(':')?;
            Some(id.to_owned())
        };
        let of = |sort: Sort| {
            let names = any.iter();
            let names = names.filter_map(|(id, name)| Some((own(sort, id)?, name.clone())));
            (sort, names.collect())
        };
        Self {
            sorted: Sort::ALL.map(of).into(),
            any,
        }
    }

    /// What an id of this sort is called, else what the id is called whatever it is of.
    pub(super) fn of(&self, sort: Sort, id: &str) -> Option<&Line> {
        let id = if id.is_ascii() && !id.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Borrowed(id)
        } else {
            Cow::Owned(id.to_lowercase())
        };
        let own = self.sorted.get(&sort).and_then(|names| names.get(&*id));
        own.or_else(|| self.any.get(&*id))
    }
}
