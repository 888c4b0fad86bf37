//! What the six verbs share: reading what is asked, asking the switch, and telling the results apart.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engine::{AgentAction, AgentView, MembershipResult, Refusal, Reply, Request, Scope};
use model::{AgentId, Directory, QueueId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{PendingWord, StateWord, pending_reason, reason};
use crate::auth::Access;
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::calls::words;
use crate::v1::names::Names;

/// All queues, in place of a number.
const ALL: &str = "all";

/// Most characters of a reason.
const REASON_LENGTH_MAX: usize = model::NotReadyReason::LENGTH_MAX;

/// In which queues, and for verbs that take one, why. May be left out altogether.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActionBody {
    /// A queue's number, or `all`, which is also the default: every queue she is a member of.
    #[schema(example = "8000")]
    pub(crate) queue: Option<String>,
    /// Why, for `not-ready`: at most 32 characters, and one of the domain's not-ready codes where it has some. Other verbs
    /// ignore it.
    #[schema(example = "lunch", max_length = 32)]
    pub(crate) reason: Option<String>,
}

/// What came of it, queue by queue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActionResult {
    /// One result for each queue meant.
    items: Vec<ActionItem>,
    /// Always null: it is one page.
    next: Option<String>,
    /// What will happen when her call ends, if it could not happen now (then the status is 202).
    pending: Option<PendingWord>,
}

/// What came of it in one queue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ActionItem {
    /// It was done, or will be.
    Done(DoneItem),
    /// It was refused there.
    Refused(RefusedItem),
}

/// It was done, or will be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoneItem {
    /// The queue's number.
    #[schema(example = "8000")]
    queue: String,
    /// What she does there now.
    state: StateWord,
    /// Why she is not ready.
    reason: Option<String>,
    /// What happens when her call ends.
    pending: Option<PendingWord>,
    /// Why she will be not ready then.
    pending_reason: Option<String>,
    /// Whether she would be given a call of this queue now.
    available_for_dispatch: bool,
}

/// It was refused in this queue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedItem {
    /// The queue's number.
    #[schema(example = "8001")]
    queue: String,
    /// Why.
    error: RefusalItem,
}

/// Why something was refused in one queue of several.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusalItem {
    /// The `type` that a problem document would have.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not_logged_in")]
    kind: String,
    /// What it is.
    #[schema(example = "The agent is not logged in to the queue")]
    title: &'static str,
    /// The status it would have had alone.
    #[schema(example = 409)]
    status: u16,
}

/// Does `action` for the agent in the path.
pub(crate) async fn act(
    app: &App,
    access: &Access,
    extension: &str,
    body: &ActionBody,
    action: impl FnOnce(AgentId) -> AgentAction,
) -> Result<Response, Problem> {
    let directory = access.sees(app).directory().await?;
    let agent = super::named(&directory, access, extension)?;
    access.may_steer(agent)?;
    let scope = scope(&directory, body)?;
    if body.reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_LENGTH_MAX) {
        let detail = format!("`reason` has more than {REASON_LENGTH_MAX} characters");
        return Err(Problem::new(ProblemKind::InvalidBody, detail));
    }
    let request = Request::Agent { agent, scope, action: action(agent) };
    let reply = access.sees(app).request(request).await?;
    let results = match reply.map_err(rejected)? {
        Reply::Agent(results) => results,
        Reply::Call(_)
        | Reply::HangUp
        | Reply::PickUp
        | Reply::Move
        | Reply::Transfer
        | Reply::Hold
        | Reply::NightMode
        | Reply::Reach
        | Reply::Message
        | Reply::Greeting(_)
        | Reply::Press
        | Reply::Lift => {
            return Err(Problem::plain(ProblemKind::Internal));
        }
    };
    let names = directory.names();
    refused_everywhere(&results, names)?;
    let after = access.sees(app).agent(agent).await?;
    Ok(answer(&results, after.as_ref(), names))
}

fn scope(directory: &Directory, body: &ActionBody) -> Result<Scope, Problem> {
    let Some(number) = body.queue.as_deref().filter(|queue| *queue != ALL) else { return Ok(Scope::All) };
    let queue = directory.queue(number).ok_or_else(|| {
        Problem::new(ProblemKind::UnknownQueue, format!("no queue has the number `{}`", shown(number)))
    })?;
    Ok(Scope::Queue(queue.id))
}

/// Only where every queue refused the whole answer is a problem. An agent of no queue at all is refused nothing:
/// `all` means her memberships, however many there are.
fn refused_everywhere(results: &[MembershipResult], names: Names<'_>) -> Result<(), Problem> {
    let mut refusals = Vec::new();
    for result in results {
        match &result.result {
            Ok(_) => return Ok(()),
            Err(refusal) => refusals.push((result.queue, *refusal)),
        }
    }
    let Some((_, first)) = refusals.first().copied() else { return Ok(()) };
    let in_words = |(queue, refusal): &(QueueId, Refusal)| {
        format!("{}: {}", names.queue(*queue), kind(*refusal).title())
    };
    let reasons: Vec<_> = refusals.iter().map(in_words).collect();
    Err(Problem::new(kind(first), reasons.join("; ")).reasons(reasons))
}

fn answer(results: &[MembershipResult], after: Option<&AgentView>, names: Names<'_>) -> Response {
    let available = |queue| {
        let mut memberships = after.into_iter().flat_map(|agent| &agent.memberships);
        memberships.any(|member| member.queue == queue && member.available)
    };
    let items: Vec<_> = results
        .iter()
        .map(|result| match &result.result {
            Ok(done) => ActionItem::Done(DoneItem {
                queue: names.queue(result.queue),
                state: (&done.state).into(),
                reason: reason(&done.state),
                pending: done.pending.as_ref().map(Into::into),
                pending_reason: done.pending.as_ref().and_then(pending_reason),
                available_for_dispatch: available(result.queue),
            }),
            Err(refusal) => ActionItem::Refused(RefusedItem {
                queue: names.queue(result.queue),
                error: RefusalItem {
                    kind: kind(*refusal).reference(),
                    title: kind(*refusal).title(),
                    status: kind(*refusal).status(),
                },
            }),
        })
        .collect();
    let pending = results
        .iter()
        .find_map(|result| result.result.as_ref().ok()?.pending.as_ref())
        .map(PendingWord::from);
    let status = if pending.is_some() { StatusCode::ACCEPTED } else { StatusCode::OK };
    (status, Json(ActionResult { items, next: None, pending })).into_response()
}

/// What a refusal in one queue is called outside.
fn kind(refusal: Refusal) -> ProblemKind {
    match refusal {
        Refusal::NotAMember => ProblemKind::NotAMember,
        Refusal::NoExtension => ProblemKind::NoExtension,
        Refusal::NotActive => ProblemKind::NotActive,
        Refusal::NotLoggedIn => ProblemKind::NotLoggedIn,
        Refusal::EntryDisabled => ProblemKind::EntryDisabled,
        Refusal::WrongState => ProblemKind::WrongState,
    }
}

/// What the engine's rejection of a whole request is called outside.
pub(crate) fn rejected(rejection: engine::Rejection) -> Problem {
    Problem::plain(match rejection {
        engine::Rejection::NotHers => {
            let detail = "an agent asks for calls that she is on only; supervisors and above for any";
            return Problem::new(ProblemKind::Forbidden, detail);
        }
        engine::Rejection::NotTalking => ProblemKind::NotTalking,
        engine::Rejection::NotRinging => ProblemKind::NotRinging,
        engine::Rejection::SeveralRing => ProblemKind::SeveralRing,
        engine::Rejection::TooManyHops => ProblemKind::TooManyHops,
        engine::Rejection::UnknownDestination => ProblemKind::UnknownDestination,
        engine::Rejection::NoRoom => ProblemKind::Busy,
        engine::Rejection::NotWaiting => ProblemKind::NotWaiting,
        engine::Rejection::BeingAnswered => ProblemKind::BeingAnswered,
        engine::Rejection::OffersUsedUp => ProblemKind::OffersUsedUp,
        engine::Rejection::TurnedAway(why) => {
            return Problem::new(ProblemKind::TurnedAway, words::turned_away(why));
        }
        engine::Rejection::CannotTake(why) => {
            let detail = format!("she is {}", words::reason_in_words(why));
            return Problem::new(ProblemKind::CannotTake, detail);
        }
        engine::Rejection::UnknownAgent => ProblemKind::UnknownAgent,
        engine::Rejection::UnknownQueue => ProblemKind::UnknownQueue,
        engine::Rejection::UnknownCall => ProblemKind::UnknownCall,
        engine::Rejection::UnknownMailbox => ProblemKind::UnknownMailbox,
        engine::Rejection::UnknownMessage => ProblemKind::UnknownMessage,
        engine::Rejection::NoExtension => ProblemKind::NoExtension,
        engine::Rejection::NoPersonalPhone => ProblemKind::NoPersonalPhone,
        engine::Rejection::NoCallLink => ProblemKind::NoCallLink,
        engine::Rejection::NoOutsideNumber | engine::Rejection::OwnNumber => {
            ProblemKind::UnusablePersonalPhone
        }
    })
}
