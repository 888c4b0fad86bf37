//! `GET /v1/domains/{domain}/queues/{number}/statistics`.

use axum::Json;
use axum::extract::State;
use engine::CallState;
use model::Queue;
use serde::Serialize;
use switch::Snapshot;
use utoipa::ToSchema;

use super::view::CountersItem;
use crate::auth::Access;
use crate::path::{InPath, QueuePath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::time::{Time, seconds};

/// The one formula in use; it is named in every answer because several are common.
const FORMULA: &str = "answered_in_time / (answered + abandoned_late)";

/// What a queue has done since the server started, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatisticsItem {
    /// The queue's number.
    #[schema(example = "8000")]
    pub(crate) queue: String,
    /// The moment of these figures.
    at: Time,
    /// How many wait on the line now.
    pub(crate) waiting: u32,
    /// How many have hung up and are to be called back.
    callbacks: u32,
    /// Seconds that the longest waiting caller has waited; 0 if nobody waits.
    #[schema(example = 42.0)]
    pub(crate) longest_wait: f64,
    /// The counters.
    #[serde(flatten)]
    pub(crate) counters: CountersItem,
    /// Share of calls served in time, 0 to 1; null without a threshold or a call to judge.
    #[schema(example = 0.83)]
    pub(crate) service_level: Option<f64>,
    /// How the service level is made.
    #[schema(example = "answered_in_time / (answered + abandoned_late)")]
    service_level_formula: &'static str,
    /// Seconds within which an answer is in time; 0: none set.
    #[schema(example = 20)]
    service_level_threshold: u32,
    /// Mean wait of the answered, seconds; null without any.
    pub(crate) average_wait: Option<f64>,
    /// Mean talk of the answered and the called back that are over, seconds; null without any.
    pub(crate) average_talk: Option<f64>,
    /// Mean of what a wait differed from its estimate, seconds; null without an estimate.
    average_estimate_error: Option<f64>,
    /// Whether every offered call is accounted for.
    conservation: ConservationItem,
}

/// `offered = accounted + waiting`, or something is wrong with the server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConservationItem {
    /// Calls that entered, or tried to.
    offered: u64,
    /// Calls that are out again, in whatever way.
    accounted: u64,
    /// Calls still in the line.
    waiting: u64,
    /// Whether it adds up.
    holds: bool,
}

/// Shows a queue's statistics
///
/// Since the server started.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/queues/{number}/statistics", tag = "queues",
    operation_id = "queues_statistics",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The queue's number", example = "8000"),
    ),
    responses((status = 200, description = "The figures", body = StatisticsItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_queue"])))
)]
pub(crate) async fn statistics(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
) -> Result<Json<StatisticsItem>, Problem> {
    let snapshot = access.sees(&app).snapshot().await?;
    let queue = super::named(&snapshot.directory, &path.number)?;
    let item = StatisticsItem::of(&snapshot, queue);
    item.map(Json).ok_or_else(|| Problem::plain(ProblemKind::UnknownQueue))
}

impl StatisticsItem {
    /// Of one queue; none if it is not in the snapshot.
    pub(crate) fn of(snapshot: &Snapshot, queue: &Queue) -> Option<Self> {
        let view = snapshot.queues.iter().find(|view| view.queue == queue.id)?;
        let counters = CountersItem::new(&view.counters);
        let judged = if queue.sla_time == 0 { 0 } else { counters.answered + counters.abandoned_late };
        let (accounted, waiting) = (counters.accounted(), u64::from(view.waiting));
        Some(Self {
            queue: view.number.to_string(),
            at: snapshot.at.into(),
            waiting: view.waiting,
            callbacks: view.callbacks,
            longest_wait: longest_wait(snapshot, queue.id),
            service_level: ratio(counters.answered_in_time, judged),
            service_level_formula: FORMULA,
            service_level_threshold: queue.sla_time,
            average_wait: mean(counters.wait_time, counters.answered),
            average_talk: mean(
                counters.talk_time,
                (counters.answered + counters.callbacks_done).saturating_sub(talking(snapshot, queue.id)),
            ),
            average_estimate_error: mean(counters.estimate_error, counters.estimated),
            conservation: ConservationItem {
                offered: counters.offered,
                accounted,
                waiting,
                holds: counters.offered == accounted + waiting,
            },
            counters,
        })
    }
}

fn longest_wait(snapshot: &Snapshot, of: model::QueueId) -> f64 {
    let first = snapshot.calls.iter().filter_map(|call| match &call.state {
        CallState::Waiting { queue, enqueued_at, callback: false, .. } if *queue == of => Some(*enqueued_at),
        CallState::Waiting { .. }
        | CallState::Started
        | CallState::InFlow { .. }
        | CallState::Ringing
        | CallState::CallingBack { .. }
        | CallState::Connected { .. }
        | CallState::Ending => None,
    });
    first.min().map_or(0.0, |at| seconds(snapshot.at.since(at)))
}

/// Calls of the queue that are being talked on.
fn talking(snapshot: &Snapshot, of: model::QueueId) -> u64 {
    let on = snapshot.calls.iter().filter(|call| call.state == CallState::Connected { queue: Some(of) });
    u64::try_from(on.count()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "counts of calls stay far below 2^52")]
pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of calls stay far below 2^52")]
pub(crate) fn mean(sum: f64, count: u64) -> Option<f64> {
    (count > 0).then(|| (sum / count as f64 * 1_000.0).round() / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_of_nothing_is_nothing() {
        assert_eq!(ratio(0, 0), None);
        assert_eq!(ratio(2, 3), Some(0.6667));
        assert_eq!(mean(10.0, 4), Some(2.5));
    }
}
