//! `GET /v1/domains/{domain}/calls/{call}`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use model::CallId;
use serde::Serialize;
use store::CallDisposition;
use utoipa::ToSchema;

use super::disposition::CallDispositionItem;
use super::view::CallItem;
use crate::auth::Access;
use crate::path::{CallPath, InPath, unknown_call};
use crate::problem::Problem;
use crate::state::App;
use crate::v1::names::Names;

/// One call, live or ended, with what it was about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeCallItem {
    /// The call.
    #[serde(flatten)]
    call: CallItem,
    /// What somebody said that it was about; null if nobody has.
    disposition: Option<CallDispositionItem>,
}

impl WholeCallItem {
    /// `said` is what was said of calls, by their ids.
    pub(crate) fn new(
        (id, call): (CallId, CallItem),
        said: &mut BTreeMap<CallId, CallDisposition>,
        names: Names<'_>,
    ) -> Self {
        let disposition = said.remove(&id).map(|said| CallDispositionItem::new(said, names));
        Self { call, disposition }
    }
}

/// Shows one call, live or ended, with all its legs
#[utoipa::path(
    get, path = "/v1/domains/{domain}/calls/{call}", tag = "calls", operation_id = "calls_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    responses((status = 200, description = "The call", body = WholeCallItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_call"])))
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
) -> Result<Json<WholeCallItem>, Problem> {
    let id = path.id()?;
    let directory = access.sees(&app).directory().await?;
    let names = directory.names();
    let call = if let Some(view) = access.sees(&app).call(id).await? {
        CallItem::live(&view, names, usize::MAX)
    } else {
        let record = access.sees(&app).ended(id).await?.ok_or_else(|| unknown_call(&id.to_string()))?;
        CallItem::ended(&record, names, usize::MAX)
    };
    let mut said = access.sees(&app).dispositions(&[id]).await?;
    Ok(Json(WholeCallItem::new((id, call), &mut said, names)))
}
