//! Configurations in, provisioning files and remarks out.

mod fixtures;
mod hostile;
mod syntax;
mod world;
