//! `GET /v1/domains/{domain}/dispositions`.

use axum::extract::State;
use model::Disposition;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;
use crate::v1::queues;

/// What a call can have been about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DispositionItem {
    /// What calls are given as `disposition`.
    #[schema(example = "sale")]
    code: String,
    /// What agents read.
    #[schema(example = "Sold something")]
    label: String,
    /// Whether calls can be given it.
    enabled: bool,
    /// Numbers of the queues whose calls it is for; empty: it is for all calls.
    #[schema(example = json!(["8000"]))]
    queues: Vec<String>,
}

impl From<&Disposition> for DispositionItem {
    fn from(Disposition { code, label, enabled, queues }: &Disposition) -> Self {
        let queues = queues.iter().map(ToString::to_string).collect();
        Self { code: code.clone(), label: label.clone(), enabled: *enabled, queues }
    }
}

/// Which dispositions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DispositionsParams {
    /// Only those that are for calls of this queue.
    #[param(example = "8000")]
    queue: Option<String>,
}

/// Lists the dispositions
///
/// What calls can have been about, in the domain's own words.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/dispositions", tag = "domain", operation_id = "dispositions_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        DispositionsParams,
    ),
    responses((status = 200, description = "The dispositions", body = List<DispositionItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue"])),
        ("x-list" = json!({"sort": ["code", "label"], "id": ["code"], "q": ["code", "label"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing<DispositionsParams>,
) -> Result<Listed, Problem> {
    let directory = access.sees(&app).directory().await?;
    let queue = listing.filter.queue.as_ref().filter(|number| !number.is_empty());
    let queue = queue.map(|number| queues::named(&directory, number)).transpose()?;
    let is_for = |one: &&Disposition| queue.is_none_or(|queue| one.is_for(queue.number.as_str()));
    listing.of_all(directory.dispositions.values().filter(is_for).map(DispositionItem::from))
}
