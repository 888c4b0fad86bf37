//! `POST /v1/domains/{domain}/provisioning/revert`.

use axum::Json;
use axum::extract::State;

use super::{ProvisioningParams, carry_out, turn};
use crate::auth::Access;
use crate::author::Origin;
use crate::path::Params;
use crate::problem::Problem;
use crate::provisioning::{Provisioned, Source};
use crate::state::App;

/// Goes one step back
///
/// Makes the domain again what the file before the one in force said, with the passwords and phone secrets of that
/// time. It is an apply like any other: the answer is the plan, which is carried out unless it is a dry run, and
/// live calls are not disturbed. Going back again goes one further; the last ten files are kept.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/provisioning/revert", tag = "provisioning",
    operation_id = "provisioning_revert",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ProvisioningParams,
    ),
    responses((status = 200, description = "What came of it", body = Provisioned)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["nothing_before", "invalid_provisioning", "stale_plan", "invalid_parameter"]))
    )
)]
pub(crate) async fn revert(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    Params(params): Params<ProvisioningParams>,
) -> Result<Json<Provisioned>, Problem> {
    let _turn = turn(&app)?;
    let domain = access.identity().domain.clone();
    carry_out(&app, &access, origin, (Source::Before { domain }, &params)).await
}
