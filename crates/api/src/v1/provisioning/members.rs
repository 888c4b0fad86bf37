//! `GET /v1/domains/{domain}/provisioning/members`.

use axum::extract::State;
use serde_json::Value;
use store::provisioning::{Entry, Section};

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;

/// The field that says in which queue a member is.
pub(crate) const QUEUE: &str = "queue";
/// The schema of a member in its queue.
pub(crate) const SHAPE: &str = "MemberShape";

/// Lists who is in which queue
///
/// The members of all queues as the provisioning file has them, each with its `queue`, by queue and agent. As a table
/// it can be imported again.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/provisioning/members", tag = "provisioning",
    operation_id = "provisioning_members_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "A page of members", body = List<Value>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("configuration")),
        ("x-list" = json!({"sort": ["queue", "agent", "order"], "q": ["queue", "agent"], "limit": [100, 1000]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let queues = super::entries_of(&app, &access, Section::Queues).await?;
    listing.of_entries(app.lists.members(), of(queues))
}

/// The members of queues, each with its queue.
pub(super) fn of(queues: Vec<Entry>) -> Vec<Entry> {
    let mut all = Vec::new();
    for mut queue in queues {
        let Some(Value::Array(members)) = queue.value.get_mut("members").map(Value::take) else { continue };
        for mut member in members {
            let agent = member.get("agent").and_then(Value::as_str).unwrap_or_default().to_owned();
            let number = queue.key.first().cloned().unwrap_or_default();
            if let Some(fields) = member.as_object_mut() {
                fields.insert(QUEUE.to_owned(), Value::from(number.as_str()));
            }
            all.push(Entry { key: vec![number, agent], value: member, tag: String::new() });
        }
    }
    all
}
