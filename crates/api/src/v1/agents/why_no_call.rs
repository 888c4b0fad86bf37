//! `GET /v1/domains/{domain}/agents/{extension}/why-no-call`.

use axum::Json;
use axum::extract::State;
use engine::{Exclusion, NoCall, PassedOver, WhyNot};
use model::{AgentId, AgentStatus};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::path::{AgentPath, InPath};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::time::Time;
use crate::v1::calls::why::DecisionItem;
use crate::v1::calls::words;
use crate::v1::names::Names;

/// Why an agent is given no call, for each of her queues.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhyNoCallItem {
    /// Her extension.
    #[schema(example = "1001")]
    agent: String,
    /// Her name.
    #[schema(example = "Ann Ash")]
    name: Option<String>,
    /// Her queues; empty if she is in none.
    queues: Vec<NoCallItem>,
    /// All of it in words.
    #[schema(example = "Support (8000) gives her no call: not ready.")]
    text: String,
}

/// Why one queue gives her no call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoCallItem {
    /// The queue's number.
    #[schema(example = "8000")]
    queue: String,
    /// The queue's name.
    #[schema(example = "Support")]
    queue_name: String,
    /// What stands in the way of any call; null if nothing does.
    #[schema(example = "not_ready")]
    reason: Option<&'static str>,
    /// Since when it has been so.
    since: Time,
    /// The last decision that considered her and rang somebody else, or nobody.
    passed: Option<PassedItem>,
    /// All of it in words.
    #[schema(example = "Support (8000) gives her no call: not ready.")]
    text: String,
}

/// A decision that passed her over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PassedItem {
    /// The call.
    #[schema(example = "17")]
    call: String,
    /// Why she could not have it; null if she could, and others were ahead of her.
    #[schema(example = "wrap_up")]
    reason: Option<&'static str>,
    /// The extensions of those who were ahead of her.
    ahead: Vec<String>,
    /// The whole decision.
    decision: DecisionItem,
}

impl NoCallItem {
    fn new(of: &NoCall, agent: AgentId, names: Names<'_>) -> Self {
        let queue = format!("{} ({})", names.queue_name(of.queue), names.queue(of.queue));
        let mut text = match of.standing {
            Some(why) => format!("{queue} gives her no call: {}.", stands(why, agent, names)),
            None => format!("{queue} would give her its next call that is hers to have."),
        };
        if let Some(passed) = &of.passed {
            text.push(' ');
            text.push_str(&passed_over(passed, names));
        }
        Self {
            queue: names.queue(of.queue),
            queue_name: names.queue_name(of.queue),
            reason: of.standing.map(words::reason),
            since: of.since.into(),
            passed: of.passed.as_ref().map(|passed| PassedItem::new(passed, names)),
            text,
        }
    }
}

/// What stands in the way now. Which of invited and disabled it is can be said: that is of this moment too.
fn stands(why: Exclusion, agent: AgentId, names: Names<'_>) -> &'static str {
    match (why, names.agent_status(agent)) {
        (Exclusion::NotActive, AgentStatus::Invited) => "invited, and she has not confirmed yet",
        (Exclusion::NotActive, AgentStatus::Disabled) => "disabled",
        (_, AgentStatus::Invited | AgentStatus::Active | AgentStatus::Disabled) => {
            words::reason_in_words(why)
        }
    }
}

impl PassedItem {
    fn new(PassedOver { decision, why }: &PassedOver, names: Names<'_>) -> Self {
        let (reason, ahead) = match why {
            WhyNot::Excluded(why) => (Some(words::reason(*why)), Vec::new()),
            WhyNot::Behind(ahead) => (None, ahead.iter().map(|agent| names.agent(*agent)).collect()),
        };
        let call = decision.call.to_string();
        Self { call, reason, ahead, decision: DecisionItem::new(decision, names) }
    }
}

/// What became of the call that she might have had, and why it was not hers.
fn passed_over(PassedOver { decision, why }: &PassedOver, names: Names<'_>) -> String {
    let went = match decision.winners.as_slice() {
        [] => "was offered to nobody".to_owned(),
        winners => format!("was offered to {}", words::named(winners, names)),
    };
    let because = match why {
        WhyNot::Excluded(why) => format!("she was {}", words::was(*why)),
        WhyNot::Behind(_) if decision.winners.is_empty() => "she could have had it later".to_owned(),
        WhyNot::Behind(ahead) if ahead.len() == 1 => "who was ahead of her".to_owned(),
        WhyNot::Behind(_) => "who were ahead of her".to_owned(),
    };
    let joined = match why {
        WhyNot::Behind(_) if !decision.winners.is_empty() => format!("{went}, {because}"),
        WhyNot::Behind(_) | WhyNot::Excluded(_) => format!("{went}: {because}"),
    };
    format!("The last one that she was considered for, call {}, {joined}.", decision.call)
}

/// Says why an agent is given no call
///
/// For each of her queues what stands in the way of any call now, and the last decision that passed her over with
/// the reason. From what was kept when the calls were decided; nothing is decided anew.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/agents/{extension}/why-no-call", tag = "agents",
    operation_id = "agents_why_no_call",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "Her extension, or `~` for the login's own", example = "1001"),
    ),
    responses((status = 200, description = "Each of her queues with the reason", body = WhyNoCallItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_agent", "no_agent"])))
)]
pub(crate) async fn why_no_call(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Json<WhyNoCallItem>, Problem> {
    let directory = access.sees(&app).directory().await?;
    let agent = super::named(&directory, &access, &path.extension)?;
    let found = access.sees(&app).why_no_call(agent).await?;
    let found = found.ok_or_else(|| Problem::plain(ProblemKind::UnknownAgent))?;
    let names = directory.names();
    let queues: Vec<_> = found.iter().map(|no_call| NoCallItem::new(no_call, agent, names)).collect();
    let text = if queues.is_empty() {
        "She is in no queue.".to_owned()
    } else {
        queues.iter().map(|queue| queue.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    Ok(Json(WhyNoCallItem { agent: names.agent(agent), name: names.agent_name(agent), queues, text }))
}
