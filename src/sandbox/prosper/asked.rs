//! What a call asks for in its query.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::Prosper;
use crate::sandbox::{
    double::{Answer, Records},
    portfolio::Listing,
};

/// How many records a page has unless the call says otherwise.
const LIMIT: usize = 25;
/// The most a call may ask for.
const LIMIT_MAX: usize = 100;

/// Which listings are asked for; edges of days count as UTC with a day to spare, as nobody knows better.
pub(super) struct Wanted {
    invested: Option<String>,
    biddable: Option<String>,
    numbers: Option<Vec<u32>>,
    starts: [Option<NaiveDate>; 2],
    ends: [Option<NaiveDate>; 2],
}

impl Wanted {
    pub(super) fn of(asked: &mut Asked) -> Result<Self, String> {
        Ok(Self {
            invested: asked.take("invested"),
            biddable: asked.take("biddable"),
            numbers: asked.numbers("listing_number")?,
            starts: [
                asked.day("listing_start_date_min")?,
                asked.day("listing_start_date_max")?,
            ],
            ends: [
                asked.day("listing_end_date_min")?,
                asked.day("listing_end_date_max")?,
            ],
        })
    }

    pub(super) fn lets_through(&self, listing: &Listing) -> bool {
        let is = |asked: &Option<String>, fact: bool| {
            asked
                .as_ref()
                .is_none_or(|asked| *asked == fact.to_string())
        };
        let within = |day: Option<NaiveDate>, [first, last]: [Option<NaiveDate>; 2]| {
            first.is_none_or(|first| day.is_some_and(|day| day + Days::new(1) >= first))
                && last.is_none_or(|last| day.is_some_and(|day| day <= last + Days::new(1)))
        };
        is(&self.invested, listing.invested)
            && is(&self.biddable, listing.status == 2)
            && self
                .numbers
                .as_ref()
                .is_none_or(|all| all.contains(&listing.number))
            && within(Some(listing.started.date_naive()), self.starts)
            && within(listing.ended.map(|at| at.date_naive()), self.ends)
    }
}

/// The parameters of a call that nobody has looked at yet.
pub(super) struct Asked {
    fields: HashMap<String, String>,
    offset: usize,
    limit: usize,
}

impl Asked {
    pub(super) fn parse(query: &str) -> Result<Self, String> {
        let fields = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let mut asked = Self {
            fields,
            offset: 0,
            limit: LIMIT,
        };
        if let Some(offset) = asked.take("offset") {
            asked.offset = offset.parse().ok().ok_or("offset must be a number")?;
        }
        if let Some(limit) = asked.take("limit") {
            let limit = limit
                .parse()
                .ok()
                .filter(|limit| (1..=LIMIT_MAX).contains(limit));
            asked.limit = limit.ok_or(format!("limit must be 1 to {LIMIT_MAX}"))?;
        }
        Ok(asked)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.fields.remove(name)
    }

    pub(super) fn day(&mut self, name: &str) -> Result<Option<NaiveDate>, String> {
        let day = self.take(name).map(|text| text.parse());
        day.transpose()
            .ok()
            .ok_or(format!("{name} must be a date such as 2026-11-21"))
    }

    pub(super) fn numbers(&mut self, name: &str) -> Result<Option<Vec<u32>>, String> {
        let list = self.take(name);
        let list = list.map(|text| text.split(',').map(|one| one.trim().parse()).collect());
        list.transpose()
            .ok()
            .ok_or(format!("{name} must be numbers with commas between"))
    }

    /// Takes the order, of which only the field is looked at: records come in one stable order whatever is asked.
    pub(super) fn sort(&mut self, fields: &[&str]) -> Result<(), String> {
        let Some(sort) = self.take("sort_by") else {
            return Ok(());
        };
        let field = sort
            .strip_suffix(" asc")
            .or(sort.strip_suffix(" desc"))
            .unwrap_or(&sort);
        if fields.contains(&field) {
            Ok(())
        } else {
            Err(format!("sort_by cannot be {field}"))
        }
    }

    /// Makes sure that nothing was asked for that is not known.
    pub(super) fn done(&self) -> Result<(), String> {
        match self.fields.keys().next() {
            Some(name) => Err(format!("{name} is not supported")),
            None => Ok(()),
        }
    }

    /// The page asked for; only its own rows are told, since lists are long and pages many.
    pub(super) fn page<T>(
        &self,
        double: &Prosper,
        rows: Vec<T>,
        tell: impl Fn(T) -> Value,
        records: &'static Records,
    ) -> Result<Answer, String> {
        self.done()?;
        let settings = &double.settings;
        let size = self.limit.min(settings.page);
        let total = rows.len();
        let start = settings.drift.moved(self.offset, size);
        let rows = rows.into_iter().skip(start).take(size);
        let shown: Vec<Value> = rows.map(tell).collect();
        let count = shown.len();
        let envelope = json!({ "result": shown, "result_count": count, "total_count": total });
        Ok(Answer::records(envelope, records))
    }
}
