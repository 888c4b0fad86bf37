//! The simulated world: clock, callers, agents, phones, wire; every law checked after every step.
#![forbid(unsafe_code)]
