//! `GET /v1/domains/{domain}/not-ready-codes`, and whether a reason is one of them.

use axum::extract::State;
use model::{Directory, NotReadyCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// A reason for not being ready that agents choose.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotReadyCodeItem {
    /// What `not-ready` takes as `reason`, and what is shown as such.
    #[schema(example = "lunch")]
    code: String,
    /// What agents read.
    #[schema(example = "Lunch break")]
    label: String,
    /// Whether it can be chosen.
    enabled: bool,
}

impl From<&NotReadyCode> for NotReadyCodeItem {
    fn from(NotReadyCode { code, label, enabled }: &NotReadyCode) -> Self {
        Self { code: code.clone(), label: label.clone(), enabled: *enabled }
    }
}

/// Lists the reasons for not being ready
///
/// Those that agents choose from. If there are none, they give whatever they like.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/not-ready-codes", tag = "domain", operation_id = "not_ready_codes_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All not-ready codes", body = List<NotReadyCodeItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["code", "label"], "id": ["code"], "q": ["code", "label"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let directory = access.sees(&app).directory().await?;
    listing.of_all(directory.not_ready_codes.values().map(NotReadyCodeItem::from))
}

/// Refuses a reason that is none of the domain's, if it has any. None at all is always a reason.
pub(crate) fn is_one_of_them(directory: &Directory, reason: &str) -> Result<(), Problem> {
    let codes = &directory.not_ready_codes;
    if codes.is_empty() || reason.is_empty() || codes.get(reason).is_some_and(|code| code.enabled) {
        return Ok(());
    }
    let enabled = codes.values().filter(|code| code.enabled);
    let words: Vec<&str> = enabled.map(|code| code.code.as_str()).collect();
    let can_be = if words.is_empty() { "left out only".to_owned() } else { words.join(", ") };
    let detail = format!("`reason` is `{}`; it can be {can_be}", shown(reason));
    Err(Problem::new(ProblemKind::UnknownReason, detail))
}
