//! Pipelines and the stages of a deal. Which route has them is not documented (`upstreams/prospectconnect.md` §6).

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    api::{Api, ApiError},
    domain::text::Line,
};

use super::{search::Searches, wire::Pipelines};

/// The names of all pipelines and stages by id.
///
/// # Errors
/// Every [`ApiError`]; [`ApiError::NotOffered`] when neither of the routes that may have them does.
pub(super) async fn all(
    api: &Api,
    searches: &Searches,
) -> Result<BTreeMap<String, Line>, ApiError> {
    let search = searches.search("pipelines", "/pipelines/search", &json!({ "limit": 100 }));
    let list: Pipelines = match api.json(search).await {
        Err(ApiError::NotOffered { .. }) => {
            let get = searches.get(&["pipelines"], "/pipelines");
            api.json(get).await?
        }
        other => other?,
    };
    let mut names = BTreeMap::new();
    for pipeline in list.list() {
        if let (Some(id), Some(name)) = (pipeline.id.0, pipeline.name.0) {
            names.insert(id.into(), Line::new(&name));
        }
        for stage in pipeline.stages.0 {
            if let (Some(id), Some(name)) = (stage.id, stage.name) {
                names.insert(id.into(), Line::new(&name));
            }
        }
    }
    Ok(names)
}
