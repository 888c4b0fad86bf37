//! Whom a plan invites.

use std::collections::BTreeMap;

use model::{Agent, AgentId, AgentStatus};

use super::difference::called;
use crate::agent::AgentRow;
use crate::directory::Snapshot;
use crate::invitation::{InvitationRow, by_agent};

/// Most agents that are named for one reason; the rest are counted.
const NAMED_MAX: usize = 5;

/// The invitations of a domain after a plan. Who has been there before is not invited by it, unless her `status` now
/// says so: she may have taken calls for years. An open invitation goes along with the address; it ends where there is
/// nothing left to confirm. With `invites` false nobody new is invited.
pub(crate) fn invitations(
    agents: &[AgentRow],
    current: Option<&Snapshot>,
    invites: bool,
) -> Vec<InvitationRow> {
    let before = before(current);
    let known = current.map(|rows| by_agent(&rows.invitations)).unwrap_or_default();
    let of = |row: &AgentRow| {
        let agent = &row.agent;
        let known = known.get(&agent.id).copied();
        // Whoever confirmed once has not confirmed what the file asks for anew.
        let asked_now = is_new(agent, &before);
        if let Some(confirmed) = known.filter(|known| known.confirmed && !asked_now) {
            return Some(confirmed.clone());
        }
        let is_open = known.is_some_and(|known| !known.confirmed);
        let open = may_be_invited(row) && (is_open || invites && asked_now);
        open.then(|| InvitationRow { agent: agent.id, email: agent.email.clone(), confirmed: false })
    };
    agents.iter().filter_map(of).collect()
}

/// Whom no mail reaches although the plan invites her, or would if mails could be sent, in words; none if that is nobody.
pub(crate) fn uninvited(target: &Snapshot, current: Option<&Snapshot>) -> Option<String> {
    let before = before(current);
    let old = current.map(|rows| by_agent(&rows.invitations)).unwrap_or_default();
    let new = by_agent(&target.invitations);
    let unreached = |row: &&AgentRow| {
        let id = row.agent.id;
        let would_be = may_be_invited(row) && is_new(&row.agent, &before) && !new.contains_key(&id);
        let elsewhere = new.get(&id).is_some_and(|new| !new.confirmed && old.get(&id) != Some(new));
        would_be || elsewhere
    };
    let names: Vec<String> = target.agents.iter().filter(unreached).map(|row| called(&row.agent)).collect();
    if names.is_empty() {
        return None;
    }
    let more = names.len().saturating_sub(NAMED_MAX);
    let listed = names.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(", ");
    let listed = if more > 0 { format!("{listed} and {more} more") } else { listed };
    Some(format!(
        "no invitation is sent to {listed}, with an e-mail and no password: the server's settings name no mail server \
         (`smtp.host`)"
    ))
}

fn before(current: Option<&Snapshot>) -> BTreeMap<AgentId, &Agent> {
    current.iter().flat_map(|rows| &rows.agents).map(|row| (row.agent.id, &row.agent)).collect()
}

fn may_be_invited(row: &AgentRow) -> bool {
    !row.agent.email.is_empty() && row.password_hash.is_none() && row.agent.status != AgentStatus::Disabled
}

fn is_new(agent: &Agent, before: &BTreeMap<AgentId, &Agent>) -> bool {
    before
        .get(&agent.id)
        .is_none_or(|before| agent.status == AgentStatus::Invited && before.status != AgentStatus::Invited)
}
