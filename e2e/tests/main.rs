//! What the product promises, tried on the built binary with real phones. Each test is one promise.
//!
//! `harness` needs no server: it shows that the tools the others lean on can fail.

mod audit;
mod bad_http;
mod bad_input;
mod browser;
mod browser_media;
mod clients;
mod control;
mod demo;
mod devices;
mod doors;
mod first_call;
mod flow_changed;
mod flows;
mod guests;
mod harness;
mod in_queue;
mod interop;
mod invitations;
mod live;
mod load;
mod opus;
mod prompts;
mod provisioning;
mod races;
mod reach;
mod recordings;
mod recovery;
mod reports;
mod ring_all;
mod ring_groups;
mod secure;
mod sso;
mod stage;
mod tables;
mod trunks;
mod voicemail;
mod web_phones;
mod webhook_events;
mod webhooks;
