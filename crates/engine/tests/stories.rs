//! Stories: text in, what happened out.

mod accept;
mod callback;
mod capacity;
mod day;
mod direct;
mod enter;
mod feature;
mod flow;
mod group;
mod hold;
mod hours;
mod in_queue;
mod lift;
mod limits;
mod offers;
mod opening;
mod originate;
mod overflow;
mod pickup;
mod provisioning;
mod queue;
mod reach;
mod restart;
mod studio;
mod transfer;
mod voicemail;
