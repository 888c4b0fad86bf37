//! `GET /v1/domains/{domain}/business-hours`.

use axum::extract::State;
use model::{BusinessHours, Opening, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::path::moment;
use crate::problem::Problem;
use crate::state::App;
use crate::time::Time;

/// What business hours say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OpeningWord {
    /// In a slot of the week.
    Open,
    /// In none.
    Closed,
    /// On a holiday.
    Holiday,
}

/// Business hours at one moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BusinessHoursItem {
    /// Their name.
    #[schema(example = "office")]
    name: String,
    /// Open, closed or on a holiday.
    opening: OpeningWord,
    /// The holiday's name.
    #[schema(example = "Christmas")]
    holiday: Option<String>,
    /// Until when; null if it does not change for years.
    until: Option<Time>,
}

impl BusinessHoursItem {
    fn new(hours: &BusinessHours, at: Timestamp) -> Self {
        let (opening, holiday) = match hours.opening(at) {
            Opening::Open => (OpeningWord::Open, None),
            Opening::Closed => (OpeningWord::Closed, None),
            Opening::Holiday(name) => (OpeningWord::Holiday, Some(name.to_owned())),
        };
        let until = hours.next_change(at).map(Time);
        Self { name: hours.name.clone(), opening, holiday, until }
    }
}

/// A moment to look at.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AtParams {
    /// The moment (RFC 3339), in the years 2020 to 2044; now unless set. A `+` in it is written `%2B`.
    #[param(example = "2026-12-24T23:00:00Z")]
    at: Option<String>,
}

/// Lists the business hours
///
/// All of the domain, by name, each with what it says of a moment.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/business-hours", tag = "domain", operation_id = "business_hours_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        AtParams,
    ),
    responses((status = 200, description = "All business hours", body = List<BusinessHoursItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["name", "opening", "until"], "id": ["name"], "q": ["name", "holiday"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing<AtParams>,
) -> Result<Listed, Problem> {
    let at = moment("at", listing.filter.at.as_deref(), &app)?;
    let directory = access.sees(&app).directory().await?;
    let hours = directory.business_hours.values().map(|hours| BusinessHoursItem::new(hours, at));
    listing.of_all(hours)
}
