//! `GET /v1/domains/{domain}/audit`.

use axum::extract::State;
use serde::Serialize;
use store::{AuditEntry, Page};
use utoipa::ToSchema;

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;
use crate::time::Time;

/// One change of what a domain is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditItem {
    /// When.
    at: Time,
    /// Who; empty if nobody said.
    #[schema(example = "Ada Bay")]
    who: String,
    /// The address that the request came from; null if it was made on the server itself.
    #[schema(example = "192.0.2.7")]
    address: Option<String>,
    /// Why, as the header `X-Reason` said; null if it did not.
    #[schema(example = "more staff before Christmas")]
    reason: Option<String>,
    /// The provisioning's revision after it; null if it is not the provisioning that changed.
    #[schema(example = 12)]
    revision: Option<i64>,
    /// One line for each thing that came (`+`), went (`-`) or changed (`~`), with what it was and what it is.
    #[schema(example = json!(["~ queue 8000 ring_time 15 -> 20"]))]
    changes: Vec<String>,
}

impl From<AuditEntry> for AuditItem {
    fn from(AuditEntry { at, by, revision, changes }: AuditEntry) -> Self {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let (address, reason) = (said(by.address), said(by.reason));
        Self { at: at.into(), who: by.name, address, reason, revision, changes }
    }
}

/// Lists the changes
///
/// What was changed of the domain, newest first: who, when, from where, why, and what it was before. The last ten
/// thousand changes are kept.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/audit", tag = "provisioning", operation_id = "audit_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
    ),
    responses((status = 200, description = "A page of changes", body = List<AuditItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("audit")),
        ("x-list" = json!({"sort": ["-at"], "q": ["who", "address", "reason", "changes"], "limit": [50, 200]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let (app, tenant, text) = (&app, access.tenant(), listing.text());
    listing
        .of_pages(|part| async move {
            let Page { items, next } = app.storage.audit(tenant, part, text.map(str::to_owned)).await?;
            Ok(Page { items: items.into_iter().map(AuditItem::from).collect(), next })
        })
        .await
}
