//! The simulated worlds as a test.

#[cfg(feature = "broken")]
mod broken;
mod worlds;
