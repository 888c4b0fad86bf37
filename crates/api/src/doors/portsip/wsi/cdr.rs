//! Calls as `cdr_events` tells them: that one began, that it changed, and its record. The fields are those of PortSIP's
//! call detail records; what has no counterpart here is empty.

use engine::{CallRecord, CallView, Cause, Direction, LegRecord};
use model::{CallerId, Directory, LegId, Timestamp};
use serde_json::{Value, json};

use super::super::number_of;
use super::words::{address, seconds_of};

const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "in",
        Direction::Outbound => "out",
        Direction::Internal => "ext",
    }
}

fn or_zero(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "0".to_owned(), seconds_of)
}

/// A live call.
pub(super) fn call(event: &str, directory: &Directory, call: &CallView, at: Timestamp) -> Value {
    let (caller, callee) = ends(directory, call.direction, (&call.caller, &call.dialed));
    json!({
        "event_type": event,
        "tenant_id": directory.tenant.id.to_string(),
        "session_id": call.call.to_string(),
        "call_id": call.call.to_string(),
        "cdr_id": call.call.to_string(),
        "caller": caller,
        "caller_display_name": call.caller.name.reveal(),
        "callee": callee,
        "callee_display_name": "",
        "direction": direction(call.direction),
        "time": seconds_of(at),
    })
}

/// Between extensions both ends are addresses.
fn ends(directory: &Directory, way: Direction, (caller, dialed): (&CallerId, &str)) -> (String, String) {
    let shown = |number: &str| match way {
        Direction::Internal => address(number, directory),
        Direction::Inbound | Direction::Outbound => number.to_owned(),
    };
    (shown(number_of(caller)), shown(dialed))
}

/// The record of a call that is over; its legs in the order in which they ended.
pub(super) fn record(directory: &Directory, record: &CallRecord, order: &[LegId]) -> Value {
    let trunk = record.legs.iter().find_map(|leg| directory.trunks.get(&leg.trunk?));
    let trunk = trunk.map(|trunk| trunk.name.clone()).unwrap_or_default();
    let dialed = record.legs.get(1..).unwrap_or_default();
    let caller = number_of(&record.caller);
    json!({
        "event_type": "call_cdr",
        "tenant_id": directory.tenant.id.to_string(),
        "tenant_name": directory.tenant.name,
        "session_id": record.call.to_string(),
        "call_id": record.call.to_string(),
        "direction": direction(record.direction),
        "caller": caller,
        "caller_display_name": record.caller.name.reveal(),
        "callee": record.dialed,
        "callee_domain": directory.tenant.name,
        "did_cid": if record.direction == Direction::Inbound { record.dialed.as_str() } else { "" },
        "outbound_caller_id": "",
        "start_time": seconds_of(record.started_at),
        "ring_time": or_zero(dialed.iter().filter_map(|leg| leg.ringing_at).min()),
        "answered_time": or_zero(record.answered_at),
        "ended_time": seconds_of(record.ended_at),
        "ended_reason": ended_reason(record, order),
        "status_code": "0",
        "trunk_name": trunk,
        "user_data": "",
        "call_targets": dialed.iter().map(|leg| target(directory, caller, leg)).collect::<Vec<_>>(),
    })
}

/// Who ended it: of two who talked, the one whose side was over first; both may be over in the same moment.
fn ended_reason(record: &CallRecord, order: &[LegId]) -> &'static str {
    match record.cause {
        Cause::CallerGone => "cancelled",
        Cause::Transferred => "blind_transfer_complete",
        Cause::Normal => {
            let over = |leg: &LegRecord| (leg.ended_at, order.iter().position(|known| *known == leg.leg));
            let caller = record.legs.first().map(over);
            let callee = record.legs.get(1..).unwrap_or_default().iter().map(over).max();
            if caller <= callee { "caller_disconnect" } else { "callee_disconnect" }
        }
        // PortSIP has no words for them.
        Cause::Busy
        | Cause::Declined
        | Cause::NoAnswer
        | Cause::Unreachable
        | Cause::NotFound
        | Cause::Forbidden
        | Cause::Blocked
        | Cause::AnsweredElsewhere
        | Cause::Congestion
        | Cause::MediaTimeout
        | Cause::SignallingTimeout
        | Cause::NoCommonCodec
        | Cause::Administrative
        | Cause::QueueRule
        | Cause::Shutdown
        | Cause::NodeRestart
        | Cause::Internal => record.cause.as_str(),
    }
}

/// One phone that was dialed.
fn target(directory: &Directory, caller: &str, leg: &LegRecord) -> Value {
    let number = leg.extension.as_ref().map(ToString::to_string).unwrap_or_default();
    let trunk = leg.trunk.and_then(|trunk| directory.trunks.get(&trunk));
    json!({
        "id": leg.leg.to_string(),
        "call_type": if leg.queue.is_some() { "queue_call" } else { "normal_call" },
        "caller": caller,
        "callee": number,
        "destination": if number.is_empty() { String::new() } else { address(&number, directory) },
        "start_time": seconds_of(leg.started_at),
        "ring_time": or_zero(leg.ringing_at),
        "answered_time": or_zero(leg.answered_at),
        "ended_time": or_zero(leg.ended_at),
        "end_reason": leg.cause.map_or("None", Cause::as_str),
        "outbound_caller_id": "",
        "status_code": 0,
        "trunk_name": trunk.map(|trunk| trunk.name.clone()).unwrap_or_default(),
    })
}
