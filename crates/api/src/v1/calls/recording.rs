//! `…/v1/domains/{domain}/calls/{call}/recordings/{recording}`: what two said to each other.

use std::io;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use engine::{LegRecord, Recorded};
use model::{CallId, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Access;
use crate::author::Origin;
use crate::path::{InPath, unknown_call};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::talks::TalkSound;
use crate::time::Time;
use crate::v1::names::Names;

/// What two said to each other.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RecordingItem {
    /// The recording.
    #[schema(example = "42")]
    pub id: String,
    /// The agent who talked, if one did.
    #[schema(example = "1001")]
    pub agent: Option<String>,
    /// From when.
    pub from: Time,
    /// Until when; null while it goes on.
    pub until: Option<Time>,
}

impl RecordingItem {
    /// Each of what was recorded of a call with these legs.
    pub(crate) fn all(recorded: &[Recorded], legs: &[LegRecord], names: Names<'_>) -> Vec<Self> {
        let agent_on = |leg| legs.iter().find(|one| one.leg == leg).and_then(|one| one.agent);
        let item = |one: &Recorded| {
            let [(caller, record), (party, _)] = one.sides;
            Self {
                id: record.to_string(),
                agent: agent_on(party).or_else(|| agent_on(caller)).map(|agent| names.agent(agent)),
                from: one.from.into(),
                until: one.until.map(Time),
            }
        };
        recorded.iter().map(item).collect()
    }
}

/// `…/calls/{call}/recordings/{recording}`.
#[derive(Deserialize)]
pub(crate) struct RecordingPath {
    call: String,
    recording: String,
}

/// The sound of a talk
///
/// 16-bit WAV at 8 kHz with two channels: the caller on the left, who talked with him on the right. A side that said
/// nothing is silent. That it was asked for is in the audit.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/calls/{call}/recordings/{recording}", tag = "calls",
    operation_id = "calls_recording_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
        ("recording" = String, Path, description = "The recording's id", example = "42"),
    ),
    responses((status = 200, description = "The sound", body = Vec<u8>, content_type = "audio/wav")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("recordings")),
        ("x-problems" = json!(["unknown_call", "unknown_recording", "storage_failed"]))
    )
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<RecordingPath>,
) -> Result<Response, Problem> {
    let (call, recorded) = find(&app, &access, &path).await?;
    let sound = app.talks.sound(access.tenant(), recorded.clone()).await.map_err(|error| failed(&error))?;
    let TalkSound { length, bytes } = sound.ok_or_else(gone)?;
    origin.note(&app, &access, format!("heard {}", in_words(call, &recorded))).await?;
    let headers = [
        (CONTENT_TYPE, "audio/wav".to_owned()),
        (CONTENT_LENGTH, length.to_string()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}

/// Removes the sound of a talk
///
/// For good. Also if it is gone already; that there was a recording stays in the call's record.
#[utoipa::path(
    delete, path = "/v1/domains/{domain}/calls/{call}/recordings/{recording}", tag = "calls",
    operation_id = "calls_recording_delete",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("call" = String, Path, description = "The call's id", example = "17"),
        ("recording" = String, Path, description = "The recording's id", example = "42"),
    ),
    responses((status = 204, description = "It is gone")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("recordings")),
        ("x-problems" = json!(["unknown_call", "unknown_recording", "storage_failed"]))
    )
)]
pub(crate) async fn delete(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<RecordingPath>,
) -> Result<StatusCode, Problem> {
    let (call, recorded) = find(&app, &access, &path).await?;
    // First, so that nothing goes without a word.
    origin.note(&app, &access, format!("- {}", in_words(call, &recorded))).await?;
    app.talks.remove(access.tenant(), recorded).await.map_err(|error| failed(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// A talk that is over, of a call that this login sees.
async fn find(app: &App, access: &Access, path: &RecordingPath) -> Result<(CallId, Recorded), Problem> {
    let unknown = || unknown_call(&path.call);
    let call = path.call.parse().map(CallId).map_err(|_| unknown())?;
    let record = path.recording.parse().map(RecordId).map_err(|_| gone())?;
    let (recordings, legs) = match access.sees(app).call(call).await? {
        Some(live) => (live.recordings, live.legs),
        None => {
            let ended = access.sees(app).ended(call).await?.ok_or_else(unknown)?;
            (ended.recordings.clone(), ended.legs.clone())
        }
    };
    let purview = access.sees(app).purview().await?;
    let is_it = |one: &Recorded| one.until.is_some() && one.sides[0].1 == record;
    // Of a call that was sent on from one group to another each hears her own talk.
    let hears = |one: &Recorded| {
        let talked = |leg: &&LegRecord| one.sides.iter().any(|(side, _)| *side == leg.leg);
        let mut talkers = legs.iter().filter(talked);
        purview.is_whole()
            || talkers.any(|leg| {
                leg.agent.is_some_and(|agent| purview.has_agent(agent))
                    || leg.queue.is_some_and(|queue| purview.has_queue(queue))
            })
    };
    let found = recordings.into_iter().find(|one| is_it(one) && hears(one));
    found.map(|recorded| (call, recorded)).ok_or_else(gone)
}

fn gone() -> Problem {
    Problem::plain(ProblemKind::UnknownRecording)
}

fn failed(error: &io::Error) -> Problem {
    tracing::error!(%error, "a recording cannot be had");
    Problem::plain(ProblemKind::StorageFailed)
}

fn in_words(call: CallId, recorded: &Recorded) -> String {
    format!("recording {} of call {call}", recorded.sides[0].1)
}
