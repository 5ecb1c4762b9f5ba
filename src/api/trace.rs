//! The number by which an upstream finds one failed call in its own records.

use std::fmt;

use serde::Deserialize;

use super::said::Said;

/// The longest number that is passed on.
const LONGEST: usize = 64;

/// What to quote to an upstream's support, from the `trace_id` of a problem (RFC 9457 §3.2).
///
/// It goes into errors and logs, so it is letters, digits, `-` and `_` only, at most 64 of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace(String);

#[derive(Deserialize)]
struct Problem {
    trace_id: String,
}

impl Trace {
    /// What an error answer has, if it is one that can be passed on.
    pub(super) fn of(said: &Said) -> Option<Self> {
        let Problem { trace_id } = said.json()?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let fits = (1..=LONGEST).contains(&trace_id.len()) && trace_id.bytes().all(plain);
        fits.then_some(Self(trace_id))
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_short_and_plain_or_none() {
        let long = "a".repeat(65);
        for (body, want) in [
            (
                r#"{"title":"Not allowed","trace_id":"Req_7f-3a"}"#,
                Some("Req_7f-3a"),
            ),
            (
                &format!(r#"{{"trace_id":"{}"}}"#, &long[1..]),
                Some(&long[1..]),
            ),
            (&format!(r#"{{"trace_id":"{long}"}}"#), None),
            (r#"{"trace_id":""}"#, None),
            (r#"{"trace_id":"a b"}"#, None),
            (r#"{"trace_id":"a\nb"}"#, None),
            (r#"{"trace_id":"anna@mail.example"}"#, None),
            (r#"{"trace_id":7}"#, None),
            (r#"{"trace":"a"}"#, None),
            ("<h1>Bad gateway</h1>", None),
            ("", None),
        ] {
            let said = Said::new(body.as_bytes().to_vec());
            let trace = Trace::of(&said).map(|trace| trace.to_string());
            assert_eq!(trace.as_deref(), want, "{body}");
        }
    }
}
