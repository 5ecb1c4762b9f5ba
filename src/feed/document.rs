//! A feed rendered in one format, with its validators and its compressed forms.

use std::fmt::Write as _;

use axum::{body::Bytes, http::HeaderValue};
use chrono::{DateTime, SubsecRound, Utc};
use sha2::{Digest, Sha256};

use crate::format::ics;

use super::{
    coding::{Coding, Effort},
    file_name::FileName,
};

/// How many bytes of the SHA-256 make an entity tag: 128 bits, so that no two bodies share one.
const TAG_BYTES: usize = 16;

/// What a document weighs beside its bodies: header values, names and bookkeeping, in bytes.
const OVERHEAD: usize = 1024;

/// A feed rendered in one format: made once, served many times.
///
/// All that an answer needs is ready, so that giving one copies no body and computes nothing.
#[derive(Debug)]
pub struct Document {
    /// The shortest first; each is shorter than the identity.
    compressed: Vec<Form>,
    identity: Form,
    content_type: HeaderValue,
    file_name: FileName,
    last_modified: DateTime<Utc>,
    last_modified_text: HeaderValue,
}

/// A document in one content coding.
#[derive(Debug)]
pub struct Form {
    coding: Coding,
    body: Bytes,
    etag: HeaderValue,
    content_length: HeaderValue,
}

impl Document {
    /// Prepares a calendar, last changed at `last_modified` (cut to whole seconds, which is all HTTP can say).
    ///
    /// Compressing takes up to 50 ms of processor time for 400 KB, so call it where blocking is allowed. A coding that
    /// does not make the body shorter is left out.
    #[must_use]
    pub fn new(body: ics::Checked, file_name: FileName, last_modified: DateTime<Utc>) -> Self {
        let body = body.into_bytes().into();
        Self::prepared(body, ics::MEDIA_TYPE, file_name, last_modified)
    }

    fn prepared(
        body: Bytes,
        content_type: &'static str,
        file_name: FileName,
        last_modified: DateTime<Utc>,
    ) -> Self {
        let compressed = [Coding::Brotli, Coding::Zstd, Coding::Gzip]
            .into_iter()
            // An encoder that fails costs bandwidth, never the feed.
            .filter_map(|coding| Some((coding, coding.encode(&body, Effort::Kept).ok()?)))
            .filter(|(_, coded)| coded.len() < body.len())
            .map(|(coding, coded)| Form::new(coding, Bytes::from(coded)));
        let mut compressed: Vec<Form> = compressed.collect();
        compressed.sort_by_key(|form| form.body.len());

        let last_modified = last_modified.trunc_subsecs(0);
        Self {
            compressed,
            identity: Form::new(Coding::Identity, body),
            content_type: HeaderValue::from_static(content_type),
            file_name,
            last_modified,
            last_modified_text: http_date(last_modified),
        }
    }

    /// The entity tag that a document of these bytes has in its identity form.
    #[must_use]
    pub fn tag(body: &[u8]) -> HeaderValue {
        etag(body, Coding::Identity)
    }

    /// Its forms, the shortest first; identity, which is always there, comes last.
    pub fn forms(&self) -> impl DoubleEndedIterator<Item = &Form> {
        self.compressed.iter().chain([&self.identity])
    }

    /// The form without any compression.
    #[must_use]
    pub const fn identity(&self) -> &Form {
        &self.identity
    }

    /// When its bytes last changed, in whole seconds.
    #[must_use]
    pub const fn last_modified(&self) -> DateTime<Utc> {
        self.last_modified
    }

    /// Roughly how much memory it takes, in bytes: its weight in a bounded cache.
    #[must_use]
    pub fn weight(&self) -> u32 {
        let bodies: usize = self.forms().map(|form| form.body.len()).sum();
        u32::try_from(bodies + OVERHEAD).unwrap_or(u32::MAX)
    }

    pub(crate) const fn content_type(&self) -> &HeaderValue {
        &self.content_type
    }

    pub(crate) const fn file_name(&self) -> &FileName {
        &self.file_name
    }

    pub(crate) const fn last_modified_text(&self) -> &HeaderValue {
        &self.last_modified_text
    }
}

impl Form {
    fn new(coding: Coding, body: Bytes) -> Self {
        Self {
            coding,
            etag: etag(&body, coding),
            content_length: HeaderValue::from(body.len()),
            body,
        }
    }

    /// Its content coding.
    #[must_use]
    pub const fn coding(&self) -> Coding {
        self.coding
    }

    /// Its bytes, coded.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Its strong entity tag, quotes included. It depends on these bytes alone (interop H5).
    #[must_use]
    pub const fn etag(&self) -> &HeaderValue {
        &self.etag
    }

    pub(crate) const fn content_length(&self) -> &HeaderValue {
        &self.content_length
    }
}

/// The coded bytes are hashed, not the identity's: a tag that stayed while another version of an encoder wrote other bytes
/// would not be strong (RFC 9110 §8.8.1). The suffix is for people who read logs.
fn etag(coded: &[u8], coding: Coding) -> HeaderValue {
    let mut tag = String::with_capacity(2 * TAG_BYTES + 7);
    tag.push('"');
    for byte in &Sha256::digest(coded)[..TAG_BYTES] {
        write!(tag, "{byte:02x}").expect("writing to a string cannot fail");
    }
    tag.push_str(coding.tag_suffix());
    tag.push('"');
    HeaderValue::try_from(tag).expect("hexadecimal digits, quotes and a suffix are visible ASCII")
}

/// IMF-fixdate, RFC 9110 §5.6.7.
fn http_date(instant: DateTime<Utc>) -> HeaderValue {
    let text = instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::try_from(text).expect("a formatted date is visible ASCII")
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::{
        testing::{document, season},
        *,
    };

    #[test]
    fn compressible_bytes_are_kept_in_every_coding_shortest_first() {
        let document = season();
        let kept: HashSet<_> = document.forms().map(Form::coding).collect();
        assert_eq!(kept, HashSet::from(Coding::ALL));
        assert!(document.forms().map(|form| form.body().len()).is_sorted());
        assert_eq!(document.identity().coding(), Coding::Identity);
    }

    #[test]
    fn a_coding_that_does_not_shorten_is_left_out() {
        for body in [&b""[..], b"BEGIN:VCALENDAR"] {
            let document = document(body);
            let kept: Vec<_> = document.forms().map(Form::coding).collect();
            assert_eq!(kept, [Coding::Identity], "{body:?}");
        }
    }

    #[test]
    fn last_modified_is_cut_to_the_second_and_written_as_http_writes_it() {
        let document = document(b"");
        assert_eq!(
            document.last_modified_text(),
            "Fri, 20 Nov 2026 08:05:09 GMT"
        );
        assert_eq!(
            document.last_modified().to_rfc3339(),
            "2026-11-20T08:05:09+00:00"
        );
    }

    #[test]
    fn an_entity_tag_is_half_a_sha_256_and_names_its_coding() {
        let document = document(b"abc");
        // The first half of the digest that FIPS 180-2 gives for "abc".
        assert_eq!(
            document.identity().etag(),
            r#""ba7816bf8f01cfea414140de5dae2223""#
        );
        let gzip = etag(b"abc", Coding::Gzip);
        assert_eq!(gzip, r#""ba7816bf8f01cfea414140de5dae2223-gz""#);
    }

    #[test]
    fn weight_counts_every_body() {
        let document = document(&b"x".repeat(1_000_000));
        let bodies: usize = document.forms().map(|form| form.body().len()).sum();
        assert!(document.forms().count() == 4 && bodies > 1_000_000);
        assert_eq!(document.weight() as usize, bodies + OVERHEAD);
    }

    proptest! {
        // Encoders are slow without optimisation.
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn tags_are_equal_exactly_when_the_bytes_are(
            one in prop::collection::vec(any::<u8>(), 0..200), change in any::<prop::sample::Index>()
        ) {
            let mut other = one.clone();
            other.push(0);
            let at = change.index(other.len());
            other[at] ^= 1;
            let tags = |body: &[u8]| document(body).forms().map(|form| form.etag().clone()).collect::<Vec<_>>();
            prop_assert_eq!(tags(&one), tags(&one));
            prop_assert!(tags(&one).iter().all(|tag| !tags(&other).contains(tag)));
        }
    }
}
