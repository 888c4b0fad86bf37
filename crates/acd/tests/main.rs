//! The tests of the ACD: stories as text, the table of states, and a long random walk.

mod states;
mod stories;
mod story;
mod walk;
mod world;
