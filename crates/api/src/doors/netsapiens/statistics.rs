//! `GET /ns-api/v2/domains/{domain}/statistics/callqueues[/{callqueue}]` and `…/statistics/agent[/{agent}]`.
//!
//! All figures are since the server started. `…-adjusted` figures, which leave out who gave up within ten seconds, are
//! not kept here, nor how many calls were led to voicemail rather than elsewhere.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use engine::AgentView;
use model::Queue;
use serde::{Deserialize, Serialize};
use switch::Snapshot;
use utoipa::ToSchema;

use super::list::queue;
use super::{QueuePath, extension};
use crate::auth::Access;
use crate::path::InPath;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::queues::statistics::{StatisticsItem, ratio};

/// `…/statistics/agent/{agent}`.
#[derive(Deserialize)]
pub(crate) struct AgentPath {
    agent: String,
}

/// What a call queue has done. Times are mean seconds, rates and levels percent; null where there is nothing to judge.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct CallQueueStatistics {
    #[schema(example = "8000")]
    callqueue: String,
    /// Calls that entered, or tried to.
    volume: u64,
    /// Calls that an agent answered.
    calls_answered_count: u64,
    /// Callers who hung up before.
    calls_abandoned_count: u64,
    /// Callers who were led elsewhere.
    calls_forwarded_count: u64,
    /// Callers who asked to be called back.
    callback_requests_count: u64,
    average_talk_time_seconds: Option<f64>,
    average_queueing_time_seconds: Option<f64>,
    service_level_percentage: Option<f64>,
    abandoned_rate_percentage: Option<f64>,
}

/// What an agent has done in a queue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AgentStatistics {
    #[schema(example = "1001@acme.test")]
    callqueue_agent_id: String,
    name: String,
    #[schema(example = "8000")]
    callqueue: String,
    /// Calls of the queue that she answered.
    calls_answered_count: u64,
    /// Rings that she missed, each time; those of a simultaneous ring that another answered are none.
    calls_unanswered_count: u64,
}

impl CallQueueStatistics {
    fn of(snapshot: &Snapshot, queue: &Queue) -> Option<Self> {
        let figures = StatisticsItem::of(snapshot, queue)?;
        let counters = &figures.counters;
        let percent = |share: f64| (share * 10_000.0).round() / 100.0;
        Some(Self {
            volume: counters.offered,
            calls_answered_count: counters.answered,
            calls_abandoned_count: counters.abandoned,
            calls_forwarded_count: counters.overflowed + counters.closed + counters.night + counters.exited,
            callback_requests_count: counters.callback_requested,
            average_talk_time_seconds: figures.average_talk,
            average_queueing_time_seconds: figures.average_wait,
            service_level_percentage: figures.service_level.map(percent),
            abandoned_rate_percentage: ratio(counters.abandoned, counters.offered).map(percent),
            callqueue: figures.queue,
        })
    }
}

/// Gives the figures of every call queue
///
/// With NetSapiens' names, as a bare array.
#[utoipa::path(
    get, path = "/ns-api/v2/domains/{domain}/statistics/callqueues", tag = "netsapiens",
    operation_id = "ns_statistics_callqueues",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "The figures", body = Vec<CallQueueStatistics>)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")))
)]
pub(crate) async fn of_queues(State(app): State<App>, access: Access) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let all = snapshot.directory.queues.values();
    let items: Vec<_> = all.filter_map(|queue| CallQueueStatistics::of(&snapshot, queue)).collect();
    Ok(Json(items).into_response())
}

/// Gives the figures of a call queue
///
/// With NetSapiens' names.
#[utoipa::path(
    get, path = "/ns-api/v2/domains/{domain}/statistics/callqueues/{callqueue}", tag = "netsapiens",
    operation_id = "ns_statistics_callqueue",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("callqueue" = String, Path, description = "The queue's number", example = "8000"),
    ),
    responses((status = 200, description = "The figures", body = CallQueueStatistics)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_queue"])))
)]
pub(crate) async fn of_queue(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let queue = queue(&snapshot.directory, &path.callqueue)?;
    let item = CallQueueStatistics::of(&snapshot, queue);
    Ok(Json(item.ok_or_else(|| Problem::plain(ProblemKind::UnknownQueue))?).into_response())
}

/// Gives the figures of every agent
///
/// With NetSapiens' names, as a bare array: one for each agent and queue, by extension.
#[utoipa::path(
    get, path = "/ns-api/v2/domains/{domain}/statistics/agent", tag = "netsapiens",
    operation_id = "ns_statistics_agents",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "The figures", body = Vec<AgentStatistics>)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")))
)]
pub(crate) async fn of_agents(State(app): State<App>, access: Access) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    Ok(Json(rows(&snapshot, |_| true)).into_response())
}

/// Gives the figures of an agent
///
/// With NetSapiens' names, as a bare array: one for each of her queues.
#[utoipa::path(
    get, path = "/ns-api/v2/domains/{domain}/statistics/agent/{agent}", tag = "netsapiens",
    operation_id = "ns_statistics_agent",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("agent" = String, Path, description = "`user@domain`, or `~` for the login's own agent", example = "1001@acme.test"),
    ),
    responses((status = 200, description = "The figures", body = Vec<AgentStatistics>)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_agent", "no_agent"])))
)]
pub(crate) async fn of_agent(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Response, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let number = extension(&path.agent, &access, &snapshot.directory)?;
    let hers = |view: &AgentView| view.extension.as_ref().is_some_and(|own| own.as_str() == number);
    Ok(Json(rows(&snapshot, hers)).into_response())
}

fn rows(snapshot: &Snapshot, wanted: impl Fn(&AgentView) -> bool) -> Vec<AgentStatistics> {
    let directory = &snapshot.directory;
    let mut views: Vec<&AgentView> = snapshot.agents.iter().filter(|view| wanted(view)).collect();
    views.sort_by(|a, b| a.extension.cmp(&b.extension));
    let of_agent = |view: &&AgentView| {
        let number = view.extension.as_ref().map(ToString::to_string).unwrap_or_default();
        let id = format!("{number}@{}", directory.tenant.name);
        let row = |entry: &engine::MembershipView| {
            Some(AgentStatistics {
                callqueue_agent_id: id.clone(),
                name: view.name.clone(),
                callqueue: directory.queues.get(&entry.queue)?.number.to_string(),
                calls_answered_count: entry.answered,
                calls_unanswered_count: entry.missed,
            })
        };
        view.memberships.iter().filter_map(row).collect::<Vec<_>>()
    };
    views.iter().flat_map(of_agent).collect()
}
