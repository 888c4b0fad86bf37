//! The switch as a whole: what leaves when, what a crash leaves, what a replay finds.

mod commit;
mod recovery;
mod upgrade;
mod world;
