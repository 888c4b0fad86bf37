//! `GET /v1/domains/{domain}/calls`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;

use super::view::{CallItem, LEGS_SHOWN_MAX};
use crate::auth::Access;
use crate::page::{CallCursor, List, PageParams};
use crate::path::Params;
use crate::problem::Problem;
use crate::state::App;

/// Lists calls
///
/// Live and ended ones, newest first by the moment at which they reached the server.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/calls", tag = "calls", operation_id = "calls_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        PageParams,
    ),
    responses((status = 200, description = "A page of calls", body = List<CallItem>)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["invalid_parameter"])))
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    Params(page): Params<PageParams>,
) -> Result<Json<List<CallItem>>, Problem> {
    let limit = page.limit()?;
    let after = page.place().map(CallCursor::decode).transpose()?;
    let snapshot = access.sees(&app).snapshot().await?;
    let names = snapshot.names();
    // One more than the page holds, to know whether there is another page.
    let (ended, looked_to) = access.sees(&app).all_ended(after, limit + 1).await?;
    let mut found: BTreeMap<CallCursor, CallItem> = BTreeMap::new();
    for view in &snapshot.calls {
        let place = CallCursor { started_at: view.started_at, call: view.call };
        if after.is_none_or(|after| place < after) {
            found.insert(place, CallItem::live(view, names, LEGS_SHOWN_MAX));
        }
    }
    // A call that ended between the two answers is shown as ended.
    for record in ended {
        let place = CallCursor { started_at: record.started_at, call: record.call };
        found.insert(place, CallItem::ended(&record, names, LEGS_SHOWN_MAX));
    }
    // Where records beyond were not looked at, the next page begins.
    found.retain(|place, _| looked_to.is_none_or(|looked_to| *place >= looked_to));
    let more = found.len() > limit;
    let (places, items): (Vec<_>, Vec<_>) = found.into_iter().rev().take(limit).unzip();
    let next = if more { places.last().copied() } else { looked_to }.map(CallCursor::encode);
    Ok(Json(List { items, next }))
}
