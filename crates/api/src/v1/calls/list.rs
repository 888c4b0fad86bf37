//! `GET /v1/domains/{domain}/calls`.

use std::collections::BTreeMap;

use axum::extract::State;
use model::TenantId;
use store::{Cursor, Page, Part};

use super::view::{CallItem, LEGS_SHOWN_MAX};
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;
use crate::storage::place_of;
use crate::v1::names::Names;

/// Lists calls
///
/// Live and ended ones, newest first by the moment at which they reached the server.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/calls", tag = "calls", operation_id = "calls_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
    ),
    responses((status = 200, description = "A page of calls", body = List<CallItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["-started_at"], "limit": [50, 200]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let (app, tenant) = (&app, access.tenant());
    listing.of_pages(|part| page(app, tenant, part)).await
}

/// A page of live and ended calls, in the order of their starts.
async fn page(app: &App, tenant: TenantId, part: Part) -> Result<Page<CallItem>, Problem> {
    let limit = usize::try_from(part.limit).unwrap_or(usize::MAX);
    let snapshot = app.switch.snapshot(tenant).await?;
    let names = Names(&snapshot.directory);
    // One more than the page holds, to know whether there is another page.
    let ended = app.storage.call_list(tenant, Part { limit: part.limit.saturating_add(1), ..part }).await?;
    let mut found: BTreeMap<Cursor, CallItem> = BTreeMap::new();
    for view in &snapshot.calls {
        let place = place_of(view.started_at, view.call);
        let is_behind = |after: Cursor| if part.oldest_first { place > after } else { place < after };
        if part.after.is_none_or(is_behind) {
            found.insert(place, CallItem::live(view, names, LEGS_SHOWN_MAX));
        }
    }
    // A call that ended between the two answers is shown as ended.
    for record in ended {
        let place = place_of(record.started_at, record.call);
        found.insert(place, CallItem::ended(&record, names, LEGS_SHOWN_MAX));
    }
    let more = found.len() > limit;
    let in_order: Vec<_> =
        if part.oldest_first { found.into_iter().collect() } else { found.into_iter().rev().collect() };
    let (places, items): (Vec<_>, Vec<_>) = in_order.into_iter().take(limit).unzip();
    Ok(Page { items, next: places.last().filter(|_| more).copied() })
}
