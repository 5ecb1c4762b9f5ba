use std::collections::BTreeMap;

use super::{
    super::{Next, Rules},
    *,
};

#[test]
fn a_status_prints_as_tables_with_what_is_wrong_below_each_source() {
    let text = str::to_owned;
    let status = Status {
        version: text("1.2.3"),
        now: text("2026-11-22T12:00:00Z"),
        zones: Rules {
            version: text("2026c"),
            origin: text("/usr/share/zoneinfo"),
        },
        sources: vec![
            Source {
                name: text("pit"),
                kind: text("ics"),
                state: None,
                events: 0,
                groups: 0,
                confirmed: None,
                failure: Some(Failure {
                    what: text("pit: `/` at `pit.example`: the server refused our credentials"),
                    at: text("2026-11-22T11:59:00Z"),
                    count: 4,
                }),
                next: Some(Next {
                    at: text("2026-11-22T12:59:00Z"),
                    why: text("it has failed 4 times in a row"),
                }),
                webhook: Some(Webhook {
                    state: text("waiting"),
                    calls: 0,
                    last: None,
                    untold: 1,
                }),
                links: vec![Link {
                    label: text("band"),
                    last: None,
                    reads: BTreeMap::new(),
                }],
            },
            Source {
                name: text("stage"),
                kind: text("prospero"),
                state: Some(text("fresh")),
                events: 1_200,
                groups: 14,
                confirmed: Some(text("2026-11-22T11:58:00Z")),
                failure: None,
                next: None,
                webhook: Some(Webhook {
                    state: text("quiet"),
                    calls: 12,
                    last: Some(text("2026-11-20T11:58:00Z")),
                    untold: 3,
                }),
                links: Vec::new(),
            },
        ],
        feeds: vec![Feed {
            name: text("season"),
            state: Some(text("partial")),
            events: 1_000,
            bytes: 345_678,
            cut: Some(Cut {
                first: text("2026-09-01"),
                last: text("2027-03-01"),
                left_out: 200,
            }),
            reads: [(text("apple"), 3), (text("google"), 12)].into(),
            days: BTreeMap::new(),
            links: vec![Link {
                label: text("choir"),
                last: Some(text("2026-11-22T11:00:00Z")),
                reads: [(text("google"), 9)].into(),
            }],
        }],
        counters: Counters::default(),
    };
    insta::assert_snapshot!(status, @r"
    calbridge 1.2.3 at 2026-11-22T12:00:00Z
    tz database 2026c /usr/share/zoneinfo

    source  kind      state        events  groups  confirmed             next poll
    pit     ics       nothing yet  0       0       never                 2026-11-22T12:59:00Z: it has failed 4 times in a row
        failed 4 times in a row, last at 2026-11-22T11:59:00Z: pit: `/` at `pit.example`: the server refused our credentials
        webhook waiting, not called since the start; 1 change that it did not tell of
        link of band: not used in the time that is kept
    stage   prospero  fresh        1200    14      2026-11-22T11:58:00Z  now
        webhook quiet, 12 calls since the start, the last at 2026-11-20T11:58:00Z; 3 changes in a row that it did not tell of

    feed    state    events  bytes   cut
    season  partial  1000    345678  to 2026-09-01..2027-03-01, 200 events left out
        read today by apple 3, google 12
        link of choir: last used at 2026-11-22T11:00:00Z; google 9

    0 documents of 0 bytes in memory; 0 connections, 0 since the start
    ");
}
