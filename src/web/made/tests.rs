use axum::body::to_bytes;

use super::*;

fn made(bytes: &'static str) -> Made<'static> {
    Made {
        bytes: Bytes::from_static(bytes.as_bytes()),
        media_type: "text/html; charset=utf-8",
        policy: CachePolicy::Public,
        varies_by: &[],
    }
}

fn asking(lines: &[(HeaderName, &str)]) -> HeaderMap {
    let line = |(name, value): &(HeaderName, &str)| (name.clone(), value.parse().unwrap());
    lines.iter().map(line).collect()
}

#[tokio::test]
async fn long_bytes_are_coded_and_decode_to_themselves_under_one_tag() {
    let long: &'static str = Box::leak("season ".repeat(500).into_boxed_str());
    let plain = made(long).respond(&HeaderMap::new(), &Coding::ALL);
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    for coding in ["gzip", "br", "zstd"] {
        let request = asking(&[(header::ACCEPT_ENCODING, coding)]);
        let coded = made(long).respond(&request, &Coding::ALL);
        assert_eq!(coded.headers()[header::CONTENT_ENCODING], coding);
        assert_eq!(coded.headers()[header::VARY], "accept-encoding", "{coding}");
        let tag = &plain.headers()[header::ETAG];
        assert_eq!(&coded.headers()[header::ETAG], tag, "{coding}");
        let body = to_bytes(coded.into_body(), 1 << 20).await.unwrap();
        assert!(body.len() < long.len() / 10, "{coding}");
        // The operator may forbid it for this reader.
        let refused = made(long).respond(&request, &[]);
        assert!(!refused.headers().contains_key(header::CONTENT_ENCODING));
    }
    let request = asking(&[(header::ACCEPT_ENCODING, "br")]);
    let short = made("season").respond(&request, &Coding::ALL);
    assert!(!short.headers().contains_key(header::CONTENT_ENCODING));
}

#[tokio::test]
async fn who_has_these_bytes_is_not_sent_them_again() {
    let first = made("season").respond(&HeaderMap::new(), &Coding::ALL);
    let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    for (listed, status) in [
        (tag.as_str(), StatusCode::NOT_MODIFIED),
        (&tag[2..], StatusCode::NOT_MODIFIED),
        ("*", StatusCode::NOT_MODIFIED),
        ("\"other\"", StatusCode::OK),
        ("", StatusCode::OK),
    ] {
        let request = asking(&[(header::IF_NONE_MATCH, listed)]);
        let answer = made("season").respond(&request, &Coding::ALL);
        assert_eq!(answer.status(), status, "{listed}");
        for name in [header::ETAG, header::CACHE_CONTROL, header::VARY] {
            assert_eq!(answer.headers()[&name], first.headers()[&name], "{listed}");
        }
        let empty = to_bytes(answer.into_body(), 100).await.unwrap().is_empty();
        assert_eq!(empty, status == StatusCode::NOT_MODIFIED, "{listed}");
    }
}

#[test]
fn nobody_is_told_that_they_have_what_is_refused() {
    let answer = made("gone").refuse(StatusCode::GONE);
    assert_eq!(answer.status(), StatusCode::GONE);
    assert!(!answer.headers().contains_key(header::ETAG));
}

#[test]
fn what_else_decides_is_told_to_caches() {
    let varied = Made {
        varies_by: &[header::ACCEPT, header::ACCEPT_LANGUAGE],
        ..made("season")
    };
    let answer = varied.respond(&HeaderMap::new(), &Coding::ALL);
    let names: Vec<_> = answer.headers().get_all(header::VARY).iter().collect();
    assert_eq!(names, ["accept-encoding", "accept", "accept-language"]);
}
