//! The release of a tz database.

use std::fmt;

/// A release such as `2026e`, ordered by time: `2025b` < `2026a` < `2026z` < `2026za`; an unknown one is the lowest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Version(Option<Release>);

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Release {
    year: u16,
    letters: String,
}

impl Version {
    /// The version nobody stated.
    pub const UNKNOWN: Self = Self(None);

    /// Reads `2026e`; what a packager hangs on with a `-` is left out, anything else is unknown.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (release, _) = text.trim().split_once('-').unwrap_or((text.trim(), ""));
        let (year, letters) = release.split_at_checked(4).unwrap_or_default();
        let fits = year.len() == 4
            && year.bytes().all(|b| b.is_ascii_digit())
            && !letters.is_empty()
            && letters.bytes().all(|b| b.is_ascii_lowercase());
        let release = year.parse().ok().filter(|_| fits).map(|year| Release {
            year,
            letters: letters.to_owned(),
        });
        Self(release)
    }

    /// The year it was made in, if it is known.
    #[must_use]
    pub fn year(&self) -> Option<u16> {
        self.0.as_ref().map(|release| release.year)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(release) => f.pad(&format!("{}{}", release.year, release.letters)),
            None => f.pad("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_releases_are_greater_and_an_unknown_one_is_the_lowest() {
        let order = [
            "", "2024b", "2025b", "2026a", "2026z", "2026za", "2026zb", "2027a",
        ];
        for pair in order.windows(2) {
            assert!(Version::read(pair[0]) < Version::read(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn a_version_is_a_year_and_letters() {
        for (text, want) in [
            ("2026e", "2026e"),
            (" 2026za\n", "2026za"),
            ("2026e-0+deb12u1", "2026e"),
            ("2026", "unknown"),
            ("26e", "unknown"),
            ("2026E", "unknown"),
            ("2026e1", "unknown"),
            ("+026e", "unknown"),
            ("20é6e", "unknown"),
            ("version", "unknown"),
        ] {
            assert_eq!(Version::read(text).to_string(), want, "{text:?}");
        }
    }
}
