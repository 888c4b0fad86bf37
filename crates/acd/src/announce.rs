//! Tells the world what has changed about the agents of a step: each change once, and nothing that is as it was.

use crate::acd::Acd;
use crate::membership::Shown;
use crate::output::{AcdOutbox, AcdOutput};

/// Compares every touched agent with what the world was last told of her.
pub(crate) fn changes(acd: &mut Acd, out: &mut AcdOutbox) {
    let mut last = None;
    while let Some(id) = acd.step.touched.next(last) {
        last = Some(id);
        let Some(facts) = acd.agents.get_mut(&id) else { continue };
        // The state is derived from the agent and her memberships, so they are taken out while it is compared.
        let mut memberships = std::mem::take(&mut facts.memberships);
        for (queue, member) in memberships.iter_mut() {
            let state = facts.state(*queue, member);
            // Kept current by dispatch, which has just run.
            let available = member.kept.standing.why_not().is_none();
            let since = match &member.shown {
                Some(shown) if shown.state == state => {
                    if shown.available == available && shown.pending == member.pending {
                        continue;
                    }
                    shown.since
                }
                Some(_) | None => acd.now,
            };
            let pending = member.pending.clone();
            let shown = Shown { state: state.clone(), since, available, pending: pending.clone() };
            out.push(AcdOutput::AgentChanged { agent: id, queue: *queue, state, since, available, pending });
            member.shown = Some(shown);
        }
        facts.memberships = memberships;
    }
    acd.step.touched.clear();
}
