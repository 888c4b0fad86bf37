//! The journal as a killed process finds it: the last snapshot, every input since, and a hash of what each step
//! said. What takes up from it must be the same engine, byte for byte, and must have said the same.

use engine::{Engine, Input, Limits, Outbox};
use model::Timestamp;

/// How many inputs a snapshot is followed by at most.
const INPUTS_MAX: usize = 64;

/// One journal.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    snapshot: Option<Vec<u8>>,
    since: Vec<(Input, Timestamp, u64)>,
}

impl Journal {
    /// Notes one step that was taken.
    pub(crate) fn append(&mut self, input: &Input, now: Timestamp, out: &Outbox, engine: &Engine) {
        if self.snapshot.is_none() || self.since.len() >= INPUTS_MAX {
            self.snapshot = engine.save().ok();
            self.since.clear();
        } else {
            self.since.push((input.clone(), now, hash(out)));
        }
    }

    /// The engine that takes up from here, or what is wrong with it.
    pub(crate) fn taken_up(&self, killed: &Engine, limits: &Limits) -> Result<Engine, String> {
        let bytes = self.snapshot.as_ref().ok_or("there is no snapshot")?;
        let mut engine = Engine::load(bytes, limits.clone()).map_err(|error| error.to_string())?;
        if engine.save().ok().as_ref() != Some(bytes) {
            return Err("a loaded snapshot saves as other bytes".into());
        }
        for (input, now, said) in &self.since {
            let out = engine.step(input.clone(), *now);
            if hash(&out) != *said {
                return Err(format!("{input:?} at {now:?} leads to something else after the kill"));
            }
        }
        let same = engine.save().ok() == killed.save().ok();
        if same { Ok(engine) } else { Err("the engine that took up is not the one that was killed".into()) }
    }
}

/// FNV-1a of what a step said.
pub(crate) fn hash(out: &impl borsh::BorshSerialize) -> u64 {
    let bytes = borsh::to_vec(out).unwrap_or_default();
    bytes
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}
