//! A feed that is no longer published, and that programs go on asking for (interop W8).

use chrono::{Days, NaiveDate};
use url::Url;

use super::{
    text::{Line, Text},
    when::{BadSpan, DateSpan},
};

/// How long its subscribers are told: programs ask for what is gone again and again, and people look rarely.
const TOLD_FOR: Days = Days::new(60);

/// What was a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// What calendars showed as its name.
    pub title: Line,
    /// Where there is one to take its place.
    pub moved_to: Option<Url>,
    told: DateSpan,
}

impl Retired {
    /// The feed `title`, whose subscribers are told from the day `on` that it has no more events.
    ///
    /// # Errors
    /// [`BadSpan`] when that lies outside the years calbridge speaks of.
    pub fn new(title: Line, on: NaiveDate, moved_to: Option<Url>) -> Result<Self, BadSpan> {
        let end = on.checked_add_days(TOLD_FOR).ok_or(BadSpan)?;
        Ok(Self {
            title,
            moved_to,
            told: DateSpan::until(on, end)?,
        })
    }

    /// The days on which its subscribers are told: the notice stands on all of them.
    #[must_use]
    pub fn told(&self) -> DateSpan {
        self.told
    }

    /// Whether all have been told who ever will be.
    #[must_use]
    pub fn is_gone(&self, today: NaiveDate) -> bool {
        today >= self.told.end()
    }

    /// The title of the notice.
    #[must_use]
    pub fn notice(&self) -> Line {
        let fate = match self.moved_to {
            Some(_) => "has moved",
            None => "is no longer published",
        };
        Line::new(&format!("{} {fate}", self.title))
    }

    /// Its text: what to do.
    #[must_use]
    pub fn remedy(&self) -> Text {
        Text::new(&match &self.moved_to {
            Some(link) => format!(
                "This calendar gets no more events here. Subscribe to it at its new address, and remove this one:\n{link}"
            ),
            None => "This calendar gets no more events. Please remove it.".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subscribers_are_told_for_sixty_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let retired = Retired::new(Line::new("Season"), day("2026-11-22"), None).unwrap();
        assert_eq!(retired.told().end(), day("2027-01-21"));
        for (today, gone) in [
            ("2026-11-21", false),
            ("2026-11-22", false),
            ("2027-01-20", false),
            ("2027-01-21", true),
            ("2030-01-01", true),
        ] {
            assert_eq!(retired.is_gone(day(today)), gone, "{today}");
        }
    }

    #[test]
    fn a_feed_cannot_be_retired_beyond_the_years_we_speak_of() {
        let on = "2099-12-31".parse().unwrap();
        assert!(Retired::new(Line::new("Season"), on, None).is_err());
    }
}
