//! Drives the built `cordboard` binary from outside, as its users do: with phones, callers and HTTP.
//!
//! [`Server`] starts the binary on a data directory and ports of its own. [`Baresip`] is a phone nobody here
//! wrote, with real audio, [`Browser`] the media of one that was installed; [`Sipp`] makes many calls; [`Phone`] is a phone of our own for what the other two
//! cannot do: answer at the wrong moment, lose an ACK, send rubbish. [`Api`] and [`Events`] say what the
//! server believes, [`WebPhone`] is the phone of a web page, [`Authority`] vouches for servers, [`Wsi`] hears what programs of PortSIP's API are told.
//! Nothing here knows a crate of the product.

mod api;
mod baresip;
mod browser;
mod domain;
mod events;
mod mail;
mod phone;
mod ports;
mod process;
mod secure;
mod server;
mod service;
mod sip;
mod sipp;
mod tone;
mod wait;
mod web_phone;
mod wsi;

pub use api::{Answer, Api, Metrics, state_of};
pub use baresip::{Account, Baresip, More};
pub use browser::Browser;
pub use domain::{Domain, NUMBER, OWNER_EMAIL, OWNER_PASSWORD, QUEUE, agent_password, phone_password};
pub use events::{Events, State, event_socket};
pub use mail::{MailServer, ReceivedMail};
pub use phone::{OnCancel, Phone, Place};
pub use ports::Ports;
pub use process::{Process, alone, binary, memory_kb, shared};
pub use secure::{Authority, HttpsAnswer};
pub use server::{Options, Server};
pub use service::Service;
pub use sip::Message;
pub use sipp::{Sipp, SippRun, Statistics};
pub use tone::{Listened, listen, write_tone};
pub use wait::{sit_out, until};
pub use web_phone::{Asking, WebPhone};
pub use wsi::Wsi;
