//! What our own pages say in every language: the start page, the pages of feeds and events, and those that say what is wrong.
//!
//! As in [`texts`](super::texts), a language that lacks one does not compile. Menus of calendar programs stand in the templates as these
//! programs spell them.

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

use super::Lang;

/// Everything that only our own pages say, in one language.
#[derive(Debug, Clone, Copy)]
pub struct Pages {
    /// Leads past what stands above.
    pub skip: &'static str,
    /// Leads to the start page.
    pub all_calendars: &'static str,
    /// Names the choice of a language.
    pub language: &'static str,
    /// Heads the start page.
    pub calendars: &'static str,
    /// Says what one can do there.
    pub calendars_lead: &'static str,
    /// Said where there is no calendar.
    pub no_calendars: &'static str,
    /// Heads the groups of a source.
    pub groups_of: fn(&str) -> String,

    /// Says what a feed is.
    pub lead: &'static str,
    /// Names the field with its address.
    pub address: &'static str,
    /// Copies a field.
    pub copy: &'static str,
    /// Said on the button when that is done.
    pub copied: &'static str,
    /// Said of the address then.
    pub paste_now: &'static str,
    /// Said where nothing can be copied, but the field is selected.
    pub selected: &'static str,
    /// Subscribes in Apple's calendar.
    pub apple: &'static str,
    /// Precedes the menus if that does nothing.
    pub apple_how: &'static str,
    /// When changes arrive there.
    pub apple_delay: &'static str,
    /// Opens Google's page for it.
    pub google: &'static str,
    /// Precedes what is to be chosen there.
    pub google_how: &'static str,
    /// Where it works.
    pub google_where: &'static str,
    /// Leads to what works at times only.
    pub google_direct: &'static str,
    /// When changes arrive there.
    pub google_delay: &'static str,
    /// Heads Outlook in a browser and its successor on Windows.
    pub outlook_web: &'static str,
    /// Precedes the menus of the latter.
    pub outlook_web_how: &'static str,
    /// When changes arrive there.
    pub outlook_web_delay: &'static str,
    /// Heads the Outlook of old.
    pub outlook_classic: &'static str,
    /// Precedes the menus of a program that has no link.
    pub paste_how: &'static str,
    /// When changes arrive in the Outlook of old.
    pub outlook_classic_delay: &'static str,
    /// When changes arrive in Thunderbird.
    pub thunderbird_delay: &'static str,
    /// Subscribes in an app for Android.
    pub android: &'static str,
    /// Why it takes an app.
    pub android_how: &'static str,
    /// When changes arrive there.
    pub android_delay: &'static str,
    /// What the picture is, for those who do not see it.
    pub qr: &'static str,
    /// What it is for.
    pub qr_why: &'static str,

    /// Heads the next events.
    pub next_events: &'static str,
    /// How the feed stands: as its sources.
    pub fresh: &'static str,
    /// The same, and there is nothing.
    pub empty: &'static str,
    /// A source does not answer.
    pub stale: &'static str,
    /// A source answers what cannot be understood.
    pub malformed: &'static str,
    /// A source refuses us.
    pub blocked: &'static str,
    /// A part is missing or old.
    pub partial: &'static str,
    /// When something last changed, by whose clock.
    pub last_change: fn(&str, &str) -> String,

    /// Heads the windows.
    pub windows: &'static str,
    /// What they are, and by whose clock days begin.
    pub windows_why: fn(&str) -> String,
    /// The feed's own window.
    pub as_published: &'static str,
    /// The window `this-week`.
    pub this_week: &'static str,
    /// The window `this-month`.
    pub this_month: &'static str,
    /// The window `next-90d`.
    pub next_90_days: &'static str,
    /// The window `this-year`.
    pub this_year: &'static str,
    /// The window `all`.
    pub everything: &'static str,

    /// Heads the download.
    pub download: &'static str,
    /// How it differs from a subscription (interop L14).
    pub download_why: &'static str,
    /// Downloads.
    pub download_file: &'static str,
    /// Leads to the JSON.
    pub json: &'static str,

    /// Heads the code for websites.
    pub embed: &'static str,
    /// Names the choice of a view.
    pub view: &'static str,
    /// Names the choice of a theme.
    pub theme: &'static str,
    /// Names the field of the height.
    pub height: &'static str,
    /// Names the code of a frame.
    pub frame: &'static str,
    /// Names the code of the component.
    pub component: &'static str,
    /// Names a frame by the calendar in it.
    pub events_of: fn(&str) -> String,
    /// Light or dark as the device is.
    pub theme_auto: &'static str,
    /// Light.
    pub theme_light: &'static str,
    /// Dark.
    pub theme_dark: &'static str,
    /// Of high contrast.
    pub theme_contrast: &'static str,
    /// For theatres.
    pub theme_stage: &'static str,

    /// Names when an event is.
    pub when: &'static str,
    /// Names where it is.
    pub place: &'static str,
    /// Names what it belongs to.
    pub part_of: &'static str,
    /// Heads the links that add an event.
    pub add: &'static str,
    /// What they do not do.
    pub add_why: &'static str,
    /// Leads to what does.
    pub add_subscribe: &'static str,
    /// The calendar file of one event.
    pub add_file: &'static str,
    /// By the clock of which city.
    pub clock_of: fn(&str) -> String,

    /// Heads the page of an address that leads nowhere.
    pub not_here: &'static str,
    /// Explains it.
    pub not_here_why: &'static str,
    /// Says how a window is written; what stands in it are addresses.
    pub bad_window: &'static str,
    /// Why there is nothing for a reader who has asked for too much.
    pub too_much: &'static str,
    /// Heads the page of a bug.
    pub wrong: &'static str,
    /// Explains it.
    pub wrong_why: &'static str,
}

impl Lang {
    /// What our own pages say in it.
    #[must_use]
    pub const fn pages(self) -> &'static Pages {
        match self {
            Self::En => &en::PAGES,
            Self::De => &de::PAGES,
            Self::Fr => &fr::PAGES,
            Self::Es => &es::PAGES,
            Self::It => &it::PAGES,
            Self::Nl => &nl::PAGES,
            Self::Pt => &pt::PAGES,
            Self::Pl => &pl::PAGES,
            Self::Sv => &sv::PAGES,
            Self::Ja => &ja::PAGES,
            Self::Zh => &zh::PAGES,
            Self::Ko => &ko::PAGES,
            Self::Ar => &ar::PAGES,
            Self::He => &he::PAGES,
        }
    }
}

#[cfg(test)]
mod tests;
