//! Tells the world what has changed about the agents of a step: each change once, and nothing that is as it was.

use crate::acd::Acd;
use crate::candidate;
use crate::membership::Shown;
use crate::output::{AcdOutbox, AcdOutput};

/// Compares every touched agent with what the world was last told of her.
pub(crate) fn changes(acd: &mut Acd, out: &mut AcdOutbox) {
    for id in std::mem::take(&mut acd.step.touched) {
        let Some(facts) = acd.agents.get(&id) else { continue };
        let mut changed = Vec::new();
        for (queue, member) in &facts.memberships {
            let state = facts.state(*queue, member);
            let available = candidate::unavailable(facts, member).is_none();
            let pending = member.pending.clone();
            let since = match &member.shown {
                Some(shown) if shown.state == state => shown.since,
                Some(_) | None => acd.now,
            };
            let shown = Shown { state, since, available, pending };
            if member.shown.as_ref() != Some(&shown) {
                changed.push((*queue, shown));
            }
        }
        for (queue, shown) in changed {
            let Shown { state, since, available, pending } = shown.clone();
            out.push(AcdOutput::AgentChanged { agent: id, queue, state, since, available, pending });
            if let Some(member) = acd.member_mut(id, queue) {
                member.shown = Some(shown);
            }
        }
    }
}
