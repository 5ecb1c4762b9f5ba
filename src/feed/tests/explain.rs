//! Why an event is, or is not, in a feed.

use super::*;
use crate::{
    domain::{
        batch::{Remark, Withheld},
        event::{GroupKind, Status},
        feed::{Cancelled, Closed},
        id::GroupId,
        testing::{days, event, groups, uid},
        text::Line,
    },
    feed::explain::{Case, Explanation, Fate},
};

/// A feed of the opera group without what is cancelled.
fn operas() -> Feed {
    Feed {
        groups: Some(vec!["Opera".to_owned()]),
        cancelled: Cancelled::Omit,
        ..horizon_feed()
    }
}

/// Events each of which fails one rule, and one that fails none.
fn programme() -> Batch {
    let one = |id: &str, date: &str, group: &str| Event {
        title: Line::new(&format!("The {id}")),
        groups: vec![GroupId::new(group)],
        ..event(id, days(date, date))
    };
    let mut called_off = one("called-off", "2026-11-26", "opera");
    called_off.status = Some(Status::Cancelled);
    Batch {
        groups: groups(&[
            ("opera", GroupKind::Project, "Opera"),
            ("ballet", GroupKind::Project, "Ballet"),
        ]),
        ..batch([
            one("good", "2026-11-25", "opera"),
            one("dance", "2026-11-25", "ballet"),
            called_off,
        ])
    }
}

async fn explained(world: &World, about: &str) -> Explanation {
    let season = world.feeds.for_operator(&"season".parse().unwrap());
    explained_of(world, &season, about).await
}

async fn explained_of(world: &World, feed: &FeedName, about: &str) -> Explanation {
    let about = about.parse().unwrap();
    world.feeds.explain(feed, None, &about).await.unwrap()
}

/// The rule that keeps an event out, if one does.
fn obstacle(case: &Case) -> &'static str {
    let failed = case.steps.iter().find(|step| !step.passes);
    failed.map_or("none", |step| step.rule)
}

#[tokio::test]
async fn an_event_is_found_by_id_uid_and_title_and_told_by_the_rule_that_keeps_it_out() {
    let upstream = Upstream::with([]);
    upstream.has(programme());
    let world = world([("stage", &upstream, Setting::default())], operas());
    world.poll().await;
    let shown = world.get(Part::Default).await.unwrap();
    for (id, title, rule) in [
        ("good", "he gOOd", "none"),
        ("dance", "the dance", "groups"),
        ("called-off", "off", "cancelled"),
    ] {
        for about in [id, title, &uid(id).to_string()] {
            let found = explained(&world, about).await;
            let [case] = &found.events[..] else {
                panic!("{about}: {found:?}")
            };
            assert_eq!((obstacle(case), &*case.unit), (rule, "horizon"), "{about}");
            assert_eq!(case.shown, rule == "none", "{about}");
            let in_calendar = body(&shown).contains(&case.uid);
            assert_eq!(case.shown, in_calendar, "{about}");
        }
    }
    let none = explained(&world, "nothing of the kind").await;
    assert!(
        none.events.is_empty() && none.left_out.is_empty(),
        "{none:?}"
    );
}

#[tokio::test]
async fn an_event_outside_the_window_is_told_by_the_window_and_is_in_another() {
    let upstream = Upstream::with([event("late", days("2026-12-10", "2026-12-10"))]);
    let season = Feed {
        window: "next-7d".parse().unwrap(),
        ..feed()
    };
    let world = world([("stage", &upstream, Setting::default())], season);
    world.poll().await;
    let season = world.feeds.for_operator(&"season".parse().unwrap());
    for (window, rule) in [(None, "window"), (Some("2026-12"), "none")] {
        let asked = window.map(|window| window.parse().unwrap());
        let about = "late".parse().unwrap();
        let found = world.feeds.explain(&season, asked, &about).await.unwrap();
        assert_eq!(obstacle(&found.events[0]), rule, "{window:?}");
    }
    assert_eq!(upstream.asked(), ["horizon"], "nothing is fetched for it");
}

#[tokio::test]
async fn an_event_of_a_source_that_the_feed_does_not_show_is_told_by_the_source() {
    let (stage, pit) = (
        Upstream::with([event("a", days("2026-11-25", "2026-11-25"))]),
        Upstream::with([event("b", days("2026-11-25", "2026-11-25"))]),
    );
    let world = world(
        [
            ("stage", &stage, Setting::default()),
            ("pit", &pit, Setting::default()),
        ],
        horizon_feed(),
    );
    world.poll().await;
    let found = explained(&world, "b").await;
    assert_eq!(obstacle(&found.events[0]), "source", "{found:?}");
    assert_eq!(found.events[0].source, "pit");
}

#[tokio::test]
async fn what_does_not_fit_into_a_calendar_is_told_by_its_size() {
    let event = |n: usize| event(&format!("show-{n:04}"), days("2026-11-25", "2026-11-25"));
    let upstream = Upstream::with((0..1_100).map(event));
    let world = simple(&upstream);
    world.poll().await;
    let shown = world.get(Part::Default).await.unwrap();
    let mut rules = Vec::new();
    for number in (0..1_100).step_by(50) {
        let found = explained(&world, &format!("show-{number:04}")).await;
        let [case] = &found.events[..] else {
            panic!("{number}: {found:?}")
        };
        assert_eq!(case.shown, body(&shown).contains(&case.uid), "{number}");
        rules.push(obstacle(case));
    }
    rules.sort_unstable();
    rules.dedup();
    assert_eq!(rules, ["none", "size"]);
    let all = explained(&world, "show").await;
    assert_eq!((all.events.len(), all.more), (20, 1_080));
}

#[tokio::test]
async fn a_vanished_event_is_told_with_the_day_it_vanished_and_a_held_list_with_the_remedy() {
    let day = |id: &str| event(id, days("2026-11-25", "2026-11-25"));
    let upstream = Upstream::with(["a", "b", "c"].map(day));
    let world = simple(&upstream);
    world.poll().await;
    upstream.has(batch(["b", "c"].map(day)));
    world.poll().await;
    let gone = explained(&world, "a").await;
    assert!(
        gone.events[0].notes[0].contains("not listed it since 2026-11-22T12:00:00Z"),
        "{gone:?}"
    );
    assert!(gone.events[0].shown, "one poll is not believed");
    upstream.has(batch([]));
    world.poll().await;
    let held = explained(&world, "b").await;
    let trouble = held.sources[0].trouble.clone().unwrap_or_default();
    assert!(trouble.contains("calbridge accept stage"), "{held:?}");
    assert!(held.events[0].shown);
}

#[tokio::test]
async fn a_record_that_no_event_could_be_made_of_is_told_with_the_reason() {
    let upstream = Upstream::with([]);
    upstream.has(Batch {
        remarks: [Remark::LeftOut {
            id: "Odd-1".to_owned(),
            why: "it has no start",
        }]
        .into(),
        ..batch([])
    });
    let world = simple(&upstream);
    world.poll().await;
    let found = explained(&world, "odd-1").await;
    assert_eq!(found.left_out[0].why, "it has no start");
    assert!(found.events.is_empty());
}

/// Events that their source does not show, each for another reason, and a group that it hides.
fn unshown() -> Batch {
    let hidden = |id| (uid(id), "it is a draft");
    Batch {
        withheld: Withheld {
            events: [hidden("draft")].into(),
            groups: [(GroupId::new("board"), "it is not published")].into(),
        },
        unclear: Withheld {
            events: [(uid("perhaps"), "whether it is a draft cannot be read")].into(),
            ..Withheld::default()
        },
        unreadable: [(uid("odd"), "it has no start")].into(),
        remarks: [Remark::LeftOut {
            id: "odd".to_owned(),
            why: "it has no start",
        }]
        .into(),
        ..batch([event("good", days("2026-11-25", "2026-11-25"))])
    }
}

#[tokio::test]
async fn what_a_source_does_not_show_is_told_by_id_and_uid_with_its_rule_and_without_its_text() {
    let secret = Event {
        title: Line::new("Secret gala"),
        ..event("draft", days("2026-11-25", "2026-11-25"))
    };
    let upstream = Upstream::with([secret]);
    let world = simple(&upstream);
    world.poll().await;
    assert!(explained(&world, "draft").await.events[0].shown);
    upstream.has(unshown());
    world.poll().await;
    for (id, fate, why) in [
        ("draft", Fate::Withheld, "it is a draft"),
        (
            "perhaps",
            Fate::Unclear,
            "whether it is a draft cannot be read",
        ),
        ("odd", Fate::Unreadable, "it has no start"),
    ] {
        for about in [id, &id.to_uppercase(), &uid(id).to_string()] {
            let found = explained(&world, about).await;
            let [left_out] = &found.left_out[..] else {
                panic!("{about}: {found:?}")
            };
            assert_eq!((left_out.fate, left_out.why), (fate, why), "{about}");
            assert_eq!(left_out.id, about);
            assert!(found.fits() && found.events.is_empty(), "{about}");
            assert!(!format!("{found:?}").contains("gala"), "{found:?}");
        }
    }
    let group = explained(&world, "Board").await;
    assert_eq!(group.left_out[0].why, "it is not published");
    assert!(!explained(&world, "Secret gala").await.fits());
    upstream.has(batch([]));
    world.poll().await;
    assert!(!explained(&world, "draft").await.fits(), "it is deleted");
}

#[tokio::test]
async fn what_only_a_month_finds_hidden_is_told_until_that_month_shows_it() {
    let upstream = Upstream::with([]);
    let world = simple(&upstream);
    world.poll().await;
    upstream.has(unshown());
    world.window("2027-02").await.unwrap();
    assert_eq!(explained(&world, "draft").await.left_out.len(), 1);
    upstream.has(batch([event("draft", days("2027-03-25", "2027-03-25"))]));
    world.window("2027-03").await.unwrap();
    let found = explained(&world, "draft").await;
    assert_eq!((found.left_out.len(), found.events.len()), (0, 1));
}

#[tokio::test]
async fn the_feed_of_a_group_is_explained_whether_its_groups_are_public_or_closed() {
    for (group_feeds, access) in [
        (GroupFeeds::Public, Some("public")),
        (GroupFeeds::Closed(Vec::new()), Some("token")),
        (GroupFeeds::Off, None),
    ] {
        let upstream = Upstream::with([]);
        upstream.has(programme());
        let setting = Setting {
            group_feeds,
            ..Setting::default()
        };
        let world = world([("stage", &upstream, setting)], operas());
        world.poll().await;
        let feeds = &world.feeds;
        let name = feeds.group_for_operator(&stage(), GroupId::new("ballet"));
        assert_eq!(name.is_some(), access.is_some());
        let Some(name) = name else { continue };
        for (id, rule) in [("dance", "none"), ("good", "groups")] {
            let found = explained_of(&world, &name, id).await;
            assert_eq!(obstacle(&found.events[0]), rule, "{found:?}");
            let told = (found.feed.as_str(), Some(found.access));
            assert_eq!(told, ("groups/stage/ballet", access));
        }
        let about = "dance".parse().unwrap();
        let unknown = feeds.group_for_operator(&stage(), GroupId::new("choir"));
        let unknown = feeds.explain(&unknown.unwrap(), None, &about).await;
        assert!(matches!(unknown, Err(FeedError::Unknown)), "{unknown:?}");
    }
}

#[tokio::test]
async fn a_series_is_found_by_the_uid_of_an_instance_and_counted() {
    let world = super::series::world_of(crate::domain::feed::Recurring::Expand);
    world.poll().await;
    for about in [
        "class".to_owned(),
        super::series::instance("2026-12-02T18:00:00").to_string(),
    ] {
        let found = explained(&world, &about).await;
        let case = &found.events[0];
        let instances = case.steps.iter().find(|step| step.rule == "instances");
        assert!(case.shown, "{about}: {case:?}");
        assert!(
            instances.unwrap().why.starts_with("3 of its"),
            "{about}: {case:?}"
        );
    }
}

#[tokio::test]
async fn a_closed_feed_is_explained_to_the_operator() {
    let upstream = Upstream::with([event("a", days("2026-11-25", "2026-11-25"))]);
    let world = simple(&upstream);
    world.poll().await;
    let cast = "cast".parse().unwrap();
    let closed = Closed {
        feed: horizon_feed(),
        tokens: Vec::new(),
    };
    let World { feeds, .. } = world;
    let feeds = Arc::into_inner(feeds)
        .unwrap()
        .with_closed([("cast".parse().unwrap(), closed)].into());
    let cast = feeds.for_operator(&cast);
    let found = feeds.explain(&cast, None, &"a".parse().unwrap()).await;
    let found = found.unwrap();
    assert_eq!((found.access, found.events[0].shown), ("token", true));
}
