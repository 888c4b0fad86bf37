//! The simulated world: clock, callers, agents, phones, wire; every law checked after every step.
#![forbid(unsafe_code)]

pub mod coverage;
pub mod fault;
pub mod many;
pub mod plan;
pub mod provision;
pub mod rng;
pub mod run;
pub mod shrink;
pub mod violation;

mod journal;
mod laws;
mod reference;
mod wire;
mod world;

pub use coverage::Coverage;
pub use fault::Fault;
pub use many::run_all;
pub use plan::{Plan, Without};
pub use run::{Outcome, run};
pub use shrink::{Kept, shrink};
pub use violation::Violation;
