//! Calls: live ones from the switch, ended ones from the storage, and why they went where they went.

pub(crate) mod answer;
pub(crate) mod control;
pub(crate) mod digits;
pub(crate) mod disposition;
pub(crate) mod get;
pub(crate) mod hang_up;
pub(crate) mod hold;
pub mod legs;
pub(crate) mod list;
pub mod recording;
pub(crate) mod transfer;
pub mod view;
pub(crate) mod why;
pub mod words;
