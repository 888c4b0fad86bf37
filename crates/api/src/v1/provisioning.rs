//! `POST /v1/domains/{domain}/provisioning`; beside it the document, its single entries and their changes.

pub(crate) mod bulk;
pub(crate) mod change;
pub(crate) mod document;
pub(crate) mod entries;
pub(crate) mod entry;
pub(crate) mod import;
pub(crate) mod members;
mod place;
pub(crate) mod revert;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use model::Role;
use serde::Deserialize;
use store::provisioning::{Entry, Section};
use tokio::sync::SemaphorePermit;
use utoipa::IntoParams;

use crate::auth::Access;
use crate::author::Origin;
use crate::path::Params;
use crate::problem::{Problem, ProblemKind};
use crate::provisioning::{Order, Provisioned, Reach, Source, felt};
use crate::state::App;

/// How to apply a file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProvisioningParams {
    /// Only say what would be done; false unless set.
    #[param(default = false)]
    pub(crate) dry_run: Option<bool>,
    /// Whether to reckon what the plan would have made of the last recorded day: some seconds of one processor; true
    /// unless set.
    #[param(default = true)]
    pub(crate) forecast: Option<bool>,
    /// Whether to take the file even if a flow of it does not pass its own tests; false unless set.
    #[param(default = false)]
    pub(crate) force: Option<bool>,
}

/// Applies a provisioning file
///
/// The body is the file itself. The answer is the plan, which is carried out in one transaction unless it is a dry
/// run; then the running server takes it over, and live calls are not disturbed. A second run says `no changes`.
/// A dry run also says what live calls would feel. Where the plan changes routing, the answer has what it would have
/// made of the last recorded day, reckoned before anything is done and within some seconds.
/// An admin applies files of her own domain and cannot make or change its owners, and nobody gives a role or an agent
/// rights that she does not have herself; only the server's owner, who is
/// no agent, applies files of other domains and makes new ones.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/provisioning", tag = "provisioning", operation_id = "provision",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ProvisioningParams,
    ),
    request_body(
        description = "The file (YAML); its content type is not looked at",
        content((String = "application/yaml"), (String = "text/plain"))
    ),
    responses((status = 200, description = "What came of it", body = Provisioned)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!([
            "invalid_provisioning", "stale_plan", "invalid_parameter", "invalid_body", "too_large", "too_slow"
        ]))
    )
)]
pub(crate) async fn provision(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    Params(params): Params<ProvisioningParams>,
    request: Request,
) -> Result<Json<Provisioned>, Problem> {
    // One file at a time, from its first byte on: a file is large, and its passwords cost some work.
    let _turn = turn(&app)?;
    let text = read(&app, request.into_body()).await?;
    carry_out(&app, &access, origin, (Source::File(text), &params)).await
}

/// One at a time.
pub(crate) fn turn(app: &App) -> Result<SemaphorePermit<'_>, Problem> {
    app.provisioning.try_acquire().map_err(|_| {
        Problem::new(ProblemKind::Busy, "another file is being applied at this moment").retry_after(2)
    })
}

/// Plans and, unless it is a dry run, applies; a dry run is told what live calls would feel.
pub(crate) async fn carry_out(
    app: &App,
    access: &Access,
    origin: Origin,
    (source, params): (Source, &ProvisioningParams),
) -> Result<Json<Provisioned>, Problem> {
    let dry_run = params.dry_run.unwrap_or_default();
    let order = Order {
        source,
        dry_run,
        forecast: params.forecast.unwrap_or(true),
        force: params.force.unwrap_or_default(),
        reach: reach(access),
        by: origin.of(access),
    };
    let mut report = app.provisioner.provision(order).await?;
    if dry_run
        && let Some((tenant, effects)) = &report.effects
        && !effects.is_empty()
    {
        let snapshot = app.switch.whole().snapshot(*tenant).await?;
        report.live = felt::lines(effects, &snapshot, app.clock.now());
    }
    Ok(Json(report))
}

async fn read(app: &App, body: Body) -> Result<String, Problem> {
    let (limit, timeout) = (app.limits.provisioning_bytes_max, app.limits.body_timeout);
    let bytes = tokio::time::timeout(timeout, to_bytes(body, limit))
        .await
        .map_err(|_| Problem::plain(ProblemKind::TooSlow))?
        .map_err(|_| {
            let detail = format!("the file did not arrive whole, or has over {limit} bytes");
            Problem::new(ProblemKind::TooLarge, detail)
        })?;
    String::from_utf8(bytes.into()).map_err(|error| {
        let detail = format!("the file is not UTF-8 from byte {} on", error.utf8_error().valid_up_to());
        Problem::new(ProblemKind::InvalidBody, detail)
    })
}

/// The entries of a section of the login's domain.
async fn entries_of(app: &App, access: &Access, section: Section) -> Result<Vec<Entry>, Problem> {
    let entries = app.provisioner.entries(&access.identity().domain, section).await?;
    entries.ok_or_else(|| Problem::plain(ProblemKind::UnknownDomain))
}

fn reach(access: &Access) -> Reach {
    let identity = access.identity();
    if identity.is_server_owner() {
        return Reach::Everything;
    }
    Reach::Domain {
        name: identity.domain.clone(),
        owners: identity.role == Role::Owner,
        rights: identity.rights.clone(),
    }
}
