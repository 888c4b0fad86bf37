//! `DELETE /v1/domains/{domain}/prompts/{name}`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{PromptPath, key};
use crate::auth::Access;
use crate::author::Origin;
use crate::path::{InPath, Params};
use crate::problem::Problem;
use crate::state::App;

/// What to remove, and how firmly.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteParams {
    /// A language tag, `de` or `de-AT`; the domain's language unless set.
    #[param(example = "de")]
    pub(crate) language: Option<String>,
    /// Remove it although it is played somewhere and silence will be heard in its place; false unless set.
    #[param(default = false)]
    pub(crate) force: Option<bool>,
}

/// Removes a prompt
///
/// Refused while it is played somewhere and nothing of the same name, built-in or in another language, would be heard
/// in its place. Who hears it at this moment hears it to its end.
#[utoipa::path(
    delete, path = "/v1/domains/{domain}/prompts/{name}", tag = "prompts", operation_id = "prompts_delete",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("name" = String, Path, description = "The prompt's name", example = "welcome"),
        DeleteParams,
    ),
    responses((status = 204, description = "It is gone")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["unknown_prompt", "prompt_in_use", "invalid_parameter"]))
    )
)]
pub(crate) async fn delete(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<PromptPath>,
    Params(params): Params<DeleteParams>,
) -> Result<StatusCode, Problem> {
    let key = key(&access, &path, params.language.as_deref())?;
    app.prompts.remove(key, params.force.unwrap_or_default(), origin.of(&access)).await?;
    Ok(StatusCode::NO_CONTENT)
}
