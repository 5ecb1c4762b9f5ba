//! What ProspectConnect sends, as far as calbridge reads it (`upstreams/prospectconnect.md` §7, §9).
//!
//! The field tables were not readable, so every spelling of the sheet is a field of its own: spellings may stand
//! together, and an alias would make such a record fail. Descriptions, bodies, amounts, mail addresses and phone numbers are not even read.

use serde::Deserialize;

use crate::source::{
    loose::{Flag, Scalar, Words},
    record::Object,
};

use super::{
    refs::{Ref, Refs},
    resource::Resource,
};

/// A field that must be read or the record be left out, so that a wrong type is no absence.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Scalar")]
pub(super) struct Given(Option<String>);

impl From<Scalar> for Given {
    fn from(scalar: Scalar) -> Self {
        let text = match scalar {
            Scalar::Null => return Self(None),
            Scalar::Text(text) => text.trim().to_owned(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Bool(yes) => yes.to_string(),
            Scalar::List(_) | Scalar::Object(_) => "neither text nor number".to_owned(),
        };
        Self(Some(text).filter(|text| !text.is_empty()))
    }
}

impl Given {
    /// What stands there, if anything does; of what is no text something that is no date.
    pub(super) fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

/// A task, a deal or an activity: their fields overlap, and none has another meaning in another of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    pub(super) id: Words,
    created_at: Words,
    date_created: Words,
    updated_at: Words,
    private: Flag,
    is_private: Flag,

    name: Words,
    title: Words,
    subject: Words,
    status: Refs,
    status_id: Refs,
    deal_status: Refs,
    #[serde(rename = "type")]
    kind: Refs,
    task_type: Refs,
    type_id: Refs,
    activity_type: Refs,
    pub(super) priority: Refs,

    completed: Flag,
    is_completed: Flag,
    done: Flag,
    completed_at: Words,
    due_date: Given,
    due_at: Given,
    pub(super) due_time: Given,

    expected_close_date: Given,
    expected_closing_date: Given,
    close_date: Given,
    pub(super) pipeline_id: Refs,
    pub(super) stage_id: Refs,

    start_at: Given,
    start_time: Given,
    occurred_at: Given,
    timestamp: Given,
    date: Given,
    end_at: Given,
    end_time: Given,

    assigned_to: Refs,
    #[serde(rename = "assignedTo")]
    assigned: Refs,
    assignee_id: Refs,
    assigned_to_id: Refs,
    owner_id: Refs,
    sales_person: Refs,
    user_id: Refs,
    created_by: Refs,

    contact_ids: Refs,
    contact_id: Refs,
    company_ids: Refs,
    company_id: Refs,
    related_to: Refs,
}

fn words<'a>(spellings: &[&'a Words]) -> Option<&'a str> {
    spellings.iter().find_map(|words| words.0.as_deref())
}

fn given<'a>(spellings: &[&'a Given]) -> Option<&'a str> {
    spellings.iter().find_map(|given| given.text())
}

fn first<'a>(spellings: &[&'a Refs]) -> &'a [Ref] {
    let said = spellings.iter().find(|refs| !refs.0.is_empty());
    said.map_or(&[], |refs| &refs.0)
}

impl Record {
    pub(super) fn created(&self) -> Option<&str> {
        words(&[&self.created_at, &self.date_created])
    }

    pub(super) fn updated(&self) -> Option<&str> {
        words(&[&self.updated_at])
    }

    pub(super) fn headline(&self) -> Option<&str> {
        words(&[&self.name, &self.title, &self.subject])
    }

    /// Whether it is for its owner alone.
    pub(super) fn private(&self) -> Flag {
        self.private.or(self.is_private)
    }

    /// Everything that says how it stands.
    pub(super) fn states(&self) -> impl Iterator<Item = &Ref> {
        [&self.status, &self.deal_status, &self.status_id]
            .into_iter()
            .flat_map(|refs| &refs.0)
    }

    /// Everything that says what sort of record it is.
    pub(super) fn sorts(&self) -> impl Iterator<Item = &Ref> {
        [
            &self.kind,
            &self.task_type,
            &self.activity_type,
            &self.type_id,
        ]
        .into_iter()
        .flat_map(|refs| &refs.0)
    }

    /// Whether it is marked as finished, its state aside.
    pub(super) fn is_completed(&self) -> bool {
        let flags = [self.completed, self.is_completed, self.done];
        flags.contains(&Flag::Yes) || self.completed_at.0.is_some()
    }

    pub(super) fn due(&self) -> Option<&str> {
        given(&[&self.due_date, &self.due_at])
    }

    pub(super) fn close(&self) -> Option<&str> {
        given(&[
            &self.expected_close_date,
            &self.expected_closing_date,
            &self.close_date,
        ])
    }

    /// When it begins: as planned, else as it came about, else when it was written down.
    pub(super) fn start(&self) -> Option<&str> {
        let told = given(&[
            &self.start_at,
            &self.start_time,
            &self.occurred_at,
            &self.timestamp,
            &self.date,
        ]);
        told.or_else(|| self.created())
    }

    pub(super) fn end(&self) -> Option<&str> {
        given(&[&self.end_at, &self.end_time])
    }

    /// Whose it is; the first spelling that says anything counts, in the sheet's order.
    pub(super) fn assignees(&self, resource: Resource) -> &[Ref] {
        match resource {
            Resource::Tasks => first(&[
                &self.assigned_to,
                &self.assignee_id,
                &self.assigned_to_id,
                &self.owner_id,
                &self.assigned,
            ]),
            Resource::Deals => first(&[
                &self.owner_id,
                &self.sales_person,
                &self.assigned_to,
                &self.assigned,
            ]),
            Resource::Activities => first(&[&self.user_id, &self.created_by, &self.owner_id]),
        }
    }

    /// The ids of the people it is about; what is merely related is told apart by the prefix of its id (§1).
    pub(super) fn contacts(&self) -> impl Iterator<Item = &str> {
        let own = [&self.contact_ids, &self.contact_id];
        let own = own.into_iter().flat_map(Refs::ids);
        own.chain(self.related("con_"))
    }

    /// The ids of the organisations it is about.
    pub(super) fn companies(&self) -> impl Iterator<Item = &str> {
        let own = [&self.company_ids, &self.company_id];
        let own = own.into_iter().flat_map(Refs::ids);
        own.chain(self.related("cmp_"))
    }

    fn related(&self, prefix: &'static str) -> impl Iterator<Item = &str> {
        self.related_to
            .ids()
            .filter(move |id| id.starts_with(prefix))
    }
}

/// A contact or a company, in an envelope or bare (`upstreams/decisions.md`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Party {
    data: Object<Box<Party>>,
    pub(super) id: Words,
    first_name: Words,
    last_name: Words,
    name: Words,
}

impl Party {
    /// What it is called; never its mail address (§9.4).
    pub(super) fn display(&self) -> Option<String> {
        if let Object(Some(inner)) = &self.data {
            return inner.display();
        }
        let parts = [&self.first_name, &self.last_name];
        let parts: Vec<&str> = parts
            .iter()
            .filter_map(|words| words.0.as_deref().map(str::trim))
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            self.name.0.as_deref().map(str::to_owned)
        } else {
            Some(parts.join(" "))
        }
    }
}

/// A list of pipelines, in an envelope or bare.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Pipelines {
    Wrapped { data: Vec<Pipeline> },
    Bare(Vec<Pipeline>),
}

impl Pipelines {
    pub(super) fn list(self) -> Vec<Pipeline> {
        match self {
            Self::Wrapped { data } | Self::Bare(data) => data,
        }
    }
}

/// A pipeline and the stages a deal goes through in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pipeline {
    pub(super) id: Words,
    pub(super) name: Words,
    pub(super) stages: Refs,
}
