//! A token opens by its digest and on its days, and prints nothing of itself.

use super::*;

#[test]
fn a_fresh_token_is_forty_digits_that_stay_what_they_are_in_an_address() {
    let token = FreshToken::new([0xab; RANDOM_BYTES]);
    assert_eq!(token.reveal(), "ab".repeat(20));
    assert_eq!(token.digest(), TokenDigest::of(&"ab".repeat(20)));
    assert_eq!(
        format!("{token:?} {:?}", token.digest()),
        "FreshToken TokenDigest"
    );
}

#[test]
fn a_digest_is_the_sha_256_of_the_text_and_is_read_in_either_case() {
    // The digest that FIPS 180-2 gives for "abc".
    let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let digest = TokenDigest::of("abc");
    assert_eq!(digest.to_string(), known);
    assert_eq!(known.parse(), Ok(digest));
    assert_eq!(known.to_uppercase().parse(), Ok(digest));
    let (short, long) = (&known[1..], format!("{known}0"));
    let (foreign, wide) = (known.replace('b', "g"), known.replace('b', "ß"));
    for bad in [
        "",
        "abc",
        short,
        &long,
        &foreign,
        &wide,
        &format!(" {known}"),
    ] {
        assert_eq!(bad.parse::<TokenDigest>(), Err(BadDigest), "{bad:?}");
    }
}

#[test]
fn only_the_whole_digest_is_the_digest() {
    let digest = TokenDigest::of("abc");
    assert!(digest.is(&digest.clone()));
    for index in 0..DIGEST_BYTES {
        let mut other = digest;
        other.0[index] ^= 1;
        assert!(!digest.is(&other), "byte {index}");
    }
}

#[test]
fn a_term_holds_on_its_first_and_its_last_day() {
    let day = |day: u32| NaiveDate::from_ymd_opt(2026, 11, day);
    for (from, until, days) in [
        (None, None, [true, true, true, true]),
        (day(21), None, [false, true, true, true]),
        (None, day(22), [true, true, true, false]),
        (day(21), day(22), [false, true, true, false]),
        (day(22), day(22), [false, false, true, false]),
    ] {
        let term = Term::new(from, until).unwrap();
        let held = [20, 21, 22, 23].map(|number| term.holds_on(day(number).unwrap()));
        assert_eq!(held, days, "{from:?} to {until:?}");
    }
    let never = Term::new(day(22), day(21)).unwrap_err().to_string();
    assert!(
        never.starts_with("`2026-11-21` is before `from`"),
        "{never}"
    );
    assert!(never.ends_with("write `2026-11-22` or later"), "{never}");
}
