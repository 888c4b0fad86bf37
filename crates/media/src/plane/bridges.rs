//! Who hears whom, as the plane knows it.

use std::sync::Arc;

use super::MediaPlane;
use crate::EndpointId;
use crate::queue::WorkerCommand;

impl MediaPlane {
    pub(super) fn bridge(&mut self, id: EndpointId, other: EndpointId) {
        let outlet = |plane: &MediaPlane, id| plane.endpoints.get(&id).map(|entry| Arc::clone(&entry.outlet));
        let (Some(own), Some(far)) = (outlet(self, id), outlet(self, other)) else {
            tracing::debug!(endpoint.id = id.0, other.id = other.0, "a bridge to an endpoint that is gone");
            return;
        };
        if id == other {
            tracing::warn!(endpoint.id = id.0, "an endpoint cannot be bridged with itself");
            return;
        }
        if !self.has_room(&[id, other]) {
            return;
        }
        for (end, new) in [(id, other), (other, id)] {
            let old = self.endpoints.get_mut(&end).and_then(|entry| entry.peer.replace(new));
            if let Some(old) = old.filter(|old| *old != new) {
                self.part(old);
            }
        }
        self.push_always(id, WorkerCommand::Link(id, far));
        self.push_always(other, WorkerCommand::Link(other, own));
    }

    pub(super) fn unbridge(&mut self, id: EndpointId) {
        let Some(other) = self.endpoints.get(&id).and_then(|entry| entry.peer) else { return };
        if self.has_room(&[id, other]) {
            self.part(id);
            self.part(other);
        }
    }

    /// Takes an endpoint out of its bridge; its partner is the caller's to part.
    pub(super) fn part(&mut self, id: EndpointId) {
        if let Some(entry) = self.endpoints.get_mut(&id) {
            entry.peer = None;
        }
        self.push_always(id, WorkerCommand::Unlink(id));
    }
}
