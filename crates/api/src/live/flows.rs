//! What happens to a call in a flow, as it is sent.

use engine::EventKind;

use crate::live::event::EventItem;
use crate::v1::names::Names;

/// An event of a flow; any other has no name here.
pub(super) fn item(kind: &EventKind, names: Names<'_>) -> EventItem {
    if let EventKind::FlowBegan { call, flow } = kind {
        EventItem::FlowBegan { call: call.to_string(), flow: names.flow(*flow) }
    } else if let EventKind::FlowStep { call, flow, step } = kind {
        EventItem::FlowStep { call: call.to_string(), flow: names.flow(*flow), step: step.clone() }
    } else if let EventKind::DigitsCollected { call, flow, variable, length } = kind {
        let (call, flow) = (call.to_string(), names.flow(*flow));
        EventItem::DigitsCollected { call, flow, variable: variable.clone(), length: *length }
    } else if let EventKind::FlowFellBack { call, flow, rule } = kind {
        let (call, flow) = (call.to_string(), names.flow(*flow));
        EventItem::FlowFellBack { call, flow, rule: (*rule).into() }
    } else if let EventKind::FlowEnded { call, flow, how } = kind {
        EventItem::FlowEnded { call: call.to_string(), flow: names.flow(*flow), how: (*how).into() }
    } else {
        EventItem::Updated
    }
}
