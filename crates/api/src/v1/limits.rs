//! `GET` and `PUT /v1/domains/{domain}/limits`.

use axum::Json;
use axum::extract::State;
use model::{Counted, DomainLimits};
use serde::{Deserialize, Serialize};
use store::KeptLimits;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// How much of something there may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsBody {
    /// Live calls; beyond, new ones are refused with congestion.
    #[schema(example = 200, maximum = 1_000_000)]
    calls: Option<u32>,
    /// Callers who wait, in all lines together; beyond, a line is full.
    #[schema(example = 100, maximum = 1_000_000)]
    waiting: Option<u32>,
    /// Agents that are provisioned.
    #[schema(example = 50, maximum = 1_000_000)]
    agents: Option<u32>,
    /// Webhooks that are provisioned.
    #[schema(example = 5, maximum = 1_000_000)]
    webhooks: Option<u32>,
    /// Event sockets and streams that are open.
    #[schema(example = 100, maximum = 1_000_000)]
    sockets: Option<u32>,
    /// Requests of a second, the server's owner's own aside.
    #[schema(example = 50, maximum = 1_000_000)]
    requests_per_second: Option<u32>,
}

/// The limits of a domain.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct LimitsItem {
    /// What is set for this domain: null is the server's default, 0 no limit.
    own: LimitsBody,
    /// What holds: null is no limit but the server's.
    in_force: LimitsBody,
}

impl From<&DomainLimits> for LimitsBody {
    fn from(limits: &DomainLimits) -> Self {
        Self {
            calls: limits.of(Counted::Calls),
            waiting: limits.of(Counted::Waiting),
            agents: limits.of(Counted::Agents),
            webhooks: limits.of(Counted::Webhooks),
            sockets: limits.of(Counted::Sockets),
            requests_per_second: limits.of(Counted::RequestsPerSecond),
        }
    }
}

impl LimitsBody {
    fn value(&self, counted: Counted) -> Option<u32> {
        match counted {
            Counted::Calls => self.calls,
            Counted::Waiting => self.waiting,
            Counted::Agents => self.agents,
            Counted::Webhooks => self.webhooks,
            Counted::Sockets => self.sockets,
            Counted::RequestsPerSecond => self.requests_per_second,
        }
    }

    fn limits(&self) -> Result<DomainLimits, Problem> {
        let mut limits = DomainLimits::default();
        for counted in Counted::ALL {
            let most = self.value(counted);
            if let Some(beyond) = most.filter(|most| *most > DomainLimits::MAX) {
                let detail =
                    format!("`{}` is {beyond}; it goes from 0 to {}", counted.word(), DomainLimits::MAX);
                return Err(Problem::new(ProblemKind::InvalidBody, detail));
            }
            limits = limits.with(counted, most);
        }
        Ok(limits)
    }
}

impl From<KeptLimits> for LimitsItem {
    fn from(KeptLimits { own, in_force }: KeptLimits) -> Self {
        Self { own: (&own).into(), in_force: (&in_force).into() }
    }
}

/// Shows how much of the server the domain may use
#[utoipa::path(
    get, path = "/v1/domains/{domain}/limits", tag = "domain", operation_id = "limits_get",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "The limits", body = LimitsItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("configuration")))
)]
pub(crate) async fn get(State(app): State<App>, access: Access) -> Result<Json<LimitsItem>, Problem> {
    Ok(Json(app.provisioner.limits(access.tenant()).await?.into()))
}

/// Sets how much of the server the domain may use
///
/// All limits at once: what is left out or null is the server's default, 0 no limit. For the server's owner only. They
/// hold within a second; calls, sockets and what is provisioned already are left alone, there is only no more of them.
#[utoipa::path(
    put, path = "/v1/domains/{domain}/limits", tag = "domain", operation_id = "limits_put",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    request_body(content = LimitsBody, example = json!({"calls": 200, "requests_per_second": 50})),
    responses((status = 200, description = "The limits now", body = LimitsItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["invalid_body", "invalid_parameter", "too_large", "too_slow"]))
    )
)]
pub(crate) async fn put(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    body: Result<Body<LimitsBody, true>, Problem>,
) -> Result<Json<LimitsItem>, Problem> {
    if !access.identity().is_server_owner() {
        let detail = "what a domain may use of the server is set by the server's owner";
        return Err(Problem::new(ProblemKind::Forbidden, detail));
    }
    let Body(body) = body?;
    let limits = body.limits()?;
    app.provisioner.limit(access.tenant(), limits, origin.of(&access)).await?;
    Ok(Json(app.provisioner.limits(access.tenant()).await?.into()))
}
