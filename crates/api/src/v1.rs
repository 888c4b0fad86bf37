//! The operations of version 1, one file each, by noun.

pub mod agents;
pub(crate) mod auth;
pub mod calls;
pub(crate) mod names;
pub mod prompts;
pub(crate) mod provisioning;
pub mod queues;
