//! `GET /v1/domains/{domain}/queues/{number}/statistics/intervals`.

use axum::extract::State;
use model::Timestamp;
use serde::Serialize;
use store::statistics::queue::QueueFigures;
use utoipa::ToSchema;

use super::statistics::{mean, ratio};
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::path::{InPath, QueuePath};
use crate::problem::Problem;
use crate::state::App;
use crate::time::{Time, seconds_of_ms};
use crate::v1::intervals::SpanParams;

/// What came of the calls that entered a queue in an interval. Always
/// `offered = answered + abandoned + overflowed + closed + night + exited + callback_requested + removed`,
/// `overflowed = overflow_timeout + full + no_agents`, and
/// `callback_requested = callbacks_done + callbacks_failed + callbacks_cancelled`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueIntervalItem {
    /// When the interval begins.
    begins_at: Time,
    /// When it ends.
    ends_at: Time,
    /// Calls that entered the line, or tried to.
    offered: u64,
    /// Of them: answered by an agent.
    answered: u64,
    /// Of the answered: within the threshold that was in force when they came.
    answered_in_time: u64,
    /// The caller hung up before an agent answered.
    abandoned: u64,
    /// Of the abandoned: sooner than ten seconds after they came.
    abandoned_short: u64,
    /// Of the abandoned: later than the threshold that the queue has now.
    abandoned_late: u64,
    /// Left by a rule of the queue.
    overflowed: u64,
    /// Of the overflowed: the wait was too long.
    overflow_timeout: u64,
    /// Of the overflowed: the line was full.
    full: u64,
    /// Of the overflowed: nobody was logged in and reachable.
    no_agents: u64,
    /// Not let in because the queue was out of its hours, or on a holiday.
    closed: u64,
    /// Not let in because the queue was in night mode.
    night: u64,
    /// The caller pressed the key that leads out of the line.
    exited: u64,
    /// The caller asked to be called back and hung up.
    callback_requested: u64,
    /// Of them: called back, and they answered.
    callbacks_done: u64,
    /// Of them: not reached.
    callbacks_failed: u64,
    /// Of them: not called, because they called again or somebody took them out.
    callbacks_cancelled: u64,
    /// Taken out by somebody, or because the queue went away.
    removed: u64,
    /// `answered_in_time / (answered with a threshold + abandoned_late)`, 0 to 1; null without a call to judge.
    #[schema(example = 0.83)]
    service_level: Option<f64>,
    /// Mean wait of the answered, seconds; null without any.
    average_wait: Option<f64>,
    /// Longest wait of any of the calls, seconds.
    longest_wait: f64,
    /// Seconds from agents' answers to the ends of their legs, on hold too, together.
    talk_time: f64,
    /// Mean of that for each call that an agent talked on, callbacks too; null without any.
    average_talk: Option<f64>,
    /// How often callers were put on hold on those calls, by the API or by the agent's phone.
    holds: u64,
    /// Seconds that they were on hold, together; it is part of `talk_time`.
    hold_time: f64,
    /// Seconds of wrap-ups in this queue that began in the interval and are over, together.
    wrap_up_time: f64,
    /// Mean of that for each wrap-up; null without any.
    average_wrap_up: Option<f64>,
    /// `talk_time + wrap_up_time`.
    handle_time: f64,
    /// Mean of that for each call that an agent talked on; null without any.
    average_handle: Option<f64>,
}

impl QueueIntervalItem {
    fn new((begins, ends): (Timestamp, Timestamp), of: &QueueFigures) -> Self {
        let (talk, wrap_up) = (seconds_of_ms(of.talk_ms), seconds_of_ms(of.wrap_up_ms));
        let handle = seconds_of_ms(of.talk_ms + of.wrap_up_ms);
        Self {
            begins_at: begins.into(),
            ends_at: ends.into(),
            offered: of.offered,
            answered: of.answered,
            answered_in_time: of.answered_in_time,
            abandoned: of.abandoned,
            abandoned_short: of.abandoned_short,
            abandoned_late: of.abandoned_late,
            overflowed: of.overflowed(),
            overflow_timeout: of.overflow_timeout,
            full: of.full,
            no_agents: of.no_agents,
            closed: of.closed,
            night: of.night,
            exited: of.exited,
            callback_requested: of.callback_requested,
            callbacks_done: of.callbacks_done,
            callbacks_failed: of.callbacks_failed,
            callbacks_cancelled: of.callbacks_cancelled,
            removed: of.removed,
            service_level: ratio(of.answered_in_time, of.judged()),
            average_wait: mean(seconds_of_ms(of.wait_ms), of.answered),
            longest_wait: seconds_of_ms(of.wait_max_ms),
            talk_time: talk,
            average_talk: mean(talk, of.talks),
            holds: of.holds,
            hold_time: seconds_of_ms(of.hold_ms),
            wrap_up_time: wrap_up,
            average_wrap_up: mean(wrap_up, of.wrap_ups),
            handle_time: handle,
            average_handle: mean(handle, of.talks),
        }
    }
}

/// Shows a queue's statistics per interval
///
/// Of each interval of a span, what came of the calls that entered the queue in it, whenever it came. Calls that are
/// not over yet are not among them, so the figures of the last intervals grow. Figures of two intervals add up to those
/// of both. Of calls from before holds were kept, `holds` and `hold_time` know nothing.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/queues/{number}/statistics/intervals", tag = "queues",
    operation_id = "queues_statistics_intervals",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The queue's number", example = "8000"),
        SpanParams,
    ),
    responses((status = 200, description = "The figures of each interval", body = List<QueueIntervalItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue", "unusable_span"])),
        ("x-list" = json!({"sort": ["begins_at"], "id": ["begins_at"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<QueuePath>,
    listing: Listing<SpanParams>,
) -> Result<Listed, Problem> {
    let directory = access.sees(&app).directory().await?;
    let queue = super::named(&directory, &path.number)?;
    let intervals = listing.filter.cut(&app, &directory)?;
    let threshold_ms = u64::from(queue.sla_time) * 1_000;
    let figures = app.storage.queue_figures((access.tenant(), queue.id), &intervals, threshold_ms).await?;
    listing
        .of_all(intervals.iter().zip(&figures).map(|(span, figures)| QueueIntervalItem::new(span, figures)))
}
