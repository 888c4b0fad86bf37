//! A queue in a plan.

use model::{FallbackAction, Queue};

use super::{Field, Item, field, waiting};
use crate::provisioning::in_words::{action, needs, policy, sticky};
use crate::words::Word as _;

/// A queue with all its fields.
pub(super) fn queue(queue: &Queue) -> Item {
    let Queue {
        id: _,
        number,
        name,
        strategy,
        ring_time,
        max_callers,
        max_waiting_time,
        retry_delay,
        wait_when_no_agents,
        auto_ready,
        after_non_acd,
        wrap_up_time,
        rna_policy,
        decline_is_rna,
        weight,
        sla_time,
        on_no_answer,
        on_full,
        on_no_agents,
        hours,
        on_closed,
        on_night,
        moh,
        sim_ring_first,
        sim_ring_increment,
        max_expected_wait,
        busy_delay: _,
        decline_delay: _,
        skills: _,
        ageing: _,
        order_by: _,
        sticky_days: _,
        announce_to_agent,
        in_queue,
        recording,
    } = queue;
    let fields = vec![
        field("name", name),
        field("strategy", strategy.word()),
        field("ring_time", ring_time),
        field("max_callers", max_callers),
        field("max_waiting_time", max_waiting_time),
        field("retry_delay", retry_delay),
        field("wait_when_no_agents", wait_when_no_agents),
        field("auto_ready", auto_ready),
        field("after_non_acd", after_non_acd.word()),
        field("wrap_up_time", wrap_up_time),
        field("rna_policy", policy(rna_policy.as_ref())),
        field("decline_is_rna", decline_is_rna),
        field("weight", weight),
        field("sla_time", sla_time),
        field("on_no_answer", action(Some(on_no_answer))),
        field("on_full", action(on_full.as_ref())),
        field("on_no_agents", action(on_no_agents.as_ref())),
        field("sim_ring_first", sim_ring_first),
        field("sim_ring_increment", sim_ring_increment),
        field("max_expected_wait", max_expected_wait),
    ];
    let closing = closing(hours.as_deref(), on_closed.as_ref(), on_night.as_ref());
    let heard = waiting::fields(in_queue, moh, announce_to_agent.as_deref(), *recording);
    Item {
        kind: "queue",
        name: number.to_string(),
        fields: fields.into_iter().chain(choosing(queue)).chain(closing).chain(heard).collect(),
    }
}

/// Whom it looks at, and in which order its callers go.
fn choosing(queue: &Queue) -> Vec<Field> {
    let Queue { busy_delay, decline_delay, skills, ageing, order_by, sticky_days, .. } = queue;
    vec![
        field("busy_delay", busy_delay),
        field("decline_delay", decline_delay),
        field("skills", needs(skills)),
        field("ageing", ageing),
        field("order_by", order_by.word()),
        field("sticky", sticky(*sticky_days)),
    ]
}

/// When a queue lets nobody in, and where its callers go then.
fn closing(
    hours: Option<&str>,
    on_closed: Option<&FallbackAction>,
    on_night: Option<&FallbackAction>,
) -> [Field; 3] {
    [
        field("hours", hours.unwrap_or("none")),
        field("on_closed", action(on_closed)),
        field("on_night", action(on_night)),
    ]
}
