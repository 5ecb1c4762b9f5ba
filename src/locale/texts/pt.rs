//! Portuguese.

use icu_plurals::PluralCategory;

use super::{Texts, dashed};

/// What pages say in Portuguese.
pub(super) const TEXTS: Texts = Texts {
    month: "Mês",
    week: "Semana",
    day: "Dia",
    agenda: "Agenda",
    list: "Lista",
    next_event: "Próximo evento",
    views: "Visualizações",
    today: "Hoje",
    previous: "Anterior",
    next: "Seguinte",
    all_day: "Dia inteiro",
    cancelled: "Cancelado",
    tentative: "A confirmar",
    search: "Pesquisar",
    group: "Grupo",
    all_groups: "Todos os grupos",
    date: "Data",
    time_zone: "Fuso horário",
    my_time: "Meu horário",
    show: "Mostrar",
    options: "Opções",
    clear: "Limpar",
    subscribe: "Assinar",
    show_more: "Mostrar mais",
    nothing: "Não há eventos neste período.",
    nothing_found: "Nenhum evento corresponde.",
    nothing_ahead: "Não há próximos eventos.",
    unknown: "Este calendário não existe",
    unknown_why: "Talvez tenha mudado de nome ou sido encerrado. Os responsáveis por este site sabem mais.",
    not_yet: "O calendário está a caminho",
    not_yet_why: "O sistema de onde ele vem ainda não respondeu. Esta página tentará de novo em meio minuto.",
    bad_address: "Não é possível ler este endereço",
    bad_date: "Escreva a data como 2026-11, 2026-W47 ou 2026-11-14.",
    bad_view: "Escolha uma destas visualizações:",
    comma: ", ",
    more: |count, day| match count.form {
        PluralCategory::One => format!("mais {digits} evento em {day}", digits = count.digits),
        _ => format!("mais {digits} eventos em {day}", digits = count.digits),
    },
    found: |count| match count.form {
        PluralCategory::One => format!("{digits} evento encontrado", digits = count.digits),
        _ => format!("{digits} eventos encontrados", digits = count.digits),
    },
    until: |day| format!("até {day}"),
    day_of: |day, days| format!("dia {day} de {days}"),
    span: dashed,
    as_of: |time| format!("Atualizado: {time}"),
};
