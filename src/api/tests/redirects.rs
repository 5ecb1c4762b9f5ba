//! Where a call may end up.

use super::*;
use crate::api::{Client, Credential, Refusal};

fn to(code: u16, location: &str) -> ResponseTemplate {
    status(code).insert_header("location", location)
}

fn why(got: Result<Value, ApiError>) -> Refusal {
    match got {
        Err(ApiError::Refused { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

fn global() -> Client {
    Clients::new().unwrap().reaching(Addresses::Global)
}

#[tokio::test]
async fn redirects_within_the_host_are_followed() {
    for code in [301, 302, 303, 307, 308] {
        let server = server(to(code, "/v2/events?page=1"), 1).await;
        let target = get("/v2/events").and(matchers::query_param("page", "1"));
        target.respond_with(ok()).expect(1).mount(&server).await;
        get_events(&api(limits()), &server.uri()).await.unwrap();
    }
}

#[tokio::test]
async fn a_redirect_elsewhere_is_refused_and_the_other_server_hears_nothing() {
    let other = MockServer::start().await;
    get("/events")
        .respond_with(ok())
        .expect(0)
        .mount(&other)
        .await;
    let by_name = format!("http://localhost:{}/events", other.address().port());
    for target in [format!("{}/events", other.uri()), by_name] {
        let server = server(to(302, &target), 1).await;
        let credential = Credential::raw(&"s3cret".into()).unwrap();
        let (api, _) = api_with(Auth::Fixed(credential), limits());
        let got = why(get_events(&api, &server.uri()).await);
        assert!(matches!(got, Refusal::OtherHost(_)), "{target}: {got:?}");
    }
}

#[tokio::test]
async fn a_redirect_elsewhere_is_followed_where_no_credential_goes_out() {
    let other = MockServer::start().await;
    get("/elsewhere")
        .respond_with(ok())
        .expect(1)
        .mount(&other)
        .await;
    let by_name = format!("http://localhost:{}/elsewhere", other.address().port());
    let server = server(to(302, &by_name), 1).await;
    get_events(&api(limits()), &server.uri()).await.unwrap();
}

#[tokio::test]
async fn a_redirect_in_a_circle_ends_after_five() {
    let server = server(to(302, "/events"), 6).await;
    let got = why(get_events(&api(limits()), &server.uri()).await);
    assert!(matches!(got, Refusal::TooManyRedirects), "{got:?}");
}

#[tokio::test]
async fn a_redirect_without_location_is_refused() {
    let server = server(status(302), 1).await;
    let got = why(get_events(&api(limits()), &server.uri()).await);
    assert!(matches!(got, Refusal::BadLocation), "{got:?}");
}

#[tokio::test]
async fn private_addresses_hear_nothing_unless_they_are_allowed() {
    let server = MockServer::start().await;
    get("/events")
        .respond_with(ok())
        .expect(0)
        .mount(&server)
        .await;
    let port = server.address().port();
    let (clock, _) = Clock::movable(noon());
    let api = Api::new(
        "stage".parse().unwrap(),
        global(),
        Auth::None,
        limits(),
        clock,
    );
    for host in ["127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"] {
        let got = why(get_events(&api, &format!("http://{host}:{port}")).await);
        assert!(matches!(got, Refusal::PrivateAddress(_)), "{host}: {got:?}");
    }
}

#[tokio::test]
async fn a_login_at_a_private_address_is_not_sent() {
    let server = MockServer::start().await;
    let login = Mock::given(matchers::any()).respond_with(ok()).expect(0);
    login.mount(&server).await;
    let (clock, _) = Clock::movable(noon());
    let base = server.uri().parse().unwrap();
    let auth = Auth::session(&base, "bridge@example.org".into(), "pw".into());
    let api = Api::new("stage".parse().unwrap(), global(), auth, limits(), clock);
    let got = why(get_events(&api, &server.uri()).await);
    assert!(matches!(got, Refusal::PrivateAddress(_)), "{got:?}");
}
