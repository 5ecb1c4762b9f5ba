//! What a search asks for (fact sheet §7).

use std::cmp::Reverse;

use serde_json::Value;

/// How many records a page has unless the search says otherwise.
const LIMIT: usize = 25;
/// The most a search may ask for.
const LIMIT_MAX: usize = 100;
/// What every sort of record can be ordered by.
const ORDERS: [&str; 3] = ["created_at", "updated_at", "name"];

/// A search that makes sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) limit: usize,
    /// Where the page begins.
    pub(super) offset: usize,
    order: String,
    ascending: bool,
}

/// Why a search makes none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Nonsense {
    /// It is no JSON object, or its cursor is no good.
    Malformed(&'static str),
    /// A field is wrong; its name comes first.
    Invalid(String),
}

impl Search {
    /// Reads the body of a request; cursors of another `age` are stale.
    pub(super) fn parse(body: &[u8], age: u64) -> Result<Self, Nonsense> {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let fields = asked
            .as_object()
            .ok_or(Nonsense::Malformed("The body is no JSON object"))?;
        let mut search = Self {
            limit: LIMIT,
            offset: 0,
            order: "created_at".to_owned(),
            ascending: false,
        };
        let invalid = |name: &str, fact: &str| Err(Nonsense::Invalid(format!("{name} {fact}")));
        for (name, value) in fields {
            match (name.as_str(), value) {
                ("limit", value) => match value.as_u64().and_then(|n| usize::try_from(n).ok()) {
                    Some(limit @ 1..=LIMIT_MAX) => search.limit = limit,
                    _ => return invalid(name, "must be between 1 and 100"),
                },
                ("cursor", Value::Null) => {}
                ("cursor", Value::String(cursor)) => {
                    let offset = offset(cursor, age);
                    search.offset = offset.ok_or(Nonsense::Malformed("The cursor is stale"))?;
                }
                ("order_by", Value::String(order)) if ORDERS.contains(&order.as_str()) => {
                    search.order.clone_from(order);
                }
                ("sort_direction", Value::String(way)) if way == "asc" || way == "desc" => {
                    search.ascending = way == "asc";
                }
                ("filters", Value::Array(filters)) if filters.is_empty() => {}
                ("filters", _) => return invalid(name, "has an unknown operator"),
                ("search_text", Value::String(text)) if text.is_empty() => {}
                _ => return invalid(name, "is not supported here"),
            }
        }
        Ok(search)
    }

    /// Puts records in the order asked for; among equals the id decides.
    pub(super) fn sort(&self, records: &mut [&Value]) {
        let key = |record: &&Value| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (text(&record[&self.order]), text(&record["id"]))
        };
        if self.ascending {
            records.sort_by_cached_key(key);
        } else {
            records.sort_by_cached_key(|record| Reverse(key(record)));
        }
    }
}

/// A cursor: an offset and the age it was made in, which nobody is to read out of it.
pub(super) fn cursor(offset: usize, age: u64) -> String {
    let text = format!("{{\"o\":{offset},\"a\":{age}}}");
    let pairs: Vec<String> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    pairs.concat()
}

fn offset(cursor: &str, age: u64) -> Option<usize> {
    let pairs = cursor.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = pairs.map(byte).collect();
    let value: Value = serde_json::from_slice(&bytes?).ok()?;
    (value["a"].as_u64()? == age)
        .then(|| value["o"].as_u64())?
        .and_then(|n| usize::try_from(n).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_taken_or_its_field_is_named() {
        for (body, want) in [
            ("{}", Ok(())),
            (
                r#"{"limit":100,"order_by":"created_at","sort_direction":"asc","cursor":null,"filters":[]}"#,
                Ok(()),
            ),
            ("", Err("")),
            ("[]", Err("")),
            (r#"{"cursor":"eyJvIjoyfQ"}"#, Err("")),
            (r#"{"limit":0}"#, Err("limit")),
            (r#"{"limit":101}"#, Err("limit")),
            (r#"{"order_by":"mood"}"#, Err("order_by")),
            (
                r#"{"filters":[{"field":"due_date","operator":"gte","value":"2026-01-01"}]}"#,
                Err("filters"),
            ),
            (r#"{"timezone":"Europe/Berlin"}"#, Err("timezone")),
        ] {
            let found =
                Search::parse(body.as_bytes(), 3)
                    .map(|_| ())
                    .map_err(|error| match error {
                        Nonsense::Malformed(_) => String::new(),
                        Nonsense::Invalid(fact) => fact.split(' ').next().unwrap().to_owned(),
                    });
            assert_eq!(found, want.map_err(str::to_owned), "{body}");
        }
    }

    #[test]
    fn cursors_lead_on_until_they_are_stale() {
        assert_eq!(offset(&cursor(50, 3), 3), Some(50));
        assert_eq!(offset(&cursor(50, 2), 3), None);
        assert_eq!(offset("zz", 3), None);
    }
}
