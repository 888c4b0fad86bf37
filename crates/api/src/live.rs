//! The events: a snapshot, then every event of the domain, numbered without gaps. [`feed`] is what one client is
//! told, [`filter`] the part of it that she wants; [`socket`] and [`stream`] carry it.
//!
//! The law: whoever replaces the objects of a message in her snapshot by their key (agents by `extension`, or by
//! `id` where that is null; queues by `number`; calls by `id`), removes the calls in `calls_ended`, and starts
//! over with a message that says `whole`, has at every moment what a new snapshot would give, field by field.

mod about;
pub mod event;
pub(crate) mod feed;
mod filter;
pub(crate) mod flows;
pub mod hook;
pub(crate) mod item;
pub(crate) mod mailboxes;
pub mod message;
mod reach;
pub(crate) mod relay;
pub(crate) mod rendered;
pub(crate) mod seats;
pub(crate) mod socket;
mod stream;
pub mod words;
