//! What agents choose from, in a plan: not-ready codes and dispositions.

use model::{Disposition, ExtensionNumber, NotReadyCode};

use super::{Identity, Item, bracketed, field};
use crate::directory::Snapshot;

/// The not-ready codes, then the dispositions.
pub(super) fn items(rows: &Snapshot) -> impl Iterator<Item = (Identity, Item)> {
    let codes = rows.not_ready_codes.iter().map(|row| ((18, row.code.clone()), not_ready_code(row)));
    codes.chain(rows.dispositions.iter().map(|row| ((19, row.code.clone()), disposition(row))))
}

fn not_ready_code(NotReadyCode { code, label, enabled }: &NotReadyCode) -> Item {
    let fields = vec![field("label", label), field("enabled", enabled)];
    Item { kind: "not_ready_code", name: code.clone(), fields }
}

fn disposition(Disposition { code, label, enabled, queues }: &Disposition) -> Item {
    let queues = bracketed(queues.iter().map(ExtensionNumber::to_string));
    let fields = vec![field("label", label), field("enabled", enabled), field("queues", queues)];
    Item { kind: "disposition", name: code.clone(), fields }
}
