//! `GET /v1/domains/{domain}/calls/{call}/why`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use engine::{CallRecord, Candidate, Decision, LookedAt};
use serde::Serialize;
use utoipa::ToSchema;

use super::words;
use crate::auth::Access;
use crate::path::{CallPath, InPath, unknown_call};
use crate::problem::Problem;
use crate::state::App;
use crate::time::{Time, seconds};
use crate::v1::names::Names;
use crate::v1::queues::view::{OutcomeWord, StrategyWord};

/// Every routing decision of one call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhyItem {
    /// The call.
    #[schema(example = "17")]
    call: String,
    /// Whether it lives; then more decisions may follow.
    live: bool,
    /// The decisions, in order. Of very many the first and the latest are kept.
    decisions: Vec<DecisionItem>,
}

/// One routing decision.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct DecisionItem {
    /// When.
    pub at: Time,
    /// The queue's number.
    #[schema(example = "8000")]
    pub queue: String,
    /// The queue's name.
    #[schema(example = "Support")]
    pub queue_name: String,
    /// How the order was made.
    pub strategy: StrategyWord,
    /// The call's place in the line then.
    #[schema(example = 1)]
    pub position: u32,
    /// What the call asked for at that moment.
    pub needs: Vec<NeedItem>,
    /// How many could have had it.
    #[schema(example = 2)]
    pub candidate_count: usize,
    /// Who could have had it, best first, with what the order looked at; of very many the first.
    pub candidates: Vec<CandidateItem>,
    /// Who could not, by reason.
    pub excluded: Vec<ExcludedItem>,
    /// The extensions it was offered to. None: it waits, or leaves.
    pub winners: Vec<String>,
    /// The extension of who chose this very call; null if it was routed.
    #[schema(example = "1001")]
    pub picked_up_by: Option<String>,
    /// The rule by which it left the line, or was not let in; null if it stayed.
    pub left: Option<OutcomeWord>,
    /// All of it in words.
    #[schema(example = "Offered to Ann Ash (1001): without a call for 34 s, the longest of 2.")]
    pub text: String,
}

/// An agent who could have had the call.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct CandidateItem {
    /// Her extension.
    #[schema(example = "1001")]
    pub agent: String,
    /// Her name.
    #[schema(example = "Ann Ash")]
    pub name: Option<String>,
    /// Seconds without a call until then.
    #[schema(example = 34.0)]
    pub idle_seconds: f64,
    /// Her place in the queue's order, for `linear` and `skill_linear`.
    pub order: i32,
    /// Whether she is tried before the strategy's order: the caller's own agent, or the one who served him last.
    pub preferred: bool,
    /// Where the order looked at it: when this queue last rang her.
    pub last_rung_at: Option<Time>,
    /// Where the order looked at it: calls of this queue that she answered since midnight.
    pub answered: Option<u32>,
    /// Where the order looked at it: her tier.
    pub tier: Option<u8>,
    /// Where the order looked at it: her skill level in the queue.
    pub skill_level: Option<u8>,
}

/// A skill that a call asks for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct NeedItem {
    /// Its name.
    #[schema(example = "french")]
    pub skill: String,
    /// The least level.
    #[schema(example = 3)]
    pub level: u8,
}

impl CandidateItem {
    fn new(decision: &Decision, candidate: &Candidate, names: Names<'_>) -> Self {
        let (mut last_rung, mut answered, mut tier, mut skill_level) = (None, None, None, None);
        match candidate.looked_at {
            LookedAt::Idle | LookedAt::Order | LookedAt::Chance => {}
            LookedAt::LastRung(at) => last_rung = at,
            LookedAt::Answered(count) => answered = Some(count),
            LookedAt::Tier(of) => tier = Some(of),
            LookedAt::Level(level) => skill_level = Some(level),
            LookedAt::LevelLastRung(level, at) => (skill_level, last_rung) = (Some(level), at),
            LookedAt::LevelAnswered(level, count) => (skill_level, answered) = (Some(level), Some(count)),
        }
        Self {
            agent: names.agent(candidate.agent),
            name: names.agent_name(candidate.agent),
            idle_seconds: seconds(decision.at.since(candidate.idle_since)),
            order: candidate.order,
            preferred: candidate.preferred,
            last_rung_at: last_rung.map(Time),
            answered,
            tier,
            skill_level,
        }
    }
}

/// Agents who could not have the call, for one reason. Of several reasons the first that holds counts.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct ExcludedItem {
    /// The reason.
    #[schema(example = "not_ready")]
    pub reason: &'static str,
    /// The reason in words.
    #[schema(example = "not ready")]
    pub text: &'static str,
    /// How many.
    #[schema(example = 1)]
    pub count: usize,
    /// Their extensions; of a large queue only of those whom something about this call excludes.
    pub agents: Vec<String>,
}

impl DecisionItem {
    pub(crate) fn new(decision: &Decision, names: Names<'_>) -> Self {
        Self {
            at: decision.at.into(),
            queue: names.queue(decision.queue),
            queue_name: names.queue_name(decision.queue),
            strategy: decision.strategy.into(),
            position: decision.position,
            needs: decision
                .needs
                .iter()
                .map(|(skill, level)| NeedItem { skill: skill.clone(), level: *level })
                .collect(),
            candidate_count: words::candidate_count(decision),
            candidates: decision
                .candidates
                .iter()
                .map(|candidate| CandidateItem::new(decision, candidate, names))
                .collect(),
            excluded: words::excluded(decision)
                .into_iter()
                .map(|(exclusion, agents, count)| ExcludedItem {
                    reason: words::reason(exclusion),
                    text: words::reason_in_words(exclusion),
                    count,
                    agents: agents.iter().map(|agent| names.agent(*agent)).collect(),
                })
                .collect(),
            winners: decision.winners.iter().map(|agent| names.agent(*agent)).collect(),
            picked_up_by: decision.picked_up.map(|agent| names.agent(agent)),
            left: decision.left.map(Into::into),
            text: words::decision(decision, names),
        }
    }
}

/// Says why a call went where it went
///
/// Every routing decision: the candidates in order with what the order looked at, the others with the reason,
/// and to whom it was offered; as data and in words. Decided once and kept; nothing here is computed afterwards.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/calls/{call}/why", tag = "calls", operation_id = "calls_why",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    responses((status = 200, description = "The decisions, in order", body = WhyItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_call"])))
)]
pub(crate) async fn why(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<CallPath>,
) -> Result<Json<WhyItem>, Problem> {
    let id = path.id()?;
    let live = access.sees(&app).record(id).await?.map(Arc::new);
    let is_live = live.is_some();
    let record: Arc<CallRecord> = match live {
        Some(record) => record,
        None => {
            let ended = access.sees(&app).ended(id).await?;
            ended.ok_or_else(|| unknown_call(&id.to_string()))?
        }
    };
    let directory = access.sees(&app).directory().await?;
    let names = directory.names();
    let decisions = record.decisions.iter().map(|decision| DecisionItem::new(decision, names)).collect();
    Ok(Json(WhyItem { call: id.to_string(), live: is_live, decisions }))
}
