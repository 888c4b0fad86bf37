//! An agent's working hours begin and end (A50). What she herself asked for stays hers.

use crate::broken;
use model::{AgentId, NotReadyReason, QueueId};

use crate::acd::Acd;
use crate::membership::Intent;
use crate::offer;
use crate::output::{AcdOutbox, OfferOutcome, Pending};

/// Her hours have begun or ended. The end makes her not ready where she is ready, after her call if she is on
/// one; the beginning undoes that, and nothing else.
pub(crate) fn changed(acd: &mut Acd, agent: AgentId, open: bool, out: &mut AcdOutbox) {
    acd.touch(agent);
    if open {
        begin(acd, agent);
    } else {
        end(acd, agent, out);
    }
}

fn begin(acd: &mut Acd, agent: AgentId) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    for member in facts.memberships.values_mut() {
        if member.intent == Intent::NotReady(NotReadyReason::Hours) {
            member.intent = Intent::Ready;
        }
        if member.pending == Some(Pending::NotReady(NotReadyReason::Hours)) {
            member.pending = None;
        }
    }
}

fn end(acd: &mut Acd, agent: AgentId, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    let talking = facts.talking() > 0;
    let mut queues: Vec<QueueId> = Vec::new();
    for (queue, member) in
        facts.memberships.iter_mut().filter(|(_, member)| member.logged_in && !broken!(HoursForgotten))
    {
        match member.intent {
            Intent::Ready | Intent::SingleCall { used: false, .. } => {}
            // The end of the one call is the end of the login; her own not-ready is hers.
            Intent::SingleCall { used: true, .. } | Intent::NotReady(_) => continue,
        }
        queues.push(*queue);
        member.ready_asked = false;
        if !talking {
            member.intent = Intent::NotReady(NotReadyReason::Hours);
        } else if member.pending.is_none() {
            member.pending = Some(Pending::NotReady(NotReadyReason::Hours));
        }
    }
    for queue in queues {
        offer::withdraw(acd, agent, Some(queue), OfferOutcome::AgentLeft, out);
    }
}
