//! Single changes of a domain: each is an edit of its document, read and planned as any file.
//!
//! So there is one truth and one validator: what a file may not say, no edit can bring about, and an edit has the same
//! plan in words, the same effects on live calls, the same place in the history and the same way back.
//!
//! In here: [`object`] says what can be edited and where it stands, [`draft`] is the document while it is edited,
//! [`merge`] is JSON merge patch, [`origins`] leads from a problem back to the edit that it is about.

mod draft;
mod identity;
mod merge;
mod object;
pub(crate) mod origins;

use serde_json::Value;

use self::draft::Draft;
pub(super) use self::draft::SETTINGS;
use self::origins::Origins;
use super::limits::{EDITS_MAX, FILE_BYTES_MAX};
use super::plan::{Plan, PlanError};
use super::problem::Problem;
use super::render;
use super::wanted::from_tree;
use super::yaml::write;
use crate::error::StoreError;
use crate::store::Store;

pub use object::{Object, Section};

/// One change of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What is changed.
    pub object: Object,
    /// How.
    pub change: Change,
    /// What it must be like before: the tag of its [`Entry`](super::Entry); refused if it is not. None: anything.
    pub expected: Option<String>,
}

/// How something is changed. Values are spelled as in a provisioning file; what its key says may be left out. A
/// secret that is not named stays as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Makes it; refused if it is there.
    Create(Value),
    /// Makes it, or replaces it whole.
    Put(Value),
    /// Merges into what is there (RFC 7396); refused if it is not there. A new number or name renames it.
    Patch(Value),
    /// Removes it; refused if it is not there, or if something still points to it.
    Remove,
}

/// Something to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditProblem {
    /// Which of the edits it is about; none: it lies elsewhere in the domain, and the text names the place.
    pub edit: Option<usize>,
    /// Where in the edited thing, as a JSON pointer; empty: the whole of it.
    pub pointer: String,
    /// What, in one sentence.
    pub text: String,
}

impl std::fmt::Display for EditProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.text)
        } else {
            write!(f, "{}: {}", self.pointer, self.text)
        }
    }
}

/// Why no plan was made of edits.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// No such domain.
    #[error("there is no domain {0}")]
    UnknownDomain(String),
    /// What is to be changed or removed is not there.
    #[error("there is no {what}")]
    Missing {
        /// Which of the edits.
        edit: usize,
        /// What is missing, as `queue 8000`.
        what: String,
    },
    /// What is to be changed is not what it is expected to be.
    #[error("the {what} was changed meanwhile")]
    Changed {
        /// Which of the edits.
        edit: usize,
        /// What was changed, as `queue 8000`.
        what: String,
    },
    /// What is to be made is there.
    #[error("there is a {what} already")]
    Exists {
        /// Which of the edits.
        edit: usize,
        /// What is there, as `queue 8000`.
        what: String,
    },
    /// The domain would not be right afterwards.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Problems(Vec<EditProblem>),
    /// The database could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Edits as a plan.
#[derive(Clone, Debug)]
pub struct Edited {
    /// What would change; [`Store::apply_by`] does it.
    pub plan: Plan,
    /// Flows of the domain that would not pass their own tests. Whoever applies the plan decides whether that matters.
    pub failed_tests: Vec<EditProblem>,
}

impl Store {
    /// Plans changes of single things, all of them or none. They are made one after the other, and only what comes out
    /// at the end must be right. Nothing is changed; [`Store::apply_by`] does it.
    ///
    /// # Errors
    /// [`EditError`]
    pub async fn plan_edits(
        &self,
        domain: &str,
        edits: &[Edit],
        known_prompts: &[&str],
    ) -> Result<Edited, EditError> {
        let domain = domain.to_ascii_lowercase();
        if edits.len() > EDITS_MAX {
            let text = format!("there are {} edits; {EDITS_MAX} are made at a time", edits.len());
            return Err(EditError::Problems(vec![EditProblem { edit: None, pointer: String::new(), text }]));
        }
        let stored = self.stored(&domain).await?;
        let Some(current) = &stored.current else { return Err(EditError::UnknownDomain(domain)) };
        let document = render::document(current)?;
        let mut draft = Draft::of(document.clone());
        for (index, edit) in edits.iter().enumerate() {
            draft.make(index, edit)?;
        }
        let mut tree = draft.into_tree();
        let source = write::to_json(&tree);
        let origins = Origins::number(&mut tree);
        let told = |found: Vec<Problem>| {
            EditError::Problems(found.into_iter().map(|one| origins.told(one)).collect())
        };
        let of_all = |text: String| told(vec![Problem::new(0, text)]);
        let own = current.prompts.iter().filter(|row| !row.provisioned).map(|row| row.name.as_str());
        let known: Vec<&str> = known_prompts.iter().copied().chain(own).collect();
        // A number that is not whole cannot be written. Where it stands is the reader's to say, if it looks there.
        let text = source.as_deref().unwrap_or_default();
        if text.len() > FILE_BYTES_MAX {
            let bytes = text.len();
            let text =
                format!("the domain's document would have {bytes} bytes, {FILE_BYTES_MAX} are allowed");
            return Err(of_all(text));
        }
        let mut wanted = from_tree(text, &tree, &known, Some(&origins)).map_err(told)?;
        // What was to be said before is no news of this change.
        if let Ok(before) = from_tree("", &document, &known, None) {
            wanted.warnings.retain(|warning| !before.warnings.contains(warning));
        }
        source.map_err(of_all)?;
        let failed_tests = wanted.failed_tests().cloned().map(|one| origins.told(one)).collect();
        let plan = self.plan_against(wanted, None, stored).await.map_err(|error| match error {
            PlanError::Problems(found) => told(found),
            PlanError::Store(error) => EditError::Store(error),
        })?;
        Ok(Edited { plan, failed_tests })
    }
}
