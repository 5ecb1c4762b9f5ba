//! German.

use icu_plurals::PluralCategory;

use super::{Texts, dashed};

/// What pages say in German.
pub(super) const TEXTS: Texts = Texts {
    month: "Monat",
    week: "Woche",
    day: "Tag",
    agenda: "Agenda",
    list: "Liste",
    next_event: "Nächster Termin",
    views: "Ansichten",
    today: "Heute",
    previous: "Zurück",
    next: "Weiter",
    all_day: "Ganztägig",
    cancelled: "Abgesagt",
    tentative: "Unter Vorbehalt",
    search: "Suchen",
    group: "Gruppe",
    all_groups: "Alle Gruppen",
    date: "Datum",
    time_zone: "Zeitzone",
    my_time: "Meine Zeit",
    show: "Anzeigen",
    options: "Optionen",
    clear: "Zurücksetzen",
    subscribe: "Abonnieren",
    show_more: "Mehr anzeigen",
    nothing: "Keine Termine in diesem Zeitraum.",
    nothing_found: "Kein Termin passt zur Suche.",
    nothing_ahead: "Keine kommenden Termine.",
    unknown: "Diesen Kalender gibt es nicht",
    unknown_why: "Vielleicht wurde er umbenannt oder geschlossen. Wer diese Website betreibt, weiß mehr.",
    not_yet: "Der Kalender ist unterwegs",
    not_yet_why: "Das System, aus dem er kommt, hat noch nicht geantwortet. Diese Seite versucht es in einer halben Minute wieder.",
    bad_address: "Diese Adresse ist nicht lesbar",
    bad_date: "Das Datum schreibt man 2026-11, 2026-W47 oder 2026-11-14.",
    bad_view: "Diese Ansichten gibt es:",
    comma: ", ",
    more: |count, day| match count.form {
        PluralCategory::One => format!("{digits} weiterer Termin am {day}", digits = count.digits),
        _ => format!("{digits} weitere Termine am {day}", digits = count.digits),
    },
    found: |count| match count.form {
        PluralCategory::One => format!("{digits} Termin gefunden", digits = count.digits),
        _ => format!("{digits} Termine gefunden", digits = count.digits),
    },
    until: |day| format!("bis {day}"),
    day_of: |day, days| format!("Tag {day} von {days}"),
    span: dashed,
    as_of: |time| format!("Stand: {time}"),
};
