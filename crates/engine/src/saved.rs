//! The whole engine as bytes and back: what a journal's snapshot holds, and what two machines compare.
//!
//! The form is canonical (borsh: every value has exactly one encoding), so equal engines give equal bytes and a
//! hash of them is a hash of the state. Limits are settings, not state; they come from the process that loads.

use std::io;

use borsh::BorshDeserialize;

use crate::call::flow;
use crate::engine::Engine;
use crate::limits::Limits;

impl Engine {
    /// The form of what [`Engine::save`] gives, and of inputs and outboxes. It grows with every change of theirs;
    /// the test of the journal's reference hash fails until it does. What agents did survives that by
    /// [`Engine::hand_over`].
    pub const STATE_VERSION: u16 = 20;

    /// Everything this engine knows, between two inputs.
    ///
    /// # Errors
    /// None that a state can cause; the encoder's own are passed on.
    pub fn save(&self) -> io::Result<Vec<u8>> {
        borsh::to_vec(self)
    }

    /// The engine that [`Engine::save`] wrote, under this process's `limits`.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if the bytes are not those of an engine of this version.
    pub fn load(bytes: &[u8], limits: Limits) -> io::Result<Self> {
        let mut engine = Self::try_from_slice(bytes)?;
        engine.acd.set_limits(limits.acd.clone());
        engine.limits = limits;
        engine.flows = flow::compiled(&engine.directory);
        Ok(engine)
    }
}
