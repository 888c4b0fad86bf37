//! What the switch needs from its surroundings.

use std::sync::Arc;

use engine::Command;
use model::TenantId;

use crate::publish::Published;

/// Carries out commands. Never blocks; what cannot be done comes back as an input.
pub trait Port {
    /// Carries out one command of this domain's engine.
    fn command(&mut self, tenant: TenantId, command: Command);
}

/// Is told of everything that has happened, in order, on the switch's own thread. Never blocks.
pub trait EventSink: Send {
    /// One thing has happened.
    fn published(&mut self, tenant: TenantId, published: &Arc<Published>);

    /// One thing had happened before the process ended without a word: it may have been told then, and whatever
    /// must be kept of it may be kept already. Called before the switch runs; this one may block.
    fn replayed(&mut self, tenant: TenantId, published: &Arc<Published>);
}

/// Keeps nothing.
#[derive(Debug, Default)]
pub struct NoSink;

impl EventSink for NoSink {
    fn published(&mut self, _tenant: TenantId, _published: &Arc<Published>) {}

    fn replayed(&mut self, _tenant: TenantId, _published: &Arc<Published>) {}
}
