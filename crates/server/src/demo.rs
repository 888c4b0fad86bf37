//! The simulated world of `cordboard demo`: callers and agents that place real SIP calls with real audio over
//! loopback, through the same ports a phone would use, at a human pace and bounded in number.

mod audio;
mod dice;
mod people;
mod phones;
mod register;

pub(crate) use people::{DemoAgent, DemoPlan};
pub(crate) use phones::run;
