//! `GET /v1/domains/{domain}/reports/{report}/document`.

use axum::extract::State;
use axum::response::Response;
use report::Asked;
use serde::Deserialize;
use store::report::Language;
use store::statistics::intervals::Intervals;
use utoipa::IntoParams;

use super::{FileWord, ReportPath, file};
use crate::auth::Access;
use crate::path::{InPath, Params};
use crate::problem::{Problem, ProblemKind};
use crate::reports::{Subjects, gather};
use crate::state::App;

/// As which file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewParams {
    /// As which file; `pdf` unless set.
    #[param(inline)]
    format: Option<FileWord>,
}

/// Shows a report as it would go now
///
/// The file that its mail would bring if it went at this moment.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/reports/{report}/document", tag = "reports", operation_id = "reports_document",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("report" = String, Path, description = "The report's name", example = "Daily support"),
        PreviewParams,
    ),
    responses((status = 200, description = "The file", content((Vec<u8> = "application/pdf"), (String = "text/csv")))),
    security(("bearer" = [])),
    extensions(("x-right" = json!("provisioning")), ("x-problems" = json!(["unknown_report", "unusable_span", "invalid_parameter"])))
)]
pub(crate) async fn preview(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<ReportPath>,
    Params(params): Params<PreviewParams>,
) -> Result<Response, Problem> {
    let (tenant, now) = (access.tenant(), app.clock.now());
    let reports = app.storage.reports(tenant, now).await?;
    let state = reports.into_iter().find(|state| state.report.name == path.report);
    let report = state.ok_or_else(|| path.unknown())?.report;
    let directory = access.sees(&app).directory().await?;
    let zone = directory.tenant.timezone.clone();
    let unusable = |detail: String| Problem::new(ProblemKind::UnusableSpan, detail);
    let bounds = report.span.bounds(now, &zone).ok_or_else(|| unusable("beyond all calendars".into()))?;
    let intervals =
        Intervals::cut(bounds, report.interval, &zone).map_err(|error| unusable(error.to_string()))?;
    let subjects = Subjects::of(&report, &directory);
    let gathered = gather(&*app.storage, (tenant, &directory), &subjects, &intervals, now).await?;
    let asked = Asked {
        title: report.name,
        domain: directory.tenant.name.clone(),
        zone,
        language: report.language.unwrap_or_else(|| Language::of_domain(&directory.tenant.language)),
        intervals,
        length: report.interval,
        made_at: now,
    };
    file(asked, gathered, params.format.unwrap_or(FileWord::Pdf)).await
}
