//! Flows as their callers meet them.

mod agent_extension;
mod by_name;
mod compile;
mod hostile;
mod say;
mod tree;
mod world;
