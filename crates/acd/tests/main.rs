//! The tests of the ACD: stories as text, the tables of states and strategies, and a long random walk.

mod bounds;
mod states;
mod stories;
mod story;
mod strategies;
mod walk;
mod world;
