//! Whatever a reader asks for, the server does not fail; a 304 is only for who named what would have been sent (interop H7,
//! H8); every coding is of the same bytes (H9); HEAD is GET without the body; nothing of a request becomes part of a page; and
//! of what is closed nothing is told to who has no token (V1).
//!
//! An input is a method and an address on the first line and a header field on each other one. Words in braces stand for
//! what nobody could guess: `{token}`, `{uid}`, `{modified}`, and a coding for the entity tag of that form.

mod answer;
mod asked;
mod served;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, Method, StatusCode, header};

use crate::ground;
use answer::Answer;
use asked::{Asked, CODINGS};
use served::{CANARY, SERVED, TOKEN};

/// Holds the tree of addresses, and the shorter way that leads past it, to that promise.
///
/// # Panics
/// If it is broken.
pub fn hold(input: &[u8]) {
    let text = String::from_utf8_lossy(input)
        .replace("{token}", TOKEN)
        .replace("{uid}", &SERVED.uid);
    let Some(asked) = Asked::read(&text) else {
        return;
    };
    let plain = asked.clone().plain();
    let server = SERVED.fresh();
    let whole = server.answer(&plain);
    whole.holds();
    whole.is_sound();
    let tags = CODINGS.map(|coding| tag(&server.answer(&plain.clone().taking(coding))));
    let modified = whole.header(header::LAST_MODIFIED).unwrap_or_default();
    let asked = asked.holding(|value| {
        let value = value.replace("{modified}", modified);
        let tags = CODINGS.iter().zip(&tags);
        tags.fold(value, |value, (coding, tag)| {
            value.replace(&format!("{{{coding}}}"), tag)
        })
    });

    let answer = server.answer(&asked);
    answer.holds();
    if answer.status == StatusCode::NOT_MODIFIED {
        assert_eq!(whole.status, StatusCode::OK, "{asked:?}");
        let told = tag(&answer);
        assert!(tags.contains(&told), "{told} is of no form: {asked:?}");
        assert!(
            named(&asked.headers, &told, modified),
            "{told}, {modified}: {asked:?}"
        );
        let form = tags.iter().position(|tag| *tag == told);
        let coding = form.map_or("identity", |form| CODINGS[form]);
        assert!(takes(&asked.headers, coding), "{coding}: {asked:?}");
    } else {
        assert_eq!(answer.status, whole.status, "{asked:?}");
        assert!(!names_only(&asked.headers, &tag(&answer)), "{asked:?}");
        let coding = answer.header(header::CONTENT_ENCODING);
        assert!(
            takes(&asked.headers, coding.unwrap_or("identity")),
            "{coding:?}: {asked:?}"
        );
        assert_eq!(answer.text(), whole.text(), "{asked:?}");
    }
    if asked.method == Method::GET {
        let head = server.answer(&Asked {
            method: Method::HEAD,
            ..asked.clone()
        });
        assert_eq!(head.head(), answer.head(), "{asked:?}");
        assert_eq!(head.body, b"", "{asked:?}");
    }
    // A page may repeat what it was asked.
    if !text.contains(TOKEN) && !text.contains(CANARY) {
        assert!(!answer.tells(CANARY), "{asked:?}");
    }
}

fn tag(answer: &Answer) -> String {
    answer.header(header::ETAG).unwrap_or_default().to_owned()
}

/// Whether `headers` take `coding`: by its name, else as one of all others, and not with a weight of nothing; identity is always
/// taken (H9). Of a coding that is named both ways, either will do.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).to_ascii_lowercase());
    let list = lines.collect::<Vec<_>>().join(",");
    let taken = |names: &[&str]| -> Vec<bool> {
        let elements = list.split(',').filter_map(|element| {
            let (name, weight) = element.split_once(';').unwrap_or((element, "q=1"));
            let is_taken = weighs(weight.trim_ascii())?;
            names.contains(&name.trim_ascii()).then_some(is_taken)
        });
        elements.collect()
    };
    let named = match coding {
        // An old name of it (RFC 9110 §8.4.1.3).
        "gzip" => taken(&["gzip", "x-gzip"]),
        _ => taken(&[coding]),
    };
    let named = if named.is_empty() {
        taken(&["*"])
    } else {
        named
    };
    coding == "identity" || named.contains(&true)
}

/// Whether `q=…` is more than nothing; `None` if it is no weight (RFC 9110 §12.4.2).
fn weighs(weight: &str) -> Option<bool> {
    let number = weight.strip_prefix("q=")?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let is_zero = decimals.bytes().all(|digit| digit == b'0');
    let is_number = decimals.len() <= 3 && decimals.bytes().all(|digit| digit.is_ascii_digit());
    match whole {
        "0" if is_number => Some(!is_zero),
        "1" if is_number && is_zero => Some(true),
        _ => None,
    }
}

/// Whether `headers` name the form with `tag`, or a time at which it was as it is.
fn named(headers: &HeaderMap, tag: &str, modified: &str) -> bool {
    if headers.contains_key(header::IF_NONE_MATCH) {
        let mut lines = headers.get_all(header::IF_NONE_MATCH).iter();
        let tag = tag.as_bytes();
        return lines.any(|line| {
            let line = line.as_bytes();
            line == b"*" || line.windows(tag.len()).any(|part| part == tag)
        });
    }
    let since = headers.get(header::IF_MODIFIED_SINCE);
    let since = since.and_then(|since| httpdate::parse_http_date(since.to_str().ok()?).ok());
    let modified = httpdate::parse_http_date(modified).ok();
    let now = u64::try_from(ground::now().timestamp()).unwrap_or_default();
    let now = UNIX_EPOCH + Duration::from_secs(now);
    let current = |since: SystemTime| Some(since) >= modified && since <= now;
    since.is_some_and(current)
}

/// Whether `headers` name the form with `tag` and nothing else, so that it need not be sent.
fn names_only(headers: &HeaderMap, tag: &str) -> bool {
    let mut lines = headers.get_all(header::IF_NONE_MATCH).iter();
    let named = lines
        .next()
        .is_some_and(|line| !tag.is_empty() && line == tag);
    named && lines.next().is_none()
}
