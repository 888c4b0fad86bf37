//! Flows as their callers meet them.

mod say;
