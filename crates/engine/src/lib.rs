//! The switch as a state machine.
