//! The words that stand in the addresses of embeds.

use std::{fmt, str::FromStr};

use crate::locale::texts::Texts;

/// Declares a set of choices and the word for each; reading knows exactly the words that are printed.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $choice:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$of])* $choice,)+ }

        impl $name {
            /// Every choice, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$choice,)+];

            /// The word for it in addresses.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$choice => $word,)+ }
            }

            /// The choice that `word` stands for.
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.word() == word)
            }
        }
    };
}

words! {
    /// How events are laid out.
    View {
        /// A table of the weeks of a month.
        Month = "month",
        /// Seven days beside each other, by the hour.
        Week = "week",
        /// One day by the hour.
        Day = "day",
        /// The days that have events, below each other.
        Agenda = "agenda",
        /// The next events.
        List = "list",
        /// The one next event.
        Next = "next",
    }
}

impl View {
    /// What people call it.
    #[must_use]
    pub const fn name(self, texts: &Texts) -> &'static str {
        match self {
            Self::Month => texts.month,
            Self::Week => texts.week,
            Self::Day => texts.day,
            Self::Agenda => texts.agenda,
            Self::List => texts.list,
            Self::Next => texts.next_event,
        }
    }
}

words! {
    /// Whether a page is dark.
    Scheme {
        /// As the visitor's system is set.
        Auto = "auto",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

words! {
    /// The character of a page.
    Style {
        /// Quiet: takes its place on any website.
        Neutral = "neutral",
        /// Black and white, with strong lines.
        Contrast = "contrast",
        /// With serifs and a darker ground, as a printed programme.
        Stage = "stage",
    }
}

words! {
    /// A part of the page that visitors operate.
    Control {
        /// Today, before, after.
        Nav = "nav",
        /// The switch between views.
        Views = "views",
        /// The field of the day to go to.
        Date = "date",
        /// The choice of a time zone.
        Zone = "zone",
        /// The field of the words to look for.
        Search = "search",
        /// The choice of a group.
        Groups = "groups",
        /// The link to the page where one subscribes.
        Subscribe = "subscribe",
    }
}

words! {
    /// How much of an event stands in lists.
    Details {
        /// Its time and title.
        None = "none",
        /// Where it is, too.
        Short = "short",
        /// All there is.
        Full = "full",
    }
}

words! {
    /// How close together things stand.
    Density {
        /// With room.
        Comfortable = "comfortable",
        /// With little room.
        Compact = "compact",
    }
}

words! {
    /// The day a week begins with.
    WeekStart {
        /// Monday.
        Mon = "mon",
        /// Tuesday.
        Tue = "tue",
        /// Wednesday.
        Wed = "wed",
        /// Thursday.
        Thu = "thu",
        /// Friday.
        Fri = "fri",
        /// Saturday.
        Sat = "sat",
        /// Sunday.
        Sun = "sun",
    }
}

impl From<WeekStart> for chrono::Weekday {
    fn from(start: WeekStart) -> Self {
        match start {
            WeekStart::Mon => Self::Mon,
            WeekStart::Tue => Self::Tue,
            WeekStart::Wed => Self::Wed,
            WeekStart::Thu => Self::Thu,
            WeekStart::Fri => Self::Fri,
            WeekStart::Sat => Self::Sat,
            WeekStart::Sun => Self::Sun,
        }
    }
}

/// A view that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("view `{0}` is not known; write month, week, day, agenda, list or next")]
pub struct BadView(String);

impl FromStr for View {
    type Err = BadView;

    fn from_str(text: &str) -> Result<Self, BadView> {
        Self::of_word(text).ok_or_else(|| BadView(text.chars().take(40).collect()))
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
