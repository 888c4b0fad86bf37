//! `GET /v1/domains/{domain}/webhooks/{webhook}/deliveries`.

use axum::extract::State;
use serde::Deserialize;
use store::Page;
use store::webhook::log::DeliveryState;
use utoipa::IntoParams;

use super::WebhookPath;
use super::view::DeliveryItem;
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::path::{InPath, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::webhooks::LogPart;

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveriesParams {
    /// Only those in this state: `waiting`, `delivered` or `given_up`.
    #[param(example = "given_up")]
    state: Option<String>,
}

impl DeliveriesParams {
    fn state(&self) -> Result<Option<DeliveryState>, Problem> {
        let known = |word: &String| {
            let words = DeliveryState::ALL.map(DeliveryState::as_str).join(", ");
            let detail = || format!("`state` is `{}`; it can be {words}", shown(word));
            let strange = || Problem::new(ProblemKind::InvalidParameter, detail());
            DeliveryState::parse(word).ok_or_else(strange)
        };
        self.state.as_ref().map(known).transpose()
    }
}

/// Lists a webhook's deliveries
///
/// Newest first. They are kept for seven days, the last ten thousand that have ended.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/webhooks/{webhook}/deliveries", tag = "webhooks",
    operation_id = "webhooks_deliveries",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("webhook" = String, Path, description = "The webhook's name", example = "crm"),
        DeliveriesParams,
    ),
    responses((status = 200, description = "A page of deliveries", body = List<DeliveryItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["unknown_webhook"])),
        ("x-list" = json!({"sort": ["-made_at"], "limit": [50, 200]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<WebhookPath>,
    listing: Listing<DeliveriesParams>,
) -> Result<Listed, Problem> {
    let state = listing.filter.state()?;
    let (app, access, path) = (&app, &access, &path);
    listing
        .of_pages(|part| async move {
            let found = app.webhooks.log(path.key(access), LogPart { state, part }).await?;
            let Page { items, next } = found.ok_or_else(|| path.unknown())?;
            Ok(Page { items: items.into_iter().map(DeliveryItem::from).collect(), next })
        })
        .await
}
