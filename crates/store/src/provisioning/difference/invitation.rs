//! An open invitation in a plan.

use super::{Identity, Item, called, field, padded};
use crate::directory::Snapshot;
use crate::invitation::by_agent;

/// The open invitations, each behind its agent.
pub(super) fn items(rows: &Snapshot) -> impl Iterator<Item = (Identity, Item)> {
    let known = by_agent(&rows.invitations);
    rows.agents.iter().filter_map(move |row| {
        let open = known.get(&row.agent.id).filter(|invitation| !invitation.confirmed)?;
        let identity = (4, format!("{} invitation", padded(row.agent.id.0)));
        let name = format!("of {}", called(&row.agent));
        Some((identity, Item { kind: "invitation", name, fields: vec![field("email", &open.email)] }))
    })
}
