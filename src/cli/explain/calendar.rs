//! Which calendar is to be explained.

use std::{fmt, str::FromStr};

use crate::{
    cli::CliError,
    config::Config,
    domain::{
        feed::GroupFeeds,
        id::{BadName, FeedId, GROUPS, GroupId, SourceId},
        select,
    },
    feed::{FeedName, Feeds},
};

/// Groups that are named where one is not known.
const KNOWN_MAX: usize = 20;

/// What people subscribe to: a feed, such as `season`, or one group of a source, such as `groups/stage/Opera`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Calendar {
    /// A feed.
    Feed(FeedId),
    /// A group of a source, by its id there or by its name.
    Group(SourceId, String),
}

/// Text that names no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::cli) enum BadCalendar {
    /// The name of a feed or a source that is none.
    #[error(transparent)]
    Name(#[from] BadName),
    /// There is no group behind the source.
    #[error("`{0}` names no group; write `groups/SOURCE/GROUP`, such as `groups/stage/Opera`")]
    Groupless(String),
}

impl FromStr for Calendar {
    type Err = BadCalendar;

    fn from_str(text: &str) -> Result<Self, BadCalendar> {
        let groups = text.strip_prefix(GROUPS);
        let Some(below) = groups.and_then(|below| below.strip_prefix('/')) else {
            return Ok(Self::Feed(text.parse()?));
        };
        match below.split_once('/') {
            Some((source, group)) if !group.trim().is_empty() => {
                Ok(Self::Group(source.parse()?, group.trim().to_owned()))
            }
            _ => Err(BadCalendar::Groupless(text.to_owned())),
        }
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feed(id) => id.fmt(f),
            Self::Group(source, group) => write!(f, "{GROUPS}/{source}/{group}"),
        }
    }
}

impl Calendar {
    /// The sources it shows.
    ///
    /// # Errors
    /// When `config` has no such feed or source, or groups of that source have no feeds.
    pub(super) fn sources(&self, config: &Config) -> Result<Vec<SourceId>, CliError> {
        match self {
            Self::Feed(id) => {
                let feed = config.every_feed().find(|(known, _)| *known == id);
                let sources = feed.map(|(_, feed)| feed.sources.clone());
                let known = || config.every_feed().map(|(id, _)| id);
                sources.ok_or_else(|| CliError::unknown("feed", id, known()))
            }
            Self::Group(id, _) => match config.sources.get(id) {
                None => Err(CliError::unknown("source", id, config.sources.keys())),
                Some(source) if source.group_feeds == GroupFeeds::Off => {
                    Err(CliError::NoGroupFeeds(id.clone()))
                }
                Some(_) => Ok(vec![id.clone()]),
            },
        }
    }

    /// What it is called among `feeds`; a group that nobody knows by name is taken for its id.
    ///
    /// # Errors
    /// When groups of that source have no feeds, or several have that name.
    pub(super) fn name(&self, feeds: &Feeds) -> Result<FeedName, CliError> {
        match self {
            Self::Feed(id) => Ok(feeds.for_operator(id)),
            Self::Group(source, group) => {
                let by_id = GroupId::new(group);
                let known = feeds.units(source).map(|units| units.groups());
                let known = known.unwrap_or_default();
                let by_name = select::wanted(std::slice::from_ref(group), &known);
                let id = match &by_name[..] {
                    _ if known.contains_key(&by_id) => by_id,
                    [] => by_id,
                    [id] => id.clone(),
                    ids => return Err(CliError::namesakes(source, group, ids)),
                };
                let name = feeds.group_for_operator(source, id);
                name.ok_or_else(|| CliError::NoGroupFeeds(source.clone()))
            }
        }
    }

    /// That `feeds` have no such calendar.
    pub(super) fn missing_from(&self, feeds: &Feeds) -> CliError {
        match self {
            Self::Feed(id) => CliError::unknown("feed", id, feeds.every_feed().map(|(id, _)| id)),
            Self::Group(source, group) => {
                let groups = feeds.units(source).map(|units| units.groups());
                let groups = groups.unwrap_or_default();
                let known = groups.iter().take(KNOWN_MAX).map(|(id, group)| {
                    let name = Some(group.name.as_str()).filter(|name| !name.is_empty());
                    format!("`{}`", name.unwrap_or(id.as_str()))
                });
                let mut known: Vec<String> = known.collect();
                match groups.len().saturating_sub(KNOWN_MAX) {
                    0 if known.is_empty() => known.push("none".to_owned()),
                    0 => {}
                    more => known.push(format!("and {more} more")),
                }
                CliError::NoGroup {
                    source_id: source.clone(),
                    group: group.clone(),
                    known: known.join(", "),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_is_written_as_it_stands_in_addresses() {
        for (text, want) in [
            ("season", Ok("season")),
            ("groups/stage/Opera", Ok("groups/stage/Opera")),
            ("groups/stage/ a/b c ", Ok("groups/stage/a/b c")),
            ("groups/stage", Err("names no group")),
            ("groups/stage/ ", Err("names no group")),
            ("groups/Stage/Opera", Err("name `Stage` must be")),
            ("Season", Err("name `Season` must be")),
            ("", Err("name `` must be")),
        ] {
            match (text.parse::<Calendar>(), want) {
                (Ok(calendar), Ok(told)) => assert_eq!(calendar.to_string(), told, "{text}"),
                (Err(error), Err(part)) => {
                    assert!(error.to_string().contains(part), "{text}: {error}");
                }
                (got, want) => panic!("{text}: {got:?} instead of {want:?}"),
            }
        }
    }
}
