//! The pages of what is closed: for those who have the link, and they lead nowhere else.

use reqwest::StatusCode;

use super::{CAST, CREW, FEED, GROUPS, begin, closed};
use crate::support::{
    reader::Reader,
    server::Served,
    upstream::{CHOIR, Wiring, evenings, start},
};

const BROWSER: [(&str, &str); 1] = [("accept", "text/html")];

/// Of the first evening.
async fn uid(reader: &Reader) -> String {
    reader.get(FEED).await.values("UID")[0].clone()
}

/// Every kind of page of a feed, from the root on.
async fn pages(reader: &Reader, feed: &str) -> Vec<String> {
    let uid = uid(reader).await;
    let mut pages = vec![
        format!("/feeds/{feed}"),
        format!("/feeds/2030-11/{feed}"),
        format!("/events/{feed}/{uid}"),
    ];
    for root in ["embed", "fragment"] {
        pages.extend(
            ["", "/month/2030-11", "/week/2030-W45", "/list?lang=de"]
                .map(|view| format!("/{root}/{feed}{view}")),
        );
    }
    pages
}

fn group_pages(uid: &str) -> [String; 5] {
    [
        format!("/groups/stage/{CHOIR}/events/{uid}"),
        format!("/groups/stage/{CHOIR}"),
        format!("/groups/stage/{CHOIR}/2030-11"),
        format!("/embed/groups/stage/{CHOIR}/list"),
        format!("/fragment/groups/stage/{CHOIR}/list"),
    ]
}

/// The addresses a page leads to or loads from.
fn links(page: &str) -> Vec<String> {
    let attributes = ["href=\"", "src=\"", "action=\""];
    let found = attributes.iter().flat_map(|name| page.split(name).skip(1));
    let values = found.filter_map(|rest| Some(rest.split_once('"')?.0));
    values.map(|value| value.replace("&#38;", "&")).collect()
}

#[tokio::test]
async fn who_has_the_token_has_the_pages_and_every_link_on_them_stays_behind_the_door() {
    let served = begin().await;
    let reader = &served.reader;
    let own = format!("http://{}", served.address);
    let below = |token: &'static str| move |path: String| (token, format!("/s/{token}{path}"));
    let of_cast = pages(reader, "cast").await.into_iter().map(below(CAST));
    let of_groups = group_pages(&uid(reader).await)
        .into_iter()
        .map(below(GROUPS));
    for (token, path) in of_cast.chain(of_groups) {
        let page = reader.get_with(&path, &BROWSER).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let held = [BROWSER[0], ("if-none-match", page.header("etag"))];
        let not_modified = reader.get_with(&path, &held).await;
        assert_eq!(not_modified.status, StatusCode::NOT_MODIFIED, "{path}");
        for answer in [&page, &not_modified] {
            for (name, want) in [
                ("cache-control", "private, max-age=300"),
                ("referrer-policy", "no-referrer"),
                ("x-robots-tag", "noindex"),
                ("access-control-allow-origin", ""),
            ] {
                assert_eq!(answer.header(name), want, "{path} {name}");
            }
            let policy = answer.header("content-security-policy");
            assert!(
                policy.ends_with("frame-ancestors 'none'"),
                "{path} {policy}"
            );
        }
        for link in links(page.text()) {
            let local = link.strip_prefix(&own).unwrap_or(&link);
            if !local.starts_with('/') {
                continue;
            }
            let stays = local.starts_with(&format!("/s/{token}/"));
            assert!(
                stays || local.starts_with("/assets/"),
                "{path} leads to {link}"
            );
            let there = reader.get_with(local, &BROWSER).await;
            assert_eq!(there.status, StatusCode::OK, "{path} leads to {link}");
        }
        for word in ["oembed", "ld+json", "canonical"] {
            assert!(!page.text().contains(word), "{path} {word}");
        }
    }
}

#[tokio::test]
async fn a_page_of_what_is_closed_subscribes_to_the_secret_address() {
    let served = begin().await;
    let page = format!("/s/{CAST}/feeds/cast");
    let page = served.reader.get_with(&page, &BROWSER).await;
    let address = format!("{}/s/{CAST}/feeds/cast.ics", served.address);
    for link in [
        format!("value=\"http://{address}\""),
        format!("href=\"webcal://{address}\""),
    ] {
        assert!(page.text().contains(&link), "{link}");
    }
    assert!(!page.text().contains("<iframe"), "no website may show it");
    let discoverable = page.text().contains("type=\"text/calendar\"");
    assert!(!discoverable, "no program finds the key in its head (B15)");
}

#[tokio::test]
async fn without_the_token_there_is_no_page_and_no_frame_of_what_is_closed() {
    let served = begin().await;
    let reader = &served.reader;
    let oembed = |path: &str| format!("/oembed?url=http%3A%2F%2F{}{path}", served.address);
    let public = reader.get(&oembed("/feeds/season")).await;
    assert_eq!(public.status, StatusCode::OK);
    // What is not there, by the kind of page asked for.
    let like = |path: &str| match path.split('/').nth(1) {
        Some("embed") => "/embed/nothing/month",
        Some("fragment") => "/fragment/nothing/month",
        _ => "/feeds/nothing",
    };
    let mut asked: Vec<(String, String)> = Vec::new();
    for path in pages(reader, "cast").await {
        for door in [
            String::new(),
            format!("/s/{CREW}"),
            "/s/nonsense".to_owned(),
        ] {
            asked.push((format!("{door}{path}"), like(&path).to_owned()));
        }
    }
    for path in group_pages(&uid(reader).await) {
        for door in [String::new(), format!("/s/{CAST}")] {
            asked.push((format!("{door}{path}"), like(&path).to_owned()));
        }
    }
    for path in pages(reader, "season").await {
        asked.push((format!("/s/{CAST}{path}"), like(&path).to_owned()));
    }
    for path in [
        "/feeds/cast".to_owned(),
        "/embed/cast".to_owned(),
        format!("/groups/stage/{CHOIR}"),
        format!("/s/{CAST}/feeds/cast"),
        format!("/s/{CAST}/embed/cast"),
    ] {
        asked.push((oembed(&path), oembed("/feeds/nothing")));
    }
    for (asked, like) in asked {
        let lang = if asked.contains("lang=de") {
            "?lang=de"
        } else {
            ""
        };
        for accept in ["*/*", "text/html"] {
            let headers = [("accept", accept)];
            let want = reader.get_with(&format!("{like}{lang}"), &headers).await;
            assert_eq!(want.status, StatusCode::NOT_FOUND, "{like}");
            assert_eq!(reader.get_with(&asked, &headers).await, want, "{asked}");
        }
    }
}

#[tokio::test]
async fn a_closed_calendar_is_shown_by_the_websites_its_operator_names_and_no_other() {
    let wiring = Wiring {
        more: closed().replace(
            "[feeds.crew]\n",
            "[feeds.crew]\nembed_origins = [\"https://intranet.example\"]\n",
        ),
        ..Wiring::default()
    };
    let served = Served::wired(start(evenings()).await, &wiring).await;
    for path in ["embed/crew/list", "fragment/crew/list"] {
        let path = format!("/s/{CREW}/{path}");
        let asking = [("origin", "https://intranet.example")];
        let answer = served.reader.get_with(&path, &asking).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.ends_with("frame-ancestors 'self' https://intranet.example"),
            "{policy}"
        );
        assert_eq!(
            answer.header("access-control-allow-origin"),
            "https://intranet.example"
        );
    }
    let page = format!("/s/{CREW}/feeds/crew");
    let page = served.reader.get_with(&page, &BROWSER).await;
    assert!(page.text().contains("&#60;iframe src="), "{page:?}");
}
