//! One step of the engine: the moment it happens at and the buffer it writes to.

use model::{AgentId, CallId, LegId, QueueId, Timestamp};

use crate::command::{Command, LegCommand, MediaCommand};
use crate::event::EventKind;
use crate::outbox::Outbox;

/// Handed through the rooms, so that each of them can command and tell without owning anything.
pub(crate) struct Step<'a> {
    pub(crate) now: Timestamp,
    pub(crate) out: &'a mut Outbox,
}

impl Step<'_> {
    pub(crate) fn leg(&mut self, leg: LegId, command: LegCommand) {
        self.out.commands.push(Command::Leg(leg, command));
    }

    pub(crate) fn media(&mut self, command: MediaCommand) {
        self.out.commands.push(Command::Media(command));
    }

    pub(crate) fn event(&mut self, kind: EventKind) {
        self.out.event(kind);
    }

    /// A leg changed: told, and its call's view with it.
    pub(crate) fn leg_changed(&mut self, call: CallId, leg: LegId) {
        self.touch_call(call);
        self.event(EventKind::LegChanged { call, leg });
    }

    pub(crate) fn touch_call(&mut self, call: CallId) {
        self.out.touched.calls.insert(call);
    }

    pub(crate) fn touch_agent(&mut self, agent: AgentId) {
        self.out.touched.agents.insert(agent);
    }

    pub(crate) fn touch_queue(&mut self, queue: QueueId) {
        self.out.touched.queues.insert(queue);
    }
}
