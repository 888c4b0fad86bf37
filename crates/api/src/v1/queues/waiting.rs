//! `GET /v1/domains/{domain}/queues/{number}/waiting`.

pub(crate) mod moving;
pub(crate) mod pickup;
pub(crate) mod why;

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::path::{InPath, QueuePath};
use crate::problem::Problem;
use crate::state::App;
use crate::time::{Time, seconds};
use crate::v1::calls::view::CallerItem;

/// One waiting call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitingItem {
    /// Its place, from 1.
    #[schema(example = 1)]
    position: usize,
    /// The call.
    #[schema(example = "17")]
    call: String,
    /// Who calls: the number, or the name where that is withheld.
    #[schema(example = "+493012345678")]
    caller: String,
    /// The number and the name.
    caller_id: CallerItem,
    /// Seconds in this line.
    #[schema(example = 12.5)]
    waited: f64,
    /// When it entered the line.
    enqueued_at: Time,
    /// Higher is served first.
    priority: u8,
    /// Whether its caller has hung up and is to be called back.
    callback: bool,
    /// Whether nobody is rung for it yet, because the caller hears the introduction first.
    held: bool,
    /// The extensions being rung for it at this moment.
    offered_to: Vec<String>,
}

/// Lists who waits in a queue
///
/// Head of the line first. A call that is being offered to somebody still waits, at its place.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/queues/{number}/waiting", tag = "queues", operation_id = "queues_waiting",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The queue's number", example = "8000"),
    ),
    responses((status = 200, description = "The line, head first", body = List<WaitingItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue"])),
        ("x-list" = json!({"sort": ["position", "waited", "priority"], "id": ["call"], "q": ["caller_id"]}))
    )
)]
pub(crate) async fn waiting(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
    listing: Listing,
) -> Result<Listed, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let queue = super::named(&snapshot.directory, &path.number)?;
    let line = access.sees(&app).waiting(queue.id).await?;
    let callers: BTreeMap<_, _> = snapshot.calls.iter().map(|call| (call.call, &call.caller)).collect();
    let names = snapshot.names();
    let now = app.clock.now();
    let items = line.iter().enumerate().map(|(index, entry)| {
        // A call that came between the two answers has its caller in the next one.
        let caller_id = callers.get(&entry.call).map(|caller| CallerItem::new(caller)).unwrap_or_default();
        WaitingItem {
            position: index + 1,
            call: entry.call.to_string(),
            caller: caller_id.shown(),
            caller_id,
            waited: seconds(now.since(entry.enqueued_at)),
            enqueued_at: entry.enqueued_at.into(),
            priority: entry.priority,
            callback: entry.callback,
            held: entry.held,
            offered_to: entry.offered_to.iter().map(|agent| names.agent(*agent)).collect(),
        }
    });
    listing.of_all(items)
}
