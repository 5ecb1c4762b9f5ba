//! Dutch.

use icu_plurals::PluralCategory;

use super::{Texts, dashed};

/// What pages say in Dutch.
pub(super) const TEXTS: Texts = Texts {
    month: "Maand",
    week: "Week",
    day: "Dag",
    agenda: "Agenda",
    list: "Lijst",
    next_event: "Volgend evenement",
    views: "Weergaven",
    today: "Vandaag",
    previous: "Vorige",
    next: "Volgende",
    all_day: "Hele dag",
    cancelled: "Geannuleerd",
    tentative: "Onder voorbehoud",
    search: "Zoeken",
    group: "Groep",
    all_groups: "Alle groepen",
    date: "Datum",
    time_zone: "Tijdzone",
    my_time: "Mijn tijd",
    show: "Tonen",
    options: "Opties",
    clear: "Wissen",
    subscribe: "Abonneren",
    show_more: "Meer tonen",
    nothing: "Geen evenementen in deze periode.",
    nothing_found: "Geen evenement gevonden.",
    nothing_ahead: "Geen komende evenementen.",
    unknown: "Deze kalender bestaat niet",
    unknown_why: "Misschien is hij hernoemd of gesloten. De beheerder van deze website weet meer.",
    not_yet: "De kalender is onderweg",
    not_yet_why: "Het systeem waar hij vandaan komt heeft nog niet geantwoord. Deze pagina probeert het over een halve minuut opnieuw.",
    bad_address: "Dit adres is niet leesbaar",
    bad_date: "Schrijf de datum als 2026-11, 2026-W47 of 2026-11-14.",
    bad_view: "Kies een van deze weergaven:",
    comma: ", ",
    more: |count, day| match count.form {
        PluralCategory::One => format!("nog {digits} evenement op {day}", digits = count.digits),
        _ => format!("nog {digits} evenementen op {day}", digits = count.digits),
    },
    found: |count| match count.form {
        PluralCategory::One => format!("{digits} evenement gevonden", digits = count.digits),
        _ => format!("{digits} evenementen gevonden", digits = count.digits),
    },
    until: |day| format!("tot en met {day}"),
    day_of: |day, days| format!("dag {day} van {days}"),
    span: dashed,
    as_of: |time| format!("Bijgewerkt: {time}"),
};
