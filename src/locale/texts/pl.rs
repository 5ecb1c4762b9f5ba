//! Polish.

use icu_plurals::PluralCategory;

use super::{Texts, dashed};

/// What pages say in Polish.
pub(super) const TEXTS: Texts = Texts {
    month: "Miesiąc",
    week: "Tydzień",
    day: "Dzień",
    agenda: "Agenda",
    list: "Lista",
    next_event: "Najbliższe wydarzenie",
    views: "Widoki",
    today: "Dzisiaj",
    previous: "Poprzedni okres",
    next: "Następny okres",
    all_day: "Cały dzień",
    cancelled: "Odwołane",
    tentative: "Wstępnie",
    search: "Szukaj",
    group: "Grupa",
    all_groups: "Wszystkie grupy",
    date: "Data",
    time_zone: "Strefa czasowa",
    my_time: "Mój czas",
    show: "Pokaż",
    options: "Opcje",
    clear: "Wyczyść",
    subscribe: "Subskrybuj",
    show_more: "Pokaż więcej",
    nothing: "Brak wydarzeń w tym okresie.",
    nothing_found: "Żadne wydarzenie nie pasuje.",
    nothing_ahead: "Brak nadchodzących wydarzeń.",
    unknown: "Nie ma takiego kalendarza",
    unknown_why: "Być może zmieniono jego nazwę albo go zamknięto. Więcej wie administrator tej strony.",
    not_yet: "Kalendarz jest w drodze",
    not_yet_why: "System, z którego pochodzi, jeszcze nie odpowiedział. Ta strona spróbuje ponownie za pół minuty.",
    bad_address: "Nie można odczytać tego adresu",
    bad_date: "Datę zapisuje się jako 2026-11, 2026-W47 lub 2026-11-14.",
    bad_view: "Dostępne widoki:",
    comma: ", ",
    more: |count, day| match count.form {
        PluralCategory::One => format!("jeszcze {digits} wydarzenie: {day}", digits = count.digits),
        PluralCategory::Few => format!("jeszcze {digits} wydarzenia: {day}", digits = count.digits),
        _ => format!("jeszcze {digits} wydarzeń: {day}", digits = count.digits),
    },
    found: |count| match count.form {
        PluralCategory::One => format!("Znaleziono {digits} wydarzenie", digits = count.digits),
        PluralCategory::Few => format!("Znaleziono {digits} wydarzenia", digits = count.digits),
        _ => format!("Znaleziono {digits} wydarzeń", digits = count.digits),
    },
    until: |day| format!("do: {day}"),
    day_of: |day, days| format!("dzień {day} z {days}"),
    span: dashed,
    as_of: |time| format!("Stan na: {time}"),
};
