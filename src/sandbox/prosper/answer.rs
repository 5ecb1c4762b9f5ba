//! What the double answers to a call.

use std::collections::HashMap;

use axum::http::{StatusCode, header};
use chrono::Days;
use secrecy::ExposeSecret;
use serde_json::json;
use url::form_urlencoded;

use super::{
    Prosper,
    asked::{Asked, Wanted},
    record,
    route::Route,
    session::ACCESS_LIFE,
    settings::{Expiry, Span},
};
use crate::sandbox::{
    double::{Answer, Call, Records, segments},
    portfolio::Payment,
};

/// The most loans a question for payments may name.
const LOANS_MAX: usize = 25;
/// The days a question for payments covers.
const PAYMENT_DAYS: u64 = 90;

static NOTES: Records = Records {
    at: "/result",
    id: "loan_note_id",
    open: &["note_status_description", "prosper_rating"],
};
static NOTE: Records = Records { at: "", ..NOTES };
static LISTINGS: Records = Records {
    at: "/result",
    id: "listing_number",
    open: &["listing_status_reason", "prosper_rating"],
};
static PAYMENTS: Records = Records {
    at: "/result",
    id: "transaction_id",
    open: &["payment_status", "loan_payment_cashflow_type"],
};

/// How this API says no (fact sheet §3.2).
pub(super) fn error(status: StatusCode, fact: &str) -> Answer {
    let inner = json!([{ "code": "APP1007", "message": fact }]);
    Answer::json(json!({ "code": "AP1008", "message": fact, "errors": inner })).with_status(status)
}

/// How it says that a token is no longer good.
pub(super) fn expired(expiry: Expiry) -> Answer {
    match expiry {
        Expiry::Unauthorized => error(StatusCode::UNAUTHORIZED, "Unauthorized"),
        Expiry::Sec0002 => Answer::json(json!({ "code": "SEC0002", "message": "Invalid token" }))
            .with_status(StatusCode::FORBIDDEN),
        Expiry::InvalidToken => oauth(StatusCode::BAD_REQUEST, "invalid_token"),
    }
}

/// How the token route says no.
fn oauth(status: StatusCode, error: &str) -> Answer {
    Answer::json(json!({ "error": error, "error_description": "Not this time" }))
        .with_status(status)
}

/// The true answer to a call.
pub(super) fn to(call: &Call<'_, Route>, double: &mut Prosper) -> Answer {
    match call.route {
        Route::Token => return token(call, double),
        Route::Slashless => {
            let query = call.parts.uri.query().map(|query| format!("?{query}"));
            let to = format!("{}/{}", call.path(), query.unwrap_or_default());
            return error(StatusCode::MOVED_PERMANENTLY, "Moved").with_header(header::LOCATION, to);
        }
        _ => {}
    }
    let sent = call.header(header::AUTHORIZATION.as_str());
    let token = sent.and_then(|sent| {
        let (scheme, token) = sent.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    });
    if !token.is_some_and(|token| double.sessions.admits(token, call.now)) {
        return expired(double.settings.expiry);
    }
    // With this header every date of an answer may mean something else (fact sheet §6).
    if call.header("timezone").is_some() {
        let fact = "times are asked for in UTC";
        return error(StatusCode::BAD_REQUEST, fact).blamed(fact);
    }
    match read(call, double) {
        Ok(answer) => answer,
        Err(fact) => error(StatusCode::BAD_REQUEST, &fact).blamed(fact),
    }
}

fn token(call: &Call<'_, Route>, double: &mut Prosper) -> Answer {
    let kind = call
        .header(header::CONTENT_TYPE.as_str())
        .unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return oauth(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let fields: HashMap<_, _> = form_urlencoded::parse(call.body).into_owned().collect();
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    let settings = &double.settings;
    if field("client_id") != settings.client_id
        || field("client_secret") != settings.client_secret.expose_secret()
    {
        return oauth(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let tokens = match field("grant_type") {
        "password" => {
            let known = field("username") == settings.username
                && field("password") == settings.password.expose_secret();
            known.then(|| double.sessions.open(call.now))
        }
        "refresh_token" => {
            let refresh = field("refresh_token");
            double.sessions.renew(refresh, settings.reuse, call.now)
        }
        _ => return oauth(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
    };
    match tokens {
        Some((access, refresh)) => Answer::json(json!({
            "access_token": access,
            "token_type": "bearer",
            "refresh_token": refresh,
            "expires_in": ACCESS_LIFE,
        })),
        None => oauth(StatusCode::UNAUTHORIZED, "invalid_grant"),
    }
}

fn read(call: &Call<'_, Route>, double: &Prosper) -> Result<Answer, String> {
    let settings = &double.settings;
    let held = &double.season.portfolio;
    let mut asked = Asked::parse(call.query())?;
    match call.route {
        Route::Account => {
            asked.take("filters");
            asked.done()?;
            Ok(Answer::json(json!({ "available_cash_balance": 1_234.56 })))
        }
        Route::Notes => {
            let from = asked.day("origination_date_min")?;
            asked.sort(&["loan_note_id", "origination_date", "term", "note_status"])?;
            let mut rows: Vec<_> = held
                .notes
                .iter()
                .filter(|note| from.is_none_or(|from| note.originated >= from))
                .collect();
            rows.sort_by_key(|note| (note.loan, note.id.clone()));
            asked.page(double, rows, |note| record::note(settings, note), &NOTES)
        }
        Route::Note => {
            let id = segments(call.path()).last().copied().unwrap_or_default();
            asked.done()?;
            let found = held.notes.iter().find(|note| note.id == id);
            Ok(found.map_or_else(
                || error(StatusCode::NOT_FOUND, "Not found"),
                |note| Answer::records(record::note(settings, note), &NOTE),
            ))
        }
        Route::Listings => {
            let wanted = Wanted::of(&mut asked)?;
            asked.sort(&["listing_number", "listing_start_date", "listing_end_date"])?;
            let rows = held
                .listings
                .iter()
                .filter(|listing| wanted.lets_through(listing));
            let tell = |listing| record::listing(settings, listing);
            asked.page(double, rows.collect(), tell, &LISTINGS)
        }
        Route::Payments => {
            let loans = asked.numbers("loan_number")?.unwrap_or_default();
            if loans.is_empty() || loans.len() > LOANS_MAX {
                return Err(format!("loan_number must name 1 to {LOANS_MAX} loans"));
            }
            let today = call.now.date_naive();
            let day = asked.day("transaction_effective_date")?.unwrap_or(today);
            let (first, last) = match settings.span {
                Span::Ends => (day - Days::new(PAYMENT_DAYS - 1), day),
                Span::Begins => (day, day + Days::new(PAYMENT_DAYS - 1)),
            };
            let mut rows: Vec<&Payment> = held
                .payments
                .iter()
                .filter(|payment| {
                    loans.contains(&payment.loan) && (first..=last).contains(&payment.effective)
                })
                .collect();
            rows.sort_by_key(|payment| (payment.effective, payment.transaction));
            asked.page(
                double,
                rows,
                |row| record::payment(settings, row),
                &PAYMENTS,
            )
        }
        Route::Token | Route::Slashless | Route::Unknown => {
            Ok(error(StatusCode::NOT_FOUND, "Not found"))
        }
    }
}
