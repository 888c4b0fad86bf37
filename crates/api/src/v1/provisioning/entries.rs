//! The lists of a domain: `GET`, `POST /v1/domains/{domain}/provisioning/{section}`.

use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;
use store::provisioning::{Change, Entry, Section};
use utoipa::IntoParams;

use super::change::{ChangeParams, change_one};
use super::place::{self, SectionPath};
use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::page::List;
use crate::path::{InPath, Params};
use crate::problem::{Problem, ProblemKind};
use crate::provisioning::Provisioned;
use crate::state::App;

/// `limit` unless set.
const LIMIT_DEFAULT: u16 = 100;
/// Most that may be asked for.
const LIMIT_MAX: u16 = 1_000;
/// Longest text that is looked for, characters.
const SEARCH_MAX: usize = 100;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntriesParams {
    /// What the page before gave as `next`; nothing for the first one.
    cursor: Option<String>,
    /// Most items on the page, 1 to 1,000; 100 unless set.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u16>,
    /// Only those whose key, name or e-mail holds this text, in capitals or not.
    #[param(example = "ann", max_length = 100)]
    search: Option<String>,
}

/// Lists a section
///
/// Its entries as the provisioning file has them, by key. Secrets are not among their fields.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/provisioning/{section}", tag = "provisioning",
    operation_id = "provisioning_entries_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("section" = String, Path, description = "A list of the provisioning file", example = "queues"),
        EntriesParams,
    ),
    responses((status = 200, description = "A page of entries", body = List<Value>)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("configuration")), ("x-problems" = json!(["not_found", "invalid_parameter"])))
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<SectionPath>,
    Params(params): Params<EntriesParams>,
) -> Result<Json<List<Value>>, Problem> {
    let section = path.section()?;
    let wrong = |detail: String| Problem::new(ProblemKind::InvalidParameter, detail);
    let limit = params.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(wrong(format!("`limit` is {limit}; 1 to {LIMIT_MAX} are possible")));
    }
    let search = params.search.as_deref().unwrap_or_default().to_lowercase();
    if search.chars().count() > SEARCH_MAX {
        return Err(wrong(format!("`search` is longer than {SEARCH_MAX} characters")));
    }
    let strange = || Problem::plain(ProblemKind::StrangeCursor);
    let after = params
        .cursor
        .as_deref()
        .filter(|text| !text.is_empty())
        .map(|text| decode(text).ok_or_else(strange))
        .transpose()?;
    let entries = app.provisioner.entries(&access.identity().domain, section).await?;
    let entries = entries.ok_or_else(|| Problem::plain(ProblemKind::UnknownDomain))?;
    let behind = |entry: &Entry| after.as_ref().is_none_or(|after| entry.key > *after);
    let mut found = entries.into_iter().filter(|entry| behind(entry) && is_found(entry, &search));
    let page: Vec<Entry> = found.by_ref().take(limit.into()).collect();
    let next = page.last().filter(|_| found.next().is_some()).map(|last| encode(&last.key));
    Ok(Json(List { items: page.into_iter().map(|entry| entry.value).collect(), next }))
}

fn is_found(entry: &Entry, search: &str) -> bool {
    let fields =
        ["name", "email", "display_name"].into_iter().filter_map(|field| entry.value.get(field)?.as_str());
    let mut texts = entry.key.iter().map(String::as_str).chain(fields);
    search.is_empty() || texts.any(|text| text.to_lowercase().contains(search))
}

/// A key as a cursor.
fn encode(key: &[String]) -> String {
    URL_SAFE_NO_PAD.encode(key.join("\n"))
}

fn decode(text: &str) -> Option<Vec<String>> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    Some(text.split('\n').map(str::to_owned).collect())
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
