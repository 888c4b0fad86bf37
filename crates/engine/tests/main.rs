//! Everything about the engine that is larger than one file's arithmetic.
//!
//! `story` reads stories as text and writes down what came of them, `laws` holds what must be true after every
//! step of whatever test, `walk` lets chance write the story.

mod hand_over;
mod laws;
mod stories;
mod story;
mod views;
mod walk;
mod world;
