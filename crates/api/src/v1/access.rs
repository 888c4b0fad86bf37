//! Who may come in: keys of programs, and log-ins of people.

pub(crate) mod keys;
pub(crate) mod second_factor;
pub(crate) mod sessions;
