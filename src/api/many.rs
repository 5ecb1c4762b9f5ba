//! Many reads of one kind: the connector names the calls, the pipeline drives.

use std::sync::{Mutex, PoisonError};

use futures_util::{StreamExt, stream};
use reqwest::StatusCode;

use super::{
    call::Call,
    decode::FromJson,
    error::{ApiError, Setback},
    pipeline::Api,
};

/// Calls in a row for which an upstream has no time before the rest is not asked for either.
const TROUBLES_MAX: u32 = 3;

impl Api {
    /// Reads JSON from each of `calls`, as many at once as the limits allow; what came of them stands in their order.
    ///
    /// # Errors
    ///
    /// When going on would not help: [`ApiError::Blocked`] for any call, one that was [sent away](Api::is_sent_away), or
    /// [trouble](ApiError::is_trouble) with three that end one after another. Whatever else goes wrong with one call stands
    /// in its place.
    pub async fn each<T: FromJson>(
        &self,
        calls: Vec<Call>,
    ) -> Result<Vec<Result<T, ApiError>>, ApiError> {
        let total = calls.len();
        let troubles = Mutex::new(0);
        let troubles = &troubles;
        let mut ended = stream::iter(calls)
            .map(|call| async move {
                match self.json(call).await {
                    Err(error) if self.is_sent_away(&error) => Err(error),
                    outcome => note(troubles, outcome),
                }
            })
            .buffered(self.limits().concurrency.get());
        let mut outcomes = Vec::with_capacity(total);
        while let Some(outcome) = ended.next().await {
            outcomes.push(outcome?);
        }
        Ok(outcomes)
    }

    /// Whether the upstream wants to be left alone for longer than a call may take: every other call would fare no better, and
    /// press it besides.
    #[must_use]
    pub fn is_sent_away(&self, error: &ApiError) -> bool {
        let rest = error.retry_after();
        rest.is_some_and(|rest| rest >= self.limits().total)
    }
}

/// What came of one call, or the reason to end them all.
fn note<T>(
    troubles: &Mutex<u32>,
    outcome: Result<T, ApiError>,
) -> Result<Result<T, ApiError>, ApiError> {
    let mut troubles = troubles.lock().unwrap_or_else(PoisonError::into_inner);
    match outcome {
        Err(error @ ApiError::Blocked { .. }) => Err(error),
        Err(error) if error.is_trouble() && *troubles + 1 >= TROUBLES_MAX => Err(error),
        Err(error) if error.is_trouble() => {
            *troubles += 1;
            Ok(Err(error))
        }
        outcome => {
            *troubles = 0;
            Ok(outcome)
        }
    }
}

impl ApiError {
    /// Whether the upstream as a whole cannot answer now, so that other calls will most likely fare no better. A 500 does
    /// not say that: it may well be about the one thing that was asked for.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        match self {
            Self::Unavailable {
                cause: Setback::Busy(status),
                ..
            } => *status != StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable { .. } => true,
            _ => false,
        }
    }
}
