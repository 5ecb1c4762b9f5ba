//! The outbound policy, written once: how calbridge asks an upstream for something and what it makes of the answer.
//!
//! The order of a [`Call`] is always slot → rate → auth → send → judge → cap → decode ([`Api`]). A connector names an
//! address and a type; it never sleeps, retries, authorises, or sees a status code. Upstreams are only ever read: no
//! write method exists here, and the one `POST` is the login inside [`Session`] (ADR 3).

mod auth;
mod backoff;
mod call;
mod client;
mod decode;
mod error;
mod guard;
mod judge;
mod limits;
mod pipeline;
mod session;
mod wire;

#[cfg(test)]
mod tests;

pub use auth::Auth;
pub use call::Call;
pub use client::{Client, Clients, NoClient};
pub use error::{ApiError, Chain, Denial, Flaw, Setback, Site};
pub use guard::{Addresses, Refusal};
pub use judge::{Verdict, judge};
pub use limits::Limits;
pub use pipeline::Api;
pub use session::Session;
