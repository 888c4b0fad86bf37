//! What the binary can do, one file for each command.

pub(crate) mod apply;
pub(crate) mod check_config;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod flow;
pub(crate) mod import;
pub(crate) mod openapi;
pub(crate) mod replay;
pub(crate) mod serve;
pub(crate) mod simulate;
pub(crate) mod staff;
