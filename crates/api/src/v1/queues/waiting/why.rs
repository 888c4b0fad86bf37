//! `GET /v1/domains/{domain}/queues/{number}/waiting/{call}/why`.

use axum::Json;
use axum::extract::State;
use engine::WhyWaiting;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::path::{InPath, WaitingPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::time::{Time, seconds};
use crate::v1::calls::why::DecisionItem;

/// Why a call still waits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhyWaitingItem {
    /// The call.
    #[schema(example = "17")]
    call: String,
    /// The queue's number.
    #[schema(example = "8000")]
    queue: String,
    /// The queue's name.
    #[schema(example = "Support")]
    queue_name: String,
    /// Its place, from 1.
    #[schema(example = 1)]
    position: u32,
    /// How many wait in the line, this call included.
    #[schema(example = 3)]
    waiting: u32,
    /// When it entered the line.
    enqueued_at: Time,
    /// Seconds in this line.
    #[schema(example = 12.5)]
    waited: f64,
    /// Higher is served first.
    priority: u8,
    /// The extensions being rung for it at this moment.
    offered_to: Vec<String>,
    /// The last decision about it in this line; null if there has been none: its turn has not come.
    decision: Option<DecisionItem>,
    /// All of it in words.
    #[schema(
        example = "It is at place 1 of 3 and has waited for 12 s. Nobody could take it; it waits at place 1."
    )]
    text: String,
}

/// Says why a call still waits
///
/// Its place in the line and the last decision about it, from the record of the decision; nothing is decided anew.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/queues/{number}/waiting/{call}/why", tag = "queues",
    operation_id = "queues_waiting_why",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The queue's number", example = "8000"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    responses((status = 200, description = "Its place, and the last decision", body = WhyWaitingItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_queue", "not_waiting", "unknown_call"])))
)]
pub(crate) async fn why(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<WaitingPath>,
) -> Result<Json<WhyWaitingItem>, Problem> {
    let directory = access.sees(&app).directory().await?;
    let queue = crate::v1::queues::named(&directory, &path.number)?;
    let call = path.id()?;
    let not_there = || {
        let detail = format!("call {call} does not wait in queue {}", queue.number);
        Problem::new(ProblemKind::NotWaiting, detail)
    };
    let found = access.sees(&app).why_waiting(call).await?;
    let WhyWaiting { queue: _, place: entry, waiting, decision } =
        found.filter(|found| found.queue == queue.id).ok_or_else(not_there)?;
    let names = directory.names();
    let decision = decision.map(|decision| DecisionItem::new(&decision, names));
    let waited = app.clock.now().since(entry.enqueued_at);
    let place =
        format!("It is at place {} of {waiting} and has waited for {} s.", entry.position, waited.as_secs());
    let undecided =
        if entry.held { "The caller hears the introduction first." } else { "Its turn has not come yet." };
    let said = decision.as_ref().map_or(undecided, |decision| decision.text.as_str());
    let text = format!("{place} {said}");
    Ok(Json(WhyWaitingItem {
        call: call.to_string(),
        queue: queue.number.to_string(),
        queue_name: queue.name.clone(),
        position: entry.position,
        waiting,
        enqueued_at: entry.enqueued_at.into(),
        waited: seconds(waited),
        priority: entry.priority,
        offered_to: entry.offered_to.iter().map(|agent| names.agent(*agent)).collect(),
        decision,
        text,
    }))
}
