//! Gathers figures for files that people get: whose, as a report says it, and what is known of each.

use std::time::Duration;

use model::{Agent, AgentId, Directory, Queue, QueueId, TenantId, Timestamp};
use report::{Content, ROWS_MAX, SUBJECTS_MAX, Subject};
use store::report::{About, Report};
use store::statistics::OfAgent;
use store::statistics::intervals::Intervals;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::storage::{FiguresFailed, Storage};

/// How many are gathered, or made into files, at once: each may hold [`ROWS_MAX`] rows.
static TURNS: Semaphore = Semaphore::const_new(2);
/// How long one waits for its turn.
const TURN_WAIT: Duration = Duration::from_secs(10);

/// Whose figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subjects {
    /// Those of queues.
    Queues(Vec<QueueId>),
    /// Those of agents.
    Agents(Vec<AgentId>),
}

/// Why there are no figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ungathered {
    /// It is about more queues, or agents, than one report may be.
    Many(usize),
    /// It would have more rows than one report may have.
    Long(usize),
    /// Others are being made.
    Busy,
    /// The figures are not there.
    Figures(FiguresFailed),
}

impl Ungathered {
    /// What is the matter, for people.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Many(count) => {
                format!("the report would be about {count} queues or agents, and {SUBJECTS_MAX} are the most")
            }
            Self::Long(rows) => report::ReportError::TooLong(*rows).to_string(),
            Self::Busy => "too many reports are being made at this moment".into(),
            Self::Figures(FiguresFailed::TooMuch) => store::statistics::FiguresError::TooMuch.to_string(),
            Self::Figures(FiguresFailed::Storage(error)) => error.to_string(),
        }
    }
}

impl Subjects {
    /// All queues, by number.
    #[must_use]
    pub fn all_queues(directory: &Directory) -> Self {
        Self::queues(directory, |_| true)
    }

    /// All agents, by extension.
    #[must_use]
    pub fn all_agents(directory: &Directory) -> Self {
        Self::agents(directory, |_| true)
    }

    /// Those that a report is about, as far as they are there.
    #[must_use]
    pub fn of(report: &Report, directory: &Directory) -> Self {
        let Report { about, queues, agents, groups, .. } = report;
        match about {
            About::Queues if queues.is_empty() => Self::all_queues(directory),
            About::Queues => {
                Self::queues(directory, |queue| queues.iter().any(|one| *one == queue.number.as_str()))
            }
            About::Agents if agents.is_empty() && groups.is_empty() => Self::all_agents(directory),
            About::Agents => Self::agents(directory, |agent| {
                let named =
                    agent.extension.as_ref().is_some_and(|own| agents.iter().any(|one| *one == own.as_str()));
                named || agent.groups.iter().any(|group| groups.contains(group))
            }),
        }
    }

    fn queues(directory: &Directory, wanted: impl Fn(&Queue) -> bool) -> Self {
        let mut found: Vec<&Queue> = directory.queues.values().filter(|queue| wanted(queue)).collect();
        found.sort_by(|a, b| a.number.cmp(&b.number));
        Self::Queues(found.into_iter().map(|queue| queue.id).collect())
    }

    fn agents(directory: &Directory, wanted: impl Fn(&Agent) -> bool) -> Self {
        let mut found: Vec<&Agent> = directory.agents.values().filter(|agent| wanted(agent)).collect();
        found.sort_by(|a, b| (&a.extension, a.id).cmp(&(&b.extension, b.id)));
        Self::Agents(found.into_iter().map(|agent| agent.id).collect())
    }

    const fn count(&self) -> usize {
        match self {
            Self::Queues(all) => all.len(),
            Self::Agents(all) => all.len(),
        }
    }
}

/// Figures, with the turn to make files of them: it ends when they are let go.
#[derive(Debug)]
pub struct Gathered {
    content: Content,
    _turn: SemaphorePermit<'static>,
}

impl Gathered {
    /// The figures.
    #[must_use]
    pub const fn content(&self) -> &Content {
        &self.content
    }
}

/// The figures of each, when it is their turn. How many there would be is looked at before any is read. What agents did is known until `now`.
///
/// # Errors
/// [`Ungathered`]
pub async fn gather(
    storage: &dyn Storage,
    (tenant, directory): (TenantId, &Directory),
    subjects: &Subjects,
    intervals: &Intervals,
    now: Timestamp,
) -> Result<Gathered, Ungathered> {
    if subjects.count() > SUBJECTS_MAX {
        return Err(Ungathered::Many(subjects.count()));
    }
    let rows = subjects.count().saturating_mul(intervals.count());
    if rows > ROWS_MAX {
        return Err(Ungathered::Long(rows));
    }
    let turn = tokio::time::timeout(TURN_WAIT, TURNS.acquire()).await;
    let turn = turn.ok().and_then(Result::ok).ok_or(Ungathered::Busy)?;
    let content = read(storage, (tenant, directory), subjects, intervals, now).await?;
    Ok(Gathered { content, _turn: turn })
}

async fn read(
    storage: &dyn Storage,
    (tenant, directory): (TenantId, &Directory),
    subjects: &Subjects,
    intervals: &Intervals,
    now: Timestamp,
) -> Result<Content, Ungathered> {
    match subjects {
        Subjects::Queues(queues) => {
            let mut all = Vec::new();
            for queue in queues.iter().filter_map(|queue| directory.queues.get(queue)) {
                let threshold_ms = u64::from(queue.sla_time) * 1_000;
                let figures = storage.queue_figures((tenant, queue.id), intervals, threshold_ms).await;
                let subject = Subject { number: queue.number.to_string(), name: queue.name.clone() };
                all.push((subject, figures.map_err(Ungathered::Figures)?));
            }
            Ok(Content::Queues(all))
        }
        Subjects::Agents(agents) => {
            let mut all = Vec::new();
            for agent in agents.iter().filter_map(|agent| directory.agents.get(agent)) {
                let queues = directory.memberships_of(agent.id).map(|member| member.queue).collect();
                let of = OfAgent { tenant, agent: agent.id, queues };
                let figures = storage.agent_figures(of, intervals, now).await;
                let number =
                    agent.extension.as_ref().map_or_else(|| agent.email.clone(), ToString::to_string);
                all.push((
                    Subject { number, name: agent.name.clone() },
                    figures.map_err(Ungathered::Figures)?,
                ));
            }
            Ok(Content::Agents(all))
        }
    }
}
