//! `GET /v1/domains/{domain}/prompts`.

use axum::extract::State;

use super::view::PromptItem;
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;

/// Lists the prompts
///
/// Those of the domain's own, by name and language, each with where it is played. The built-in ones are not in it.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/prompts", tag = "prompts", operation_id = "prompts_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All prompts", body = List<PromptItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["name", "language", "changed_at", "seconds", "bytes"], "id": ["name", "language"], "q": ["name", "text", "used_by"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let prompts = app.prompts.list(access.tenant()).await?;
    listing.of_all(prompts.into_iter().map(PromptItem::new))
}
