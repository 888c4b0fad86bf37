//! `GET /v1/domains/{domain}`.

use axum::Json;
use axum::extract::State;
use engine::DomainView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Access;
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

/// Shows the domain
#[utoipa::path(
    get, path = "/v1/domains/{domain}", tag = "domain", operation_id = "domain_get",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "The domain", body = DomainItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")))
)]
pub(crate) async fn get(State(app): State<App>, access: Access) -> Result<Json<DomainItem>, Problem> {
    let snapshot = app.switch.snapshot(access.tenant()).await?;
    Ok(Json(DomainItem::new(&snapshot.domain, Names(&snapshot.directory))))
}
