//! What pages say, in every language.
//!
//! One table with a field for each text: a language that lacks one does not compile. A text with arguments is a function, so
//! that each language puts them in its own order and chooses the plural form.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod he;
mod it;
mod ja;
mod ko;
mod nl;
mod pl;
mod pt;
mod sv;
mod zh;

use super::{Count, Lang};

/// Everything that pages say in one language.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    /// The name of the month view.
    pub month: &'static str,
    /// The name of the week view.
    pub week: &'static str,
    /// The name of the day view.
    pub day: &'static str,
    /// The name of the view of the days that have events, below each other.
    pub agenda: &'static str,
    /// The name of the view of the next events.
    pub list: &'static str,
    /// The name of the view of the one next event.
    pub next_event: &'static str,
    /// Names the choice between views.
    pub views: &'static str,
    /// Leads to today, and marks it.
    pub today: &'static str,
    /// Leads to the time before.
    pub previous: &'static str,
    /// Leads to the time after.
    pub next: &'static str,
    /// Said of an event of whole days.
    pub all_day: &'static str,
    /// Said of an event that will not take place.
    pub cancelled: &'static str,
    /// Said of an event that may not take place.
    pub tentative: &'static str,
    /// Names the field of the words to look for.
    pub search: &'static str,
    /// Names the choice of a group.
    pub group: &'static str,
    /// Chooses no group.
    pub all_groups: &'static str,
    /// Names the field of the day to go to.
    pub date: &'static str,
    /// Names the choice of a time zone, and the zone times are told in.
    pub time_zone: &'static str,
    /// Leads to the same times by the clock of the visitor's own device.
    pub my_time: &'static str,
    /// Applies what was chosen.
    pub show: &'static str,
    /// Opens the choices.
    pub options: &'static str,
    /// Takes search and group back.
    pub clear: &'static str,
    /// Leads to the page where one subscribes.
    pub subscribe: &'static str,
    /// Leads to more events of a list.
    pub show_more: &'static str,
    /// Said where a period has no event.
    pub nothing: &'static str,
    /// Said where no event has the words or the group.
    pub nothing_found: &'static str,
    /// Said where no event is ahead.
    pub nothing_ahead: &'static str,
    /// Heads the page of a calendar that does not exist.
    pub unknown: &'static str,
    /// Explains it.
    pub unknown_why: &'static str,
    /// Heads the page of a calendar that has nothing yet.
    pub not_yet: &'static str,
    /// Explains it.
    pub not_yet_why: &'static str,
    /// Heads the page of an address that cannot be read.
    pub bad_address: &'static str,
    /// Says what would be right; what stands in it are addresses.
    pub bad_date: &'static str,
    /// Precedes the names of the views in addresses.
    pub bad_view: &'static str,
    /// Stands between things that are said of one event.
    pub comma: &'static str,
    /// So many more events on a day.
    pub more: fn(&Count, &str) -> String,
    /// So many events were found.
    pub found: fn(&Count) -> String,
    /// Until a day, which is included.
    pub until: fn(&str) -> String,
    /// The which day of how many.
    pub day_of: fn(&str, &str) -> String,
    /// From one time or day to another.
    pub span: fn(&str, &str) -> String,
    /// When what is shown was last known to be right.
    pub as_of: fn(&str) -> String,
}

impl Lang {
    /// What pages say in it.
    #[must_use]
    pub const fn texts(self) -> &'static Texts {
        match self {
            Self::En => &en::TEXTS,
            Self::De => &de::TEXTS,
            Self::Fr => &fr::TEXTS,
            Self::Es => &es::TEXTS,
            Self::It => &it::TEXTS,
            Self::Nl => &nl::TEXTS,
            Self::Pt => &pt::TEXTS,
            Self::Pl => &pl::TEXTS,
            Self::Sv => &sv::TEXTS,
            Self::Ja => &ja::TEXTS,
            Self::Zh => &zh::TEXTS,
            Self::Ko => &ko::TEXTS,
            Self::Ar => &ar::TEXTS,
            Self::He => &he::TEXTS,
        }
    }
}

/// From `first` to `last` with a dash that no line break parts from the first, as most languages write it.
fn dashed(first: &str, last: &str) -> String {
    format!("{first}\u{a0}– {last}")
}

#[cfg(test)]
mod tests;
