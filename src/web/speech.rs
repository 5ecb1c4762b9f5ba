//! The language a page speaks.

use axum::http::{HeaderMap, header};
use url::form_urlencoded;

use crate::locale::{Locale, Pages, negotiate, texts::Texts};

/// The language of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    /// The address names it, and the links of the page carry it along.
    Chosen(Locale),
    /// The browser asks for it: another one gets another page.
    Accepted(Locale),
}

impl Speech {
    /// `chosen`, or else what the browser asks for.
    pub(super) fn of(chosen: Option<Locale>, request: &HeaderMap) -> Self {
        let accepted = request.get_all(header::ACCEPT_LANGUAGE).iter();
        let accepted: Vec<&str> = accepted.filter_map(|value| value.to_str().ok()).collect();
        chosen.map_or_else(
            || Self::Accepted(negotiate(&accepted.join(","))),
            Self::Chosen,
        )
    }

    /// What `lang` in `query` names, or else what the browser asks for; so too where it is `auto` or not known.
    pub(super) fn read(query: Option<&str>, request: &HeaderMap) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let langs = pairs.filter(|(key, _)| key == "lang");
        let chosen = langs.last().and_then(|(_, tag)| Locale::of_tag(&tag));
        Self::of(chosen, request)
    }

    /// The locale.
    pub(super) const fn locale(self) -> Locale {
        match self {
            Self::Chosen(locale) | Self::Accepted(locale) => locale,
        }
    }

    /// What every page may say in it.
    pub(super) const fn texts(self) -> &'static Texts {
        self.locale().lang().texts()
    }

    /// What our own pages say in it.
    pub(super) const fn pages(self) -> &'static Pages {
        self.locale().lang().pages()
    }

    /// The tag that the address names; empty if it names none.
    pub(super) fn tag(self) -> String {
        match self {
            Self::Chosen(locale) => locale.to_string(),
            Self::Accepted(_) => String::new(),
        }
    }

    /// `path` as a link of a page in it.
    pub(super) fn link(self, path: &str) -> String {
        match self {
            Self::Chosen(locale) => {
                let mark = if path.contains('?') { '&' } else { '?' };
                format!("{path}{mark}lang={locale}")
            }
            Self::Accepted(_) => path.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_decides_and_else_the_browser() {
        let request = [(header::ACCEPT_LANGUAGE, "ja, en;q=0.5".parse().unwrap())];
        let request: HeaderMap = request.into_iter().collect();
        for (query, locale, link) in [
            (None, "ja", "/x"),
            (Some(""), "ja", "/x"),
            (Some("lang=auto"), "ja", "/x"),
            (Some("lang=tlh"), "ja", "/x"),
            (Some("lang=de"), "de", "/x?lang=de"),
            (
                Some("lang=ar&lang=de-AT&view=week"),
                "de-AT",
                "/x?lang=de-AT",
            ),
            (Some("lang=%22%3E%3Cscript%3E"), "ja", "/x"),
        ] {
            let speech = Speech::read(query, &request);
            assert_eq!(speech.locale().to_string(), locale, "{query:?}");
            assert_eq!(speech.link("/x"), link, "{query:?}");
        }
        let chosen = Speech::read(Some("lang=de"), &request);
        assert_eq!(chosen.link("/x?theme=dark"), "/x?theme=dark&lang=de");
        assert_eq!(
            Speech::read(None, &HeaderMap::new()).locale().to_string(),
            "en"
        );
    }
}
