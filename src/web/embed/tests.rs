use askama::Template;

use super::template::{Embed, Fragment};
use crate::{
    domain::testing::timed,
    feed::coding::{Coding, Effort},
    locale::Lang,
    view::{
        View,
        testing::{HOSTILE, listed, listing, november, shown},
    },
};

fn html(listing: &crate::feed::listing::Listing, what: &str) -> String {
    let html = Embed::of(shown(listing, what)).render().unwrap();
    // The hash of a style sheet is no matter of a page.
    let (before, rest) = html.split_once("/assets/embed-").unwrap();
    let (_, after) = rest.split_once(".css").unwrap();
    // Of the one script a page has, too.
    let (head, frame) = after.split_once("<script type=\"module\"").unwrap();
    let (_, body) = frame.split_once("</script>").unwrap();
    format!("{before}/assets/embed-HASH.css{head}{body}")
}

#[test]
fn every_view_is_this_page() {
    for view in [
        "month",
        "day/2026-11-22?controls=nav",
        "agenda?details=full",
        "list",
        "next",
    ] {
        let name = view.split(['/', '?']).next().unwrap();
        let page = html(&november(), view);
        let page = page
            .lines()
            .filter(|line| !line.contains("embed-grid"))
            .collect::<Vec<_>>();
        insta::assert_snapshot!(name, page.join("\n"));
    }
}

#[test]
fn what_strangers_wrote_is_text_in_every_view_and_language() {
    let mut event = listed(
        HOSTILE,
        timed("2026-11-22T11:00:00Z", "2026-11-22T13:30:00Z"),
    );
    event.title = HOSTILE.to_owned();
    event.details = HOSTILE.to_owned();
    event.categories = vec![HOSTILE.to_owned()];
    event.places = vec![crate::feed::listing::Where {
        name: HOSTILE.to_owned(),
        address: HOSTILE.to_owned(),
    }];
    let hostile = listing(vec![event]);
    let encoded: String = url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    for view in View::ALL {
        for lang in ["en", "ar"] {
            let page = html(
                &hostile,
                &format!(
                    "{view}?lang={lang}&details=full&q=alert&title={encoded}&groups={encoded}&groups="
                ),
            );
            let plain = format!("{view}?lang={lang}&details=full");
            let public = "https://c.example".parse().unwrap();
            let fragment = Fragment::of(shown(&hostile, &plain), &public);
            let fragment = fragment.render().unwrap();
            for page in [page, html(&hostile, &plain), fragment] {
                for tag in ["<script", "<img", "</script", "onerror='", "\"><sc"] {
                    assert!(!page.contains(tag), "{view} {lang} {tag}\n{page}");
                }
            }
        }
    }
}

#[test]
fn a_page_says_its_language_and_where_its_lines_begin() {
    for lang in Lang::ALL {
        let page = html(&november(), &format!("month?lang={}", lang.tag()));
        let start = format!(
            "<html lang=\"{}\" dir=\"{}\">",
            lang.tag(),
            lang.direction().attribute()
        );
        assert!(page.contains(&start), "{lang:?}");
    }
}

#[test]
fn a_month_of_two_hundred_events_is_light() {
    let events = (0..200).map(|n| {
        let start = format!("2026-11-{:02}T{:02}:30:00Z", n % 30 + 1, 8 + n / 30);
        listed(
            &format!("An evening with a rather long title, number {n}"),
            timed(&start, &start),
        )
    });
    let page = html(&listing(events.collect()), "month/2026-11?limit=10");
    let packed = Coding::Gzip.encode(page.as_bytes(), Effort::Once).unwrap();
    assert!(packed.len() <= 60_000, "{}", packed.len());
}
