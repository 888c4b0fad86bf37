//! What the interface needs of whoever applies provisioning files, as a trait: the server brings the real one,
//! which also hands the result to the running switch.

pub mod felt;
mod forecast;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use model::{DomainLimits, Rights, TenantId};
use serde::Serialize;
use store::provisioning::{Edit, Effects, Entry, Object, Section};
use store::{Author, KeptLimits};
use utoipa::ToSchema;

use crate::storage::{Answer, StorageError};

pub use forecast::{Compared, QueueForecast};

/// Whom a file may be about, and whom it may touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Any domain, new ones too: the server's owner, and whoever has the data directory in hand.
    Everything,
    /// This domain only.
    Domain {
        /// Its name.
        name: String,
        /// Whether its owners may be made or changed: by an owner, not by an admin, who could become one so.
        owners: bool,
        /// What whoever it comes from may do herself: nobody gives a right that she does not have.
        rights: Rights,
    },
}

/// Where the file comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// This is it (YAML).
    File(String),
    /// It was in force in this domain before the present one.
    Before {
        /// The domain's name.
        domain: String,
    },
    /// Single things of this domain are changed, all of them or none.
    Edits {
        /// The domain's name.
        domain: String,
        /// What is changed, one after the other.
        edits: Vec<Edit>,
    },
}

/// A file to be applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Which.
    pub source: Source,
    /// Only say what would be done.
    pub dry_run: bool,
    /// Reckon what it would have made of the recorded day.
    pub forecast: bool,
    /// Take it even if a flow of it does not pass its own tests.
    pub force: bool,
    /// How far it may reach.
    pub reach: Reach,
    /// Who orders it, for history and audit.
    pub by: Author,
}

/// What an application of a file said and did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Provisioned {
    /// One line for each thing that comes (`+`), goes (`-`) or changes (`~`), or the one line `no changes`.
    #[schema(example = json!(["+ agent 1001", "~ queue 8000 ring_time 15 -> 20"]))]
    pub plan: Vec<String>,
    /// What is stored but does not work yet, one sentence each.
    pub warnings: Vec<String>,
    /// Of a dry run: what live calls would feel at this moment, one sentence each.
    #[schema(example = json!(["2 callers wait in queue 8001, which goes away: on to its on_no_answer"]))]
    pub live: Vec<String>,
    /// What the plan would have made of the last recorded day, for each queue whose routing it changes.
    pub forecast: Vec<QueueForecast>,
    /// Why there is no forecast, or what it leaves out; null if it is whole, or nothing of routing changes.
    #[schema(example = "nothing is recorded yet")]
    pub forecast_note: Option<String>,
    /// The domain, if it was there before, and what of the plan live calls would feel.
    #[serde(skip)]
    pub effects: Option<(TenantId, Effects)>,
    /// Phone secrets that were made because the file names none, by extension. They are shown this once.
    #[schema(example = json!({"1001": "phone-secret"}))]
    pub generated: BTreeMap<String, String>,
    /// Secrets of webhooks that were made because the file names none, by name. They are shown this once.
    #[schema(example = json!({"crm": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}))]
    pub webhook_secrets: BTreeMap<String, String>,
    /// Whether it was done; false for a dry run.
    pub applied: bool,
}

/// One thing to mend in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FileProblem {
    /// The line, from 1; 0 if it is about the whole file.
    #[schema(example = 12)]
    pub line: u64,
    /// What, in one sentence.
    #[schema(example = "unknown field `ring_tme`; did you mean `ring_time`?")]
    pub text: String,
}

/// One thing to mend in a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EditFault {
    /// Which of the edits, from 0; null if it lies elsewhere in the domain, and the text names the place.
    #[schema(example = 0)]
    pub edit: Option<usize>,
    /// Where in the value, as a JSON pointer (RFC 6901); empty: the whole of it.
    #[schema(example = "/ring_time")]
    pub pointer: String,
    /// What, in one sentence.
    #[schema(example = "`ring_time` of the queue is 0; 1 to 65535 are possible")]
    pub text: String,
}

/// One thing to mend in a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CellFault {
    /// The line, from 1; the header is on the first. 0: it is about the whole table.
    #[schema(example = 12)]
    pub line: u64,
    /// The column, from 1; null if it is about the whole row.
    #[schema(example = 4)]
    pub column: Option<usize>,
    /// What the header calls that column.
    #[schema(example = "role")]
    pub name: Option<String>,
    /// What, in one sentence.
    #[schema(example = "`role` is `boss`; it can be agent, supervisor, admin, owner")]
    pub text: String,
}

impl CellFault {
    /// About a whole row.
    pub(crate) fn of_row(line: u64, text: impl Into<String>) -> Self {
        Self { line, column: None, name: None, text: text.into() }
    }
}

impl From<store::provisioning::EditProblem> for EditFault {
    fn from(problem: store::provisioning::EditProblem) -> Self {
        let store::provisioning::EditProblem { edit, pointer, text } = problem;
        Self { edit, pointer, text }
    }
}

impl std::fmt::Display for FileProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str(&self.text),
            line => write!(f, "line {line}: {}", self.text),
        }
    }
}

/// Why a file was not applied; nothing is changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProvisionError {
    /// The file has problems.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Problems(Vec<FileProblem>),
    /// A change has problems.
    #[error("{}", .0.iter().map(|fault| fault.text.as_str()).collect::<Vec<_>>().join("; "))]
    Faults(Vec<EditFault>),
    /// What is to be changed is not there.
    #[error("{0}")]
    Missing(String),
    /// What is to be made is there.
    #[error("{0}")]
    Exists(String),
    /// What is to be changed is not what it was expected to be.
    #[error("{0}")]
    Changed(String),
    /// The file reaches further than it may.
    #[error("{0}")]
    TooFar(String),
    /// Nothing is kept from before the file in force.
    #[error("{0}")]
    NothingBefore(String),
    /// Somebody else was faster.
    #[error("the domain was changed at the same moment; try again")]
    Stale,
    /// The storage did not do it.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentForm {
    /// As YAML.
    Yaml,
    /// As JSON.
    Json,
}

/// A report to come.
pub type Report<'a> = Pin<Box<dyn Future<Output = Result<Provisioned, ProvisionError>> + Send + 'a>>;

/// Whoever applies files.
pub trait Provisioner: Send + Sync + 'static {
    /// Plans, and unless it is a dry run applies, a file. What was begun is finished even if nobody waits for the
    /// report any more.
    fn provision(&self, order: Order) -> Report<'_>;

    /// Has the running switch take over what is stored of a domain, after a change that was no file.
    fn take_over(&self, tenant: TenantId) -> Answer<'_, ()>;

    /// What is stored of a domain, as the document that would bring it about; none if there is no such domain.
    fn document<'a>(&'a self, domain: &'a str, form: DocumentForm) -> Answer<'a, Option<String>>;

    /// The entries of a list of a domain, by key; none if there is no such domain.
    fn entries<'a>(&'a self, domain: &'a str, section: Section) -> Answer<'a, Option<Vec<Entry>>>;

    /// How much of the server a domain may use.
    fn limits(&self, tenant: TenantId) -> Answer<'_, KeptLimits>;

    /// Sets it, and tells who holds domains to it.
    fn limit(&self, tenant: TenantId, limits: DomainLimits, by: Author) -> Answer<'_, ()>;

    /// One thing of a domain, if both are there.
    fn entry<'a>(&'a self, domain: &'a str, object: &'a Object) -> Answer<'a, Option<Entry>>;
}
