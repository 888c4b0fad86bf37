//! HTTP and the event socket.
//!
//! Read [`router`] first: the table of everything that is served. Each operation is one file below `v1`: its
//! document, its handler. The parts around them: [`auth`] (who asks and what she may), `seen` (the domain as she sees it), [`problem`] (every way to
//! say no), [`page`] (lists), `envelope` (what every answer carries), [`live`] (the event socket), `web` (the
//! page at `/`). Views are our own: what the engine holds is never serialized, so that it may change without
//! the interface.
//!
//! Nothing here decides about calls. Requests go to the switch by its handle, records come from [`storage`], files
//! go to whoever is the [`provisioning::Provisioner`].

#![forbid(unsafe_code)]

pub mod auth;
mod author;
mod budget;
mod doors;
mod envelope;
pub mod guests;
mod idempotency;
mod json;
pub mod live;
mod metric;
mod openapi;
pub mod page;
mod path;
pub mod phones;
mod probe;
pub mod problem;
pub mod prompts;
pub mod provisioning;
pub mod reports;
mod router;
mod secret;
mod seen;
pub mod setup;
pub mod sso;
mod state;
pub mod storage;
pub mod talks;
pub mod time;
pub mod trunks;
pub mod v1;
mod web;
pub mod webhooks;

pub use doors::ami::Ami;
pub use guests::{Guest, Guests};
pub use openapi::{events_document, openapi};
pub use phones::{PhoneLogin, Phones};
pub use router::{Served, enveloped, router, serve};
pub use state::{ApiLimits, AppState, Readiness};
