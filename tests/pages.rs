//! What people and programs find beside the calendars: pages, JSON, oEmbed; over the real binary.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use calbridge::{
    locale::Lang,
    sandbox::{prospero::Running, season::Status},
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use support::{
    bridge::Bridge,
    reader::Answer,
    upstream::{CHOIR, FEED, Wiring, evenings, start},
};

const HTML: (&str, &str) = (
    "accept",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
);

const PUBLIC: &str = "https://calendars.example";

/// What a hostile upstream puts into every text.
const HOSTILE: &str = "</script><script>alert(1)</script><b>\"' &amp; {{x}}";

/// A server of five evenings that readers know by another address than the one it listens at.
async fn begin() -> (Running, Bridge) {
    over(start(evenings()).await).await
}

async fn over(upstream: Running) -> (Running, Bridge) {
    let wiring = Wiring {
        server: format!("listen = \"127.0.0.1:0\"\npublic_url = \"{PUBLIC}\""),
        ..Wiring::default()
    };
    let bridge = Bridge::serve(&wiring.text(&upstream)).await;
    assert_eq!(bridge.reader().get(FEED).await.status, StatusCode::OK);
    (upstream, bridge)
}

async fn page(bridge: &Bridge, path: &str) -> Answer {
    bridge.reader().get_with(path, &[HTML]).await
}

async fn uid(bridge: &Bridge) -> String {
    bridge.reader().get(FEED).await.values("UID")[0].clone()
}

/// What stands between `before` and the next `after`.
#[track_caller]
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

#[tokio::test]
async fn every_page_is_html_with_its_headers_and_without_anything_from_elsewhere() {
    let (_upstream, bridge) = begin().await;
    let event = format!("/events/season/{}", uid(&bridge).await);
    let group = format!("/groups/stage/{CHOIR}");
    let month = format!("/groups/stage/{CHOIR}/2030-11");
    let of_group = event.replace("/events/season", &format!("{group}/events"));
    for path in [
        "/",
        "/feeds/season",
        "/feeds/next-10y/season",
        &event,
        &group,
        &month,
        &of_group,
    ] {
        let answer = page(&bridge, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        let policy = answer.header("content-security-policy");
        assert!(
            policy.ends_with("frame-ancestors 'none'"),
            "{path} {policy}"
        );
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
        let tag = [HTML, ("if-none-match", answer.header("etag"))];
        let held = bridge.reader().get_with(path, &tag).await;
        assert_eq!(held.status, StatusCode::NOT_MODIFIED, "{path}");
        let text = answer.text();
        for loads in ["src=\"", "rel=\"stylesheet\" href=\""] {
            for address in text.split(loads).skip(1) {
                let ours = address.starts_with('/') || address.starts_with("data:");
                assert!(ours, "{path} {}", &address[..60]);
            }
        }
        assert!(
            !text.contains(" style=\"") && !text.contains("<style"),
            "{path}"
        );
        assert!(!text.contains("onclick"), "{path}");
    }
}

#[tokio::test]
async fn style_sheets_are_kept_for_good_and_found_at_the_address_pages_name() {
    let (_upstream, bridge) = begin().await;
    let home = page(&bridge, "/").await;
    let path = between(home.text(), "rel=\"stylesheet\" href=\"", "\"");
    let style = bridge.reader().get(path).await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.header("cache-control").contains("immutable"));
    let plain = bridge.reader().get("/assets/site.css").await;
    assert_eq!(plain.body, style.body);
    assert!(!plain.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn what_is_subscribed_to_is_at_the_public_address_and_what_is_read_is_wherever_one_is() {
    let (_upstream, bridge) = begin().await;
    let answer = page(&bridge, "/feeds/2030-11/season").await;
    let text = answer.text();
    let path = "/feeds/2030-11/season.ics";
    assert_eq!(
        between(text, "id=\"address\" type=\"text\" readonly value=\"", "\""),
        format!("{PUBLIC}{path}")
    );
    for link in [
        format!("href=\"webcal://calendars.example{path}\""),
        "href=\"https://calendar.google.com/calendar/u/0/r/settings/addbyurl\"".to_owned(),
        "href=\"https://outlook.live.com/calendar/0/addfromweb/?url=https%3A%2F%2Fcalendars.example%2Ffeeds".to_owned(),
        "href=\"https://outlook.office.com/calendar/0/addfromweb/?url=https%3A%2F%2Fcalendars.example%2Ffeeds".to_owned(),
        format!("rel=\"alternate\" type=\"text/calendar\" href=\"{PUBLIC}{path}\""),
        "href=\"/download/2030-11/season.ics\"".to_owned(),
        "src=\"data:image/svg+xml,".to_owned(),
        "src=\"/embed/season/month\"".to_owned(),
    ] {
        assert!(text.contains(&link), "{link} is not in {text}");
    }
}

#[tokio::test]
async fn the_code_for_websites_has_what_was_chosen_and_falls_back_where_it_cannot() {
    let (_upstream, bridge) = begin().await;
    for (query, preview, height) in [
        ("", "/embed/season/month", 600),
        (
            "?view=list&theme=dark&height=400",
            "/embed/season/list?theme=dark",
            400,
        ),
        (
            "?view=%3Cb%3E&theme=x&height=-1",
            "/embed/season/month",
            600,
        ),
        ("?height=99999", "/embed/season/month", 4000),
    ] {
        let answer = page(&bridge, &format!("/feeds/season{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        let frame = between(answer.text(), "class=\"preview\" src=\"", ">");
        assert!(
            frame.starts_with(&format!("{preview}\"")),
            "{query} {frame}"
        );
        assert!(
            frame.ends_with(&format!("height=\"{height}\"")),
            "{query} {frame}"
        );
    }
}

#[tokio::test]
async fn an_event_of_a_group_is_a_page_and_a_download_below_its_group_and_nowhere_else() {
    let (_upstream, bridge) = begin().await;
    let uid = uid(&bridge).await;
    let group = format!("/groups/stage/{CHOIR}");
    let list = page(&bridge, &group).await;
    let path = format!("{group}/events/{uid}");
    assert!(list.text().contains(&format!("href=\"{path}\"")), "{path}");
    let answer = page(&bridge, &path).await;
    assert!(answer.text().contains("Evening 1"), "{path}");
    assert!(
        answer
            .text()
            .contains(&format!("href=\"{path}.ics\" download"))
    );
    let file = bridge.reader().get(&format!("{path}.ics")).await;
    assert_eq!(file.titles(), ["Evening 1"]);
    for path in [
        format!("/groups/stage/nothing/events/{uid}"),
        format!("{group}/events/nothing"),
        format!("{path}.json"),
    ] {
        let answer = page(&bridge, &path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_code_for_websites_has_every_option_and_nothing_in_it_leaves_its_quotes() {
    let (_upstream, bridge) = begin().await;
    let query = "view=list&tz=Asia/Tokyo&lang=de&theme=dark&accent=fa0&title=%22%3E%3Cscript%3E&controls=nav,views\
                 &views=list,month&groups=Choir&groups=Crew&q=a&past=7d&next=6w&limit=7&week_start=sun&hours=8-20\
                 &details=full&density=compact";
    let answer = page(&bridge, &format!("/feeds/season?{query}")).await;
    let code = between(answer.text(), "<textarea id=\"component\"", "</textarea>");
    let code = code
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">");
    for attribute in [
        "view=\"list\"",
        "tz=\"Asia/Tokyo\"",
        "lang=\"de\"",
        "theme=\"dark\"",
        "accent=\"ffaa00\"",
        "groups=\"Choir,Crew\"",
        "week-start=\"sun\"",
        "hours=\"8-20\"",
        "density=\"compact\"",
    ] {
        assert!(code.contains(attribute), "{attribute} is not in {code}");
    }
    let frame = between(answer.text(), "<textarea id=\"frame\"", "</textarea>");
    for pair in [
        "tz=Asia%2FTokyo",
        "limit=7",
        "week_start=sun",
        "details=full",
    ] {
        assert!(frame.contains(pair), "{pair} is not in {frame}");
    }
    assert!(!answer.text().contains("<script>"), "{code}");
    assert!(!answer.text().contains("title=\"\">"), "{code}");
}

#[tokio::test]
async fn trouble_is_a_page_for_browsers_and_a_sentence_for_programs() {
    let (_upstream, bridge) = begin().await;
    for (path, status) in [
        ("/feeds/nothing", 404),
        ("/no/such/route", 404),
        ("/feeds/never/season", 400),
        ("/groups/stage/nothing", 404),
        ("/events/season/nothing", 404),
    ] {
        let answer = page(&bridge, path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text().starts_with("<!doctype html>"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let answer = bridge.reader().get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(
            answer.header("content-type").starts_with("text/plain"),
            "{path}"
        );
    }
    let calendar = page(&bridge, "/feeds/nothing.ics").await;
    assert!(calendar.header("content-type").starts_with("text/plain"));
}

#[tokio::test]
async fn every_page_speaks_the_language_of_its_address_or_else_of_its_reader() {
    let (_upstream, bridge) = begin().await;
    let event = format!("/events/season/{}", uid(&bridge).await);
    for path in ["/", "/feeds/season", &event, "/feeds/nothing"] {
        let english = page(&bridge, path).await;
        for lang in Lang::ALL {
            let row = format!("{path} {lang:?}");
            let (tag, direction) = (lang.tag(), lang.direction().attribute());
            let chosen = page(&bridge, &format!("{path}?lang={tag}")).await;
            let accepted = [HTML, ("accept-language", tag)];
            let accepted = bridge.reader().get_with(path, &accepted).await;
            for (answer, varies) in [(&chosen, false), (&accepted, true)] {
                assert_eq!(answer.status, english.status, "{row}");
                assert_eq!(answer.header("content-language"), tag, "{row}");
                let root = format!("<html lang=\"{tag}\" dir=\"{direction}\">");
                assert!(answer.text().contains(&root), "{row}");
                assert!(answer.text().contains(lang.pages().skip), "{row}");
                let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
                let by_language = vary.iter().any(|name| *name == "accept-language");
                assert_eq!(by_language, varies, "{row}");
            }
            if lang != Lang::En {
                let held = [HTML, ("if-none-match", english.header("etag"))];
                let path = format!("{path}?lang={tag}");
                let again = bridge.reader().get_with(&path, &held).await;
                assert_eq!(again.status, english.status, "{row}: each has its own tag");
            }
            // What was chosen goes along; what the browser asks for need not.
            let home = between(chosen.text(), "<main", "</main>");
            let links = home.matches("lang=").count() > 0;
            assert_eq!(links, path != "/feeds/nothing", "{row}");
        }
    }
}

#[tokio::test]
async fn an_event_has_a_page_with_links_for_each_calendar_and_what_search_engines_read() {
    let (_upstream, bridge) = begin().await;
    let uid = uid(&bridge).await;
    let answer = page(&bridge, &format!("/events/season/{uid}")).await;
    let text = answer.text();
    assert!(text.contains("Tuesday, November 5, 2030"), "{text}");
    let hours = "6:30\u{202f}PM\u{a0}– 8:30\u{202f}PM, New York time";
    assert!(text.contains(hours), "{text}");
    for link in [
        "https://calendar.google.com/calendar/render?action=TEMPLATE",
        "https://outlook.live.com/calendar/deeplink/compose?",
        "https://outlook.office.com/calendar/deeplink/compose?",
        "https://calendar.yahoo.com/?v=60",
        &format!("href=\"/events/season/{uid}.ics\" download"),
    ] {
        assert!(text.contains(link), "{link}");
    }
    let data = between(text, "<script type=\"application/ld+json\">", "</script>");
    let data: Value = serde_json::from_str(data).unwrap();
    let event = &data["@graph"][0];
    assert_eq!(event["startDate"], "2030-11-05T18:30:00-05:00");
    assert_eq!(event["location"]["name"], "Harbour Hall");
    assert_eq!(event["url"], format!("{PUBLIC}/events/season/{uid}"));
}

#[tokio::test]
async fn json_has_what_full_calendar_reads_in_the_span_and_zone_that_it_asks_for() {
    let (_upstream, bridge) = begin().await;
    let read = async |query: &str| -> Vec<Value> {
        let answer = bridge
            .reader()
            .get(&format!("/feeds/season.json{query}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{query}");
        assert_eq!(
            answer.header("content-type"),
            "application/json; charset=utf-8"
        );
        serde_json::from_str(answer.text()).unwrap()
    };
    let all = read("").await;
    assert_eq!(all.len(), 5);
    let uid = uid(&bridge).await;
    let first = json!({
        "id": uid,
        "title": "Evening 1",
        "start": "2030-11-05T23:30:00Z",
        "end": "2030-11-06T01:30:00Z",
        "allDay": false,
        "url": format!("{PUBLIC}/events/season/{uid}"),
        "extendedProps": {
            "description": "",
            "location": "Harbour Hall, 1 Quay Street",
            "categories": ["Choir"],
            "status": "confirmed",
            "timeZone": "America/New_York",
        },
    });
    assert_eq!(all[0], first);
    for (query, count) in [
        ("?start=2030-11-10&end=2030-11-16", 2),
        ("?start=2030-11-10T00:00:00Z&end=2030-11-10T23:30:00Z", 0),
        (
            "?start=2030-11-10T00:00:00-05:00&end=2030-11-11T00:00:00-05:00",
            1,
        ),
        (
            "?start=2030-11-10T00:00:00+01:00&end=2030-11-10T12:00:00 01:00",
            0,
        ),
        ("?start=2030-11-11&end=2030-11-12&timeZone=Asia/Tokyo", 1),
        ("?start=2030-11-20&end=2030-11-10", 5),
        ("?start=0001-01-01&end=9999-12-31", 5),
        ("?start=november&timeZone=Nowhere", 5),
    ] {
        assert_eq!(
            read(&query.replace(' ', "%20")).await.len(),
            count,
            "{query}"
        );
    }
    let tokyo = read("?timeZone=Asia/Tokyo").await;
    assert_eq!(tokyo[0]["start"], "2030-11-06T08:30:00+09:00");
    for path in [
        "/feeds/2030-11-05..2030-11-15/season.json".to_owned(),
        format!("/groups/stage/{CHOIR}/2030-11-05..2030-11-15/x.json"),
    ] {
        let answer = bridge.reader().get(&path).await;
        let items: Vec<Value> = serde_json::from_str(answer.text()).unwrap();
        assert_eq!(items.len(), 3, "{path}");
    }
}

#[tokio::test]
async fn oembed_tells_how_to_show_our_pages_and_nobody_elses() {
    let (_upstream, bridge) = begin().await;
    let found = page(&bridge, "/feeds/season").await;
    let found = between(found.text(), "application/json+oembed\" href=\"", "\"");
    let path = found.strip_prefix(PUBLIC).unwrap().replace("&#38;", "&");
    let answer = bridge.reader().get(&path).await;
    let told: Value = serde_json::from_str(answer.text()).unwrap();
    assert_eq!(
        (&told["version"], &told["type"]),
        (&json!("1.0"), &json!("rich"))
    );
    assert_eq!(
        (&told["width"], &told["height"]),
        (&json!(800), &json!(600))
    );
    let html = told["html"].as_str().unwrap();
    assert!(
        html.starts_with("<iframe src=\"https://calendars.example/embed/season/month\""),
        "{html}"
    );
    for (query, status) in [
        (
            format!("url={PUBLIC}/groups/stage/{CHOIR}&maxwidth=320&maxheight=200"),
            200,
        ),
        (format!("url={PUBLIC}/embed/season/list"), 200),
        (format!("url={PUBLIC}/feeds/season&format=xml"), 501),
        (format!("url={PUBLIC}/feeds/nothing"), 404),
        (format!("url={PUBLIC}/"), 404),
        ("url=https://other.example/feeds/season".to_owned(), 404),
        (
            "url=https://calendars.example.evil.example/feeds/season".to_owned(),
            404,
        ),
        ("url=nonsense".to_owned(), 404),
        (String::new(), 404),
    ] {
        let answer = bridge.reader().get(&format!("/oembed?{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        if query.contains("maxwidth") {
            let told: Value = serde_json::from_str(answer.text()).unwrap();
            assert_eq!(
                (&told["width"], &told["height"]),
                (&json!(320), &json!(200))
            );
        }
    }
}

#[tokio::test]
async fn a_hostile_text_is_a_text_on_every_page_and_no_tag() {
    let mut events = evenings();
    for event in &mut events {
        event.title = Some(HOSTILE.to_owned());
        event.status = Some(Status::Canceled);
    }
    let mut season = support::upstream::season(events);
    season.places[0].name = HOSTILE.to_owned();
    season.groups[0].name = HOSTILE.to_owned();
    let settings = support::upstream::settings();
    let upstream = calbridge::sandbox::prospero::Prospero::start(season, settings).await;
    let (_upstream, bridge) = over(upstream.unwrap()).await;
    let event = format!("/events/season/{}", uid(&bridge).await);
    let group = format!("/groups/stage/{CHOIR}");
    for path in ["/", "/feeds/season", &event, &group] {
        let answer = page(&bridge, path).await;
        let text = answer.text();
        assert!(text.contains("alert(1)"), "{path}");
        assert!(
            !text.contains("<script>") && !text.contains("<b>"),
            "{path} {text}"
        );
        let opened = text.matches("<script").count();
        assert_eq!(opened, text.matches("</script>").count(), "{path}");
    }
    let told = bridge
        .reader()
        .get(&format!("/oembed?url={PUBLIC}{group}"))
        .await;
    let told: Value = serde_json::from_str(told.text()).unwrap();
    assert!(
        !told["html"].as_str().unwrap().contains("<script"),
        "{told}"
    );
}
