//! Flows as their callers meet them.
