//! The user agent.
