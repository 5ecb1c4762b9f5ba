//! Which program reads a feed, as coarsely as statistics need it (interop 11.6).

use std::str::FromStr;

/// A family of calendar clients. For counting only: nobody gets anything else for it (interop H13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Google Calendar.
    Google,
    /// Calendar on iPhones, iPads and Macs.
    Apple,
    /// Outlook, Exchange and the rest of Office.
    Microsoft,
    /// `ICSx5` on Android.
    Icsx5,
    /// Nextcloud.
    Nextcloud,
    /// Thunderbird.
    Thunderbird,
    /// GNOME Evolution and what else uses its data server.
    Evolution,
    /// Home Assistant.
    HomeAssistant,
    /// A browser, or a program that says it is one.
    Browser,
    /// Anything else.
    Other,
}

/// A word that is no family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such family of clients")]
pub struct NoFamily;

/// What stands in the `User-Agent` line of each family, in lower case; the first that fits decides. Many a program also
/// says that it is a browser, so that comes last.
const MARKS: [(&str, Family); 16] = [
    ("google-calendar", Family::Google),
    ("dataaccessd", Family::Apple),
    ("calendaragent", Family::Apple),
    ("calendarstore", Family::Apple),
    ("ios/", Family::Apple),
    ("microsoft", Family::Microsoft),
    ("outlook", Family::Microsoft),
    ("exchange", Family::Microsoft),
    ("icsx5", Family::Icsx5),
    ("nextcloud", Family::Nextcloud),
    ("thunderbird", Family::Thunderbird),
    ("evolution", Family::Evolution),
    ("homeassistant", Family::HomeAssistant),
    ("home assistant", Family::HomeAssistant),
    ("home-assistant", Family::HomeAssistant),
    ("mozilla/", Family::Browser),
];

impl Family {
    /// Every family.
    pub const ALL: [Self; 10] = [
        Self::Google,
        Self::Apple,
        Self::Microsoft,
        Self::Icsx5,
        Self::Nextcloud,
        Self::Thunderbird,
        Self::Evolution,
        Self::HomeAssistant,
        Self::Browser,
        Self::Other,
    ];

    /// The family of whoever sends this `User-Agent` line.
    #[must_use]
    pub fn of(agent: &str) -> Self {
        let fits = |mark: &str| {
            let mut parts = agent.as_bytes().windows(mark.len());
            parts.any(|part| part.eq_ignore_ascii_case(mark.as_bytes()))
        };
        let found = MARKS.iter().find(|(mark, _)| fits(mark));
        found.map_or(Self::Other, |(_, family)| *family)
    }

    /// The word for it, in stores and for people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Apple => "apple",
            Self::Microsoft => "microsoft",
            Self::Icsx5 => "icsx5",
            Self::Nextcloud => "nextcloud",
            Self::Thunderbird => "thunderbird",
            Self::Evolution => "evolution",
            Self::HomeAssistant => "home-assistant",
            Self::Browser => "browser",
            Self::Other => "other",
        }
    }
}

impl FromStr for Family {
    type Err = NoFamily;

    fn from_str(word: &str) -> Result<Self, NoFamily> {
        let mut all = Self::ALL.into_iter();
        all.find(|family| family.word() == word).ok_or(NoFamily)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_agent_seen_belongs_to_its_family() {
        for (agent, want) in [
            ("Google-Calendar-Importer", Family::Google),
            ("iOS/11.0 (15A372) dataaccessd/1.0", Family::Apple),
            ("macOS/14.4 (23E214) CalendarAgent/1024", Family::Apple),
            (
                "Microsoft Office/15.0 (Windows NT 6.3; Microsoft Outlook 15.0.4771; Pro)",
                Family::Microsoft,
            ),
            (
                "ICSx5/2.2 (ical4j/3.2 okhttp/4.11 Android/13)",
                Family::Icsx5,
            ),
            ("Nextcloud Webcal Service", Family::Nextcloud),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.6.0",
                Family::Thunderbird,
            ),
            ("Evolution/3.50", Family::Evolution),
            ("HomeAssistant/2026.1 httpx/0.28", Family::HomeAssistant),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
                Family::Browser,
            ),
            ("curl/8.5.0", Family::Other),
            ("", Family::Other),
            ("\u{fffd}", Family::Other),
        ] {
            assert_eq!(Family::of(agent), want, "{agent}");
        }
    }

    #[test]
    fn every_family_is_known_by_its_word() {
        for family in Family::ALL {
            assert_eq!(family.word().parse(), Ok(family));
        }
        assert_eq!("fax".parse::<Family>(), Err(NoFamily));
    }
}
