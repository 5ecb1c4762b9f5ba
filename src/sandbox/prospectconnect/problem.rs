//! How the API says no: RFC 9457 problems (fact sheet §5), and how it speaks of its rate limit (§4).

use axum::http::{HeaderName, StatusCode, header};
use serde_json::json;

use super::settings::{Limits, Settings};
use crate::sandbox::double::Answer;

/// A problem; `path` is where it arose, which the documentation does not always name.
pub(super) fn answer(status: StatusCode, detail: &str, path: Option<&str>) -> Answer {
    let slug = match status.as_u16() {
        400 => "bad-request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not-found",
        422 => "validation",
        429 => "rate-limited",
        500.. => "server-error",
        _ => "method-not-allowed",
    };
    let mut problem = json!({
        "type": format!("https://papi.prospectconnect.example/problems/{slug}"),
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
        "trace_id": format!("4bf92f3577b34da6a3ce929d0e0e{:04}", status.as_u16()),
    });
    if let Some(path) = path {
        problem["instance"] = json!(path);
    }
    if status == StatusCode::UNPROCESSABLE_ENTITY {
        let (field, message) = detail.split_once(' ').unwrap_or((detail, ""));
        problem["errors"] = json!([{ "field": field, "message": message }]);
    }
    Answer::json(problem)
        .with_status(status)
        .with_header(header::CONTENT_TYPE, "application/problem+json")
}

/// The answer with what is left of the rate limit, as the settings say.
pub(super) fn with_limits(answer: Answer, settings: &Settings, left: Option<usize>) -> Answer {
    let Some(left) = left else { return answer };
    let seconds = settings.rate.map_or(1, |rate| rate.per.num_seconds());
    let reset = match settings.limits {
        Limits::Epoch => settings.clock.now().timestamp() + seconds,
        Limits::Delta => seconds,
        Limits::Silent => return answer,
    };
    let limit = settings.rate.map_or(0, |rate| rate.calls.get());
    let named = |name| HeaderName::from_static(name);
    answer
        .with_header(named("x-ratelimit-limit"), limit.to_string())
        .with_header(named("x-ratelimit-remaining"), left.to_string())
        .with_header(named("x-ratelimit-reset"), reset.to_string())
}
