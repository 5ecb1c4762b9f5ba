//! Lists that come in pages: the connector names the next call, the pipeline drives.

use std::collections::HashSet;

use super::{
    call::Call,
    decode::FromJson,
    error::{ApiError, Flaw},
    pipeline::Api,
};

/// Pages of one list; more is a list without end.
const PAGES_MAX: usize = 1_000;

/// What one page of a list holds.
#[derive(Debug)]
pub struct Page<T> {
    /// Its records, in the upstream's order.
    pub items: Vec<T>,
    /// The call for the next page; `None` after the last.
    pub next: Option<Call>,
}

impl Api {
    /// Reads a list page by page, beginning with `first`; `read` takes each page apart.
    ///
    /// # Errors
    ///
    /// Every [`ApiError`] of any page, since half a list would look like a list that shrank;
    /// [`Flaw::EndlessPages`] when a page leads to one that was read before, or more than 1,000 follow each other.
    pub async fn pages<P: FromJson, T>(
        &self,
        first: Call,
        mut read: impl FnMut(P) -> Page<T>,
    ) -> Result<Vec<T>, ApiError> {
        let mut items = Vec::new();
        let mut asked = HashSet::new();
        let mut next = Some(first);
        while let Some(call) = next {
            let new = asked.insert((call.url().clone(), call.posted().map(<[u8]>::to_vec)));
            if !new || asked.len() > PAGES_MAX {
                return Err(self.at(&call).malformed(Flaw::EndlessPages));
            }
            let page = read(self.json(call).await?);
            items.extend(page.items);
            next = page.next;
        }
        Ok(items)
    }
}
