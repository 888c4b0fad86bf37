//! `GET /wsi`: PortSIP's publish and subscribe over a WebSocket.
//!
//! Of its topics there are `queue_events`, `extension_events`, `queue_management_events`, `extension_management_events` and
//! `cdr_events`; the `global_…` ones are not, for a login is of one domain. `queue_sla_breached` is not told: nothing
//! happens here at the moment when a wait becomes too long. After a pause in which the socket was too slow everything
//! that it follows is told anew, as after subscribing.
//!
//! In here: [`command`] is what a client says, [`scope`] what it follows and may, [`story`] makes messages of what has
//! happened, [`words`] and [`cdr`] write them, [`socket`] is the connection.

mod cdr;
mod command;
mod scope;
#[cfg(test)]
mod scope_tests;
pub(crate) mod socket;
mod story;
#[cfg(test)]
mod story_tests;
mod words;
