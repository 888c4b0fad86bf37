//! Numbers dialed from outside: what they lead to, now and at another moment.

pub(crate) mod list;
pub(crate) mod plan;
pub(crate) mod what_if;
mod words;
