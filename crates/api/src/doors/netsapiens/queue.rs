//! A call queue, with this API's names.

use engine::QueueView;
use model::{Directory, Queue, RnaAction, Strategy};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::YesNo;
use crate::problem::{Problem, ProblemKind};

/// Who is offered a call first, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub(crate) enum DispatchType {
    /// Whoever has been without a call for longest.
    #[serde(rename = "Round-robin")]
    RoundRobin,
    /// The same, in the lowest tier that has somebody free.
    #[serde(rename = "Tiered Round-robin")]
    TieredRoundRobin,
    /// Everybody.
    #[serde(rename = "Ring All")]
    RingAll,
    /// The first tier, then the next as well.
    #[serde(rename = "Linear Cascade")]
    LinearCascade,
    /// One after the other, in their order.
    #[serde(rename = "Linear Hunt")]
    LinearHunt,
    /// Nobody: calls are fetched. Not to be had here.
    #[serde(rename = "Call Park")]
    CallPark,
}

impl DispatchType {
    /// The strategy, as a provisioning file names it.
    const fn strategy(self) -> Option<&'static str> {
        Some(match self {
            Self::RoundRobin => "longest_idle",
            Self::TieredRoundRobin => "tiered_longest_idle",
            Self::RingAll => "ring_all",
            Self::LinearCascade => "linear_cascade",
            Self::LinearHunt => "linear",
            Self::CallPark => return None,
        })
    }

    /// The nearest that this API has: by order or by time.
    const fn of(strategy: Strategy) -> Self {
        match strategy {
            Strategy::LongestIdle
            | Strategy::Cyclic
            | Strategy::LeastWorked
            | Strategy::Random
            | Strategy::SkillCyclic
            | Strategy::SkillLeastWorked => Self::RoundRobin,
            Strategy::TieredLongestIdle => Self::TieredRoundRobin,
            Strategy::RingAll => Self::RingAll,
            Strategy::LinearCascade => Self::LinearCascade,
            Strategy::Linear | Strategy::SkillLinear => Self::LinearHunt,
        }
    }
}

/// A call queue to be. What this API knows beside it and we do not is passed over.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct QueueBody {
    /// Yes: the answer is 200 with the queue; else 202.
    pub(super) synchronous: Option<YesNo>,
    /// Its number; in the path of a change, and then not needed.
    #[schema(example = "8000")]
    pub(super) callqueue: Option<String>,
    /// The domain, as in the path.
    pub(super) domain: Option<String>,
    /// Its name.
    #[schema(example = "Support")]
    description: Option<String>,
    /// Who is offered a call first.
    callqueue_dispatch_type: Option<DispatchType>,
    /// Seconds that an agent's phone rings.
    callqueue_agent_dispatch_timeout_seconds: Option<u32>,
    /// Longest wait, minutes; 0: no limit.
    callqueue_max_wait_timeout_minutes: Option<u32>,
    /// Most callers in the line; 0: no limit.
    callqueue_max_current_callers_to_accept_new_callers: Option<u32>,
    /// Longest expected wait with which a caller is still let in, seconds; 0: no limit.
    callqueue_max_current_wait_to_accept_new_callers_seconds: Option<u32>,
    /// Whether callers are let in only while an agent is logged in.
    callqueue_require_available_agents_to_accept_new_callers: Option<YesNo>,
    /// Hours within which a caller is called back; 0: callbacks are not offered.
    callqueue_max_callback_queueing_hours: Option<u32>,
    /// Whether an agent who missed a call is logged out.
    callqueue_agent_auto_logout_after_missed: Option<YesNo>,
    /// `Ring All`: how many are rung at first; 0: everybody.
    #[serde(rename = "callqueue-sim-ring-1st-round")]
    callqueue_sim_ring_first_round: Option<u32>,
    /// `Ring All`: how many more are rung each time.
    callqueue_sim_ring_increment: Option<u32>,
}

impl QueueBody {
    /// What it says, as a provisioning file would; what is not said is left out.
    pub(super) fn fields(&self) -> Result<Value, Problem> {
        let mut fields = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            fields.extend(value.map(|value| (name.to_owned(), value)));
        };
        set("name", self.description.clone().map(Value::from));
        if let Some(kind) = self.callqueue_dispatch_type {
            let strategy = kind.strategy().ok_or_else(|| {
                let detail = "`Call Park` is not to be had: a queue rings its agents";
                Problem::new(ProblemKind::InvalidBody, detail)
            })?;
            set("strategy", Some(strategy.into()));
        }
        set("ring_time", self.callqueue_agent_dispatch_timeout_seconds.map(Value::from));
        let seconds = |minutes: u32| Value::from(u64::from(minutes) * 60);
        set("max_waiting_time", self.callqueue_max_wait_timeout_minutes.map(seconds));
        set("max_callers", self.callqueue_max_current_callers_to_accept_new_callers.map(Value::from));
        set(
            "max_expected_wait",
            self.callqueue_max_current_wait_to_accept_new_callers_seconds.map(Value::from),
        );
        let waits = |required: YesNo| json!(required == YesNo::No);
        set("wait_when_no_agents", self.callqueue_require_available_agents_to_accept_new_callers.map(waits));
        let callback = |hours| if hours == 0 { Value::Null } else { json!({ "max_hours": hours }) };
        set("callback", self.callqueue_max_callback_queueing_hours.map(callback));
        let policy = |logout: YesNo| {
            if logout == YesNo::Yes { json!({ "action": "logout" }) } else { Value::Null }
        };
        set("rna_policy", self.callqueue_agent_auto_logout_after_missed.map(policy));
        set("sim_ring_first", self.callqueue_sim_ring_first_round.map(Value::from));
        set("sim_ring_increment", self.callqueue_sim_ring_increment.map(Value::from));
        Ok(fields.into())
    }
}

/// A call queue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct CallQueueItem {
    #[schema(example = "8000")]
    callqueue: String,
    domain: String,
    #[schema(example = "Support")]
    description: String,
    callqueue_dispatch_type: DispatchType,
    callqueue_agent_dispatch_timeout_seconds: u32,
    /// Rounded up.
    callqueue_max_wait_timeout_minutes: u32,
    callqueue_max_current_callers_to_accept_new_callers: u32,
    callqueue_max_current_wait_to_accept_new_callers_seconds: u32,
    callqueue_require_available_agents_to_accept_new_callers: YesNo,
    callqueue_max_callback_queueing_hours: u32,
    callqueue_agent_auto_logout_after_missed: YesNo,
    #[serde(rename = "callqueue-sim-ring-1st-round")]
    callqueue_sim_ring_first_round: u8,
    callqueue_sim_ring_increment: u8,
    /// How many wait.
    active_queued_calls_total_current: u32,
    /// How many of its agents would be given a call.
    callqueue_count_agents_available: usize,
    /// How many agents it has.
    callqueue_count_agents_total: usize,
}

impl CallQueueItem {
    pub(super) fn new(
        directory: &Directory,
        queue: &Queue,
        view: Option<&QueueView>,
        available: usize,
    ) -> Self {
        let logout = queue.rna_policy.is_some_and(|policy| policy.action == RnaAction::Logout);
        let hours = queue.in_queue.callback.as_ref().map_or(0, |rules| u32::from(rules.max_hours));
        Self {
            callqueue: queue.number.to_string(),
            domain: directory.tenant.name.clone(),
            description: queue.name.clone(),
            callqueue_dispatch_type: DispatchType::of(queue.strategy),
            callqueue_agent_dispatch_timeout_seconds: queue.ring_time,
            callqueue_max_wait_timeout_minutes: queue.max_waiting_time.div_ceil(60),
            callqueue_max_current_callers_to_accept_new_callers: queue.max_callers,
            callqueue_max_current_wait_to_accept_new_callers_seconds: queue.max_expected_wait,
            callqueue_require_available_agents_to_accept_new_callers: (!queue.wait_when_no_agents).into(),
            callqueue_max_callback_queueing_hours: hours,
            callqueue_agent_auto_logout_after_missed: logout.into(),
            callqueue_sim_ring_first_round: queue.sim_ring_first,
            callqueue_sim_ring_increment: queue.sim_ring_increment,
            active_queued_calls_total_current: view.map_or(0, |view| view.waiting),
            callqueue_count_agents_available: available,
            callqueue_count_agents_total: directory.members(queue.id).count(),
        }
    }
}
