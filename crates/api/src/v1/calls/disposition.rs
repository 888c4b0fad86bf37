//! `PUT /v1/domains/{domain}/calls/{call}/disposition`: what a call was about.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use engine::{CallRecord, CallView, Rejection};
use model::{AgentId, CallId, Disposition, QueueId, Timestamp};
use serde::{Deserialize, Serialize};
use store::CallDisposition;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::path::{CallPath, InPath, shown, unknown_call};
use crate::problem::{Problem, ProblemKind};
use crate::seen::{Seen, agents_of, queues_of};
use crate::state::App;
use crate::time::Time;
use crate::v1::agents::act::rejected;
use crate::v1::names::Names;

/// How long after a call its agents say what it was about.
const AFTERWARDS_MAX: Duration = Duration::from_secs(24 * 3_600);

/// What a call was about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DispositionBody {
    /// The code of one of the domain's dispositions.
    #[serde(default)]
    #[schema(example = "sale", min_length = 1, max_length = 32, required = true)]
    disposition: String,
    /// Whatever else is to be known of it; nothing unless set. At most 2,000 characters, of which lines and tabs are kept
    /// and other control characters are not.
    #[serde(default)]
    #[schema(example = "Wants the blue one.", max_length = 2_000)]
    notes: String,
}

/// What somebody said that a call was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CallDispositionItem {
    /// The code of a disposition; the domain may have it no more.
    #[schema(example = "sale")]
    code: String,
    /// What agents read; null if the domain has the disposition no more.
    #[schema(example = "Sold something")]
    label: Option<String>,
    /// What was written beside it; empty if nothing was.
    notes: String,
    /// Who said it.
    #[schema(example = "Ann Ash")]
    by: String,
    /// When.
    at: Time,
}

impl CallDispositionItem {
    pub(crate) fn new(said: CallDisposition, names: Names<'_>) -> Self {
        let CallDisposition { code, notes, by, at } = said;
        Self { label: names.disposition(&code), code, notes, by, at: at.into() }
    }
}

/// Of a call, what it takes to know who may say what it was about, and in which words.
struct About {
    started_at: Timestamp,
    /// None: it lasts.
    ended_at: Option<Timestamp>,
    agents: BTreeSet<AgentId>,
    queues: BTreeSet<QueueId>,
}

impl About {
    async fn find(seen: &Seen<'_>, call: CallId) -> Result<Self, Problem> {
        if let Some(view) = seen.call(call).await?
            && let Some(record) = seen.record(call).await?
        {
            return Ok(Self::live(&view, &record));
        }
        let record = seen.ended(call).await?.ok_or_else(|| unknown_call(&call.to_string()))?;
        Ok(Self { ended_at: Some(record.ended_at), ..Self::of(&record) })
    }

    fn live(view: &CallView, record: &CallRecord) -> Self {
        let mut about = Self::of(record);
        about.agents.extend(agents_of(view));
        about.queues.extend(queues_of(view));
        about
    }

    fn of(record: &CallRecord) -> Self {
        let (legs, stays) = (record.legs.iter(), record.queues.iter());
        Self {
            started_at: record.started_at,
            ended_at: None,
            agents: legs.clone().filter_map(|leg| leg.agent).collect(),
            queues: legs.filter_map(|leg| leg.queue).chain(stays.map(|stay| stay.queue)).collect(),
        }
    }

    /// Refuses an agent who was not on it, and one who comes too late.
    fn may(&self, access: &Access, now: Timestamp) -> Result<(), Problem> {
        if access.may_control_calls() {
            return Ok(());
        }
        if access.identity().agent.is_none_or(|agent| !self.agents.contains(&agent)) {
            return Err(rejected(Rejection::NotHers));
        }
        if self.ended_at.is_some_and(|at| now.since(at) > AFTERWARDS_MAX) {
            let detail = "an agent says what a call was about until 24 hours after its end; supervisors and above at \
                          any time";
            return Err(Problem::new(ProblemKind::Forbidden, detail));
        }
        Ok(())
    }
}

/// Says what a call was about
///
/// In a word of the domain's own, with notes if there are any: while the call lasts, in the wrap-up that follows, and
/// until 24 hours after its end. An agent of calls that reached her phone or came from it; supervisors and above of any,
/// and at any time. The last one who says something is right: what was said before is replaced. Dispositions that name
/// queues are for calls that were in one of them.
#[utoipa::path(
    put, path = "/v1/domains/{domain}/calls/{call}/disposition", tag = "calls",
    operation_id = "calls_disposition_put",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
    ),
    request_body(
        content = DispositionBody, example = json!({"disposition": "sale", "notes": "Wants the blue one."})
    ),
    responses((status = 200, description = "It is kept", body = CallDispositionItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("call_control")),
        ("x-problems" = json!(["unknown_call", "unknown_disposition", "invalid_body", "too_large", "too_slow"]))
    )
)]
pub(crate) async fn put(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<CallPath>,
    Body(DispositionBody { disposition, notes }): Body<DispositionBody>,
) -> Result<Json<CallDispositionItem>, Problem> {
    let wrong = |detail: String| Problem::new(ProblemKind::InvalidBody, detail);
    let most = Disposition::NOTES_LENGTH_MAX;
    if disposition.is_empty() {
        return Err(wrong("`disposition` says what the call was about".into()));
    }
    if notes.chars().count() > most {
        return Err(wrong(format!("`notes` has more than {most} characters")));
    }
    let (call, now) = (path.id()?, app.clock.now());
    let seen = access.sees(&app);
    let about = About::find(&seen, call).await?;
    about.may(&access, now)?;
    let directory = seen.directory().await?;
    let names = directory.names();
    let queues: Vec<String> = about.queues.iter().map(|queue| names.queue(*queue)).collect();
    is_one_of(directory.dispositions.values(), &disposition, &queues)?;
    let notes = notes.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let said = CallDisposition { code: disposition, notes, by: origin.of(&access).name, at: now };
    seen.dispose((call, about.started_at), &said).await?;
    Ok(Json(CallDispositionItem::new(said, names)))
}

/// Refuses a word that calls of these queues are not given.
fn is_one_of<'a>(
    all: impl Iterator<Item = &'a Disposition>,
    code: &str,
    queues: &[String],
) -> Result<(), Problem> {
    let offered: Vec<&str> =
        all.filter(|one| one.fits(queues.iter().map(String::as_str))).map(|one| one.code.as_str()).collect();
    if offered.contains(&code) {
        return Ok(());
    }
    let code = shown(code);
    let detail = if offered.is_empty() {
        format!("`{code}` is no disposition of such a call; there is none")
    } else {
        format!("`{code}` is no disposition of such a call; it can be {}", offered.join(", "))
    };
    Err(Problem::new(ProblemKind::UnknownDisposition, detail))
}
