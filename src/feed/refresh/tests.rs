use super::*;
use crate::domain::testing::at;

const ENDED: &str = "2026-11-22T12:00:00Z";

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn course(interval: u64, end: End) -> Course {
    Course {
        interval: secs(interval),
        jitter: 0.0,
        ended: at(ENDED),
        end,
    }
}

fn answered(good_for: u64) -> End {
    End::Answered {
        good_for: secs(good_for),
        rest: Duration::ZERO,
    }
}

/// With an answer that lacks a part, for which the upstream wants so much rest.
fn in_part(good_for: u64, rest: u64) -> End {
    End::Answered {
        good_for: secs(good_for),
        rest: secs(rest),
    }
}

fn failed(count: u32, trouble: Trouble, rest: u64) -> End {
    End::Failed {
        count,
        trouble,
        rest: secs(rest),
    }
}

/// Seconds from the end of the last poll to the next, and why.
fn told(course: &Course, wishes: &Wishes) -> (i64, String) {
    let Next { at: then, why } = course.next(wishes);
    ((then - at(ENDED)).num_seconds(), why.to_string())
}

#[test]
fn a_source_is_polled_at_its_interval_backs_off_while_it_fails_and_is_never_pressed() {
    use Trouble::{Passing, Refusal};
    for (row, interval, end, seconds, why) in [
        ("well", 600, answered(0), 600, "it is polled every 10m"),
        (
            "good for less",
            600,
            answered(60),
            600,
            "it is polled every 10m",
        ),
        (
            "good for a day",
            600,
            answered(86_400),
            86_400,
            "the answer is good for 1d",
        ),
        (
            "answers in part and asks for rest",
            600,
            in_part(0, 7_200),
            7_200,
            "the upstream asked for 2h of rest",
        ),
        (
            "answers in part and asks for less rest than there is",
            600,
            in_part(0, 60),
            600,
            "it is polled every 10m",
        ),
        (
            "asks for less rest than its answer is good for",
            600,
            in_part(86_400, 7_200),
            86_400,
            "the answer is good for 1d",
        ),
        (
            "failed once",
            600,
            failed(1, Passing, 0),
            30,
            "it failed the last time",
        ),
        (
            "failed twice",
            600,
            failed(2, Passing, 0),
            60,
            "it has failed 2 times in a row",
        ),
        (
            "failed often",
            600,
            failed(8, Passing, 0),
            3_600,
            "it has failed 8 times in a row",
        ),
        (
            "dead for years",
            600,
            failed(u32::MAX, Passing, 0),
            3_600,
            "it has failed 4294967295 times in a row",
        ),
        (
            "asks for rest",
            600,
            failed(1, Passing, 120),
            120,
            "the upstream asked for 2m of rest",
        ),
        (
            "asks for a night of rest",
            600,
            failed(8, Passing, 43_200),
            43_200,
            "the upstream asked for 12h of rest",
        ),
        (
            "asks for less",
            600,
            failed(5, Passing, 120),
            480,
            "it has failed 5 times in a row",
        ),
        (
            "shut out",
            600,
            failed(1, Refusal, 0),
            600,
            "the credentials were refused; they are tried rarely until they are renewed",
        ),
        (
            "shut out twice",
            600,
            failed(2, Refusal, 0),
            2_400,
            "the credentials were refused; they are tried rarely until they are renewed",
        ),
        (
            "shut out for good",
            600,
            failed(9, Refusal, 0),
            3_600,
            "the credentials were refused; they are tried rarely until they are renewed",
        ),
        (
            "polled every second",
            1,
            failed(1, Passing, 0),
            1,
            "it failed the last time",
        ),
        (
            "polled once a day",
            86_400,
            failed(1, Passing, 0),
            30,
            "it failed the last time",
        ),
        (
            "polled once a day, dead",
            86_400,
            failed(99, Passing, 0),
            86_400,
            "it has failed 99 times in a row",
        ),
    ] {
        let told = told(&course(interval, end), &Wishes::new());
        assert_eq!(told, (seconds, why.to_owned()), "{row}");
    }
}

#[test]
fn jitter_adds_up_to_a_tenth_and_never_takes_anything_away() {
    for (jitter, seconds) in [(0.0, 600), (0.5, 630), (1.0, 660), (7.0, 660), (-1.0, 600)] {
        let course = Course {
            jitter,
            ..course(600, answered(0))
        };
        assert_eq!(told(&course, &Wishes::new()).0, seconds, "{jitter}");
    }
}

#[test]
fn a_wish_brings_a_poll_forward_as_far_as_the_upstream_can_bear() {
    use Trouble::{Passing, Refusal};
    for (row, interval, end, wish, since, seconds) in [
        ("a hook is gathered", 600, answered(0), Wish::Hook, 100, 105),
        (
            "a hook during the poll",
            600,
            answered(0),
            Wish::Hook,
            -3,
            5,
        ),
        (
            "a hook just before the poll",
            600,
            answered(0),
            Wish::Hook,
            599,
            600,
        ),
        (
            "a hook beats what caches are told",
            600,
            answered(86_400),
            Wish::Hook,
            100,
            105,
        ),
        (
            "a hook of what answers in part and asks for rest",
            600,
            in_part(0, 7_200),
            Wish::Hook,
            100,
            7_200,
        ),
        (
            "rules while a part asks for rest",
            600,
            in_part(0, 400),
            Wish::Rules,
            7,
            400,
        ),
        (
            "a hook of a hasty source",
            1,
            answered(86_400),
            Wish::Hook,
            100,
            101,
        ),
        (
            "a sign of life",
            600,
            failed(7, Passing, 0),
            Wish::Hook,
            100,
            105,
        ),
        (
            "a sign of life at once",
            600,
            failed(7, Passing, 0),
            Wish::Hook,
            1,
            30,
        ),
        (
            "a hook while rest is asked for",
            600,
            failed(1, Passing, 300),
            Wish::Hook,
            1,
            300,
        ),
        (
            "a hook of a source that shuts us out",
            600,
            failed(2, Refusal, 0),
            Wish::Hook,
            1,
            2_400,
        ),
        ("rules", 600, answered(86_400), Wish::Rules, 7, 7),
        (
            "rules while it fails",
            600,
            failed(3, Passing, 0),
            Wish::Rules,
            7,
            120,
        ),
        (
            "rules while it shuts us out",
            600,
            failed(1, Refusal, 0),
            Wish::Rules,
            7,
            600,
        ),
        ("a reader", 600, failed(3, Passing, 0), Wish::Reader, 7, 120),
        (
            "a reader of a hasty source",
            1,
            failed(9, Passing, 0),
            Wish::Reader,
            7,
            256,
        ),
        (
            "a reader while rest is asked for",
            600,
            failed(1, Passing, 300),
            Wish::Reader,
            7,
            300,
        ),
        (
            "a reader of a source that shuts us out",
            600,
            failed(1, Refusal, 0),
            Wish::Reader,
            7,
            600,
        ),
    ] {
        let since = at(ENDED) + TimeDelta::seconds(since);
        let next = course(interval, end).next(&Wishes::from([(wish, since)]));
        assert_eq!(
            (next.at - at(ENDED)).num_seconds(),
            seconds,
            "{row}: {}",
            next.why
        );
    }
}

#[test]
fn of_several_wishes_the_earliest_counts_and_says_why() {
    let since = |seconds| at(ENDED) + TimeDelta::seconds(seconds);
    let wishes = Wishes::from([(Wish::Hook, since(100)), (Wish::Rules, since(103))]);
    let (seconds, why) = told(&course(600, answered(0)), &wishes);
    assert_eq!(
        (seconds, why.as_str()),
        (103, "the rules of time zones have changed")
    );
    let (seconds, why) = told(&course(102, answered(0)), &wishes);
    assert_eq!((seconds, why.as_str()), (102, "it is polled every 1m 42s"));
}

#[test]
fn readers_are_told_of_a_failure_for_half_a_minute_or_as_long_as_the_upstream_is_left_alone() {
    use Trouble::{Passing, Refusal};
    for (interval, trouble, count, seconds) in [
        (600, Passing, 1, 30),
        (600, Passing, 2, 60),
        (600, Passing, 99, 3_600),
        (600, Refusal, 1, 600),
        (600, Refusal, 99, 3_600),
        (1, Passing, 1, 30),
        (1, Refusal, 1, 30),
        (1, Passing, 7, 64),
    ] {
        let row = format!("{trouble:?} {count} at {interval} s");
        assert_eq!(
            memory(secs(interval), trouble, count),
            secs(seconds),
            "{row}"
        );
    }
}
