//! Calendar files, and asking for them again.

use std::time::Duration;

use super::*;
use crate::api::{File, Flaw, Refusal, Validator};

const BODY: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
const MODIFIED: &str = "Fri, 01 May 2026 09:00:00 GMT";

fn file() -> ResponseTemplate {
    status(200).set_body_raw(BODY, "text/calendar")
}

async fn read(server: &MockServer, held: &Validator) -> Result<File, ApiError> {
    let call = events(&server.uri()).unless(held);
    api(limits()).calendar(call).await
}

#[tokio::test]
async fn a_file_is_asked_for_again_by_what_it_came_with() {
    for (etag, modified) in [
        (Some("\"one\""), Some(MODIFIED)),
        (Some("W/\"one\""), None),
        (None, Some(MODIFIED)),
    ] {
        let server = MockServer::start().await;
        let mut first = file().insert_header("cache-control", "max-age=300");
        let mut again = get("/events");
        for (name, condition, value) in [
            ("etag", "if-none-match", etag),
            ("last-modified", "if-modified-since", modified),
        ] {
            if let Some(value) = value {
                first = first.insert_header(name, value);
                // Not as a list of values, which a date would be taken for.
                again = again.and(move |request: &wiremock::Request| {
                    request
                        .headers
                        .get(condition)
                        .is_some_and(|sent| sent == value)
                });
            }
        }
        get("/events")
            .respond_with(first)
            .up_to_n_times(1)
            .expect(1)
            .mount(&server)
            .await;
        let held = read(&server, &Validator::default()).await.unwrap();
        assert_eq!(held.body.as_deref(), Some(BODY.as_bytes()));
        assert_eq!(held.fresh_for, Some(Duration::from_mins(5)));
        let unchanged = status(304).insert_header("cache-control", "max-age=60");
        again.respond_with(unchanged).expect(1).mount(&server).await;
        let same = read(&server, &held.validator).await.unwrap();
        assert_eq!(same.body, None, "{etag:?} {modified:?}");
        assert_eq!(same.fresh_for, Some(Duration::from_mins(1)));
    }
}

#[tokio::test]
async fn an_address_that_leads_elsewhere_now_is_not_asked_by_what_another_file_came_with() {
    let server = MockServer::start().await;
    let leads_to = async |path: &'static str, times| {
        let redirect = status(302).insert_header("location", path);
        let redirect = get("/events").respond_with(redirect).up_to_n_times(times);
        redirect.expect(times).mount(&server).await;
    };
    let unasked = |request: &wiremock::Request| {
        let condition = ["if-none-match", "if-modified-since"];
        condition
            .iter()
            .all(|name| !request.headers.contains_key(*name))
    };
    let winter = file().insert_header("last-modified", MODIFIED);
    let winter = get("/winter").and(unasked).respond_with(winter);
    winter.expect(1).mount(&server).await;
    let same = get("/winter").and(matchers::header_exists("if-modified-since"));
    same.respond_with(status(304))
        .expect(1)
        .mount(&server)
        .await;
    let summer = get("/summer").and(unasked).respond_with(file());
    summer.expect(1).mount(&server).await;

    leads_to("/winter", 2).await;
    let held = read(&server, &Validator::default()).await.unwrap();
    let again = read(&server, &held.validator).await.unwrap();
    assert_eq!(again.body, None, "the same file, unchanged");
    leads_to("/summer", 1).await;
    let other = read(&server, &held.validator).await.unwrap();
    assert_eq!(other.body.as_deref(), Some(BODY.as_bytes()));
}

#[tokio::test]
async fn not_modified_is_no_answer_to_a_call_that_holds_nothing() {
    let server = server(status(304), 1).await;
    let error = read(&server, &Validator::default()).await.unwrap_err();
    assert!(matches!(error, ApiError::Rejected { .. }), "{error:?}");
}

#[tokio::test]
async fn what_is_no_calendar_is_malformed() {
    for (body, kind) in [
        ("", "text/calendar"),
        ("<html>Log in</html>", "text/calendar"),
        ("Not found", "text/plain"),
        (&BODY[..30], "text/calendar"),
    ] {
        let server = server(status(200).set_body_raw(body, kind), 1).await;
        let error = read(&server, &Validator::default()).await.unwrap_err();
        let ApiError::Malformed { flaw, .. } = error else {
            panic!("{body}: {error:?}");
        };
        let told = match flaw {
            Flaw::Empty => "",
            Flaw::Html => "<html>Log in</html>",
            Flaw::NotCalendar => "Not found",
            Flaw::CutOff { bytes: 30 } => &BODY[..30],
            other => panic!("{body}: {other:?}"),
        };
        assert_eq!(told, body);
    }
}

#[test]
fn a_redirect_to_a_private_address_is_refused_after_the_first_hop_was_fine() {
    // What a public server says cannot be had on loopback, so the hop alone is shown.
    let hop = crate::api::guard::hop(
        &"https://a.example/x".parse().unwrap(),
        Some("http://169.254.169.254/latest"),
        crate::api::guard::Hosts::Any,
    );
    assert!(matches!(hop, Err(Refusal::Downgrade)), "{hop:?}");
    let hop = crate::api::guard::hop(
        &"http://a.example/x".parse().unwrap(),
        Some("http://169.254.169.254/latest"),
        crate::api::guard::Hosts::Any,
    );
    let to = hop.unwrap();
    let refused = Addresses::Global.check(&to);
    assert!(
        matches!(refused, Err(Refusal::PrivateAddress(_))),
        "{refused:?}"
    );
}
