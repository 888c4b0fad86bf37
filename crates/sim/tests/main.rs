//! The simulated worlds as a test.

mod worlds;
