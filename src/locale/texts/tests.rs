use super::*;
use crate::locale::{Dates, Locale};

#[test]
fn more_events_are_counted_in_the_grammar_of_every_language() {
    let day = "2026-11-14".parse().unwrap();
    let lines: Vec<String> = Lang::ALL
        .into_iter()
        .flat_map(|lang| {
            let dates = Dates::of(Locale::from(lang));
            let more = |count| (lang.texts().more)(&dates.count(count), &dates.day(day));
            [1, 2, 3, 5, 11, 22].map(|count| format!("{} {}", lang.tag(), more(count)))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn no_text_holds_markup_and_none_is_empty() {
    for lang in Lang::ALL {
        let all = format!("{:?}", lang.texts());
        assert!(!all.contains("\"\""), "{lang:?}");
        assert!(
            !all.contains(['<', '>', '&']) || all.contains("fn("),
            "{lang:?}"
        );
    }
}
