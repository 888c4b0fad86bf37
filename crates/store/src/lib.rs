//! The database: everything provisioned, what is kept of calls, and who may log in.
//!
//! Read [`store`] first: it opens the data directory and holds the lock on it. Then one file a noun, each with
//! its rows and its queries. [`provisioning`] reads a provisioning file and brings a domain to what it says.
//! [`record_writer`] keeps call records without ever making a call wait.
//!
//! Nothing here is read while a call is being decided: a [`model::Directory`] is loaded, and given away.
//! Functions that need the time take it.

#![forbid(unsafe_code)]

mod agent;
pub mod agent_log;
pub mod api_key;
pub mod audit;
pub mod call_record;
mod did;
pub mod directory;
mod disposition;
mod domain_limits;
pub mod error;
mod extension;
mod fallback;
mod feature_code;
mod flow;
mod group;
mod hours;
pub mod idempotency;
mod ids;
mod in_queue;
pub mod invitation;
mod kept_events;
mod listed;
mod lock;
mod mailbox;
mod membership;
mod not_ready_code;
pub mod outbox;
pub mod page;
mod password;
pub mod playlist;
pub mod prompt;
pub mod provisioning;
mod queue;
pub mod record_writer;
pub mod report;
mod ring_group;
mod role;
mod second_factor;
pub mod secret;
mod skill;
mod sql;
pub mod statistics;
pub mod store;
mod tenant;
pub mod token;
mod trunk;
pub mod web_login;
pub mod webhook;
mod webhook_secret;
pub mod words;
pub mod zone;

pub use agent_log::AgentLogEntry;
pub use api_key::{ApiKey, KeyError, KeyWish};
pub use audit::{AuditEntry, Author, Note};
pub use call_record::{CallDisposition, CallFilter};
pub use domain_limits::KeptLimits;
pub use error::{OpenError, StoreError};
pub use extension::SipAccount;
pub use flow::definition as flow_definition;
pub use invitation::{Invitation, InvitationLetter, InvitationMail, InviteError, Invited};

pub use outbox::{Errand, NewErrand, OutboxRow};
pub use page::{Cursor, PAGE_MAX, Page, Part};
pub use playlist::Playlist;
pub use prompt::{KeptSound, Prompt, PromptSource, SavePromptError};
pub use provisioning::{Applied, ApplyError, Plan, PlanError, Problem, Wanted};
pub use record_writer::{RecordWriter, WriterStats};
pub use second_factor::{Factor, TotpOffer};
pub use secret::Secret;
pub use store::{Store, StoreOptions};
pub use token::{Client, Session, Verified};
pub use web_login::WebIdentity;
pub use webhook::Webhook;
