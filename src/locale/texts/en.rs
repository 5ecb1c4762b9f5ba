//! English.

use icu_plurals::PluralCategory;

use super::{Texts, dashed};

/// What pages say in English.
pub(super) const TEXTS: Texts = Texts {
    month: "Month",
    week: "Week",
    day: "Day",
    agenda: "Agenda",
    list: "List",
    next_event: "Next event",
    views: "Views",
    today: "Today",
    previous: "Previous",
    next: "Next",
    all_day: "All day",
    cancelled: "Cancelled",
    tentative: "Tentative",
    search: "Search",
    group: "Group",
    all_groups: "All groups",
    date: "Date",
    time_zone: "Time zone",
    my_time: "My time",
    show: "Show",
    options: "Options",
    clear: "Clear",
    subscribe: "Subscribe",
    show_more: "Show more",
    nothing: "No events in this period.",
    nothing_found: "No event matches.",
    nothing_ahead: "No upcoming events.",
    unknown: "There is no such calendar",
    unknown_why: "It may have been renamed or closed. Whoever runs this website knows more.",
    not_yet: "The calendar is on its way",
    not_yet_why: "The system it comes from has not answered yet. This page will try again in half a minute.",
    bad_address: "This address cannot be read",
    bad_date: "Write the date as 2026-11, 2026-W47 or 2026-11-14.",
    bad_view: "Choose one of these views:",
    comma: ", ",
    more: |count, day| match count.form {
        PluralCategory::One => format!("{digits} more event on {day}", digits = count.digits),
        _ => format!("{digits} more events on {day}", digits = count.digits),
    },
    found: |count| match count.form {
        PluralCategory::One => format!("{digits} event found", digits = count.digits),
        _ => format!("{digits} events found", digits = count.digits),
    },
    until: |day| format!("until {day}"),
    day_of: |day, days| format!("day {day} of {days}"),
    span: dashed,
    as_of: |time| format!("As of {time}"),
};
