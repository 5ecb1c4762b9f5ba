//! How a calendar is served (interop H1 to H20), by what its server answered to a handful of requests.

use std::io::Read;

use axum::http::{HeaderName, StatusCode, header};
use flate2::read::MultiGzDecoder;
use url::{Host, Url};

use crate::api::{BODY_MAX, Seen};

use super::{Findings, Law, quoted};

static TYPE: Law = Law::error(
    "H1",
    "serve it as `text/calendar; charset=utf-8`",
    "Mozilla refuses it, Nextcloud reads it wrong",
);
static CHARSET: Law = Law::warning(
    "H1",
    "serve it as `text/calendar; charset=utf-8`",
    "Google was seen to spoil letters",
);
static METHOD: Law = Law::hint(
    "H1a",
    "leave out every parameter but the charset",
    "what it does to each program is not known",
);
static PATH: Law = Law::hint(
    "H2",
    "end the path with a name and `.ics`",
    "Thunderbird names the calendar after it",
);
static QUERY: Law = Law::hint(
    "H3",
    "put what chooses the calendar into the path",
    "links to Google lose what stands behind `&`",
);
static IGNORED: Law = Law::warning(
    "H3",
    "ignore a query that means nothing",
    "people add one to have the calendar looked at anew",
);
static HEAD: Law = Law::warning(
    "H4",
    "answer HEAD as GET, without the body",
    "programs that look first see a dead calendar",
);
static TAG: Law = Law::warning(
    "H5",
    "send a strong ETag",
    "Thunderbird and Evolution fetch everything each time",
);
static DATE: Law = Law::warning(
    "H5",
    "send Last-Modified",
    "programs that go by it fetch everything each time",
);
static STEADY: Law = Law::warning(
    "H5",
    "send the same bytes as long as no event changes",
    "every look fetches everything, and Nextcloud sees changes where there are none",
);
static UNCHANGED: Law = Law::warning(
    "H6",
    "answer 304 to what the reader has",
    "every look fetches everything",
);
static FROZEN: Law = Law::error(
    "H6",
    "answer 200 to a reader whose copy is old",
    "Apple never sees a change",
);
static REPEATED: Law = Law::hint(
    "H7",
    "repeat ETag and Last-Modified in a 304",
    "programs that go by them fetch everything the next time",
);
static CODED: Law = Law::error(
    "H9",
    "compress only for readers that ask for it",
    "they see garbage",
);
static VARY: Law = Law::warning(
    "H9",
    "send `Vary: Accept-Encoding`",
    "a proxy hands compressed bytes to readers that cannot take them",
);
static ONE_TAG: Law = Law::warning(
    "H9",
    "have an ETag for each coding",
    "a proxy mixes them up",
);
static CODING: Law = Law::error(
    "H9",
    "compress the same bytes",
    "readers that take gzip see another calendar, or none",
);
static MOVED: Law = Law::warning(
    "H10",
    "serve it at the address itself",
    "Sailfish follows no redirect; ICSx5 does not store the new address",
);
static PLAIN: Law = Law::warning(
    "H11",
    "serve it by https",
    "whoever listens reads along, and can change it",
);
static NEGOTIATED: Law = Law::error(
    "H12",
    "send the calendar whatever Accept says",
    "Google sends none",
);
static CACHE: Law = Law::hint(
    "H15",
    "send Cache-Control with a max-age of at most 15 minutes",
    "copies on the way get old",
);
static COOKIE: Law = Law::warning(
    "H18",
    "set no cookie",
    "whoever watches readers; proxies do not keep a copy",
);
static ATTACHED: Law = Law::warning(
    "H20",
    "send `inline`, or no Content-Disposition",
    "was blamed for subscriptions that fail in Google",
);

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
    /// With the ETag of the first in If-None-Match.
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
    let steady = visit
        .again
        .as_ref()
        .is_none_or(|again| again.body == visit.plain.body);
    if !steady {
        findings.whole(&STEADY, "two answers in a row differ");
    }
    conditions(visit, findings);
    others(visit, steady, findings);
}

fn address(visit: &Visit, findings: &mut Findings) {
    if !visit.redirects.is_empty() {
        let statuses: Vec<&str> = visit.redirects.iter().map(StatusCode::as_str).collect();
        findings.whole(&MOVED, format!("redirects: {}", statuses.join(", ")));
    }
    let is_here = match visit.url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if visit.url.scheme() == "http" && !is_here {
        findings.whole(&PLAIN, "http");
    }
    let name = visit.url.path_segments().and_then(Iterator::last);
    if !name.is_some_and(|name| {
        name.strip_suffix(".ics")
            .is_some_and(|name| !name.is_empty())
    }) {
        findings.whole(&PATH, "a path that does not");
    }
    if visit.url.query().is_some() {
        findings.whole(&QUERY, "a query");
    }
}

fn headers(plain: &Seen, findings: &mut Findings) {
    let kind = text(plain, &header::CONTENT_TYPE).unwrap_or_default();
    let mut parts = kind.split(';').map(|part| part.trim().to_ascii_lowercase());
    if parts.next().as_deref() != Some("text/calendar") {
        findings.whole(&TYPE, format!("Content-Type {}", quoted(kind)));
    } else {
        let params: Vec<String> = parts.collect();
        let is_charset = |param: &&String| param.replace('"', "") == "charset=utf-8";
        match params.iter().find(is_charset) {
            None => findings.whole(&CHARSET, format!("Content-Type {}", quoted(kind))),
            Some(_) if params.len() > 1 => {
                findings.whole(&METHOD, format!("Content-Type {}", quoted(kind)))
            }
            Some(_) => {}
        }
    }
    match text(plain, &header::ETAG) {
        None => findings.whole(&TAG, "no ETag"),
        Some(tag) if tag.starts_with("W/") => {
            findings.whole(&TAG, format!("a weak one, {}", quoted(tag)))
        }
        Some(_) => {}
    }
    if text(plain, &header::LAST_MODIFIED)
        .is_none_or(|date| httpdate::parse_http_date(date).is_err())
    {
        findings.whole(&DATE, "none that can be read");
    }
    let coding = text(plain, &header::CONTENT_ENCODING);
    if let Some(coding) = coding.filter(|coding| !coding.eq_ignore_ascii_case("identity")) {
        findings.whole(
            &CODED,
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
        Some(_) => findings.whole(&CACHE, quoted(age.unwrap_or_default())),
        None => findings.whole(&CACHE, "no Cache-Control"),
    }
    if plain.headers.contains_key(header::SET_COOKIE) {
        findings.whole(&COOKIE, "Set-Cookie");
    }
    if let Some(how) =
        text(plain, &header::CONTENT_DISPOSITION).filter(|how| how.starts_with("attachment"))
    {
        findings.whole(&ATTACHED, quoted(how));
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
                    findings.whole(&REPEATED, format!("a 304 to {name} without {lost}"));
                }
            }
            Some(answer) => {
                findings.whole(&UNCHANGED, format!("{} to {name}", answer.status.as_u16()))
            }
            None => {}
        }
    }
    if let Some(answer) = &visit.by_old_date
        && answer.status != StatusCode::OK
    {
        findings.whole(
            &FROZEN,
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
            findings.whole(&HEAD, format!("{} to HEAD", head.status.as_u16()));
        } else if let Some(name) = differs {
            findings.whole(&HEAD, format!("another {name} to HEAD"));
        }
    }
    let same =
        |answer: &Seen| answer.status == plain.status && (!steady || answer.body == plain.body);
    if let Some(answer) = visit.query.as_ref().filter(|answer| !same(answer)) {
        findings.whole(
            &IGNORED,
            format!("another answer, {}, with a query", answer.status.as_u16()),
        );
    }
    if let Some(answer) = visit.html.as_ref().filter(|answer| !same(answer)) {
        findings.whole(
            &NEGOTIATED,
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
        findings.whole(&VARY, "gzip without it");
    }
    let tag = text(gzip, &header::ETAG);
    if tag.is_some_and(|tag| !tag.starts_with("W/")) && tag == text(plain, &header::ETAG) {
        findings.whole(&ONE_TAG, "the same strong ETag for both");
    }
    let mut body = Vec::new();
    let room = u64::try_from(BODY_MAX).unwrap_or(u64::MAX);
    let read = MultiGzDecoder::new(&gzip.body[..])
        .take(room)
        .read_to_end(&mut body);
    if read.is_err() || (steady && body != plain.body) {
        findings.whole(&CODING, "other bytes");
    }
}

fn text<'a>(seen: &'a Seen, name: &HeaderName) -> Option<&'a str> {
    seen.headers.get(name)?.to_str().ok()
}
