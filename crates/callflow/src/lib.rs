//! What a caller hears and chooses: flows as they are interpreted.
//!
//! Pure, like everything that decides: no clock, no sound, no ACD. A flow says "play this", "ring that extension",
//! "into this queue"; who carries it out is the engine's matter.

#![forbid(unsafe_code)]

pub mod say;
