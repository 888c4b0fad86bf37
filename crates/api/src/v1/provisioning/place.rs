//! Where an entry stands: its section and its key, as paths have them.

use serde::Deserialize;
use store::provisioning::{Edit, Entry, Object, Section};

use crate::path::shown;
use crate::problem::{Problem, ProblemKind};

/// `…/provisioning/{section}`.
#[derive(Deserialize)]
pub(crate) struct SectionPath {
    section: String,
}

impl SectionPath {
    /// The section.
    pub(crate) fn section(&self) -> Result<Section, Problem> {
        section(&self.section)
    }
}

/// `…/provisioning/{section}/{key}`.
#[derive(Deserialize)]
pub(crate) struct EntryPath {
    section: String,
    key: String,
}

/// `…/provisioning/{section}/{key}/{second}`.
#[derive(Deserialize)]
pub(crate) struct EntryOfTwoPath {
    section: String,
    key: String,
    second: String,
}

/// `…/provisioning/queues/{queue}/members/{agent}`.
#[derive(Deserialize)]
pub(crate) struct MemberPath {
    queue: String,
    agent: String,
}

/// A path that names one thing.
pub(crate) trait Names {
    /// What it names.
    fn object(&self) -> Result<Object, Problem>;
}

impl Names for EntryPath {
    fn object(&self) -> Result<Object, Problem> {
        object(&self.section, &[&self.key])
    }
}

impl Names for EntryOfTwoPath {
    fn object(&self) -> Result<Object, Problem> {
        object(&self.section, &[&self.key, &self.second])
    }
}

impl Names for MemberPath {
    fn object(&self) -> Result<Object, Problem> {
        Ok(Object::Member { queue: self.queue.clone(), agent: self.agent.clone() })
    }
}

/// The path of the domain's own settings.
#[derive(Deserialize)]
pub(crate) struct SettingsPath {}

impl Names for SettingsPath {
    fn object(&self) -> Result<Object, Problem> {
        Ok(Object::Settings)
    }
}

/// The section of this name.
pub(crate) fn section(name: &str) -> Result<Section, Problem> {
    Section::named(name).ok_or_else(|| {
        let all: Vec<&str> = Section::ALL.into_iter().map(Section::name).collect();
        let detail = format!("there is no section {}; there are {}", shown(name), all.join(", "));
        Problem::new(ProblemKind::NotFound, detail)
    })
}

/// The thing with this key in the section of this name.
pub(crate) fn object(name: &str, key: &[&str]) -> Result<Object, Problem> {
    let section = section(name)?;
    section.object(key).ok_or_else(|| {
        let wanted = match section {
            Section::Prompts => "language and name",
            Section::ExclusiveNumbers => "number and queue",
            Section::Playlists
            | Section::BusinessHours
            | Section::Groups
            | Section::Roles
            | Section::Agents
            | Section::Extensions
            | Section::Queues
            | Section::Flows
            | Section::RingGroups
            | Section::Mailboxes
            | Section::Numbers
            | Section::Trunks
            | Section::VipNumbers
            | Section::QueueBlacklist
            | Section::Blacklist
            | Section::Webhooks
            | Section::FeatureCodes
            | Section::NotReadyCodes
            | Section::Dispositions
            | Section::Reports => "one part",
        };
        Problem::new(ProblemKind::NotFound, format!("the key of an entry of {name} is {wanted}"))
    })
}

/// An entry that is not there.
pub(crate) fn unknown(object: &Object) -> Problem {
    Problem::new(ProblemKind::UnknownEntry, format!("there is no {object}"))
}

/// An entry's tag as the header `ETag` has it.
pub(crate) fn etag(entry: &Entry) -> String {
    format!("\"{}\"", entry.tag)
}

/// The tag that `If-Match` names; none: anything will do. Of several the first counts: two things cannot be expected.
pub(crate) fn expected(headers: &axum::http::HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(axum::http::header::IF_MATCH) else { return Ok(None) };
    let tag = value.to_str().ok().map(str::trim).filter(|tag| *tag != "*");
    match tag {
        None if value == "*" => Ok(None),
        Some(tag) if tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"') => {
            Ok(Some(tag[1..tag.len() - 1].to_owned()))
        }
        Some(_) | None => {
            let detail = "`If-Match` is not one `ETag` that an entry had";
            Err(Problem::new(ProblemKind::InvalidParameter, detail))
        }
    }
}

/// The edit of one thing.
pub(crate) fn edit(
    object: Object,
    change: store::provisioning::Change,
    headers: &axum::http::HeaderMap,
) -> Result<Edit, Problem> {
    Ok(Edit { object, change, expected: expected(headers)? })
}
