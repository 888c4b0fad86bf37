//! SIP as state machines.
