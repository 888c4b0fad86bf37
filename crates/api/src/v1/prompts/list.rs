//! `GET /v1/domains/{domain}/prompts`.

use axum::Json;
use axum::extract::State;

use super::view::PromptItem;
use crate::auth::Access;
use crate::page::List;
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
    extensions(("x-right" = json!("read")))
)]
pub(crate) async fn list(State(app): State<App>, access: Access) -> Result<Json<List<PromptItem>>, Problem> {
    let prompts = app.prompts.list(access.tenant()).await?;
    Ok(Json(List::whole(prompts.into_iter().map(PromptItem::new).collect())))
}
