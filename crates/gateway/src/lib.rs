//! The only crate that knows both sides: legs and dialogs, commands and media.
//!
//! One thread owns the SIP user agent, the registrar, the engines and the table between them, so that a
//! datagram becomes a decision, and a decision a datagram, without crossing a thread. Media has threads of
//! its own and is only told.
//!
//! ```text
//!   sip::Endpoint ─► user agent ─► sip_in ─► switch (engines) ─► sip_out ─► user agent ─► sip::Endpoint
//!                        ▲ border (who is it?)        └────────► media_out ─► media plane
//!                        └ registrar (where is it?)   media plane ─► media_out ─► switch
//! ```

#![forbid(unsafe_code)]

mod accounts;
mod addresses;
mod border;
mod cause;
mod codecs;
mod config;
mod digits;
mod first_only;
mod forks;
mod lamps;
mod legs;
mod media_out;
mod ports;
mod presence;
mod recordings;
mod registrar;
mod run;
mod services;
mod sip_in;
mod sip_out;
mod studio;
mod trunk_tests;

pub use accounts::Account;
pub use config::{Control, DomainSettings, GatewayConfig};
pub use run::{Gateway, GatewayEnds, transmit};
pub use services::{ASKS_MAX, ServiceAnswer, ServiceAsk};
pub use studio::{PromptKept, TAKES_MAX, TakenPrompt};
pub use trunk_tests::{TRUNK_TESTS_MAX, TrunkAnswer, TrunkQuestion, TrunkReply};
