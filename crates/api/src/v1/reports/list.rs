//! `GET /v1/domains/{domain}/reports`.

use axum::extract::State;
use serde::Serialize;
use store::report::mails::ReportState;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;
use crate::time::Time;

/// How a report fares.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportItem {
    /// Its name.
    #[schema(example = "Daily support")]
    name: String,
    /// Whether it goes.
    enabled: bool,
    /// When it goes next; null: it is off.
    next_at: Option<Time>,
    /// When the mail server last took one of its mails; null: it never did.
    mailed_at: Option<Time>,
    /// Mails that are still to go.
    waiting: u64,
    /// Why the mail server did not take the last one; null if nothing went wrong.
    #[schema(example = "the mail server refused it: 550 no such user")]
    problem: Option<String>,
}

impl From<ReportState> for ReportItem {
    fn from(of: ReportState) -> Self {
        Self {
            name: of.report.name,
            enabled: of.report.enabled,
            next_at: of.next_at.map(Time),
            mailed_at: of.mailed_at.map(Time),
            waiting: of.waiting,
            problem: of.problem,
        }
    }
}

/// Lists the reports that go by e-mail
///
/// By name, each with when it goes next and how the last one went. They are made, changed and removed as all that is
/// provisioned, at `…/provisioning/reports`.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/reports", tag = "reports", operation_id = "reports_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All reports", body = List<ReportItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-list" = json!({"sort": ["name", "next_at"], "id": ["name"], "q": ["name"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let reports = app.storage.reports(access.tenant(), app.clock.now()).await?;
    listing.of_all(reports.into_iter().map(ReportItem::from))
}
