//! A role of a domain's own in a plan.

use model::{CustomRole, Right};

use super::{Identity, Item, bracketed, field};
use crate::directory::Snapshot;
use crate::words::Word as _;

/// The roles.
pub(super) fn items(rows: &Snapshot) -> impl Iterator<Item = (Identity, Item)> {
    rows.roles.iter().map(|role| ((2, role.name.clone()), item(role)))
}

fn item(CustomRole { name, rights, supervises }: &CustomRole) -> Item {
    let rights = bracketed(rights.iter().map(|right| Right::word(right).to_owned()));
    let fields = vec![field("rights", rights), field("supervises", supervises.word())];
    Item { kind: "role", name: name.clone(), fields }
}
