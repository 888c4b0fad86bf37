//! `GET /v1/domains/{domain}/agents/{extension}/statistics/intervals`.

use axum::extract::State;
use model::Timestamp;
use serde::Serialize;
use store::statistics::agent::State as Does;
use store::statistics::{AgentInterval, OfAgent};
use utoipa::ToSchema;

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::path::{AgentPath, InPath};
use crate::problem::Problem;
use crate::state::App;
use crate::time::{Time, seconds_of_ms};
use crate::v1::intervals::SpanParams;

/// What an agent did in an interval. Always `offered = answered + missed + declined + unreachable + withdrawn`,
/// `logged_in_time = ready_time + not_ready_time + ringing_time + queue_call_time + other_call_time + wrap_up_time`, and
/// that with `logged_out_time`, `offline_time` and `unknown_time` is all of the interval that is over, to the millisecond.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentIntervalItem {
    /// When the interval begins.
    begins_at: Time,
    /// When it ends.
    ends_at: Time,
    /// Queue calls that her phones were called for in the interval.
    offered: u64,
    /// Of them: she answered.
    answered: u64,
    /// Of them: it rang out.
    missed: u64,
    /// Of them: she declined.
    declined: u64,
    /// Of them: her phones were busy, or could not be reached.
    unreachable: u64,
    /// Of them: it stopped before, since the caller was gone, somebody else answered, or it was taken back.
    withdrawn: u64,
    /// Seconds that she was on those queue calls, on hold too, from her answer to the end of her leg, together.
    talk_time: f64,
    /// How often she put their callers on hold, by the API or by her phone.
    holds: u64,
    /// Seconds that they were on hold, together; it is part of `talk_time`.
    hold_time: f64,
    /// Other calls that reached or left her phones in the interval and were answered.
    other_calls: u64,
    /// Seconds that they lasted, together.
    other_talk_time: f64,
    /// How often she put somebody on hold on them.
    other_holds: u64,
    /// Seconds that they were on hold, together; it is part of `other_talk_time`.
    other_hold_time: f64,
    /// Seconds of the interval that she was logged in to at least one queue.
    logged_in_time: f64,
    /// Seconds ready. She does what is most telling over her queues: a queue call, another call, ringing, wrap-up, ready,
    /// not ready, logged out, offline, in this order.
    ready_time: f64,
    /// Seconds not ready.
    not_ready_time: f64,
    /// Seconds in which a queue call rang her.
    ringing_time: f64,
    /// Seconds on queue calls.
    queue_call_time: f64,
    /// Seconds on other calls.
    other_call_time: f64,
    /// Seconds of wrap-up.
    wrap_up_time: f64,
    /// Seconds logged out, with a phone registered.
    logged_out_time: f64,
    /// Seconds logged out, without one.
    offline_time: f64,
    /// Seconds before the first thing that is known of her in any queue.
    unknown_time: f64,
}

impl AgentIntervalItem {
    fn new((begins, ends): (Timestamp, Timestamp), AgentInterval { figures, times }: &AgentInterval) -> Self {
        let time = |state| seconds_of_ms(times.of(state));
        Self {
            begins_at: begins.into(),
            ends_at: ends.into(),
            offered: figures.offered,
            answered: figures.answered,
            missed: figures.missed,
            declined: figures.declined,
            unreachable: figures.unreachable,
            withdrawn: figures.withdrawn,
            talk_time: seconds_of_ms(figures.talk_ms),
            holds: figures.holds,
            hold_time: seconds_of_ms(figures.hold_ms),
            other_calls: figures.other_calls,
            other_talk_time: seconds_of_ms(figures.other_talk_ms),
            other_holds: figures.other_holds,
            other_hold_time: seconds_of_ms(figures.other_hold_ms),
            logged_in_time: seconds_of_ms(times.logged_in_ms()),
            ready_time: time(Does::Ready),
            not_ready_time: time(Does::NotReady),
            ringing_time: time(Does::Ringing),
            queue_call_time: time(Does::QueueCall),
            other_call_time: time(Does::OtherCall),
            wrap_up_time: time(Does::WrapUp),
            logged_out_time: time(Does::LoggedOut),
            offline_time: time(Does::Offline),
            unknown_time: seconds_of_ms(times.unknown_ms),
        }
    }
}

/// Shows an agent's statistics per interval
///
/// Of each interval of a span, how long she did what in it, and what came of the queue calls that her phones were called
/// for in it, whenever it came. Calls that are not over yet are not among them. Of a queue that she has left, her last
/// change there is the end.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/agents/{extension}/statistics/intervals", tag = "agents",
    operation_id = "agents_statistics_intervals",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "The agent's extension; `~` is the login's own", example = "1001"),
        SpanParams,
    ),
    responses((status = 200, description = "The figures of each interval", body = List<AgentIntervalItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_agent", "no_agent", "unusable_span"])),
        ("x-list" = json!({"sort": ["begins_at"], "id": ["begins_at"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
    listing: Listing<SpanParams>,
) -> Result<Listed, Problem> {
    let directory = access.sees(&app).directory().await?;
    let agent = super::named(&directory, &access, &path.extension)?;
    let intervals = listing.filter.cut(&app, &directory)?;
    let queues = directory.memberships_of(agent).map(|member| member.queue);
    let of = OfAgent { tenant: access.tenant(), agent, queues: queues.collect() };
    let figures = app.storage.agent_figures(of, &intervals, app.clock.now()).await?;
    listing
        .of_all(intervals.iter().zip(&figures).map(|(span, figures)| AgentIntervalItem::new(span, figures)))
}
