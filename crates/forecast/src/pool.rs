//! The textbook's crew as a directory: one queue, equal agents.

use std::collections::BTreeMap;

use model::{
    Agent, AgentId, AgentStatus, Directory, ExtensionNumber, InvalidNumber, Membership, Queue, QueueId, Role,
    Strategy, Tenant, TenantId,
};

/// The one queue.
pub const QUEUE: QueueId = QueueId(1);
/// Most agents.
pub const AGENTS_MAX: u32 = 10_000;
/// As long as anybody waits or is rung.
const NEVER: u32 = 1_000_000_000;

/// One queue 8000 with agents from 10001 in the order of their numbers; nobody is sent away for waiting long, and
/// `callers_max` may stand in line (0: no limit).
///
/// # Errors
/// None: all numbers are valid; the type says so.
pub fn directory(agents: u32, strategy: Strategy, callers_max: u32) -> Result<Directory, InvalidNumber> {
    let tenant = Tenant { max_hops: 0, ..Tenant::new(TenantId(1), "forecast") };
    let mut directory = Directory::new(tenant);
    let mut queue = Queue::new(QUEUE, ExtensionNumber::parse("8000")?, "Queue");
    (queue.strategy, queue.max_callers) = (strategy, callers_max);
    (queue.ring_time, queue.max_waiting_time) = (NEVER, 0);
    directory.insert_queue(queue);
    for number in 1..=agents.min(AGENTS_MAX) {
        let id = AgentId(number.into());
        directory.insert_agent(Agent {
            id,
            extension: Some(ExtensionNumber::parse(&(10_000 + number).to_string())?),
            name: format!("Agent {number}"),
            email: String::new(),
            role: Role::Agent,
            supervises: None,
            groups: Vec::new(),
            skills: BTreeMap::new(),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: model::Personal::default(),
            spoken_name: None,
            call_link: None,
        });
        let order = i32::try_from(number).unwrap_or(i32::MAX);
        directory.insert_membership(Membership { order, ..Membership::new(QUEUE, id) });
    }
    Ok(directory)
}
