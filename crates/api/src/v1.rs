//! The operations of version 1, one file each, by noun.

pub(crate) mod access;
pub mod agents;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod business_hours;
pub(crate) mod call_links;
pub mod calls;
pub(crate) mod dispositions;
pub(crate) mod domain;
pub(crate) mod flows;
pub(crate) mod intervals;
pub(crate) mod limits;
pub mod mailboxes;
pub(crate) mod names;
pub(crate) mod night_mode;
pub(crate) mod not_ready_codes;
pub(crate) mod numbers;
pub mod prompts;
pub(crate) mod provisioning;
pub mod queues;
pub(crate) mod reports;
pub(crate) mod ring_groups;
pub(crate) mod trunks;
pub(crate) mod webhooks;
