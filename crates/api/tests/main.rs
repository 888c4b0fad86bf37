//! The interface as a client sees it: the real router and the real engine, behind ports that do nothing.

#![expect(clippy::unwrap_used, reason = "what a test prepares is there, or the test fails")]
#![expect(clippy::wildcard_enum_match_arm, reason = "of others' enums a test names what it waits for")]

mod access;
mod agents;
mod ami;
mod auth;
mod call_links;
mod calls;
mod choices;
mod credentials;
mod documents;
mod entries;
mod envelope;
mod flows;
mod hours;
mod import;
mod intervals;
mod invitations;
mod limits;
mod lists;
mod live;
mod mailboxes;
mod matrix;
mod netsapiens;
mod netsapiens_queues;
mod oidc;
mod phones;
mod portsip;
mod portsip_wsi;
mod prompts;
mod provisioning;
mod purview;
mod queues;
mod reach;
mod reports;
mod rocketchat;
mod setup;
mod stored;
mod stream;
mod talks;
mod trunks;
mod web;
mod webhooks;
mod world;
