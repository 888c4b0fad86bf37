//! `GET /v1/domains/{domain}/webhooks/{webhook}/deliveries`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use store::Cursor;
use store::webhook::log::DeliveryState;
use utoipa::IntoParams;

use super::WebhookPath;
use super::view::DeliveryItem;
use crate::auth::Access;
use crate::page::{List, PageParams};
use crate::path::{InPath, Params, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::webhooks::LogPart;

/// Which deliveries, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveriesParams {
    /// Only those in this state: `waiting`, `delivered` or `given_up`.
    #[param(example = "given_up")]
    state: Option<String>,
    /// What the page before gave as `next`; nothing for the first one.
    cursor: Option<String>,
    /// Most items on the page, 1 to 200; 50 unless set.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
}

impl DeliveriesParams {
    fn part(self) -> Result<LogPart, Problem> {
        let wrong = |detail: String| Problem::new(ProblemKind::InvalidParameter, detail);
        let Self { state, cursor, limit } = self;
        let word = |word: String| {
            let words = DeliveryState::ALL.map(DeliveryState::as_str).join(", ");
            let strange = || wrong(format!("`state` is `{}`; it can be {words}", shown(&word)));
            DeliveryState::parse(&word).ok_or_else(strange)
        };
        let state = state.map(word).transpose()?;
        let strange = || Problem::plain(ProblemKind::StrangeCursor);
        let after = cursor
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(|text| Cursor::parse(text).ok_or_else(strange))
            .transpose()?;
        let limit = PageParams { cursor: None, limit }.limit()?;
        Ok(LogPart { state, after, limit: u32::try_from(limit).unwrap_or(u32::MAX) })
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
        ("x-problems" = json!(["unknown_webhook", "invalid_parameter"]))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<WebhookPath>,
    Params(params): Params<DeliveriesParams>,
) -> Result<Json<List<DeliveryItem>>, Problem> {
    let found = app.webhooks.log(path.key(&access), params.part()?).await?;
    let page = found.ok_or_else(|| path.unknown())?;
    let items = page.items.into_iter().map(DeliveryItem::from).collect();
    Ok(Json(List { items, next: page.next.map(|next| next.to_string()) }))
}
