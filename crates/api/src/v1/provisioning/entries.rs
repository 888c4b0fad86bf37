//! The lists of a domain: `GET`, `POST /v1/domains/{domain}/provisioning/{section}`.

use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use store::provisioning::{Change, Section};

use super::change::{ChangeParams, change_one};
use super::place::{self, SectionPath};
use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::page::{List, Listed, Listing};
use crate::path::{InPath, Params};
use crate::problem::{Problem, ProblemKind};
use crate::provisioning::Provisioned;
use crate::state::App;

/// Lists a section
///
/// Its entries as the provisioning file has them, by key. Secrets are not among their fields. As a table it has a column
/// for each field that an entry can have, and can be imported again where there is an import.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/provisioning/{section}", tag = "provisioning",
    operation_id = "provisioning_entries_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("section" = String, Path, description = "A list of the provisioning file", example = "queues"),
    ),
    responses((status = 200, description = "A page of entries", body = List<Value>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("configuration")),
        ("x-problems" = json!(["not_found"])),
        ("x-list" = json!({"sort": ["key", "name"], "q": ["name", "email", "display_name"], "limit": [100, 1000]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<SectionPath>,
    listing: Listing,
) -> Result<Listed, Problem> {
    let section = path.section()?;
    let entries = super::entries_of(&app, &access, section).await?;
    listing.of_entries(app.lists.section(section), entries)
}

/// Makes an entry
///
/// The body is the entry as the provisioning file has it, with its key among its fields. Refused if there is one with
/// this key already, or if the domain would not be right with it. A phone secret that is made because the body names
/// none is shown in the answer, this once.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/provisioning/{section}", tag = "provisioning",
    operation_id = "provisioning_entry_create",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("section" = String, Path, description = "A list of the provisioning file", example = "queues"),
        ChangeParams,
    ),
    request_body(content = Value, example = json!({"number": "8001", "name": "Sales", "ring_time": 20})),
    responses(
        (status = 201, description = "It is made", body = Provisioned, headers(("Location" = String, description = "Where it is"))),
        (status = 200, description = "A dry run: it would be made", body = Provisioned),
    ),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!([
            "not_found", "entry_exists", "invalid_change", "stale_plan", "invalid_parameter", "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn create(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<SectionPath>,
    Params(params): Params<ChangeParams>,
    headers: HeaderMap,
    Body(value): Body<Value, true>,
) -> Result<Response, Problem> {
    let section = path.section()?;
    let key = section.key_in(&value).unwrap_or_default();
    let parts: Vec<&str> = key.iter().map(String::as_str).collect();
    let object = section.object(&parts).ok_or_else(|| no_key(section))?;
    let edit = place::edit(object, Change::Create(value), &headers)?;
    let report = change_one(&app, &access, origin, (edit, &params)).await?;
    if !report.applied {
        return Ok(Json(report).into_response());
    }
    let encoded: Vec<String> = key.iter().map(|part| encode_part(part)).collect();
    let domain = encode_part(&access.identity().domain);
    let location = format!("/v1/domains/{domain}/provisioning/{}/{}", section.name(), encoded.join("/"));
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(report)).into_response())
}

fn no_key(section: Section) -> Problem {
    let detail = format!("the entry of {} lacks the text that it is known by", section.name());
    Problem::new(ProblemKind::InvalidBody, detail)
}

/// A part of a path, with everything but letters, digits and `-._~` as %XX (RFC 3986, 2.3).
fn encode_part(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
