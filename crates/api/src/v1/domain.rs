//! `GET /v1/domains`, `GET /v1/domains/{domain}`.

use axum::Json;
use axum::extract::State;
use engine::DomainView;
use model::TenantId;
use serde::Serialize;
use switch::AskError;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;
use crate::v1::names::Names;

/// The domain itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DomainItem {
    /// Its name.
    #[schema(example = "acme.test")]
    pub name: String,
    /// Its time zone, an IANA name.
    #[schema(example = "Europe/Berlin")]
    pub timezone: String,
    /// Whether its night mode is on.
    pub night_mode: bool,
}

impl DomainItem {
    pub(crate) fn new(view: &DomainView, Names(directory): Names<'_>) -> Self {
        let DomainView { night_mode } = *view;
        let tenant = &directory.tenant;
        Self { name: tenant.name.clone(), timezone: tenant.timezone.clone(), night_mode }
    }
}

/// Lists the domains
///
/// Those that the login may name in a path, in the order of their names: its own, and for the owner of the server
/// all of them.
#[utoipa::path(
    get, path = "/v1/domains", tag = "domain", operation_id = "domains_list",
    responses((status = 200, description = "The domains", body = List<DomainItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["busy", "stopping"])),
        ("x-list" = json!({"sort": ["name"], "id": ["name"], "q": ["name"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let tenants: Vec<TenantId> = if access.identity().is_server_owner() {
        app.storage.domains().await?.into_iter().map(|(tenant, _)| tenant).collect()
    } else {
        vec![access.tenant()]
    };
    let mut items = Vec::new();
    for tenant in tenants {
        match app.switch.whole().snapshot(tenant).await {
            Ok(snapshot) => items.push(DomainItem::new(&snapshot.domain, Names(&snapshot.directory))),
            // It is being made, or was removed this moment.
            Err(AskError::UnknownDomain) => {}
            Err(error) => return Err(error.into()),
        }
    }
    listing.of_all(items)
}

/// Shows the domain
#[utoipa::path(
    get, path = "/v1/domains/{domain}", tag = "domain", operation_id = "domain_get",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "The domain", body = DomainItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")))
)]
pub(crate) async fn get(State(app): State<App>, access: Access) -> Result<Json<DomainItem>, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    Ok(Json(DomainItem::new(&snapshot.domain, Names(&snapshot.directory))))
}
