//! Spanish.

use icu_plurals::PluralCategory;

use super::{Texts, dashed};

/// What pages say in Spanish.
pub(super) const TEXTS: Texts = Texts {
    month: "Mes",
    week: "Semana",
    day: "Día",
    agenda: "Agenda",
    list: "Lista",
    next_event: "Próximo evento",
    views: "Vistas",
    today: "Hoy",
    previous: "Anterior",
    next: "Siguiente",
    all_day: "Todo el día",
    cancelled: "Cancelado",
    tentative: "Por confirmar",
    search: "Buscar",
    group: "Grupo",
    all_groups: "Todos los grupos",
    date: "Fecha",
    time_zone: "Zona horaria",
    my_time: "Mi hora",
    show: "Mostrar",
    options: "Opciones",
    clear: "Borrar",
    subscribe: "Suscribirse",
    show_more: "Mostrar más",
    nothing: "No hay eventos en este periodo.",
    nothing_found: "Ningún evento coincide.",
    nothing_ahead: "No hay próximos eventos.",
    unknown: "Este calendario no existe",
    unknown_why: "Puede que haya cambiado de nombre o se haya cerrado. Los responsables de este sitio saben más.",
    not_yet: "El calendario está en camino",
    not_yet_why: "El sistema del que procede aún no ha respondido. Esta página lo intentará de nuevo en medio minuto.",
    bad_address: "Esta dirección no se puede leer",
    bad_date: "Escriba la fecha como 2026-11, 2026-W47 o 2026-11-14.",
    bad_view: "Elija una de estas vistas:",
    comma: ", ",
    more: |count, day| match count.form {
        PluralCategory::One => format!("{digits} evento más el {day}", digits = count.digits),
        _ => format!("{digits} eventos más el {day}", digits = count.digits),
    },
    found: |count| match count.form {
        PluralCategory::One => format!("{digits} evento encontrado", digits = count.digits),
        _ => format!("{digits} eventos encontrados", digits = count.digits),
    },
    until: |day| format!("hasta el {day}"),
    day_of: |day, days| format!("día {day} de {days}"),
    span: dashed,
    as_of: |time| format!("Actualizado: {time}"),
};
