//! `GET /v1/domains/{domain}/calls`.

use std::collections::BTreeMap;

use axum::extract::State;
use engine::{CallView, QueueOutcome};
use model::{CallId, Directory};
use serde::Deserialize;
use store::words::Word as _;
use store::{CallFilter, Cursor, Page, Part};
use utoipa::IntoParams;

use super::get::WholeCallItem;
use super::view::{CallItem, LEGS_SHOWN_MAX};
use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::path::{moment, shown};
use crate::problem::{Problem, ProblemKind};
use crate::seen::{agents_of, queue_of};
use crate::state::App;
use crate::storage::place_of;
use crate::v1::queues::view::OutcomeWord;
use crate::v1::{agents, queues};

/// Which calls.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CallsParams {
    /// Only those that stood in this queue's line, or tried to, or are in it.
    #[param(example = "8000")]
    queue: Option<String>,
    /// With `queue`: only those that left that line so.
    #[param(inline, value_type = Option<OutcomeWord>)]
    outcome: Option<String>,
    /// Only those that reached this agent's phone, or came from it, by her extension; `~` is the login's own.
    #[param(example = "1001")]
    agent: Option<String>,
    /// Only those whose caller's number begins like this, 3 to 32 characters. A `+` in it is written `%2B`.
    #[param(example = "+4930", min_length = 3, max_length = 32)]
    caller: Option<String>,
    /// Only those that were given this disposition, by its code.
    #[param(example = "sale")]
    disposition: Option<String>,
    /// Only those that started then or later (RFC 3339).
    #[param(example = "2026-03-02T00:00:00Z")]
    from: Option<String>,
    /// Only those that started before then (RFC 3339).
    #[param(example = "2026-03-03T00:00:00Z")]
    to: Option<String>,
}

impl CallsParams {
    fn filter(&self, app: &App, access: &Access, directory: &Directory) -> Result<CallFilter, Problem> {
        let wrong = |detail: String| Problem::new(ProblemKind::InvalidParameter, detail);
        let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let queue = said(&self.queue).map(|number| queues::named(directory, &number).map(|queue| queue.id));
        let outcome = self.outcome.as_ref().map(|word| {
            let words: Vec<_> = QueueOutcome::ALL.iter().map(|outcome| outcome.word()).collect();
            let strange = || wrong(format!("`outcome` is `{}`; it can be {}", shown(word), words.join(", ")));
            QueueOutcome::from_word(word).ok_or_else(strange)
        });
        if outcome.is_some() && queue.is_none() {
            return Err(Problem::new(
                ProblemKind::MissingParameter,
                "`outcome` goes with a `queue`: a call leaves each of its lines in a way of its own",
            ));
        }
        let caller = self.caller.clone();
        if caller.as_ref().is_some_and(|text| !(3..=32).contains(&text.chars().count())) {
            return Err(wrong("`caller` has 3 to 32 characters".into()));
        }
        let agent = said(&self.agent).map(|extension| agents::named(directory, access, &extension));
        let at = |name, text: Option<String>| text.map(|text| moment(name, Some(&text), app)).transpose();
        Ok(CallFilter {
            queue: queue.transpose()?,
            outcome: outcome.transpose()?,
            agent: agent.transpose()?,
            caller,
            disposition: said(&self.disposition),
            from: at("from", self.from.clone())?,
            to: at("to", self.to.clone())?,
        })
    }
}

/// Lists calls
///
/// Live and ended ones, newest first by the moment at which they reached the server. A live call is in the queue that it
/// waits in, or was answered through, and has left none.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/calls", tag = "calls", operation_id = "calls_list",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        CallsParams,
    ),
    responses((status = 200, description = "A page of calls", body = List<WholeCallItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue", "unknown_agent", "no_agent", "missing_parameter"])),
        ("x-list" = json!({"sort": ["-started_at"], "limit": [50, 200]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing<CallsParams>,
) -> Result<Listed, Problem> {
    let directory = access.sees(&app).directory().await?;
    let filter = listing.filter.filter(&app, &access, &directory)?;
    let (app, access, filter) = (&app, &access, &filter);
    listing.of_pages(|part| page(app, access, filter, part)).await
}

/// Whether a live call is like that, whatever was said of it.
fn fits(filter: &CallFilter, call: &CallView) -> bool {
    let begins = |text: &String| call.caller.number.reveal().starts_with(text.as_str());
    let reached = |agent| agents_of(call).any(|other| other == agent);
    filter.outcome.is_none()
        && filter.queue.is_none_or(|queue| queue_of(call) == Some(queue))
        && filter.agent.is_none_or(reached)
        && filter.caller.as_ref().is_none_or(begins)
        && filter.from.is_none_or(|from| call.started_at >= from)
        && filter.to.is_none_or(|to| call.started_at < to)
}

/// A page of live and ended calls, in the order of their starts.
async fn page(
    app: &App,
    access: &Access,
    filter: &CallFilter,
    part: Part,
) -> Result<Page<WholeCallItem>, Problem> {
    let limit = usize::try_from(part.limit).unwrap_or(usize::MAX);
    let snapshot = access.sees(app).snapshot().await?;
    let names = snapshot.names();
    // One more than the page holds, to know whether there is another page.
    let one_more = Part { limit: part.limit.saturating_add(1), ..part };
    let (ended, looked_to) = access.sees(app).all_ended(filter, one_more).await?;
    let mut live: Vec<&CallView> = snapshot.calls.iter().filter(|call| fits(filter, call)).collect();
    if let Some(code) = &filter.disposition {
        let said =
            access.sees(app).dispositions(&live.iter().map(|call| call.call).collect::<Vec<_>>()).await?;
        live.retain(|call| said.get(&call.call).is_some_and(|said| said.code == *code));
    }
    let mut found: BTreeMap<Cursor, (CallId, CallItem)> = BTreeMap::new();
    for view in live {
        let place = place_of(view.started_at, view.call);
        let is_behind = |after: Cursor| if part.oldest_first { place > after } else { place < after };
        if part.after.is_none_or(is_behind) {
            found.insert(place, (view.call, CallItem::live(view, names, LEGS_SHOWN_MAX)));
        }
    }
    // A call that ended between the two answers is shown as ended.
    for record in ended {
        let place = place_of(record.started_at, record.call);
        found.insert(place, (record.call, CallItem::ended(&record, names, LEGS_SHOWN_MAX)));
    }
    // Where records beyond were not looked at, the next page begins.
    let is_sure = |place: Cursor, to: Cursor| if part.oldest_first { place <= to } else { place >= to };
    found.retain(|place, _| looked_to.is_none_or(|to| is_sure(*place, to)));
    let more = found.len() > limit;
    let in_order: Vec<_> =
        if part.oldest_first { found.into_iter().collect() } else { found.into_iter().rev().collect() };
    let (places, calls): (Vec<_>, Vec<_>) = in_order.into_iter().take(limit).unzip();
    let ids: Vec<CallId> = calls.iter().map(|(id, _)| *id).collect();
    let mut said = access.sees(app).dispositions(&ids).await?;
    let items = calls.into_iter().map(|call| WholeCallItem::new(call, &mut said, names)).collect();
    Ok(Page { items, next: if more { places.last().copied() } else { looked_to } })
}
