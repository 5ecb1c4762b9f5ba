//! Lengths of time as an operator writes them: `30s`, `10m`, `2h`.

use std::{str::FromStr, time::Duration};

/// A length of time, one second to one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length(pub(super) Duration);

/// A text that is no length of time.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no length of time; write one from `1s` to `168h`, such as `30s`, `10m` or `2h`")]
pub(super) struct BadLength(String);

impl FromStr for Length {
    type Err = BadLength;

    fn from_str(text: &str) -> Result<Self, BadLength> {
        let bad = || BadLength(text.to_owned());
        let (count, factor) = match text.strip_suffix(['s', 'm', 'h']) {
            Some(count) => (
                count,
                match text.as_bytes().last() {
                    Some(b's') => 1,
                    Some(b'm') => 60,
                    _ => 3_600,
                },
            ),
            None => return Err(bad()),
        };
        let count: u64 = count.parse().map_err(|_not_a_number| bad())?;
        match count.checked_mul(factor) {
            Some(seconds @ 1..=604_800) => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(bad()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_a_unit_and_bounds() {
        for (text, seconds) in [
            ("1s", Some(1)),
            ("10m", Some(600)),
            ("2h", Some(7_200)),
            ("168h", Some(604_800)),
            ("", None),
            ("10", None),
            ("0s", None),
            ("169h", None),
            ("-1s", None),
            ("1.5h", None),
            ("m", None),
            ("5 m", None),
            ("99999999999999999999h", None),
        ] {
            assert_eq!(
                text.parse::<Length>().ok().map(|length| length.0.as_secs()),
                seconds,
                "{text:?}"
            );
        }
    }
}
