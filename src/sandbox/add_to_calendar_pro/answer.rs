//! What the double answers to a call.

use axum::http::{StatusCode, header};
use chrono::{DateTime, NaiveDateTime, Utc};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    account::Account,
    route::Route,
    settings::{EmptyList, Nulls, Settings, Shape},
};
use crate::sandbox::double::{Answer, Call, Records, segments};

static LIST: Records = Records {
    at: "",
    id: "prokey",
    open: &[],
};
static GROUP: Records = Records {
    at: "/events",
    id: "prokey",
    open: &[],
};
static LEGACY_GROUP: Records = Records {
    at: "/0/events",
    ..GROUP
};
static EVENT: Records = Records {
    at: "/dates",
    id: "",
    open: &["status", "availability"],
};
static LEGACY_EVENT: Records = Records {
    at: "/0/dates",
    ..EVENT
};

/// How this API says no, as far as that is known (fact sheet §1).
pub(super) fn error(status: StatusCode, fact: &str) -> Answer {
    Answer::json(json!({ "status": "error", "message": fact })).with_status(status)
}

/// What a list is asked for.
#[derive(Debug, Default)]
struct Asked {
    page: usize,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    group: Option<String>,
    with_dates: bool,
}

impl Asked {
    fn parse(query: &str, now: DateTime<Utc>) -> Result<Self, String> {
        let mut asked = Self {
            page: 1,
            ..Self::default()
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let instant = || edge(&value, now).ok_or_else(|| format!("Invalid {name}"));
            match &*name {
                "page" => {
                    let page = value.parse().ok().filter(|page| *page > 0);
                    asked.page = page.ok_or("Invalid page")?;
                }
                "from" => asked.from = Some(instant()?),
                "to" => asked.to = Some(instant()?),
                "group" => asked.group = Some(value.into_owned()),
                "dates" => asked.with_dates = value == "true",
                _ => return Err(format!("Unknown parameter {name}")),
            }
        }
        Ok(asked)
    }

    /// Whether the span of all dates of an event touches what is asked for. Its wall times are taken for UTC with a day to
    /// spare on either side, and recurrence is not looked at: what the service does is not known (fact sheet §2).
    fn lets_through(&self, event: &Value) -> bool {
        let spare = chrono::TimeDelta::days(1);
        let times = |name: &str, time: &str| {
            let entries = event["dates"].as_array().into_iter().flatten();
            let found: Vec<NaiveDateTime> = entries
                .filter_map(|entry| moment(entry, name, time))
                .collect();
            found
        };
        let starts = times("startDate", "startTime");
        let (Some(first), Some(last)) = (
            starts.iter().min(),
            times("endDate", "endTime")
                .iter()
                .chain(&starts)
                .max()
                .copied(),
        ) else {
            return true;
        };
        self.from.is_none_or(|from| last.and_utc() + spare >= from)
            && self.to.is_none_or(|to| first.and_utc() - spare <= to)
    }
}

/// `now`, or a date-time in seconds with a literal `Z`: the two forms that are taken.
fn edge(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if text == "now" {
        return Some(now);
    }
    let exact = text.len() == "2026-11-21T19:30:00Z".len();
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").ok()?;
    exact.then(|| parsed.and_utc())
}

/// What a date entry says in two of its fields; a missing day is that of the start.
fn moment(entry: &Value, day: &str, time: &str) -> Option<NaiveDateTime> {
    let day = entry[day]
        .as_str()
        .or_else(|| entry["startDate"].as_str())?;
    let day: chrono::NaiveDate = day.get(..10)?.parse().ok()?;
    let time = entry[time].as_str().unwrap_or("00:00");
    let time = chrono::NaiveTime::parse_from_str(time, "%H:%M").ok()?;
    Some(day.and_time(time))
}

/// The true answer to a call.
pub(super) fn to(call: &Call<'_, Route>, account: &Account, settings: &Settings) -> Answer {
    let desk = Desk {
        account,
        settings,
        call,
    };
    let key = segments(call.path()).last().copied().unwrap_or_default();
    let asked = match Asked::parse(call.query(), call.now) {
        Ok(asked) => asked,
        Err(fact) => return error(StatusCode::BAD_REQUEST, &fact).blamed(fact),
    };
    if !desk.admitted(&asked) {
        return error(settings.refused, "Unauthorized");
    }
    match call.route {
        Route::Groups => desk.list(account.groups.iter().map(row), &asked),
        Route::LatestGroup => desk.group(account.groups.last()),
        Route::Group => desk.group(account.group(key)),
        Route::Events => {
            let rows = account.events.iter().filter(|event| {
                let group = asked.group.as_deref();
                group.is_none_or(|group| event["event_group"] == group) && asked.lets_through(event)
            });
            desk.list(rows.map(|event| event_row(event, &asked)), &asked)
        }
        Route::LatestEvent => desk.event(account.events.last()),
        Route::Event => desk.event(account.event(key)),
        Route::Unknown => error(StatusCode::NOT_FOUND, "Not found"),
    }
}

/// One call and all that is needed to answer it.
struct Desk<'a> {
    account: &'a Account,
    settings: &'a Settings,
    call: &'a Call<'a, Route>,
}

impl Desk<'_> {
    /// With the key itself, no word before it; or for the events of a group that anybody may list.
    fn admitted(&self, asked: &Asked) -> bool {
        let sent = self.call.header(header::AUTHORIZATION.as_str());
        let public = || {
            let group = asked
                .group
                .as_deref()
                .and_then(|key| self.account.group(key));
            group.is_some_and(|group| group["public_event_overview"] == true)
        };
        match sent {
            Some(key) => key == self.settings.key.expose_secret(),
            None => self.call.route == Route::Events && public(),
        }
    }

    fn list(&self, rows: impl Iterator<Item = Value>, asked: &Asked) -> Answer {
        let page = self.settings.page.get();
        let rows = rows.zip(501..).skip(page * (asked.page - 1)).take(page);
        let rows: Vec<Value> = rows
            .map(|(mut row, number)| {
                row["id"] = json!(number);
                if self.settings.shape == Shape::Legacy {
                    row["prokey"] = json!([row["prokey"]]);
                }
                row
            })
            .collect();
        if rows.is_empty() && self.settings.empty == EmptyList::NotFound {
            return none();
        }
        Answer::records(self.pruned(Value::Array(rows)), &LIST)
    }

    fn group(&self, group: Option<&Value>) -> Answer {
        let Some(group) = group else { return none() };
        let mut group = group.clone();
        match self.settings.shape {
            Shape::Current => Answer::records(self.pruned(group), &GROUP),
            Shape::Legacy => {
                let wrap = |key: &Value| json!({ "prokey": [key] });
                let keys = group["events"].as_array().into_iter().flatten();
                group["events"] = keys.map(wrap).collect();
                if let Some(fields) = group.as_object_mut() {
                    fields.retain(|name, _| {
                        !matches!(
                            name.as_str(),
                            "prokey" | "landingpage" | "public_event_overview"
                        )
                    });
                }
                Answer::records(self.pruned(json!([group])), &LEGACY_GROUP)
            }
        }
    }

    fn event(&self, event: Option<&Value>) -> Answer {
        let Some(event) = event else { return none() };
        let mut event = event.clone();
        match self.settings.shape {
            Shape::Current => Answer::records(self.pruned(event), &EVENT),
            Shape::Legacy => {
                event["event_group"] = json!({ "prokey": event["event_group"] });
                if let Some(fields) = event.as_object_mut() {
                    fields.retain(|name, _| name != "prokey" && name != "landingpage");
                }
                Answer::records(self.pruned(json!([event])), &LEGACY_EVENT)
            }
        }
    }

    /// The value without its `null`s, where these are not sent.
    fn pruned(&self, mut value: Value) -> Value {
        if self.settings.nulls == Nulls::LeftOut {
            prune(&mut value);
        }
        value
    }
}

fn prune(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(prune),
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(prune);
        }
        _ => {}
    }
}

fn none() -> Answer {
    error(StatusCode::NOT_FOUND, "No entry found")
}

fn row(group: &Value) -> Value {
    json!({ "id": null, "prokey": group["prokey"], "label": group["name"] })
}

fn event_row(event: &Value, asked: &Asked) -> Value {
    let first = &event["dates"][0];
    let title = event["title_event_series"]
        .as_str()
        .or(first["name"].as_str());
    let mut label = title.unwrap_or("Untitled").to_owned();
    if let Some(day) = first["startDate"].as_str() {
        label.push_str(", ");
        label.push_str(day);
    }
    if event["rsvp"] == true {
        label.push_str(", RSVP");
    }
    let mut row = json!({ "id": null, "prokey": event["prokey"], "label": label });
    if asked.with_dates {
        row["dates"] = event["dates"].clone();
    }
    row
}
