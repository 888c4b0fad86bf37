//! What would happen: the same core under loads that nobody has called in yet.
//!
//! [`erlang`] knows the textbook's answers exactly. [`load`] puts a synthetic load on the production core in
//! virtual time. Where the textbook has an answer the two must agree, and a test holds them to it; where it has
//! none (skills, several queues, rules) the core alone answers. [`day`] keeps of a recorded day what [`rerun`] needs
//! to run it again under another provisioning. [`staff`] turns all of it round: how many agents does a target need?
//!
//! Pure: no clock, no chance without a seed, no threads. Who has several cores runs replications side by side.

#![forbid(unsafe_code)]

mod chance;

pub mod day;
pub mod erlang;
pub mod estimate;
pub mod load;
pub mod patience;
pub mod pool;
pub mod rerun;
pub mod staff;

pub use chance::Chance;
pub use estimate::Estimate;
