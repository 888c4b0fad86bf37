//! Stories: text in, what happened out.

mod direct;
mod feature;
mod limits;
mod offers;
mod overflow;
mod provisioning;
mod queue;
