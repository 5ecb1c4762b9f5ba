//! Italian.

use icu_plurals::PluralCategory;

use super::{Texts, dashed};

/// What pages say in Italian.
pub(super) const TEXTS: Texts = Texts {
    month: "Mese",
    week: "Settimana",
    day: "Giorno",
    agenda: "Agenda",
    list: "Elenco",
    next_event: "Prossimo evento",
    views: "Viste",
    today: "Oggi",
    previous: "Precedente",
    next: "Successivo",
    all_day: "Tutto il giorno",
    cancelled: "Annullato",
    tentative: "Da confermare",
    search: "Cerca",
    group: "Gruppo",
    all_groups: "Tutti i gruppi",
    date: "Data",
    time_zone: "Fuso orario",
    my_time: "La mia ora",
    show: "Mostra",
    options: "Opzioni",
    clear: "Azzera",
    subscribe: "Iscriviti",
    show_more: "Mostra altri",
    nothing: "Nessun evento in questo periodo.",
    nothing_found: "Nessun evento corrisponde.",
    nothing_ahead: "Nessun evento in programma.",
    unknown: "Questo calendario non esiste",
    unknown_why: "Forse è stato rinominato o chiuso. Chi gestisce questo sito ne sa di più.",
    not_yet: "Il calendario è in arrivo",
    not_yet_why: "Il sistema da cui proviene non ha ancora risposto. Questa pagina riproverà tra mezzo minuto.",
    bad_address: "Questo indirizzo non è leggibile",
    bad_date: "Scrivete la data come 2026-11, 2026-W47 o 2026-11-14.",
    bad_view: "Scegliete una di queste viste:",
    comma: ", ",
    more: |count, day| match count.form {
        PluralCategory::One => format!("{digits} altro evento: {day}", digits = count.digits),
        _ => format!("{digits} altri eventi: {day}", digits = count.digits),
    },
    found: |count| match count.form {
        PluralCategory::One => format!("{digits} evento trovato", digits = count.digits),
        _ => format!("{digits} eventi trovati", digits = count.digits),
    },
    until: |day| format!("fino a {day}"),
    day_of: |day, days| format!("giorno {day} di {days}"),
    span: dashed,
    as_of: |time| format!("Ultimo aggiornamento: {time}"),
};
