//! What a plan lets people do who could not do it before: nobody gives what she does not have.

use std::collections::BTreeMap;

use model::{AgentId, CustomRole, Right, Rights, Role};

use super::difference::called;
use super::problem::Problem;
use super::wanted::Wanted;
use crate::agent::AgentRow;
use crate::directory::Snapshot;

/// Rights that a plan gives to a role or an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    /// Where the file says so.
    line: u64,
    /// To whom, as `agent 1001`.
    to: String,
    rights: Rights,
}

impl Grant {
    /// What is wrong with it if it comes from somebody with these rights. What every agent may, whoever may provision
    /// gives.
    pub(super) fn exceeds(&self, rights: &Rights) -> Option<Problem> {
        let given: Rights = rights.iter().chain(Role::Agent.rights().iter()).collect();
        let beyond = self.rights.beyond(&given);
        if beyond.is_empty() {
            return None;
        }
        let words: Vec<String> = beyond.iter().map(|right| format!("`{}`", Right::word(right))).collect();
        let (to, words) = (&self.to, words.join(", "));
        let text = format!("{to} would come by {words}, and nobody gives a right that she does not have");
        Some(Problem::new(self.line, text))
    }
}

/// All that a plan gives.
pub(super) fn grants(current: Option<&Snapshot>, target: &Snapshot, wanted: &Wanted) -> Vec<Grant> {
    let before: BTreeMap<&str, &CustomRole> =
        current.iter().flat_map(|rows| &rows.roles).map(|role| (role.name.as_str(), role)).collect();
    let roles = target.roles.iter().zip(&wanted.roles).map(|(role, wanted)| {
        let had = before.get(role.name.as_str());
        let rights = match had {
            Some(had) if had.supervises == role.supervises => role.rights.beyond(&had.rights),
            Some(_) | None => role.rights.clone(),
        };
        Grant { line: wanted.line, to: format!("role {}", role.name), rights }
    });
    let known: BTreeMap<AgentId, &AgentRow> =
        current.iter().flat_map(|rows| &rows.agents).map(|row| (row.agent.id, row)).collect();
    let agents = target.agents.iter().zip(&wanted.agents).map(|(row, wanted)| {
        let had = current.zip(known.get(&row.agent.id).copied());
        let rights =
            had.map_or_else(|| rights_of(target, row), |(rows, had)| given(target, row, (rows, had)));
        Grant { line: wanted.role_line, to: format!("agent {}", called(&row.agent)), rights }
    });
    roles.chain(agents).filter(|grant| !grant.rights.is_empty()).collect()
}

/// What an agent who was there before is given. To set what somebody logs in with is to have all that she may.
fn given(target: &Snapshot, row: &AgentRow, (rows, had): (&Snapshot, &AgentRow)) -> Rights {
    let may = rights_of(target, row);
    let log_in = |row: &AgentRow| (row.password_hash.clone(), row.agent.email.clone(), row.agent.status);
    if log_in(row) != log_in(had) {
        return may;
    }
    if (&row.agent.role, &row.agent.supervises) == (&had.agent.role, &had.agent.supervises) {
        // What her role has come by is said of the role.
        return Rights::default();
    }
    // With other groups, what she could do before she could do with others.
    if row.agent.supervises == had.agent.supervises { may.beyond(&rights_of(rows, had)) } else { may }
}

fn rights_of(rows: &Snapshot, row: &AgentRow) -> Rights {
    let role = &row.agent.role;
    role.rights_with(rows.roles.iter().find(|own| own.name == role.name()))
}
