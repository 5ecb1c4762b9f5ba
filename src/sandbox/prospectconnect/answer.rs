//! What the double answers to a call.

use axum::http::{StatusCode, header};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    ProspectConnect, problem, record,
    route::{Resource, Route},
    search::{Nonsense, Search, cursor},
    settings::{Pipelines, Single, Total},
};
use crate::sandbox::double::{Answer, Call, Records, segments};

static ROWS: Records = Records {
    at: "/data",
    id: "id",
    open: &["status", "type", "priority"],
};
static BARE: Records = Records { at: "", ..ROWS };

/// The true answer to a call.
pub(super) fn to(call: &Call<'_, Route>, double: &mut ProspectConnect) -> Answer {
    match call.route {
        Route::Search(resource) | Route::Record(resource) => learn(resource, double),
        Route::Pipelines => learn(Resource::Pipelines, double),
        Route::Unknown => {}
    }
    let refused = |status, fact: &str| problem::answer(status, fact, Some(call.path()));
    let double = &*double;
    let settings = &double.settings;
    let sent = call.header(header::AUTHORIZATION.as_str());
    let token = sent.and_then(|sent| {
        let (scheme, token) = sent.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    });
    if token != Some(settings.token.expose_secret()) {
        return refused(
            StatusCode::UNAUTHORIZED,
            "The token is missing or not valid",
        );
    }
    match call.header("version") {
        Some(version) if version == settings.version => {}
        Some(_) => return refused(StatusCode::BAD_REQUEST, "This version is not supported"),
        None => return refused(StatusCode::BAD_REQUEST, "The Version header is missing"),
    }
    match (call.route, settings.pipelines) {
        (Route::Search(Resource::Pipelines), Pipelines::Listed | Pipelines::Absent)
        | (Route::Pipelines, Pipelines::Absent)
        | (Route::Unknown, _) => refused(StatusCode::NOT_FOUND, "Not found"),
        (Route::Pipelines, Pipelines::Searched) => {
            refused(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
        }
        (Route::Pipelines, Pipelines::Listed) => {
            let rows = all(Resource::Pipelines, double);
            Answer::records(json!({ "data": rows }), &ROWS)
        }
        (Route::Search(resource), _) => match Search::parse(call.body, double.age) {
            Ok(search) => page(&search, resource, double),
            Err(Nonsense::Malformed(fact)) => refused(StatusCode::BAD_REQUEST, fact),
            // The documentation's own sample of this one does not say where it arose.
            Err(Nonsense::Invalid(fact)) => {
                problem::answer(StatusCode::UNPROCESSABLE_ENTITY, &fact, None)
            }
        },
        (Route::Record(resource), _) => {
            let id = segments(call.path()).last().copied().unwrap_or_default();
            let found = all(resource, double)
                .iter()
                .find(|record| record["id"] == id);
            match (found, settings.single) {
                (None, _) => refused(StatusCode::NOT_FOUND, "Not found"),
                (Some(record), Single::Bare) => {
                    Answer::records(record::told(settings.dialect, resource, record), &BARE)
                }
                (Some(record), Single::Wrapped) => {
                    let record = record::told(settings.dialect, resource, record);
                    Answer::records(json!({ "data": record }), &ROWS)
                }
            }
        }
    }
}

/// Has every record of a sort at hand, in the primary dialect, whole.
fn learn(resource: Resource, double: &mut ProspectConnect) {
    let crm = &double.season.crm;
    double
        .rows
        .entry(resource)
        .or_insert_with(|| match resource {
            Resource::Tasks => crm.tasks.iter().map(record::task).collect(),
            Resource::Deals => crm.deals.iter().map(record::deal).collect(),
            Resource::Activities => crm.activities.iter().map(record::activity).collect(),
            Resource::Contacts => crm.contacts.iter().map(record::contact).collect(),
            Resource::Companies => crm.companies.iter().map(record::company).collect(),
            Resource::Pipelines => crm.pipelines.iter().map(record::pipeline).collect(),
        });
}

/// Every record of a sort.
fn all(resource: Resource, double: &ProspectConnect) -> &[Value] {
    double.rows.get(&resource).map_or(&[], Vec::as_slice)
}

fn page(search: &Search, resource: Resource, double: &ProspectConnect) -> Answer {
    let settings = &double.settings;
    let size = search.limit.min(settings.page);
    let mut rows: Vec<&Value> = all(resource, double).iter().collect();
    search.sort(&mut rows);
    let total = rows.len();
    let start = settings.drift.moved(search.offset, size);
    let shown: Vec<Value> = rows
        .into_iter()
        .skip(start)
        .take(size)
        .map(|record| record::told(settings.dialect, resource, record))
        .collect();
    let next = start + shown.len();
    let more = next < total;
    let mut envelope = json!({
        "data": shown,
        "meta": { "cursor": {
            "next": more.then(|| cursor(next, double.age)),
            "has_more": more,
        }},
    });
    if settings.total == Total::Sent {
        envelope["meta"]["total"] = json!(total);
    }
    Answer::records(envelope, &ROWS)
}
