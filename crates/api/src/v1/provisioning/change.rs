//! Changes of single things: `PUT`, `PATCH`, `DELETE` of entries, and many at once.

use serde::Deserialize;
use store::provisioning::Edit;
use tokio::sync::SemaphorePermit;
use utoipa::IntoParams;

use super::{ProvisioningParams, carry_out};
use crate::auth::Access;
use crate::author::Origin;
use crate::problem::{Problem, ProblemKind};
use crate::provisioning::{Provisioned, Source};
use crate::state::App;

/// How to make a change.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangeParams {
    /// Only say what would be done; false unless set.
    #[param(default = false)]
    dry_run: Option<bool>,
    /// Whether to reckon what the change would have made of the last recorded day: some seconds of one processor;
    /// false unless set.
    #[param(default = false)]
    forecast: Option<bool>,
    /// Whether to take a flow that does not pass its own tests; false unless set.
    #[param(default = false)]
    force: Option<bool>,
}

/// Makes one change.
pub(crate) async fn change_one(
    app: &App,
    access: &Access,
    origin: Origin,
    (edit, params): (Edit, &ChangeParams),
) -> Result<Provisioned, Problem> {
    change(app, access, origin, (vec![edit], params)).await
}

/// Makes changes, all of them or none, after those that are being made.
pub(crate) async fn change(
    app: &App,
    access: &Access,
    origin: Origin,
    (edits, params): (Vec<Edit>, &ChangeParams),
) -> Result<Provisioned, Problem> {
    let stopping = |_| Problem::plain(ProblemKind::Stopping);
    let turn = app.provisioning.acquire().await.map_err(stopping)?;
    change_in_turn(app, access, origin, (edits, params), &turn).await
}

/// The same for who waited for it already.
pub(crate) async fn change_in_turn(
    app: &App,
    access: &Access,
    origin: Origin,
    (edits, params): (Vec<Edit>, &ChangeParams),
    _turn: &SemaphorePermit<'_>,
) -> Result<Provisioned, Problem> {
    let source = Source::Edits { domain: access.identity().domain.clone(), edits };
    let params = ProvisioningParams {
        dry_run: params.dry_run,
        forecast: Some(params.forecast.unwrap_or_default()),
        force: params.force,
    };
    let report = carry_out(app, access, origin, (source, &params)).await?;
    Ok(report.0)
}
