//! An agent's phone comes and goes: without a device nobody is dispatched to, and a login does not outlive it
//! for long.

use crate::broken;
use model::{AgentId, NotReadyReason, QueueId};

use crate::acd::Acd;
use crate::membership::{self, Intent};
use crate::offer;
use crate::output::{AcdOutbox, OfferOutcome};
use crate::timer::TimerKind;

/// Her devices: at least one registered, or none. The same again is nothing new, except that it ends the
/// suspicion after an offer that reached nobody.
pub(crate) fn changed(acd: &mut Acd, agent: AgentId, registered: bool, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    if registered {
        if !facts.registered {
            facts.registered = true;
            facts.awaited = false;
            facts.suspect = false;
            back(acd, agent);
        }
        seen(acd, agent);
    } else if facts.registered {
        facts.registered = false;
        facts.suspect = false;
        lost(acd, agent, out);
    }
}

impl Acd {
    /// Forgets all devices, because the process that knew them has ended: nobody can be rung until her phone is
    /// heard of again. That is no fault of hers, so no grace begins and she goes on as she was. Told with the next
    /// input.
    pub fn forget_devices(&mut self) {
        let mut known = Vec::new();
        for (agent, facts) in self.agents.iter_mut().filter(|(_, facts)| facts.registered) {
            known.push(*agent);
            facts.awaited = facts.reachable();
            facts.registered = false;
            facts.suspect = false;
        }
        known.into_iter().for_each(|agent| self.touch(agent));
    }
}

/// An offer reached no device although one is registered.
pub(crate) fn unreachable(acd: &mut Acd, agent: AgentId, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    if facts.reachable() {
        facts.suspect = true;
        lost(acd, agent, out);
    }
}

/// She did something with her phone, or said that she is there: it can be reached after all.
pub(crate) fn seen(acd: &mut Acd, agent: AgentId) {
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    if facts.suspect {
        facts.suspect = false;
        back(acd, agent);
    }
}

/// What rings her stops, and if she is on no call her grace begins.
fn lost(acd: &mut Acd, agent: AgentId, out: &mut AcdOutbox) {
    acd.touch(agent);
    offer::withdraw(acd, agent, None, OfferOutcome::Unreachable, out);
    free(acd, agent);
}

/// Her grace begins if she cannot be reached, is logged in and is on no call. Called when a device is lost and
/// when a call ends.
pub(crate) fn free(acd: &mut Acd, agent: AgentId) {
    let grace = acd.limits.logout_on_unregister.then_some(acd.limits.device_grace);
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    if facts.is_there() || facts.talking() > 0 {
        return;
    }
    for member in facts.memberships.values_mut() {
        member.dropped = member.logged_in;
    }
    let timer = TimerKind::GraceEnds(agent);
    if let Some(grace) = grace
        && facts.is_logged_in()
        && acd.timers.at(timer).is_none()
        && !broken!(GraceWithoutEnd)
    {
        acd.timers.set(timer, acd.now.after(grace));
    }
}

/// Reachable again: her own not-ready survives; else ready where the queue makes her so, and not ready where a
/// device was lost (A9b).
fn back(acd: &mut Acd, agent: AgentId) {
    acd.touch(agent);
    acd.timers.stop(TimerKind::GraceEnds(agent));
    let Some(facts) = acd.agents.get_mut(&agent) else { return };
    if facts.talking() > 0 {
        return;
    }
    for (queue, member) in facts.memberships.iter_mut().filter(|(_, member)| member.logged_in) {
        let dropped = std::mem::take(&mut member.dropped);
        if acd.lines.get(queue).is_some_and(|line| line.rules.auto_ready) {
            member.promote();
            continue;
        }
        match member.intent {
            Intent::Ready | Intent::SingleCall { .. } if dropped => {
                member.intent = Intent::NotReady(NotReadyReason::DeviceDown);
            }
            Intent::Ready | Intent::SingleCall { .. } | Intent::NotReady(_) => {}
        }
    }
}

/// The grace has passed: logged out everywhere. If she is on a call meanwhile, its end begins it anew.
pub(crate) fn grace_ended(acd: &mut Acd, agent: AgentId, out: &mut AcdOutbox) {
    let Some(facts) = acd.agents.get(&agent) else { return };
    if facts.reachable() || facts.talking() > 0 {
        return;
    }
    let queues: Vec<QueueId> = facts.memberships.keys().copied().collect();
    for queue in queues {
        membership::log_out(acd, agent, queue, out);
    }
}
