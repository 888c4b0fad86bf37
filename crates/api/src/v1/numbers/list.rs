//! `GET /v1/domains/{domain}/numbers`.

use axum::extract::State;
use model::Did;
use serde::Serialize;
use utoipa::ToSchema;

use super::plan::PlanItem;
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;

/// A number dialed from outside.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NumberItem {
    /// As the trunk sends it.
    #[schema(example = "+493012345678")]
    number: String,
    /// Its business hours, by name; null: always open.
    #[schema(example = "office")]
    hours: Option<String>,
    /// What happens to its calls in the hours.
    open: PlanItem,
    /// What happens to them out of the hours; null: as `open`.
    closed: Option<PlanItem>,
    /// What happens to them on a holiday; null: as `closed`.
    holiday: Option<PlanItem>,
    /// What happens to them while the domain is in night mode; null: as `closed`.
    night: Option<PlanItem>,
}

impl NumberItem {
    fn new(did: &Did) -> Self {
        let plan = |action: &Option<_>| action.as_ref().map(PlanItem::from);
        Self {
            number: did.number.clone(),
            hours: did.hours.clone(),
            open: (&did.open).into(),
            closed: plan(&did.closed),
            holiday: plan(&did.holiday),
            night: plan(&did.night),
        }
    }
}

/// Lists the numbers
///
/// All that are dialed from outside, with where their callers go.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/numbers", tag = "domain", operation_id = "numbers_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All numbers", body = List<NumberItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["number", "hours"], "id": ["number"], "q": ["number", "hours"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let directory = access.sees(&app).directory().await?;
    listing.of_all(directory.numbers.values().map(NumberItem::new))
}
