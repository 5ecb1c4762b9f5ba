//! The pipeline that every call takes.

use std::{fmt, time::Duration};

use chrono::TimeDelta;
use reqwest::{
    StatusCode,
    header::{ACCEPT, HeaderValue, LOCATION},
};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, timeout},
};
use tracing::{Instrument, debug, debug_span};

use super::{
    allowance::{Allowance, reset},
    auth::Auth,
    backoff,
    call::Call,
    client::Client,
    decode::{self, FromJson},
    error::{ApiError, Setback, Site},
    file::Head,
    guard::{self, Hosts, REDIRECTS_MAX, Refusal},
    judge::{Judge, Reply, Verdict, judge},
    limits::Limits,
    outcomes::Outcomes,
    said::Said,
    skew::Skew,
    trace::Trace,
    wire::{Answer, Wire, busy, header, retry_after},
};
use crate::{aside::aside, clock::Clock, domain::id::SourceId};

/// The way of one source to its upstream: slot → rate → auth → send → judge → cap → decode.
///
/// A call keeps its slot while it waits between attempts, because an upstream that says "not now" means every call;
/// time in the queue for a slot does not count against [`Limits::total`]. Errors are returned, never logged, here.
pub struct Api {
    source: SourceId,
    wire: Wire,
    auth: Auth,
    judge: Judge,
    limits: Limits,
    slots: Semaphore,
    allowance: Allowance,
    skew: Skew,
    clock: Clock,
}

impl Api {
    /// The way of `source` to its upstream. Sends nothing yet.
    #[must_use]
    pub fn new(source: SourceId, client: Client, auth: Auth, limits: Limits, clock: Clock) -> Self {
        Self {
            source,
            wire: Wire::new(client, &limits),
            auth,
            judge,
            slots: Semaphore::new(limits.concurrency.get()),
            allowance: Allowance::default(),
            skew: Skew::default(),
            limits,
            clock,
        }
    }

    /// The same way, with another word on what answers mean: for upstreams with odd codes.
    #[must_use]
    pub fn judging(self, judge: Judge) -> Self {
        Self { judge, ..self }
    }

    /// Reads JSON.
    ///
    /// # Errors
    ///
    /// Every [`ApiError`], when the attempts that the limits allow have brought no answer, or none that decodes.
    pub async fn json<T: FromJson>(&self, call: Call) -> Result<T, ApiError> {
        let (at, answer) = self.answer(&call, "application/json").await?;
        let decoded = aside(move || decode::json(&answer)).await;
        decoded.map_err(|flaw| at.malformed(flaw))
    }

    /// Reads text, whatever the server calls it.
    ///
    /// # Errors
    ///
    /// Every [`ApiError`], when the attempts that the limits allow have brought no answer, or none in UTF-8.
    pub async fn text(&self, call: Call) -> Result<String, ApiError> {
        let (at, answer) = self.answer(&call, "*/*").await?;
        decode::text(answer).map_err(|flaw| at.malformed(flaw))
    }

    /// How far our clock is ahead of that of the upstream; `None` if it has not told its time.
    #[must_use]
    pub fn skew(&self) -> Option<TimeDelta> {
        self.skew.ahead()
    }

    /// What became of every request, logins too.
    #[must_use]
    pub fn outcomes(&self) -> &Outcomes {
        self.wire.outcomes()
    }

    /// How much may be asked of the upstream.
    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What `call` asks, in words that may be logged.
    pub(super) fn at(&self, call: &Call) -> Site {
        Site::new(&self.source, call.url(), call.label())
    }

    pub(super) async fn answer(
        &self,
        call: &Call,
        accept: &'static str,
    ) -> Result<(Site, Answer), ApiError> {
        let at = self.at(call);
        let answer = self.persist(call, &at, accept).await?;
        Ok((at, answer))
    }

    /// Attempts a call until there is an answer, a reason to give up, or no time left.
    async fn persist(
        &self,
        call: &Call,
        at: &Site,
        accept: &'static str,
    ) -> Result<Answer, ApiError> {
        let slot = self.slots.acquire().await;
        let _slot = slot.expect("the slots are never closed");
        let mut deadline = Instant::now() + self.limits.total;
        let mut renewed = false;
        let mut tries = 1;
        loop {
            // A rest that the upstream prescribes is no part of the call.
            deadline += self.rest(at).await?;
            let left = deadline.saturating_duration_since(Instant::now());
            let limit = self.limits.attempt.min(left);
            let span = debug_span!(
                "call",
                source = %at.source,
                host = at.host,
                route = &*at.route,
                attempt = tries
            );
            let attempt = self.attempt(call, at, accept, &mut renewed);
            let outcome = timeout(limit, attempt.instrument(span.clone()))
                .await
                .unwrap_or_else(|_elapsed| Err(at.timed_out(limit)));
            let Err(ApiError::Unavailable { retry_after, .. }) = &outcome else {
                return outcome;
            };
            let wait = backoff::wait(tries, self.limits.backoff, *retry_after, fastrand::f64());
            if tries >= self.limits.attempts.get() || Instant::now() + wait >= deadline {
                return outcome;
            }
            debug!(parent: &span, wait_ms = wait.as_millis(), "trying again");
            sleep(wait).await;
            tries += 1;
        }
    }

    /// Where redirects may lead: anywhere, unless another host would be handed our credentials.
    fn hosts(&self) -> Hosts {
        if self.auth.is_none() {
            Hosts::Any
        } else {
            Hosts::Same
        }
    }

    /// Waits until the upstream allows calls again, unless that takes longer than a call may; says how long it was.
    async fn rest(&self, at: &Site) -> Result<Duration, ApiError> {
        let rest = self.allowance.rest();
        if rest.is_zero() {
            return Ok(rest);
        }
        if rest > self.limits.total {
            return Err(at.unavailable(Some(rest), Setback::Spent));
        }
        debug!(source = %at.source, wait_ms = rest.as_millis(), "no call is allowed until then");
        sleep(rest).await;
        Ok(rest)
    }

    /// Sends a call once: with its redirects, and repeated once if the credentials have expired.
    async fn attempt(
        &self,
        call: &Call,
        at: &Site,
        accept: &'static str,
        renewed: &mut bool,
    ) -> Result<Answer, ApiError> {
        let mut url = call.url().clone();
        let mut redirects = 0;
        loop {
            self.wire.turn().await;
            let now = self.clock.now();
            let pass = self.auth.pass(&self.wire, at, &url, now).await?;
            let mut headers = call.headers().clone();
            let condition = call.held().headers_for(&url);
            let conditional = !condition.is_empty();
            headers.extend(condition);
            headers.extend(pass.headers());
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            let mut response = match call.posted() {
                None => self.wire.get(at, url.clone(), headers).await?,
                Some(json) => {
                    self.wire
                        .post(at, url.clone(), headers, json.to_vec())
                        .await?
                }
            };
            self.auth.keep(&pass, &response).await;

            let status = response.status();
            debug!(status = status.as_u16(), "answered");
            self.allowance.note(response.headers(), now);
            self.skew.note(response.headers(), self.clock.now());
            if status == StatusCode::NOT_MODIFIED && conditional {
                return Ok(Answer::unchanged(Head::of(&response, now)));
            }
            let said = self.wire.said(&mut response).await;
            let traced = Trace::of(&said).map(|trace| at.traced(trace));
            let at = traced.as_ref().unwrap_or(at);
            if call.is_null(status, &said) {
                return Ok(Answer::null());
            }
            let reply = Reply {
                status,
                retry_after: retry_after(&response),
                said: &said,
            };
            match (self.judge)(&reply, now) {
                Verdict::Accept => return self.wire.read(at, response, now).await,
                // Only these two repeat what was posted (RFC 9110 §15.4); any other would turn the search into a `GET`.
                Verdict::Follow
                    if call.posted().is_some() && !matches!(status.as_u16(), 307 | 308) =>
                {
                    return Err(at.refused(Refusal::BadLocation));
                }
                Verdict::Follow if redirects == REDIRECTS_MAX => {
                    return Err(at.refused(Refusal::TooManyRedirects));
                }
                Verdict::Follow => {
                    url = guard::hop(&url, header(&response, LOCATION.as_str()), self.hosts())
                        .map_err(|why| at.refused(why))?;
                    redirects += 1;
                }
                Verdict::Renew if *renewed => {
                    return Err(self.auth.denied(at, &pass, status, now).await);
                }
                Verdict::Renew => {
                    self.auth.renew(&self.wire, at, &pass, now).await?;
                    *renewed = true;
                }
                Verdict::Retry { after } => {
                    let limited = status == StatusCode::TOO_MANY_REQUESTS;
                    let reset = limited.then(|| reset(response.headers(), now)).flatten();
                    return Err(busy(at, status, after.or(reset)));
                }
                Verdict::DoWithout => return Err(not_offered(at, status, said)),
                Verdict::Reject => return Err(rejected(at, status, said)),
            }
        }
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("source", &self.source)
            .field("auth", &self.auth)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

fn not_offered(at: &Site, status: StatusCode, said: Said) -> ApiError {
    ApiError::NotOffered {
        at: at.clone(),
        status,
        said,
    }
}

fn rejected(at: &Site, status: StatusCode, said: Said) -> ApiError {
    ApiError::Rejected {
        at: at.clone(),
        status,
        said,
    }
}
