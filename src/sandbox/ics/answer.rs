//! What the double answers to a call.

use axum::http::{StatusCode, header};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{
    route::{Route, group},
    settings::{Settings, Validators},
    write::{Part, calendar},
};
use crate::sandbox::{
    double::{Answer, Call},
    season::Season,
};

/// The true answer to a call on a season that was last changed at `changed`.
pub(super) fn to(
    call: &Call<'_, Route>,
    season: &Season,
    settings: &Settings,
    changed: DateTime<Utc>,
) -> Answer {
    let part = match call.route {
        Route::Season => Part::Whole,
        Route::External => Part::Courses,
        Route::Group => {
            let asked = group(call.path()).unwrap_or_default();
            if !season.groups.iter().any(|group| group.id == asked) {
                return plain(StatusCode::NOT_FOUND, "Not found");
            }
            Part::Group(asked)
        }
        Route::Moved => return redirect(StatusCode::MOVED_PERMANENTLY, "/season.ics"),
        Route::Inward => return redirect(StatusCode::FOUND, "http://10.11.12.13/season.ics"),
        Route::Loop => return redirect(StatusCode::FOUND, "/loop.ics"),
        Route::Unknown => return plain(StatusCode::NOT_FOUND, "Not found"),
    };
    let calendar = calendar(season, part, settings);
    let etag = etag(&calendar.bytes());
    let stamp = httpdate::fmt_http_date(changed.into());
    let (tagged, dated) = match settings.validators {
        Validators::Both => (true, true),
        Validators::Etag => (true, false),
        Validators::LastModified => (false, true),
        Validators::Neither => (false, false),
    };
    let same = match call.header("if-none-match") {
        Some(tags) => tagged && tags.split(',').any(|tag| tag.trim() == etag || tag == "*"),
        None => {
            dated
                && call
                    .header("if-modified-since")
                    .is_some_and(|since| since == stamp)
        }
    };
    let mut answer = if same {
        plain(StatusCode::NOT_MODIFIED, "")
    } else {
        Answer::calendar(calendar)
    };
    if tagged {
        answer = answer.with_header(header::ETAG, etag);
    }
    if dated {
        answer = answer.with_header(header::LAST_MODIFIED, stamp);
    }
    match &settings.cache_control {
        Some(said) => answer.with_header(header::CACHE_CONTROL, said),
        None => answer,
    }
}

fn plain(status: StatusCode, text: &str) -> Answer {
    Answer::text("text/plain; charset=utf-8", text).with_status(status)
}

fn redirect(status: StatusCode, to: &str) -> Answer {
    plain(status, "It is elsewhere").with_header(header::LOCATION, to)
}

fn etag(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let hex: Vec<String> = hash
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{}\"", hex.concat())
}
