//! `/status`, `/status.json` and `/metrics`.

use askama::Template;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    domain::frames::Frames,
    locale::Lang,
    status::{Status, metrics::MEDIA_TYPE},
    web::{App, cache_policy::CachePolicy, made::Made, page::Page, speech::Speech},
};

/// How everything stands, for people.
#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    status: Status,
}

impl App {
    /// How everything stands now.
    async fn status(&self) -> Status {
        self.feeds.survey(self.traffic.told()).await
    }
}

/// `/status`
pub(super) async fn page(State(app): State<App>, request: HeaderMap) -> Response {
    let status = app.status().await;
    // For operators, as the configuration and the log are.
    let speech = Speech::Chosen(Lang::En.into());
    match Page::of(&StatusPage { status }, speech, &Frames::Nobody) {
        Ok(page) => page
            .kept(CachePolicy::Never)
            .respond(&request, app.codings(&request)),
        Err(error) => error.into_page(speech, &request),
    }
}

/// `/status.json`
pub(super) async fn json(State(app): State<App>, request: HeaderMap) -> Response {
    let status = app.status().await;
    let Ok(bytes) = serde_json::to_vec_pretty(&status) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let made = Made {
        bytes: Bytes::from(bytes),
        media_type: "application/json",
        policy: CachePolicy::Never,
        varies_by: &[],
    };
    made.respond(&request, app.codings(&request))
}

/// `/metrics`
pub(super) async fn metrics(State(app): State<App>, request: HeaderMap) -> Response {
    let made = Made {
        bytes: Bytes::from(app.status().await.metrics()),
        media_type: MEDIA_TYPE,
        policy: CachePolicy::Never,
        varies_by: &[],
    };
    made.respond(&request, app.codings(&request))
}
