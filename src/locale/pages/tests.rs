use super::*;

/// The texts with arguments, each with what must be in it.
fn told(pages: &Pages) -> Vec<(String, Vec<&'static str>)> {
    let (one, two) = ("⟨one⟩", "⟨two⟩");
    vec![
        ((pages.groups_of)(one), vec![one]),
        ((pages.last_change)(one, two), vec![one, two]),
        ((pages.windows_why)(one), vec![one]),
        ((pages.events_of)(one), vec![one]),
        ((pages.clock_of)(one), vec![one]),
    ]
}

#[test]
fn every_text_has_what_it_is_told_in_every_language() {
    for lang in Lang::ALL {
        for (text, arguments) in told(lang.pages()) {
            for argument in arguments {
                assert_eq!(text.matches(argument).count(), 1, "{lang:?} {text}");
            }
        }
    }
}

#[test]
fn no_text_is_empty_or_holds_markup_and_none_is_still_in_english() {
    // What is written the same in other languages too.
    let alike = |text: &str| text.chars().count() < 24;
    let english = format!("{:#?}", Lang::En.pages());
    for lang in Lang::ALL {
        let texts = format!("{:#?}", lang.pages());
        assert!(!texts.contains("\"\""), "{lang:?}");
        for (text, english) in texts.lines().zip(english.lines()) {
            let Some((name, text)) = text.split_once(": \"") else {
                continue;
            };
            assert!(!text.contains(['<', '>', '&']), "{lang:?} {name} {text}");
            let own = lang == Lang::En || alike(text) || !english.contains(text);
            assert!(own, "{lang:?} {name} {text}");
        }
    }
}

/// `text` without all that stands from an `open` to the next `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| {
        kept + part.split_once(close).map_or("", |(_, rest)| rest)
    })
}

/// `text` without the elements that say that they are English.
fn without_english(text: &str) -> String {
    let Some(at) = text.find(" lang=\"en\"") else {
        return text.to_owned();
    };
    let start = text[..at].rfind('<').unwrap();
    let name = text[start + 1..].split_whitespace().next().unwrap();
    let end = format!("</{name}>");
    let (_, rest) = text[at..].split_once(&end).unwrap();
    without_english(&format!("{}{rest}", &text[..start]))
}

#[test]
fn no_template_says_anything_but_names_by_itself() {
    let names = ["Google", "Outlook", "com", "Microsoft", "Yahoo"];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let files = [folder.clone(), folder.join("embed")].map(|folder| folder.read_dir().unwrap());
    let mut seen = 0;
    for file in files.into_iter().flatten() {
        let path = file.unwrap().path();
        // The status is for operators, as the configuration and the log are.
        if path.is_dir() || path.ends_with("status.html") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let text = [("{#", "#}"), ("{%", "%}"), ("{{", "}}")]
            .iter()
            .fold(text, |text, (open, close)| without(&text, open, close));
        let mut said = without(&without_english(&text), "<", ">");
        for attribute in [" title=\"", " alt=\"", " aria-label=\"", " placeholder=\""] {
            for value in text.split(attribute).skip(1) {
                said.push(' ');
                said.push_str(value.split('"').next().unwrap());
            }
        }
        let words = said.split(|c: char| !c.is_alphabetic());
        let words: Vec<&str> = words
            .filter(|word| word.len() > 1 && !names.contains(word))
            .collect();
        assert!(words.is_empty(), "{} says {words:?}", path.display());
        seen += 1;
    }
    assert!(seen > 10, "only {seen} templates are there");
}
