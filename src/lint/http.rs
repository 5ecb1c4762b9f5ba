//! How a calendar is served (interop H1 to H20), by what its server answered to a handful of requests.

mod laws;

use std::io::Read;

use axum::http::{HeaderName, StatusCode, header};
use flate2::read::MultiGzDecoder;
use url::{Host, Url};

use crate::api::{BODY_MAX, Seen};

use super::{Findings, quoted};

/// What a server answered. Whatever could not be had is `None`.
#[derive(Debug)]
pub(crate) struct Visit {
    /// Where the calendar was asked for.
    pub(crate) url: Url,
    /// The status of each redirect on the way to it.
    pub(crate) redirects: Vec<StatusCode>,
    /// The calendar, uncompressed.
    pub(crate) plain: Seen,
    /// The same again.
    pub(crate) again: Option<Seen>,
    /// With the `ETag` of the first in If-None-Match.
    pub(crate) by_tag: Option<Seen>,
    /// With the Last-Modified of the first in If-Modified-Since.
    pub(crate) by_date: Option<Seen>,
    /// With 1970 in If-Modified-Since.
    pub(crate) by_old_date: Option<Seen>,
    pub(crate) head: Option<Seen>,
    pub(crate) gzip: Option<Seen>,
    /// With a query that means nothing.
    pub(crate) query: Option<Seen>,
    /// By a reader that asks for HTML.
    pub(crate) html: Option<Seen>,
}

/// Looks at how the calendar is served.
pub(crate) fn look(visit: &Visit, findings: &mut Findings) {
    address(visit, findings);
    headers(&visit.plain, findings);
    silence(visit, findings);
    let steady = visit
        .again
        .as_ref()
        .is_none_or(|again| again.body == visit.plain.body);
    if !steady {
        findings.whole(&laws::STEADY, "two answers in a row differ");
    }
    conditions(visit, findings);
    others(visit, steady, findings);
}

/// What had no answer, although the calendar itself came.
fn silence(visit: &Visit, findings: &mut Findings) {
    for (asked, answer) in [
        ("a second GET", &visit.again),
        ("HEAD", &visit.head),
        ("a GET that takes gzip", &visit.gzip),
        ("a GET with a query", &visit.query),
        ("a GET with `Accept: text/html`", &visit.html),
    ] {
        if answer.is_none() {
            findings.whole(&laws::SILENT, format!("no whole answer to {asked}"));
        }
    }
}

fn address(visit: &Visit, findings: &mut Findings) {
    if !visit.redirects.is_empty() {
        let statuses: Vec<&str> = visit.redirects.iter().map(StatusCode::as_str).collect();
        findings.whole(&laws::MOVED, format!("redirects: {}", statuses.join(", ")));
    }
    let is_here = match visit.url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if visit.url.scheme() == "http" && !is_here {
        findings.whole(&laws::PLAIN, "http");
    }
    let name = visit.url.path_segments().and_then(Iterator::last);
    if !name.is_some_and(|name| {
        name.strip_suffix(".ics")
            .is_some_and(|name| !name.is_empty())
    }) {
        findings.whole(&laws::PATH, "a path that does not");
    }
    if visit.url.query().is_some() {
        findings.whole(&laws::QUERY, "a query");
    }
}

fn headers(plain: &Seen, findings: &mut Findings) {
    let kind = text(plain, &header::CONTENT_TYPE).unwrap_or_default();
    let mut parts = kind.split(';').map(|part| part.trim().to_ascii_lowercase());
    if parts.next().as_deref() == Some("text/calendar") {
        let params: Vec<String> = parts.collect();
        let is_charset = |param: &&String| param.replace('"', "") == "charset=utf-8";
        match params.iter().find(is_charset) {
            None => findings.whole(&laws::CHARSET, format!("Content-Type {}", quoted(kind))),
            Some(_) if params.len() > 1 => {
                findings.whole(&laws::METHOD, format!("Content-Type {}", quoted(kind)));
            }
            Some(_) => {}
        }
    } else {
        findings.whole(&laws::TYPE, format!("Content-Type {}", quoted(kind)));
    }
    match text(plain, &header::ETAG) {
        None => findings.whole(&laws::TAG, "no ETag"),
        Some(tag) if tag.starts_with("W/") => {
            findings.whole(&laws::TAG, format!("a weak one, {}", quoted(tag)));
        }
        Some(_) => {}
    }
    if text(plain, &header::LAST_MODIFIED)
        .is_none_or(|date| httpdate::parse_http_date(date).is_err())
    {
        findings.whole(&laws::DATE, "none that can be read");
    }
    let coding = text(plain, &header::CONTENT_ENCODING);
    if let Some(coding) = coding.filter(|coding| !coding.eq_ignore_ascii_case("identity")) {
        findings.whole(
            &laws::CODED,
            format!("Content-Encoding {} to one who wants none", quoted(coding)),
        );
    }
    let age = text(plain, &header::CACHE_CONTROL);
    let seconds = age.map(|age| {
        age.split(',')
            .find_map(|part| part.trim().strip_prefix("max-age=")?.parse::<u64>().ok())
    });
    match seconds {
        Some(Some(seconds)) if seconds <= 15 * 60 => {}
        Some(_) => findings.whole(&laws::CACHE, quoted(age.unwrap_or_default())),
        None => findings.whole(&laws::CACHE, "no Cache-Control"),
    }
    if plain.headers.contains_key(header::SET_COOKIE) {
        findings.whole(&laws::COOKIE, "Set-Cookie");
    }
    if let Some(how) =
        text(plain, &header::CONTENT_DISPOSITION).filter(|how| how.starts_with("attachment"))
    {
        findings.whole(&laws::ATTACHED, quoted(how));
    }
}

fn conditions(visit: &Visit, findings: &mut Findings) {
    for (name, answer) in [
        ("If-None-Match", &visit.by_tag),
        ("If-Modified-Since", &visit.by_date),
    ] {
        match answer {
            Some(answer) if answer.status == StatusCode::NOT_MODIFIED => {
                let lost = [header::ETAG, header::LAST_MODIFIED]
                    .into_iter()
                    .find(|header| {
                        visit.plain.headers.contains_key(header)
                            && !answer.headers.contains_key(header)
                    });
                if let Some(lost) = lost {
                    findings.whole(&laws::REPEATED, format!("a 304 to {name} without {lost}"));
                }
            }
            Some(answer) => findings.whole(
                &laws::UNCHANGED,
                format!("{} to {name}", answer.status.as_u16()),
            ),
            None => {}
        }
    }
    if let Some(answer) = &visit.by_old_date
        && answer.status != StatusCode::OK
    {
        findings.whole(
            &laws::FROZEN,
            format!("{} to If-Modified-Since of 1970", answer.status.as_u16()),
        );
    }
}

fn others(visit: &Visit, steady: bool, findings: &mut Findings) {
    let plain = &visit.plain;
    if let Some(head) = &visit.head {
        let differs = [header::ETAG, header::LAST_MODIFIED, header::CONTENT_TYPE]
            .into_iter()
            .find(|name| steady && head.headers.get(name) != plain.headers.get(name));
        if head.status != plain.status {
            findings.whole(&laws::HEAD, format!("{} to HEAD", head.status.as_u16()));
        } else if let Some(name) = differs {
            findings.whole(&laws::HEAD, format!("another {name} to HEAD"));
        }
    }
    let same =
        |answer: &Seen| answer.status == plain.status && (!steady || answer.body == plain.body);
    if let Some(answer) = visit.query.as_ref().filter(|answer| !same(answer)) {
        findings.whole(
            &laws::IGNORED,
            format!("another answer, {}, with a query", answer.status.as_u16()),
        );
    }
    if let Some(answer) = visit.html.as_ref().filter(|answer| !same(answer)) {
        findings.whole(
            &laws::NEGOTIATED,
            format!(
                "another answer, {}, to `Accept: text/html`",
                answer.status.as_u16()
            ),
        );
    }
    let Some(gzip) = &visit.gzip else {
        return;
    };
    if text(gzip, &header::CONTENT_ENCODING) != Some("gzip") {
        return;
    }
    let varies = |seen: &Seen| {
        let mut all = seen
            .headers
            .get_all(header::VARY)
            .iter()
            .filter_map(|value| value.to_str().ok());
        all.any(|vary| vary.to_ascii_lowercase().contains("accept-encoding") || vary.contains('*'))
    };
    if !varies(gzip) || !varies(plain) {
        findings.whole(&laws::VARY, "gzip without it");
    }
    let tag = text(gzip, &header::ETAG);
    if tag.is_some_and(|tag| !tag.starts_with("W/")) && tag == text(plain, &header::ETAG) {
        findings.whole(&laws::ONE_TAG, "the same strong ETag for both");
    }
    let mut body = Vec::new();
    let room = u64::try_from(BODY_MAX).unwrap_or(u64::MAX);
    let read = MultiGzDecoder::new(&gzip.body[..])
        .take(room)
        .read_to_end(&mut body);
    if read.is_err() || (steady && body != plain.body) {
        findings.whole(&laws::CODING, "other bytes");
    }
}

fn text<'a>(seen: &'a Seen, name: &HeaderName) -> Option<&'a str> {
    seen.headers.get(name)?.to_str().ok()
}
