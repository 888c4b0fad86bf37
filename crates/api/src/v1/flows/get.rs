//! `GET /v1/domains/{domain}/flows/{number}`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{FlowItem, Inside};
use crate::auth::Access;
use crate::path::{FlowPath, InPath, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// A flow with all that it says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeFlowItem {
    /// The flow.
    #[serde(flatten)]
    flow: FlowItem,
    /// Callers who are inside it now, by the step they are at. Who entered an older version may be at a step that
    /// is gone.
    #[schema(example = json!({"menu": 2}))]
    callers_by_step: BTreeMap<String, usize>,
    /// All that it has besides its number, name and kind, spelled as in a provisioning file; the schema of that
    /// file says what there is. What has its default may be left out.
    #[schema(value_type = Object, example = json!({"steps": [{"id": "bye", "do": "leave", "to": {"hangup": {}}}]}))]
    definition: serde_json::Value,
}

/// Shows one flow
///
/// What its callers meet, and where those are who are inside.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/flows/{number}", tag = "domain", operation_id = "flows_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The flow's number", example = "7000"),
    ),
    responses((status = 200, description = "The flow", body = WholeFlowItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_flow"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<FlowPath>,
) -> Result<Json<WholeFlowItem>, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let flow = snapshot.directory.flows.values().find(|flow| flow.number.as_str() == path.number);
    let flow = flow.ok_or_else(|| {
        let detail = format!("no flow has the number `{}`", shown(&path.number));
        Problem::new(ProblemKind::UnknownFlow, detail)
    })?;
    let definition = store::flow_definition(&flow.body).map_err(|error| {
        tracing::error!(%error, flow = %flow.number, "a flow cannot be written down");
        Problem::plain(ProblemKind::Internal)
    })?;
    let inside = Inside::of(&snapshot.calls);
    let steps = inside.0.get(&flow.id).into_iter().flatten();
    Ok(Json(WholeFlowItem {
        flow: FlowItem::new(flow, &inside),
        callers_by_step: steps.map(|(step, callers)| ((*step).to_owned(), *callers)).collect(),
        definition,
    }))
}
