//! Readers that come over plain HTTP although the public address is HTTPS are sent there (interop H11).

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue},
    middleware::Next,
    response::Response,
};

use super::{App, plain::moved_to_https};

/// Set by the proxy that ends TLS.
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// Answers 308 to what a proxy says came over plain HTTP, everything else as it is. For a public address that is HTTPS.
pub(super) async fn redirect(State(app): State<App>, request: Request, next: Next) -> Response {
    if came_plain(request.headers()) {
        return moved_to_https(
            &app.public_url.origin().ascii_serialization(),
            request.uri(),
        );
    }
    next.run(request).await
}

/// Whether a proxy says of a request that it came over plain HTTP.
pub(super) fn came_plain(request: &HeaderMap) -> bool {
    request.get(FORWARDED_PROTO) == Some(&HeaderValue::from_static("http"))
}
