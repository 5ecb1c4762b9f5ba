//! Which language a browser asks for.

use super::lang::{Lang, Locale};

/// As many languages as are looked at: more than anybody reads, fewer than a hostile header lists.
const LOOK: usize = 32;

/// The locale that suits `Accept-Language` best (RFC 9110 §12.5.4), by lookup (RFC 4647 §3.4); English if none does.
///
/// Of equally wanted languages the first one named wins, as browsers mean it.
#[must_use]
pub fn negotiate(accept: &str) -> Locale {
    let mut best: Option<(u16, Locale)> = None;
    for (tag, weight) in accept.split(',').take(LOOK).filter_map(range) {
        let Some(locale) = Locale::of_tag(tag) else {
            continue;
        };
        if weight > best.map_or(0, |(weight, _)| weight) {
            best = Some((weight, locale));
        }
    }
    best.map_or(Lang::En.into(), |(_, locale)| locale)
}

/// One language range and its weight in thousandths; what is malformed is passed over.
fn range(element: &str) -> Option<(&str, u16)> {
    let mut parts = element.split(';').map(str::trim);
    let tag = parts.next()?;
    let weight = match parts.next() {
        None => 1000,
        Some(parameter) => weight(parameter)?,
    };
    parts.next().is_none().then_some((tag, weight))
}

/// `q=0.5` in thousandths (RFC 9110 §12.4.2).
fn weight(parameter: &str) -> Option<u16> {
    let value = parameter.strip_prefix(['q', 'Q'])?.trim_start();
    let value = value.strip_prefix('=')?.trim_start();
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_language_follows_the_header() {
        for (accept, want) in [
            ("", "en"),
            ("*", "en"),
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de-AT"),
            ("tlh, ja;q=0.5, fr;q=0.8", "fr"),
            ("en;q=0.2, ar-EG", "ar"),
            ("en;q=0, pl;q=0.001", "pl"),
            ("en;q=0", "en"),
            ("sv;q=0.5, nl;q=0.5", "sv"),
            ("fr;q=2, it;q=0.1", "it"),
            ("fr;q=x;q=1, it", "it"),
            ("zh-Hant-HK, zh;q=0.9", "zh-HK"),
            ("<script>, he", "he"),
        ] {
            assert_eq!(negotiate(accept).to_string(), want, "{accept:?}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(accept in "\\PC{0,200}|[a-z,;=q.0-9 -]{0,200}") {
            let _ = negotiate(&accept);
        }
    }
}
