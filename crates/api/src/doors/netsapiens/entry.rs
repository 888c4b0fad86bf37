//! An agent's entry in a queue, with this API's names.

use engine::{AgentState, AgentView, MembershipView};
use model::{Agent, AgentId, Directory, Membership, Queue};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::provisioning::{Change, Edit, Object};
use utoipa::ToSchema;

use super::YesNo;
use crate::problem::{Problem, ProblemKind};

/// Whether she is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AvailabilityType {
    /// Logged in.
    Automatic,
    /// Logged out, with the option for one call.
    Manual,
    /// Her entry is switched off.
    Disabled,
    /// A phone elsewhere; not to be had here.
    OffnetAutomatic,
}

/// An agent's entry to be. What this API knows beside it and we do not is passed over.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct EntryBody {
    /// Yes: the answer is 200 with the entry; else 202.
    pub(super) synchronous: Option<YesNo>,
    /// `user@domain`, or `sip:device@domain`. In the path of a change, and then not needed.
    #[schema(example = "1001@acme.test")]
    pub(super) callqueue_agent_id: Option<String>,
    /// The queue's number, as in the path.
    pub(super) callqueue: Option<String>,
    /// The domain, as in the path.
    pub(super) domain: Option<String>,
    /// Whether she is logged in there.
    pub(super) callqueue_agent_availability_type: Option<AvailabilityType>,
    /// Seconds of work after a call.
    pub(super) callqueue_agent_wrap_up_allowance_seconds: Option<u32>,
    /// Whether her phone answers by itself.
    pub(super) auto_answer_enabled: Option<YesNo>,
    /// Her place in the order; lower is earlier.
    pub(super) callqueue_agent_dispatch_order_ordinal: Option<i32>,
    /// Which of her queues is served first; lower is first.
    pub(super) callqueue_agent_dispatch_queue_priority_ordinal: Option<i32>,
    /// Most calls of hers at a time, in all queues.
    pub(super) limits_max_active_calls_total: Option<u8>,
    /// Whether she presses a key before she is joined with the caller.
    pub(super) callqueue_agent_answer_confirmation_enabled: Option<YesNo>,
}

impl EntryBody {
    /// What it changes: her membership, and, of a limit on her calls, herself.
    pub(super) fn edits(&self, queue: &str, agent: &str, is_new: bool) -> Result<Vec<Edit>, Problem> {
        let mut fields = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            fields.extend(value.map(|value| (name.to_owned(), value)));
        };
        let yes = |word: YesNo| json!(word == YesNo::Yes);
        set("wrap_up_time", self.callqueue_agent_wrap_up_allowance_seconds.map(Value::from));
        set("auto_answer", self.auto_answer_enabled.map(yes));
        set("order", self.callqueue_agent_dispatch_order_ordinal.map(Value::from));
        set("queue_priority", self.callqueue_agent_dispatch_queue_priority_ordinal.map(Value::from));
        set("answer_confirmation", self.callqueue_agent_answer_confirmation_enabled.map(yes));
        match self.callqueue_agent_availability_type {
            Some(AvailabilityType::OffnetAutomatic) => {
                let detail =
                    "`offnet-automatic` is not to be had: phones elsewhere are an agent's personal phone";
                return Err(Problem::new(ProblemKind::InvalidBody, detail));
            }
            Some(AvailabilityType::Disabled) => set("enabled", Some(json!(false))),
            Some(AvailabilityType::Automatic | AvailabilityType::Manual) => set("enabled", Some(json!(true))),
            None => {}
        }
        let change = if is_new { Change::Create(fields.into()) } else { Change::Patch(fields.into()) };
        let object = Object::Member { queue: queue.to_owned(), agent: agent.to_owned() };
        let limit = self.limits_max_active_calls_total.map(|most| Edit {
            object: Object::Agent(agent.to_owned()),
            change: Change::Patch(json!({ "max_concurrent_calls": most })),
            expected: None,
        });
        Ok(std::iter::once(Edit { object, change, expected: None }).chain(limit).collect())
    }
}

/// An agent's entry in a queue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct EntryItem {
    #[schema(example = "1001@acme.test")]
    callqueue_agent_id: String,
    #[schema(example = "8000")]
    callqueue: String,
    domain: String,
    callqueue_agent_availability_type: AvailabilityType,
    callqueue_agent_wrap_up_allowance_seconds: u32,
    auto_answer_enabled: YesNo,
    callqueue_agent_dispatch_order_ordinal: i32,
    callqueue_agent_dispatch_queue_priority_ordinal: i32,
    limits_max_active_calls_total: u8,
    callqueue_agent_answer_confirmation_enabled: YesNo,
    /// `available` if she would be given a call of this queue now, else `unavailable`.
    callqueue_agent_availability_for_dispatch: &'static str,
    /// Always `user`: her devices ring together.
    callqueue_agent_entry_type: &'static str,
    callqueue_agent_has_registered_devices: YesNo,
    /// Whether she is on a call, in any queue or none.
    active_calls_total_current: u32,
    name: String,
}

impl EntryItem {
    pub(super) fn new(
        directory: &Directory,
        (queue, agent, membership): (&Queue, &Agent, &Membership),
        view: Option<&AgentView>,
    ) -> Self {
        let number = agent.extension.as_ref().map(ToString::to_string).unwrap_or_default();
        let entry = |view: &AgentView| view.memberships.iter().find(|entry| entry.queue == queue.id).cloned();
        let entry = view.and_then(entry);
        let talks =
            |state: &AgentState| matches!(state, AgentState::QueueCall { .. } | AgentState::OtherCall { .. });
        Self {
            callqueue_agent_id: format!("{number}@{}", directory.tenant.name),
            callqueue: queue.number.to_string(),
            domain: directory.tenant.name.clone(),
            callqueue_agent_availability_type: availability(membership, entry.as_ref()),
            callqueue_agent_wrap_up_allowance_seconds: membership.wrap_up_time.unwrap_or(queue.wrap_up_time),
            auto_answer_enabled: membership.auto_answer.into(),
            callqueue_agent_dispatch_order_ordinal: membership.order,
            callqueue_agent_dispatch_queue_priority_ordinal: membership.queue_priority,
            limits_max_active_calls_total: agent.max_concurrent_calls,
            callqueue_agent_answer_confirmation_enabled: membership.answer_confirmation.into(),
            callqueue_agent_availability_for_dispatch: match entry {
                Some(entry) if entry.available => "available",
                Some(_) | None => "unavailable",
            },
            callqueue_agent_entry_type: "user",
            callqueue_agent_has_registered_devices: view.is_some_and(|view| view.registered).into(),
            active_calls_total_current: view.is_some_and(|view| talks(&view.state)).into(),
            name: agent.name.clone(),
        }
    }
}

fn availability(membership: &Membership, entry: Option<&MembershipView>) -> AvailabilityType {
    let logged_out = |entry: &MembershipView| matches!(entry.state, AgentState::LoggedOut);
    if !membership.enabled {
        AvailabilityType::Disabled
    } else if entry.is_none_or(logged_out) {
        AvailabilityType::Manual
    } else {
        AvailabilityType::Automatic
    }
}

/// An entry of the directory; none if she is no member.
pub(super) fn entry_of(directory: &Directory, queue: &Queue, agent: AgentId) -> Option<(Agent, Membership)> {
    let membership = directory.memberships.get(&(queue.id, agent))?;
    Some((directory.agents.get(&agent)?.clone(), membership.clone()))
}
