//! The outbound policy, written once: how calbridge asks an upstream for something and what it makes of the answer.
//!
//! The order of a [`Call`] is always slot → rate → auth → send → judge → cap → decode ([`Api`]). A connector names an
//! address and a type; it never sleeps, retries, authorises, or sees a status code. Upstreams are only ever read: no
//! write method exists here, and what is posted is a login inside [`Auth`] or a search (ADR 3).

mod allowance;
mod auth;
mod backoff;
mod call;
mod client;
mod decode;
mod error;
mod file;
mod guard;
mod judge;
mod limits;
mod login;
mod many;
mod oauth;
mod outcomes;
mod pages;
mod pipeline;
mod probe;
mod said;
mod session;
mod skew;
mod trace;
mod wire;

#[cfg(test)]
mod tests;

pub use auth::{Auth, BadCredential, Credential};
pub use call::{Call, Says};
pub use client::{Client, Clients, NoClient};
pub use decode::FromJson;
pub use error::{ApiError, Chain, Denial, Flaw, Setback, Site};
pub use file::{File, Validator};
pub use guard::{Addresses, Refusal};
pub use judge::{Judge, Reply, Verdict, judge};
pub use limits::Limits;
pub use oauth::{OAuth, PasswordGrant};
pub use outcomes::{Outcome, Outcomes};
pub use pages::Page;
pub use pipeline::Api;
pub use probe::{BODY_MAX, Probe, Seen, Unseen};
pub use said::Said;
pub use session::Session;
pub use trace::Trace;
