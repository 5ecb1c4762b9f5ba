//! Readers that come over plain HTTP although the public address is HTTPS are sent there (interop H11).

use axum::{
    extract::{Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};

use super::{App, plain::moved_to_https};

/// Set by the proxy that ends TLS.
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// Answers 308 to what a proxy says came over plain HTTP, everything else as it is. For a public address that is HTTPS.
pub(super) async fn redirect(State(app): State<App>, request: Request, next: Next) -> Response {
    let plain = request.headers().get(FORWARDED_PROTO) == Some(&HeaderValue::from_static("http"));
    if plain {
        return moved_to_https(
            &app.public_url.origin().ascii_serialization(),
            request.uri(),
        );
    }
    next.run(request).await
}
