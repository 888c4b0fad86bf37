//! The messages of the socket, as text in PortSIP's names. Numbers are texts there, except where its documentation has
//! them bare.

use engine::{AgentState, AgentView, CallState, CallView, WaitingView};
use model::{CallId, Directory, Queue, TenantId, Timestamp};
use serde_json::{Value, json};
use switch::Snapshot;

use super::super::{number_of, state_word};

/// Whole seconds since 1970.
pub(super) fn seconds_of(at: Timestamp) -> String {
    at.0.div_euclid(1_000_000).to_string()
}

/// Why a caller is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// He stands in the line.
    Enqueue,
    /// An agent talks with him.
    AgentAnswered,
    /// He was led elsewhere.
    Overflow,
    /// He hung up.
    Hangup,
    /// He will be called back.
    Callback,
}

impl Reason {
    const fn word(self) -> &'static str {
        match self {
            Self::Enqueue => "enqueue",
            Self::AgentAnswered => "agent_answered",
            Self::Overflow => "overflow",
            Self::Hangup => "hangup",
            Self::Callback => "callback",
        }
    }
}

const fn kind_of(callback: bool) -> &'static str {
    if callback { "callback" } else { "normal" }
}

/// What an agent's state is called on the socket.
pub(super) const fn state_of(state: &AgentState) -> &'static str {
    if matches!(state, AgentState::LoggedOut) { "ONLINE" } else { state_word(state) }
}

/// The call that a state is about.
pub(super) const fn call_of(state: &AgentState) -> Option<CallId> {
    match state {
        AgentState::QueueCall { call } | AgentState::OtherCall { call } => Some(*call),
        AgentState::Offline
        | AgentState::LoggedOut
        | AgentState::NotReady { .. }
        | AgentState::Ready
        | AgentState::Ringing { .. }
        | AgentState::WrapUp { .. } => None,
    }
}

/// `sip:1001@acme.test`.
pub(super) fn address(number: &str, directory: &Directory) -> String {
    format!("sip:{number}@{}", directory.tenant.name)
}

/// A queue as it stands: its line, head first, and its agents by extension.
pub(super) fn queue_status(snapshot: &Snapshot, queue: &Queue, line: &[WaitingView]) -> Value {
    let directory = &snapshot.directory;
    let find = |id: CallId| snapshot.calls.iter().find(|call| call.call == id);
    let waiting = line.iter().filter_map(|entry| {
        let call = find(entry.call)?;
        Some(json!({
            "position": entry.position.to_string(),
            "session_id": entry.call.to_string(),
            "caller_number": number_of(&call.caller),
            "caller_name": call.caller.name.reveal(),
            "timestamp": seconds_of(entry.enqueued_at),
            "type": kind_of(entry.callback),
        }))
    });
    let mut agents: Vec<(&str, Value)> = Vec::new();
    for view in &snapshot.agents {
        let entry = view.memberships.iter().find(|entry| entry.queue == queue.id);
        let (Some(entry), Some(number)) = (entry, &view.extension) else { continue };
        let call = call_of(&entry.state).and_then(find);
        agents.push((number.as_str(), agent(number.as_str(), &entry.state, entry.since, call)));
    }
    agents.sort_by_key(|(number, _)| *number);
    json!({
        "event_type": "queue_status",
        "tenant_id": directory.tenant.id.to_string(),
        "queue_id": queue.id.to_string(),
        "queue_number": queue.number.as_str(),
        "queue_name": queue.name,
        "waiting_list": waiting.collect::<Vec<_>>(),
        "agents": agents.into_iter().map(|(_, item)| item).collect::<Vec<_>>(),
    })
}

/// An agent in a queue.
pub(super) fn agent(number: &str, state: &AgentState, since: Timestamp, call: Option<&CallView>) -> Value {
    let of_call = |of: fn(&CallView) -> String| call.map(of).unwrap_or_default();
    json!({
        "state": state_of(state),
        "agent_extension_number": number,
        "session_id": of_call(|call| call.call.to_string()),
        "caller_number": of_call(|call| number_of(&call.caller).to_owned()),
        "caller_name": of_call(|call| call.caller.name.reveal().clone()),
        "timestamp": seconds_of(since),
    })
}

/// Agents of a queue that changed, and extensions of those who are in it no more.
pub(super) fn agents(tenant: TenantId, queue: &str, updated: &[Value], removed: &[String]) -> Value {
    let removed: Vec<_> = removed.iter().map(|number| json!({ "agent_extension_number": number })).collect();
    json!({
        "event_type": "queue_agent_status",
        "tenant_id": tenant.to_string(),
        "queue_id": queue,
        "updated_agents": updated,
        "removed_agents": removed,
    })
}

/// A caller who came or went. One who is gone has no place: 0.
pub(super) fn caller(
    (tenant, queue): (TenantId, &str),
    call: &CallView,
    (reason, position): (Reason, u32),
    at: Timestamp,
) -> Value {
    let callback = match &call.state {
        CallState::Waiting { callback, .. } => *callback,
        CallState::CallingBack { .. } => true,
        CallState::Started
        | CallState::InFlow { .. }
        | CallState::Ringing
        | CallState::Connected { .. }
        | CallState::Ending => false,
    };
    json!({
        "event_type": "queue_caller_status",
        "tenant_id": tenant.to_string(),
        "queue_id": queue,
        "updated_callers": [{
            "position": position.to_string(),
            "session_id": call.call.to_string(),
            "caller_number": number_of(&call.caller),
            "reason": reason.word(),
            "timestamp": seconds_of(at),
            "type": kind_of(callback || reason == Reason::Callback),
        }],
    })
}

/// What is known of an extension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Phone {
    /// Registered.
    pub(super) online: bool,
    /// Not to be disturbed.
    pub(super) dnd: bool,
    /// `ON_CALL`, `RINGING` or nothing.
    pub(super) call_status: &'static str,
}

impl Phone {
    const fn presence(self) -> &'static str {
        if self.dnd { "DO_NOT_DISTURB" } else { "ONLINE" }
    }
}

/// An extension that came, went, or is followed from now on.
pub(super) fn extension_status(directory: &Directory, number: &str, phone: Phone, at: Timestamp) -> Value {
    json!({
        "event_type": "extension_status",
        "tenant_id": directory.tenant.id.to_string(),
        "status": [{
            "extension": address(number, directory),
            "extension_id": number,
            "call_status": phone.call_status,
            "online": phone.online,
            "presence": phone.presence(),
            "presence_note": "",
            "push_online": false,
            "time": seconds_of(at),
        }],
    })
}

/// An extension that calls, rings or is on a call no more.
pub(super) fn extension_call(directory: &Directory, number: &str, phone: Phone, at: Timestamp) -> Value {
    let fields = json!({ "call_status": phone.call_status });
    about(directory, "extension_call", number, at, fields)
}

/// An extension whose do not disturb was switched.
pub(super) fn extension_presence(directory: &Directory, number: &str, phone: Phone, at: Timestamp) -> Value {
    let fields = json!({ "presence": phone.presence(), "presence_note": "" });
    about(directory, "extension_presence", number, at, fields)
}

/// What an agent does in each of her queues.
pub(super) fn extension_agent_status(
    directory: &Directory,
    number: &str,
    view: &AgentView,
    at: Timestamp,
) -> Value {
    let status = view.memberships.iter().filter_map(|entry| {
        let queue = directory.queues.get(&entry.queue)?;
        Some(json!({ "queue_number": queue.number.as_str(), "status": state_of(&entry.state) }))
    });
    let fields = json!({ "agent_status": status.collect::<Vec<_>>() });
    about(directory, "extension_agent_status", number, at, fields)
}

fn about(directory: &Directory, event: &str, number: &str, at: Timestamp, fields: Value) -> Value {
    let mut message = json!({
        "event_type": event,
        "tenant_id": directory.tenant.id.to_string(),
        "extension": address(number, directory),
        "extension_id": number,
        "time": seconds_of(at),
    });
    if let (Value::Object(message), Value::Object(fields)) = (&mut message, fields) {
        message.extend(fields);
    }
    message
}

/// A queue that is there, was changed, or is gone.
pub(super) fn queue_managed(event: &str, tenant: TenantId, number: &str) -> Value {
    json!({ "event_type": event, "tenant_id": tenant.to_string(), "queue_number": number })
}

/// An extension that is there, was changed, or is gone.
pub(super) fn extension_managed(event: &str, directory: &Directory, number: &str) -> Value {
    let extension = directory.extensions.values().find(|one| one.number.as_str() == number);
    let agent = directory.agent_of(number);
    let name = agent.map_or_else(
        || extension.map(|one| one.display_name.clone()).unwrap_or_default(),
        |agent| agent.name.clone(),
    );
    let email = agent.map(|agent| agent.email.clone()).unwrap_or_default();
    json!({
        "event_type": event,
        "tenant_id": directory.tenant.id.to_string(),
        "extension_number": number,
        "extension_id": number,
        "disp_name": name,
        "email": email,
        "username": email,
    })
}
