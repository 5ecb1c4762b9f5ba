//! Which form of a document a reader takes (RFC 9110 §12.5.3, interop H9).

use axum::http::{HeaderMap, header};

use crate::feed::{
    coding::Coding,
    document::{Document, Form},
};

/// How much a reader wants each coding: nothing if it refuses it, otherwise 0 to 1000, more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted([Option<u16>; Coding::ALL.len()]);

impl Accepted {
    /// Reads `Accept-Encoding`, as far as `allowed` goes; other codings count as refused.
    ///
    /// Without the header only identity is taken: the RFC would allow any coding, clients do not stand it. Elements that
    /// are malformed, or name what we do not speak, are passed over.
    #[must_use]
    pub fn read(request: &HeaderMap, allowed: &[Coding]) -> Self {
        let mut named = [None; Coding::ALL.len()];
        let mut others = None;
        let values = request.get_all(header::ACCEPT_ENCODING);
        for (name, weight) in values.iter().flat_map(|value| elements(value.as_bytes())) {
            if name == b"*" {
                others = Some(weight);
            } else if let Some(coding) = coding(name) {
                named[coding as usize] = Some(weight);
            }
        }

        let mut wanted = [None; Coding::ALL.len()];
        for coding in Coding::ALL {
            let weight = named[coding as usize].or(others);
            wanted[coding as usize] = match coding {
                // Acceptable unless refused, and the last choice unless it was given a weight.
                Coding::Identity => weight.map_or(Some(0), refused_if_zero),
                _ if !allowed.contains(&coding) => None,
                _ => weight.and_then(refused_if_zero),
            };
        }
        Self(wanted)
    }

    /// Whether the reader takes `coding` at all.
    #[must_use]
    pub fn takes(&self, coding: Coding) -> bool {
        self.0[coding as usize].is_some()
    }

    /// The coding of `offered` that the reader wants most; of equally wanted ones, the first. Identity if it takes none.
    #[must_use]
    pub fn first_of(&self, offered: &[Coding]) -> Coding {
        let taken = offered.iter().copied().filter(|coding| self.takes(*coding));
        // `max_by_key` gives the last of equals.
        taken
            .rev()
            .max_by_key(|coding| self.0[*coding as usize])
            .unwrap_or(Coding::Identity)
    }

    /// The form that suits the reader best; of equally wanted ones, the shortest.
    ///
    /// A reader that refuses every form we have gets identity all the same: a 406 is for readers that can ask again
    /// in other words, and a calendar client only stops updating.
    #[must_use]
    pub fn best<'d>(&self, document: &'d Document) -> &'d Form {
        let taken = document.forms().filter(|form| self.takes(form.coding()));
        // `max_by_key` gives the last of equals, and the shortest stands first.
        taken
            .rev()
            .max_by_key(|form| self.0[form.coding() as usize])
            .unwrap_or_else(|| document.identity())
    }
}

/// The well-formed elements of one header line, each with its weight in thousandths.
fn elements(value: &[u8]) -> impl Iterator<Item = (&[u8], u16)> {
    value.split(|&b| b == b',').filter_map(|element| {
        let mut parts = element.split(|&b| b == b';').map(<[u8]>::trim_ascii);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let weight = parts.next().map_or(Some(1000), weight)?;
        parts.next().is_none().then_some((name, weight))
    })
}

fn coding(name: &[u8]) -> Option<Coding> {
    // RFC 9110 §8.4.1.3: `x-gzip` is an old name of `gzip`.
    let name = if name.eq_ignore_ascii_case(b"x-gzip") {
        b"gzip"
    } else {
        name
    };
    Coding::ALL
        .into_iter()
        .find(|coding| name.eq_ignore_ascii_case(coding.name().as_bytes()))
}

/// `q=0.5` in thousandths, exactly by the grammar of RFC 9110 §12.4.2.
fn weight(parameter: &[u8]) -> Option<u16> {
    let [b'q' | b'Q', b'=', value @ ..] = parameter else {
        return None;
    };
    let (whole, decimals) = match value {
        [whole] => (whole, &[][..]),
        [whole, b'.', decimals @ ..] if decimals.len() <= 3 => (whole, decimals),
        _ => return None,
    };
    let mut thousandths = 0;
    for place in 0..3 {
        let digit = decimals.get(place).copied().unwrap_or(b'0');
        thousandths = thousandths * 10 + u16::from(digit.checked_sub(b'0').filter(|&d| d <= 9)?);
    }
    match whole {
        b'0' => Some(thousandths),
        b'1' if thousandths == 0 => Some(1000),
        _ => None,
    }
}

fn refused_if_zero(weight: u16) -> Option<u16> {
    (weight > 0).then_some(weight)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;
    use crate::feed::document::testing::{document as of, season as document};

    /// For the property, which would spend its time on compressing.
    static SEASON: LazyLock<Document> = LazyLock::new(document);

    fn request(lines: &[&str]) -> HeaderMap {
        let line = |text: &&str| {
            (
                header::ACCEPT_ENCODING,
                HeaderValue::from_bytes(text.as_bytes()).unwrap(),
            )
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn of_what_is_offered_the_most_wanted_is_chosen_and_then_the_first() {
        use Coding::{Brotli, Gzip, Identity, Zstd};
        for (accept, offered, want) in [
            ("gzip, br, zstd", &Coding::ALL[..], Brotli),
            ("gzip, br;q=0.5", &Coding::ALL, Gzip),
            ("zstd, gzip", &[Gzip, Zstd, Identity], Gzip),
            ("br", &[Gzip, Identity], Identity),
            ("*;q=0", &Coding::ALL, Identity),
            ("", &Coding::ALL, Identity),
        ] {
            let accepted = Accepted::read(&request(&[accept]), &Coding::ALL);
            assert_eq!(accepted.first_of(offered), want, "{accept:?} {offered:?}");
        }
    }

    #[test]
    fn the_coding_follows_the_header() {
        use Coding::{Brotli, Gzip, Identity, Zstd};
        let document = document();
        let shortest = document.forms().next().unwrap().coding();
        assert_ne!(shortest, Identity);
        for (lines, want) in [
            (&[][..], Identity),
            (&[""], Identity),
            (&["identity"], Identity),
            (&["gzip"], Gzip),
            (&["GZip"], Gzip),
            (&["x-gzip"], Gzip),
            (&["br"], Brotli),
            (&["zstd"], Zstd),
            (&["gzip, br;q=0.9"], Gzip),
            (&["gzip;q=0.8,br;q=0.9,zstd;q=0.85"], Brotli),
            (&["gzip;q=0.001"], Gzip),
            (&["gzip;q=1.000 , br ; q=0.999"], Gzip),
            (&["gzip;Q=0.5, zstd;q=0.6"], Zstd),
            (&["gzip, deflate, br, zstd"], shortest),
            (&["*"], shortest),
            (&["deflate"], Identity),
            (&["gzip;q=0"], Identity),
            (&["gzip;q=0.000"], Identity),
            (&["*;q=0"], Identity),
            (&["gzip;q=0.5, identity"], Identity),
            (&["gzip;q=0.5, identity;q=0.4"], Gzip),
            (&["identity;q=0, gzip;q=0.1"], Gzip),
            (&["*;q=0, br"], Brotli),
            (&["br;q=0, zstd;q=0, *"], Gzip),
            (&["*;q=0.5, gzip;q=0.6"], Gzip),
            // Nothing that we have is acceptable: identity, never 406.
            (&["identity;q=0"], Identity),
            (&["identity;q=0, deflate"], Identity),
            (&["*;q=0, identity;q=0, br;q=0"], Identity),
            // Several lines are one list.
            (&["deflate", "gzip"], Gzip),
            (&["gzip;q=0.2", "br;q=0.1"], Gzip),
            // Garbage is passed over.
            (&["gzip;q=2"], Identity),
            (&["gzip;q=1.001"], Identity),
            (&["gzip;q=0.5555"], Identity),
            (&["gzip;q=0.*"], Identity),
            (&["gzip;q=0.5x"], Identity),
            (&["gzip;q="], Identity),
            (&["gzip;q=-1"], Identity),
            (&["gzip;level=9"], Identity),
            (&["gzip;q=1;q=1"], Identity),
            (&[",,;, ;q=1, gzip ,"], Gzip),
            (&["gzip br"], Identity),
            (&["ümläut, gzip"], Gzip),
        ] {
            let accepted = Accepted::read(&request(lines), &Coding::ALL);
            assert_eq!(accepted.best(&document).coding(), want, "{lines:?}");
        }
    }

    #[test]
    fn a_coding_that_is_not_allowed_is_not_used() {
        let document = document();
        for (allowed, want) in [
            (&[][..], Coding::Identity),
            (&[Coding::Identity], Coding::Identity),
            (&[Coding::Identity, Coding::Gzip], Coding::Gzip),
        ] {
            let accepted = Accepted::read(&request(&["br, gzip, zstd, identity;q=0"]), allowed);
            assert_eq!(accepted.best(&document).coding(), want, "{allowed:?}");
        }
    }

    #[test]
    fn a_form_that_was_left_out_is_not_missed() {
        let tiny = of(b"x");
        let accepted = Accepted::read(&request(&["gzip, br, identity;q=0"]), &Coding::ALL);
        assert_eq!(accepted.best(&tiny).coding(), Coding::Identity);
    }

    proptest! {
        #[test]
        fn no_header_breaks_it_and_a_compressed_form_is_given_only_to_who_names_it_or_a_star(
            line in "[ -~]{0,40}|((gzip|br|zstd|identity|\\*)(;q=[01](\\.[0-9]{0,4})?)?,? ?){0,5}"
        ) {
            let best = Accepted::read(&request(&[&line]), &Coding::ALL).best(&SEASON).coding();
            let line = line.to_ascii_lowercase();
            prop_assert!(best == Coding::Identity || line.contains(best.name()) || line.contains('*'), "{:?}", best);
        }
    }
}
