//! `GET /v1/domains/{domain}/provisioning`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse as _, Response};

use crate::auth::Access;
use crate::problem::{Problem, ProblemKind};
use crate::provisioning::DocumentForm;
use crate::state::App;

/// Gives the domain as its provisioning file
///
/// Everything that a file can say of it, as it is stored now: applied again, it changes nothing. Passwords, phone
/// secrets, PINs and the webhook secret are not in it, and stay as they are when it is applied; nor are prompts that
/// were uploaded or recorded. As YAML, or as JSON to who accepts `application/json` and no YAML.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/provisioning", tag = "provisioning", operation_id = "provisioning_get",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((
        status = 200, description = "The document",
        content((serde_json::Value = "application/yaml"), (serde_json::Value = "application/json"))
    )),
    security(("bearer" = [])),
    extensions(("x-right" = json!("configuration")))
)]
pub(crate) async fn document(
    State(app): State<App>,
    access: Access,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let form = wanted(&headers);
    let document = app.provisioner.document(&access.identity().domain, form).await?;
    // The domain went away after the login was looked at.
    let document = document.ok_or_else(|| Problem::plain(ProblemKind::UnknownDomain))?;
    let kind = match form {
        DocumentForm::Yaml => "application/yaml",
        DocumentForm::Json => "application/json",
    };
    Ok(([(CONTENT_TYPE, kind), (VARY, "accept")], document).into_response())
}

/// YAML, unless JSON is accepted and YAML is not named.
fn wanted(headers: &HeaderMap) -> DocumentForm {
    let accepted = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    let mut kinds = accepted
        .flat_map(|value| value.split(','))
        .map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let (mut json, mut yaml) = (false, false);
    kinds.by_ref().for_each(|kind| {
        json |= kind == "application/json";
        yaml |= kind.ends_with("/yaml") || kind.ends_with("/x-yaml");
    });
    if json && !yaml { DocumentForm::Json } else { DocumentForm::Yaml }
}
