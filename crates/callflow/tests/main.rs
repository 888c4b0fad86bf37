//! Flows as their callers meet them.

mod agent_extension;
mod compile;
mod hostile;
mod say;
mod tree;
mod world;
