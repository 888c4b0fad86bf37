//! Answers to actions that ask how things stand: a list of events between `EventList: start` and `…Complete`.

use engine::{AgentState, AgentView, MembershipView};
use model::{Extension, Queue};
use switch::Snapshot;

use super::story::{interface, is_member, paused};
use super::wire::{Action, Packet};
use crate::v1::queues::statistics::StatisticsItem;

/// The answer to an action; none if there is no such action.
pub(super) fn list(action: &Action, snapshot: &Snapshot) -> Option<Vec<Packet>> {
    let (items, end, message) = match action.name().as_str() {
        "queuesummary" => {
            let items = queues(action, snapshot).map(|queue| summary(snapshot, queue)).collect();
            (items, "QueueSummaryComplete", "The summary follows")
        }
        "queuestatus" => {
            let items = queues(action, snapshot).flat_map(|queue| status(snapshot, queue)).collect();
            (items, "QueueStatusComplete", "The status follows")
        }
        "pjsipshowendpoints" => {
            let all = snapshot.directory.extensions.values();
            let items = all.map(|one| endpoint("EndpointList", snapshot, one)).collect();
            (items, "EndpointListComplete", "The endpoints follow")
        }
        "pjsipshowendpoint" => {
            let wanted = action.get("endpoint").unwrap_or_default();
            let mut all = snapshot.directory.extensions.values();
            let Some(one) = all.find(|one| one.number.as_str() == wanted) else {
                let words = "Unable to retrieve endpoint";
                return Some(vec![Packet::response("Error").answers(action).with("Message", words)]);
            };
            let auth = Packet::event("AuthDetail")
                .with("ObjectType", "auth")
                .with("ObjectName", &one.number)
                .with("Username", &one.number)
                .with("Password", "")
                .with("AuthType", "userpass");
            let items: Vec<Packet> = vec![endpoint("EndpointDetail", snapshot, one), auth];
            (items, "EndpointDetailComplete", "The endpoint follows")
        }
        _ => return None,
    };
    let start =
        Packet::response("Success").answers(action).with("EventList", "start").with("Message", message);
    let count = items.len();
    let end = Packet::event(end).answers(action).with("EventList", "Complete").with("ListItems", count);
    let items = items.into_iter().map(|item: Packet| item.answers(action));
    Some(std::iter::once(start).chain(items).chain([end]).collect())
}

/// The queues that an action is about.
fn queues<'a>(action: &'a Action, snapshot: &'a Snapshot) -> impl Iterator<Item = &'a Queue> {
    let wanted = action.get("queue").filter(|name| !name.is_empty());
    let all = snapshot.directory.queues.values();
    all.filter(move |queue| wanted.is_none_or(|wanted| queue.number.as_str() == wanted))
}

fn entries<'a>(
    snapshot: &'a Snapshot,
    queue: &'a Queue,
) -> impl Iterator<Item = (&'a AgentView, &'a MembershipView)> {
    let of = |view: &'a AgentView| {
        view.memberships.iter().find(|entry| entry.queue == queue.id).map(|entry| (view, entry))
    };
    snapshot.agents.iter().filter_map(of)
}

/// Whole seconds of a mean that may not be known.
fn whole(seconds: Option<f64>) -> String {
    format!("{:.0}", seconds.unwrap_or_default())
}

fn summary(snapshot: &Snapshot, queue: &Queue) -> Packet {
    let logged_in = entries(snapshot, queue).filter(|(_, entry)| is_member(&entry.state)).count();
    let available = entries(snapshot, queue).filter(|(_, entry)| entry.available).count();
    let figures = StatisticsItem::of(snapshot, queue);
    let figures = figures.as_ref();
    Packet::event("QueueSummary")
        .with("Queue", &queue.number)
        .with("LoggedIn", logged_in)
        .with("Available", available)
        .with("Callers", figures.map_or(0, |figures| figures.waiting))
        .with("HoldTime", whole(figures.and_then(|figures| figures.average_wait)))
        .with("TalkTime", whole(figures.and_then(|figures| figures.average_talk)))
        .with("LongestHoldTime", whole(figures.map(|figures| figures.longest_wait)))
}

/// A queue and its members. Who is logged out is none.
fn status(snapshot: &Snapshot, queue: &Queue) -> Vec<Packet> {
    let figures = StatisticsItem::of(snapshot, queue);
    let figures = figures.as_ref();
    let params = Packet::event("QueueParams")
        .with("Queue", &queue.number)
        .with("Max", queue.max_callers)
        .with("Strategy", strategy(queue))
        .with("Calls", figures.map_or(0, |figures| figures.waiting))
        .with("Holdtime", whole(figures.and_then(|figures| figures.average_wait)))
        .with("TalkTime", whole(figures.and_then(|figures| figures.average_talk)))
        .with("Completed", figures.map_or(0, |figures| figures.counters.answered))
        .with("Abandoned", figures.map_or(0, |figures| figures.counters.abandoned))
        .with("ServiceLevel", queue.sla_time)
        .with("Weight", queue.weight);
    let members = entries(snapshot, queue).filter(|(_, entry)| is_member(&entry.state));
    let member = |(view, entry): (&AgentView, &MembershipView)| {
        let at = interface(&snapshot.directory, view.agent);
        let reason = paused(&entry.state);
        Packet::event("QueueMember")
            .with("Queue", &queue.number)
            .with("Name", &at)
            .with("Location", &at)
            .with("StateInterface", &at)
            .with("Membership", "dynamic")
            .with("Penalty", 0)
            .with("CallsTaken", entry.answered)
            .with("LastCall", 0)
            .with("InCall", u8::from(matches!(entry.state, AgentState::QueueCall { .. })))
            .with("Status", device_status(&entry.state))
            .with("Paused", u8::from(reason.is_some()))
            .with("PausedReason", reason.unwrap_or_default())
            .with("Wrapuptime", queue.wrap_up_time)
    };
    std::iter::once(params).chain(members.map(member)).collect()
}

/// Asterisk's name for it, or the nearest.
const fn strategy(queue: &Queue) -> &'static str {
    match queue.strategy {
        model::Strategy::RingAll | model::Strategy::LinearCascade => "ringall",
        model::Strategy::LongestIdle | model::Strategy::TieredLongestIdle => "leastrecent",
        model::Strategy::Linear | model::Strategy::SkillLinear => "linear",
        model::Strategy::Cyclic | model::Strategy::SkillCyclic => "rrmemory",
        model::Strategy::LeastWorked | model::Strategy::SkillLeastWorked => "fewestcalls",
        model::Strategy::Random => "random",
    }
}

/// Asterisk's numbers of device states: 1 not in use, 2 in use, 5 unavailable, 6 ringing.
const fn device_status(state: &AgentState) -> u8 {
    match state {
        AgentState::Offline => 5,
        AgentState::Ringing { .. } => 6,
        AgentState::QueueCall { .. } | AgentState::OtherCall { .. } => 2,
        AgentState::LoggedOut
        | AgentState::NotReady { .. }
        | AgentState::Ready
        | AgentState::WrapUp { .. } => 1,
    }
}

/// A phone. Of one that is nobody's it is not known whether it is registered.
fn endpoint(event: &str, snapshot: &Snapshot, extension: &Extension) -> Packet {
    let view = extension.agent.and_then(|agent| snapshot.agents.iter().find(|view| view.agent == agent));
    let state = match view {
        None => "Unknown",
        Some(view) => match view.state {
            AgentState::QueueCall { .. } | AgentState::OtherCall { .. } => "Busy",
            AgentState::Ringing { .. } => "Ringing",
            AgentState::Offline
            | AgentState::LoggedOut
            | AgentState::NotReady { .. }
            | AgentState::Ready
            | AgentState::WrapUp { .. } => {
                if view.registered {
                    "Not in use"
                } else {
                    "Unavailable"
                }
            }
        },
    };
    Packet::event(event)
        .with("ObjectType", "endpoint")
        .with("ObjectName", &extension.number)
        .with("Aor", &extension.number)
        .with("Auths", &extension.number)
        .with("DeviceState", state)
}
