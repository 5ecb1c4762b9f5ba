//! The languages pages are written in, and the countries whose dates they use.

use std::fmt;

use icu_locale_core::{LanguageIdentifier, subtags::Region};

/// A language that pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Italian.
    It,
    /// Dutch.
    Nl,
    /// Portuguese.
    Pt,
    /// Polish.
    Pl,
    /// Swedish.
    Sv,
    /// Japanese.
    Ja,
    /// Chinese in simplified characters.
    Zh,
    /// Korean.
    Ko,
    /// Arabic.
    Ar,
    /// Hebrew.
    He,
}

/// Where a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// On the left.
    LeftToRight,
    /// On the right.
    RightToLeft,
}

impl Lang {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 14] = [
        Self::En,
        Self::De,
        Self::Fr,
        Self::Es,
        Self::It,
        Self::Nl,
        Self::Pt,
        Self::Pl,
        Self::Sv,
        Self::Ja,
        Self::Zh,
        Self::Ko,
        Self::Ar,
        Self::He,
    ];

    /// Its subtag (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        self.told().0
    }

    /// What its speakers call it.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        self.told().2
    }

    /// The country that is meant when none is named: where most of its speakers live (CLDR, likely subtags).
    const fn home(self) -> &'static str {
        self.told().1
    }

    const fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::En => ("en", "US", "English"),
            Self::De => ("de", "DE", "Deutsch"),
            Self::Fr => ("fr", "FR", "Français"),
            Self::Es => ("es", "ES", "Español"),
            Self::It => ("it", "IT", "Italiano"),
            Self::Nl => ("nl", "NL", "Nederlands"),
            Self::Pt => ("pt", "BR", "Português"),
            Self::Pl => ("pl", "PL", "Polski"),
            Self::Sv => ("sv", "SE", "Svenska"),
            Self::Ja => ("ja", "JP", "日本語"),
            Self::Zh => ("zh", "CN", "简体中文"),
            Self::Ko => ("ko", "KR", "한국어"),
            Self::Ar => ("ar", "EG", "العربية"),
            Self::He => ("he", "IL", "עברית"),
        }
    }

    /// Where its lines begin.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::Ar | Self::He => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        }
    }
}

impl Direction {
    /// The value of the `dir` attribute.
    #[must_use]
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// A language and the country whose dates and weeks it uses: `en` writes a Sunday first, `en-GB` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Locale {
    lang: Lang,
    /// `None` where it is the one that is meant anyway, so that one locale has one form.
    region: Option<Region>,
}

impl From<Lang> for Locale {
    fn from(lang: Lang) -> Self {
        Self { lang, region: None }
    }
}

impl Locale {
    /// The locale of a language tag such as `de-AT`; nothing if pages are not written in its language.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        // Java and POSIX write `en_AU`.
        let tag: LanguageIdentifier = tag.trim().replace('_', "-").parse().ok()?;
        let language = tag.language.as_str();
        // `iw` is what Java and old browsers call Hebrew (BCP 47 registry).
        let language = if language == "iw" { "he" } else { language };
        let lang = Lang::ALL.into_iter().find(|lang| lang.tag() == language)?;
        let region = tag.region.filter(|region| region.as_str() != lang.home());
        Some(Self { lang, region })
    }

    /// The language.
    #[must_use]
    pub const fn lang(self) -> Lang {
        self.lang
    }

    /// The locale as CLDR knows it, with country and, where a language has several, script.
    pub(super) fn full(self) -> icu_locale_core::Locale {
        // The texts are in simplified characters wherever the reader lives, and dates must not differ from them.
        let script = if self.lang == Lang::Zh { "-Hans" } else { "" };
        let region = self
            .region
            .as_ref()
            .map_or(self.lang.home(), Region::as_str);
        let tag = format!("{}{script}-{region}", self.lang.tag());
        tag.parse().unwrap_or(icu_locale_core::Locale::UNKNOWN)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.lang.tag())?;
        match &self.region {
            Some(region) => write!(f, "-{region}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_a_language_and_perhaps_a_country() {
        for (tag, want) in [
            ("en", Some("en")),
            ("EN-us", Some("en")),
            ("en-GB", Some("en-GB")),
            ("en_AU", Some("en-AU")),
            ("zh-Hant-TW", Some("zh-TW")),
            ("zh-Hans", Some("zh")),
            ("es-419", Some("es-419")),
            ("iw", Some("he")),
            ("de-CH-1996", Some("de-CH")),
            (" pt-PT ", Some("pt-PT")),
            ("tlh", None),
            ("auto", None),
            ("", None),
            ("de\"><script>", None),
            ("deutsch", None),
        ] {
            let got = Locale::of_tag(tag).map(|locale| locale.to_string());
            assert_eq!(got.as_deref(), want, "{tag:?}");
        }
    }

    #[test]
    fn every_language_is_a_locale_that_prints_as_it_is_read() {
        for lang in Lang::ALL {
            let locale = Locale::from(lang);
            assert_eq!(Locale::of_tag(&locale.to_string()), Some(locale));
            assert_ne!(locale.full(), icu_locale_core::Locale::UNKNOWN, "{lang:?}");
        }
    }
}
