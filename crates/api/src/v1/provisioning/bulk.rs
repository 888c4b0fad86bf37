//! `PATCH /v1/domains/{domain}/provisioning`: many changes, all of them or none.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use store::provisioning::{Change, Edit, Object};
use utoipa::ToSchema;

use super::change::{ChangeParams, change};
use super::place;
use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::path::Params;
use crate::problem::{Problem, ProblemKind};
use crate::provisioning::{EditFault, Provisioned};
use crate::state::App;

/// Many changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bulk {
    /// Made one after the other; only what comes out at the end must be right.
    #[schema(max_items = 1000)]
    edits: Vec<EditBody>,
}

/// One change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditBody {
    /// How.
    op: Op,
    /// A list of the provisioning file, or `settings`.
    #[schema(example = "queues")]
    section: String,
    /// Its number, extension or name; two parts of prompts (language, name) and exclusive numbers (number, queue);
    /// none of `settings`.
    #[serde(default)]
    #[schema(example = json!(["8000"]))]
    key: Vec<String>,
    /// With section `queues`: the extension of the member that is meant, not the queue itself.
    member: Option<String>,
    /// As the provisioning file has it; of `patch` a JSON merge patch; of `remove` nothing.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"ring_time": 20}))]
    value: Value,
    /// The tag of the `ETag` that it must still have.
    if_match: Option<String>,
}

/// How something is changed.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Op {
    /// Makes it; refused if it is there.
    Create,
    /// Makes it, or replaces it whole.
    Put,
    /// Merges into what is there.
    Patch,
    /// Removes it.
    Remove,
}

impl EditBody {
    fn edit(self) -> Result<Edit, Problem> {
        let key: Vec<&str> = self.key.iter().map(String::as_str).collect();
        let object = match (self.section.as_str(), key.as_slice(), self.member) {
            ("settings", [], None) => Object::Settings,
            ("queues", [queue], Some(agent)) => Object::Member { queue: (*queue).to_owned(), agent },
            (_, _, Some(_)) => {
                return Err(Problem::new(
                    ProblemKind::InvalidBody,
                    "`member` goes with a queue and its number",
                ));
            }
            (section, key, None) => place::object(section, key)?,
        };
        let change = match self.op {
            Op::Create => Change::Create(self.value),
            Op::Put => Change::Put(self.value),
            Op::Patch => Change::Patch(self.value),
            Op::Remove => Change::Remove,
        };
        Ok(Edit { object, change, expected: self.if_match })
    }
}

/// Makes many changes at once
///
/// All of them in one transaction, or none: for imports, and for things that point to each other. A dry run says what
/// would be done. The faults name the edit that they are about.
#[utoipa::path(
    patch, path = "/v1/domains/{domain}/provisioning", tag = "provisioning", operation_id = "provisioning_patch",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ChangeParams,
    ),
    request_body(content = Bulk),
    responses((status = 200, description = "What came of it", body = Provisioned)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!([
            "unknown_entry", "entry_exists", "entry_changed", "invalid_change", "stale_plan", "invalid_parameter",
            "invalid_body", "too_large"
        ]))
    )
)]
pub(crate) async fn patch(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    Params(params): Params<ChangeParams>,
    Body(bulk): Body<Bulk, true>,
) -> Result<Json<Provisioned>, Problem> {
    let mut edits = Vec::new();
    let mut faults = Vec::new();
    for (index, body) in bulk.edits.into_iter().enumerate() {
        match body.edit() {
            Ok(edit) => edits.push(edit),
            Err(problem) => {
                faults.push(EditFault { edit: Some(index), pointer: String::new(), text: problem.detail });
            }
        }
    }
    if !faults.is_empty() {
        let detail = "some edits cannot be read";
        return Err(Problem { faults, ..Problem::new(ProblemKind::InvalidChange, detail) });
    }
    change(&app, &access, origin, (edits, &params)).await.map(Json)
}
