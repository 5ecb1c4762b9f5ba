use super::*;
use crate::domain::testing::at;

const NOON: &str = "2026-11-22T12:00:00Z";

#[test]
fn a_secret_is_long_and_fits_into_an_address() {
    let long = "x".repeat(SECRET_MAX + 1);
    for (text, want) in [
        ("0123456789abcdef", Ok(())),
        ("A-Z_a-z.0-9~0123", Ok(())),
        (&long[1..], Ok(())),
        ("0123456789abcde", Err(BadSecret::Short)),
        ("", Err(BadSecret::Short)),
        ("0123456789abcde/f", Err(BadSecret::Unfit)),
        ("0123456789abcde%20", Err(BadSecret::Unfit)),
        ("0123456789abcdef?", Err(BadSecret::Unfit)),
        ("0123456789abcdef#", Err(BadSecret::Unfit)),
        ("0123456789abcde f", Err(BadSecret::Unfit)),
        ("0123456789abcdeé", Err(BadSecret::Unfit)),
        (&long, Err(BadSecret::Unfit)),
    ] {
        assert_eq!(text.parse::<HookSecret>().map(drop), want, "{text:?}");
    }
}

#[test]
fn only_the_whole_secret_is_it_and_it_is_never_printed() {
    let text = "correct-horse-battery";
    let secret: HookSecret = text.parse().unwrap();
    for (told, want) in [
        (text, true),
        ("correct-horse-batterx", false),
        ("correct-horse-batter", false),
        ("correct-horse-battery ", false),
        ("Correct-horse-battery", false),
        ("", false),
    ] {
        assert_eq!(secret.is(told), want, "{told:?}");
    }
    assert_eq!(format!("{secret:?}"), "HookSecret");
}

#[test]
fn a_webhook_is_quiet_once_three_polls_in_a_row_found_what_it_had_not_told_of() {
    let mut calls = Calls::default();
    assert_eq!(calls.hearing(), Hearing::Waiting);
    assert_eq!(calls.called(at(NOON)), Turn::None);
    assert_eq!(calls.hearing(), Hearing::Working);
    assert_eq!(calls.found_change(), Turn::None, "told of");
    for (row, turn) in [
        ("first", Turn::None),
        ("second", Turn::None),
        ("third", Turn::WentQuiet),
        ("said once", Turn::None),
    ] {
        assert_eq!(calls.found_change(), turn, "{row}");
    }
    assert_eq!((calls.hearing(), calls.untold), (Hearing::Quiet, 4));
    assert_eq!(calls.called(at(NOON)), Turn::Recovered);
    assert_eq!(calls.called(at(NOON)), Turn::None);
    assert_eq!((calls.hearing(), calls.count), (Hearing::Working, 3));
}

#[test]
fn a_webhook_that_never_worked_is_found_out_as_well() {
    let mut calls = Calls::default();
    let turns = [(); 3].map(|()| calls.found_change());
    assert_eq!(turns, [Turn::None, Turn::None, Turn::WentQuiet]);
    assert_eq!((calls.hearing(), calls.last), (Hearing::Quiet, None));
}

#[test]
fn a_call_that_is_late_is_better_than_none_and_one_that_tells_of_nothing_does_not_count_for_long() {
    let mut calls = Calls::default();
    for _ in 0..9 {
        assert_eq!(calls.found_change(), Turn::None);
        assert_eq!(calls.found_change(), Turn::None);
        assert_eq!(calls.called(at(NOON)), Turn::None, "late");
        calls.found_nothing();
    }
    let turns = [(); 3].map(|()| calls.found_change());
    assert_eq!(turns, [Turn::None, Turn::None, Turn::WentQuiet]);
}
