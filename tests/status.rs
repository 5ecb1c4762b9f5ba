//! What the operator is told of a running server: by its admin listener, and by `calbridge status`.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::sync::Arc;

use calbridge::{
    domain::token::TokenDigest,
    sandbox::prospero::{Fault, Lasting, Route, Running},
    status::Status,
};
use reqwest::StatusCode;
use tempfile::TempDir;

use support::{
    bridge::{Bridge, folder},
    reader::Reader,
    until,
    upstream::{FEED, PASSWORD, Wiring, evenings, start},
};

const SECRET: &str = "d0d9f0b7a6c14e5f8a3b";

/// A server with an admin listener.
struct Observed {
    upstream: Running,
    bridge: Bridge,
    operator: Reader,
    dir: Arc<TempDir>,
}

impl Observed {
    async fn begin() -> Self {
        let upstream = start(evenings()).await;
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let admin = free.local_addr().unwrap();
        drop(free);
        let wiring = Wiring {
            server: format!("listen = \"127.0.0.1:0\"\nadmin_listen = \"{admin}\""),
            source: "webhook = { env = \"STAGE_HOOK\" }".to_owned(),
            ..Wiring::eager()
        };
        let dir = folder(&wiring.text(&upstream));
        let bridge = Bridge::start(&dir, &["serve"], &[("STAGE_HOOK", SECRET)]).await;
        Self {
            upstream,
            bridge,
            operator: Reader::of(&format!("http://{admin}")),
            dir,
        }
    }

    async fn status(&self) -> Status {
        let answer = self.operator.get("/status.json").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Asks until the status is as wanted.
    async fn status_until(&self, what: &str, wanted: impl Fn(&Status) -> bool) -> Status {
        until(what, async || Some(self.status().await).filter(&wanted)).await
    }
}

#[tokio::test]
async fn prometheus_is_told_the_same_in_numbers() {
    let observed = Observed::begin().await;
    assert_eq!(observed.bridge.reader().get(FEED).await.titles().len(), 5);
    let again = [("user-agent", "Google-Calendar-Importer")];
    let reader = observed.bridge.reader();
    let tag = reader
        .get_with(FEED, &again)
        .await
        .header("etag")
        .to_owned();
    let known = [again[0], ("if-none-match", tag.as_str())];
    for _ in 0..3 {
        let unchanged = reader.get_with(FEED, &known).await;
        assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
    }
    reader.get("/feeds/nothing.ics").await;
    let answer = observed.operator.get("/metrics").await;
    assert_eq!(answer.status, StatusCode::OK);
    let media_type = "text/plain; version=0.0.4; charset=utf-8";
    assert_eq!(answer.header("content-type"), media_type);
    for line in [
        "calbridge_source_state{source=\"stage\",kind=\"prospero\",state=\"fresh\"} 1",
        "calbridge_feed_events{feed=\"season\"} 5",
        "calbridge_reads_total{feed=\"season\",client=\"google\",status=\"200\"} 1",
        "calbridge_reads_total{feed=\"season\",client=\"google\",status=\"304\"} 3",
        "calbridge_answers_total{status=\"404\"} 1",
        "calbridge_documents_made_total 1",
        "calbridge_upstream_requests_total{source=\"stage\",outcome=\"refused\"} 0",
        "calbridge_refresh_duration_seconds_bucket{source=\"stage\",le=\"+Inf\"} ",
    ] {
        assert!(answer.text().contains(line), "{line}\n{}", answer.text());
    }
    let readers = observed.bridge.reader().get("/metrics").await;
    assert_eq!(
        readers.status,
        StatusCode::NOT_FOUND,
        "it is the operator's"
    );
}

#[tokio::test]
async fn the_status_follows_a_source_from_well_to_trouble_and_back() {
    let observed = Observed::begin().await;
    assert_eq!(observed.bridge.reader().get(FEED).await.titles().len(), 5);
    let status = observed
        .status_until("a poll is planned", |status| {
            status.sources[0].next.is_some()
        })
        .await;
    let (stage, season) = (&status.sources[0], &status.feeds[0]);
    assert_eq!(
        (stage.name.as_str(), stage.kind.as_str()),
        ("stage", "prospero")
    );
    assert_eq!((stage.state.as_deref(), stage.events), (Some("fresh"), 5));
    assert_eq!(stage.next.as_ref().unwrap().why, "it is polled every 1s");
    assert_eq!(stage.webhook.as_ref().unwrap().state, "waiting");
    assert!(
        stage.confirmed.is_some() && stage.failure.is_none(),
        "{stage:?}"
    );
    assert_eq!(
        (season.name.as_str(), season.state.as_deref()),
        ("season", Some("fresh"))
    );
    assert_eq!((season.events, &season.cut), (5, &None));
    assert!(season.bytes > 1_000, "{season:?}");

    let hook = format!("/hooks/stage/{SECRET}");
    observed.bridge.reader().post(&hook, Vec::new()).await;
    observed
        .upstream
        .fault(Route::Events, Fault::Html, Lasting::UntilCleared);
    let status = observed
        .status_until("the second failure", |status| {
            let failure = status.sources[0].failure.as_ref();
            failure.is_some_and(|failure| failure.count >= 2)
        })
        .await;
    let stage = &status.sources[0];
    assert_eq!(stage.state.as_deref(), Some("malformed"));
    assert_eq!(status.feeds[0].state.as_deref(), Some("malformed"));
    let what = &stage.failure.as_ref().unwrap().what;
    assert!(what.ends_with("it is an HTML page"), "{what}");
    let webhook = stage.webhook.as_ref().unwrap();
    assert_eq!((webhook.state.as_str(), webhook.calls), ("working", 1));

    observed.upstream.clear(Route::Events);
    observed
        .status_until("well again", |status| status.sources[0].failure.is_none())
        .await;
}

#[tokio::test]
async fn a_status_shows_no_secret_and_no_event_and_readers_do_not_see_it() {
    let observed = Observed::begin().await;
    let reader = observed.bridge.reader();
    assert_eq!(reader.get(FEED).await.titles()[0], "Evening 1");
    for path in ["/status", "/status.json"] {
        let told = observed.operator.get(path).await;
        assert_eq!(told.status, StatusCode::OK, "{path}");
        assert!(told.text().contains("stage"), "{path}");
        for hidden in [SECRET, PASSWORD, "Evening", "Harbour"] {
            assert!(!told.text().contains(hidden), "{path}: {hidden}");
        }
        assert_eq!(
            reader.get(path).await,
            reader.get("/no/such/path").await,
            "{path}"
        );
    }
    let page = observed.operator.get("/status").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for file in page.text().split("href=\"/").skip(1) {
        let path = format!("/{}", file.split('"').next().unwrap());
        assert_eq!(
            observed.operator.get(&path).await.status,
            StatusCode::OK,
            "{path}"
        );
    }
    assert_eq!(
        observed.operator.get(FEED).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_command_prints_what_the_server_tells_and_says_plainly_when_none_does() {
    let observed = Observed::begin().await;
    assert_eq!(
        observed.bridge.reader().get(FEED).await.status,
        StatusCode::OK
    );
    let table = Bridge::run(&observed.dir, &["status"]).await;
    assert_eq!(table.code, Some(0), "{table:?}");
    for word in ["stage", "prospero", "fresh", "season", "webhook waiting"] {
        assert!(table.out.contains(word), "{word}: {table:?}");
    }
    let json = Bridge::run(&observed.dir, &["status", "--json"]).await;
    let status: Status = serde_json::from_str(&json.out).unwrap();
    assert_eq!(status.feeds[0].events, 5);

    let Observed { bridge, dir, .. } = observed;
    let agent = [("user-agent", "Google-Calendar-Importer")];
    for _ in 0..3 {
        bridge.reader().get_with(FEED, &agent).await;
    }
    bridge.signal("TERM");
    assert_eq!(bridge.finished().await.code, Some(0));
    let restarted = Bridge::start(&dir, &["serve"], &[("STAGE_HOOK", SECRET)]).await;
    let after = Bridge::run(&dir, &["status"]).await;
    let told = "google 3";
    assert!(
        after.out.contains(told),
        "reads outlive the server: {after:?}"
    );
    restarted.signal("TERM");
    assert_eq!(restarted.finished().await.code, Some(0));
    let gone = Bridge::run(&dir, &["status"]).await;
    assert_eq!((gone.code, gone.out.as_str()), (Some(1), ""));
    assert!(
        gone.err.contains("start it with `calbridge serve`"),
        "{gone:?}"
    );

    let dir = folder("[server]\nlisten = \"127.0.0.1:8080\"\n");
    let unset = Bridge::run(&dir, &["status"]).await;
    assert_eq!((unset.code, unset.out.as_str()), (Some(2), ""));
    assert!(
        unset.err.contains("`server.admin_listen` is not set"),
        "{unset:?}"
    );
}

#[tokio::test]
async fn the_status_tells_who_used_each_secret_link_and_when_but_not_the_link() {
    let upstream = start(evenings()).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let admin = free.local_addr().unwrap();
    drop(free);
    let token = "0123456789abcdef0123456789abcdef";
    let (band, choir) = (TokenDigest::of(token), TokenDigest::of("another"));
    let wiring = Wiring {
        server: format!("listen = \"127.0.0.1:0\"\nadmin_listen = \"{admin}\""),
        more: [
            "[feeds.cast]\nsources = [\"stage\"]\naccess = \"token\"\n",
            &format!("[[feeds.cast.tokens]]\nlabel = \"band\"\nsha256 = \"{band}\"\n"),
            &format!("[[feeds.cast.tokens]]\nlabel = \"choir\"\nsha256 = \"{choir}\"\n"),
        ]
        .concat(),
        ..Wiring::default()
    };
    let dir = folder(&wiring.text(&upstream));
    let bridge = Bridge::start(&dir, &["serve"], &[]).await;
    let google = [("user-agent", "Google-Calendar-Importer")];
    let path = format!("/s/{token}/feeds/cast.ics");
    for _ in 0..2 {
        let answer = bridge.reader().get_with(&path, &google).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let operator = Reader::of(&format!("http://{admin}"));
    let links = until("the reads are told", async || {
        let told = operator.get("/status.json").await;
        assert!(!told.text().contains(token));
        let status: Status = serde_json::from_slice(&told.body).unwrap();
        let mut feeds = status.feeds.into_iter();
        let links = feeds.find(|feed| feed.name == "cast").unwrap().links;
        links[0].last.is_some().then_some(links)
    })
    .await;
    let used = links
        .iter()
        .map(|link| (link.label.as_str(), link.reads.get("google")));
    assert_eq!(
        used.collect::<Vec<_>>(),
        [("band", Some(&2)), ("choir", None)]
    );
    assert!(links[1].last.is_none(), "{links:?}");
    bridge.signal("TERM");
    assert_eq!(bridge.finished().await.code, Some(0));
    let again = Bridge::start(&dir, &["serve"], &[]).await;
    let printed = Bridge::run(&dir, &["status"]).await;
    for part in [
        "link of band: last used at 20",
        "; google 2\n",
        "link of choir: not used",
    ] {
        assert!(printed.out.contains(part), "{part}: {printed:?}");
    }
    assert!(!again.log().contains(token));
}
