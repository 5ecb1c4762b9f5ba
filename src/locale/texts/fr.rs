//! French.

use icu_plurals::PluralCategory;

use super::{Texts, dashed};

/// What pages say in French.
pub(super) const TEXTS: Texts = Texts {
    month: "Mois",
    week: "Semaine",
    day: "Jour",
    agenda: "Agenda",
    list: "Liste",
    next_event: "Prochain événement",
    views: "Affichages",
    today: "Aujourd’hui",
    previous: "Précédent",
    next: "Suivant",
    all_day: "Toute la journée",
    cancelled: "Annulé",
    tentative: "À confirmer",
    search: "Rechercher",
    group: "Groupe",
    all_groups: "Tous les groupes",
    date: "Date",
    time_zone: "Fuseau horaire",
    my_time: "Mon heure",
    show: "Afficher",
    options: "Options",
    clear: "Effacer",
    subscribe: "S’abonner",
    show_more: "Afficher plus",
    nothing: "Aucun événement sur cette période.",
    nothing_found: "Aucun événement ne correspond.",
    nothing_ahead: "Aucun événement à venir.",
    unknown: "Ce calendrier n’existe pas",
    unknown_why: "Il a peut-être été renommé ou fermé. Les responsables de ce site en savent plus.",
    not_yet: "Le calendrier arrive",
    not_yet_why: "Le système dont il provient n’a pas encore répondu. Cette page réessaiera dans une demi-minute.",
    bad_address: "Cette adresse est illisible",
    bad_date: "Écrivez la date sous la forme 2026-11, 2026-W47 ou 2026-11-14.",
    bad_view: "Choisissez l’un de ces affichages :",
    comma: ", ",
    more: |count, day| match count.form {
        PluralCategory::One => format!("{digits} autre événement le {day}", digits = count.digits),
        _ => format!("{digits} autres événements le {day}", digits = count.digits),
    },
    found: |count| match count.form {
        PluralCategory::One => format!("{digits} événement trouvé", digits = count.digits),
        _ => format!("{digits} événements trouvés", digits = count.digits),
    },
    until: |day| format!("jusqu’au {day}"),
    day_of: |day, days| format!("jour {day} sur {days}"),
    span: dashed,
    as_of: |time| format!("Dernière mise à jour : {time}"),
};
