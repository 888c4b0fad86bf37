//! Provisioning: a file that says what a domain is, and the way there.
//!
//! [`parse`] reads the file and reports every problem with its line; [`Store::plan`] compares what it wants
//! with what is there; [`Store::apply`] does it in one transaction. Nothing is changed before the last, and a
//! second run of all three finds nothing to do.
//!
//! In here: [`yaml`] reads the text into a tree with lines, [`reader`] reads fields from it and collects the
//! problems, one file a section does its section, [`wanted`] is the result; [`target`] gives it ids,
//! [`difference`] writes the plan's lines, [`apply`] the rows; [`schema`] is the file's shape for editors.
//! [`render`] goes the other way, from the rows to the file; [`edit`] changes single things of it.

mod agents;
mod apply;
mod business_hours;
mod compare;
mod credentials;
mod difference;
mod dispositions;
mod document;
mod edit;
mod effects;
mod fallbacks;
mod feature_codes;
mod flows;
mod grants;
mod history;
mod hours;
mod in_queue;
mod in_words;
mod invitations;
pub mod limits;
mod lists;
mod mailboxes;
mod not_ready_codes;
mod plan;
pub mod problem;
mod prompts;
mod queues;
mod reader;
mod reading;
mod render;
mod reports;
mod ring_groups;
mod roles;
pub mod schema;
mod skills;
mod target;
mod trunks;
mod wanted;
mod webhooks;
mod yaml;

pub use apply::{Applied, ApplyError, GeneratedSecret};
pub(crate) use compare::changes;
pub use document::{Document, Entry, ReadDataError};
pub use edit::{Change, Edit, EditError, EditProblem, Edited, Object, Section};
pub use effects::{Effects, EndedMembership, LoweredLimit, RemovedQueue};
pub use flows::check::FlowTested;
pub(crate) use flows::stored as flow_body;
pub use history::{HistoryEntry, RevertError};
pub use plan::{Plan, PlanError};
pub use problem::Problem;
pub use prompts::WantedPrompt;
pub use wanted::{Wanted, parse};

#[cfg(doc)]
use crate::store::Store;
