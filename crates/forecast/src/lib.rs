//! What would happen: the same core under loads that nobody has called in yet.
#![forbid(unsafe_code)]
