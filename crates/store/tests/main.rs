//! The store against fresh databases, each in its own directory.

mod applying;
mod bad_input;
mod login;
mod opening;
mod property;
mod records;
mod world;
