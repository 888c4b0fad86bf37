//! What agents choose from: not-ready codes and dispositions.

use model::{Disposition, ExtensionNumber, NotReadyCode};

use super::super::yaml::Node;
use super::mapping::{Mapping, texts};

pub(super) fn not_ready_code(NotReadyCode { code, label, enabled }: &NotReadyCode) -> Node {
    let mut fields = Mapping::default();
    fields.text("code", code);
    fields.text("label", label);
    fields.flag_unless("enabled", *enabled, true);
    fields.done()
}

pub(super) fn disposition(Disposition { code, label, enabled, queues }: &Disposition) -> Node {
    let mut fields = Mapping::default();
    fields.text("code", code);
    fields.text("label", label);
    fields.flag_unless("enabled", *enabled, true);
    let queues: Vec<&str> = queues.iter().map(ExtensionNumber::as_str).collect();
    fields.list("queues", texts(&queues));
    fields.done()
}
