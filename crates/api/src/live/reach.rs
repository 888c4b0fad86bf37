//! How people, groups and the domain are reached, as it is sent.

use engine::EventKind;

use crate::live::event::EventItem;
use crate::live::words::ActorItem;
use crate::v1::names::Names;

/// An event of that kind; any other has no name here.
pub(super) fn item(kind: &EventKind, names: Names<'_>) -> EventItem {
    if let EventKind::DeviceChanged { extension, registered } = kind {
        return EventItem::DeviceChanged { extension: extension.to_string(), registered: *registered };
    }
    if let EventKind::NightModeChanged { queue, on, actor } = kind {
        let queue = queue.map(|queue| names.queue(queue));
        return EventItem::NightModeChanged { queue, on: *on, actor: ActorItem::new(actor, names) };
    }
    if let EventKind::DndChanged { extension, on, actor } = kind {
        let extension = extension.to_string();
        return EventItem::DndChanged { extension, on: *on, actor: ActorItem::new(actor, names) };
    }
    if let EventKind::ForwardingChanged { agent, forward_when, actor } = kind {
        return EventItem::ForwardingChanged {
            agent: names.agent(*agent),
            forward_when: (*forward_when).into(),
            actor: ActorItem::new(actor, names),
        };
    }
    if let EventKind::CallLinkChanged { agent, private, actor } = kind {
        return EventItem::CallLinkChanged {
            agent: names.agent(*agent),
            private: *private,
            actor: ActorItem::new(actor, names),
        };
    }
    if let EventKind::RingGroupBegan { call, group } = kind {
        return EventItem::RingGroupBegan { call: call.to_string(), ring_group: group.to_string() };
    }
    if let EventKind::RingGroupEnded { call, group, outcome } = kind {
        return EventItem::RingGroupEnded {
            call: call.to_string(),
            ring_group: group.to_string(),
            outcome: (*outcome).into(),
        };
    }
    EventItem::Updated
}
