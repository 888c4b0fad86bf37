//! `GET /v1/domains/{domain}/statistics/document`.

use axum::extract::State;
use axum::response::Response;
use report::Asked;
use serde::Deserialize;
use store::report::Language;
use utoipa::{IntoParams, ToSchema};

use super::{FileWord, file};
use crate::auth::Access;
use crate::path::Params;
use crate::problem::Problem;
use crate::reports::{Subjects, gather};
use crate::state::App;
use crate::v1::intervals::{IntervalWord, SpanParams};
use crate::v1::{agents, queues};

/// What figures are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FiguresWord {
    /// What came of queues' calls.
    Queues,
    /// What agents did.
    Agents,
}

/// Whose figures, of which time, as which file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DocumentParams {
    /// What they are of; `queues` unless set.
    #[param(inline)]
    about: Option<FiguresWord>,
    /// About queues: the one with this number; all unless set.
    #[param(example = "8000")]
    queue: Option<String>,
    /// About agents: the one with this extension, `~` for the login's own; all unless set.
    #[param(example = "1001")]
    agent: Option<String>,
    /// From when (RFC 3339), as in `statistics/intervals`.
    #[param(example = "2026-03-02T00:00:00Z")]
    from: Option<String>,
    /// Before when, as in `statistics/intervals`.
    #[param(example = "2026-03-03T00:00:00Z")]
    to: Option<String>,
    /// How long a row is; `1h` unless set.
    #[param(inline)]
    interval: Option<IntervalWord>,
    /// By whose clock, an IANA name; the domain's unless set.
    #[param(example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// As which file; `pdf` unless set.
    #[param(inline)]
    format: Option<FileWord>,
    /// In which language a document is: German for `de`, English for all others; the domain's unless set.
    #[param(example = "en")]
    language: Option<String>,
}

/// Gives statistics as a file
///
/// Figures of queues or of agents as a document (PDF), with sums, a row for each interval, one for each queue or agent,
/// and what the numbers mean; or as a table for spreadsheets (CSV) with a row for each queue or agent and interval.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/statistics/document", tag = "reports", operation_id = "statistics_document",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        DocumentParams,
    ),
    responses((status = 200, description = "The file", content((Vec<u8> = "application/pdf"), (String = "text/csv")))),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["unknown_queue", "unknown_agent", "no_agent", "unusable_span", "invalid_parameter"]))
    )
)]
pub(crate) async fn document(
    State(app): State<App>,
    access: Access,
    Params(params): Params<DocumentParams>,
) -> Result<Response, Problem> {
    let directory = access.sees(&app).directory().await?;
    let about = params.about.unwrap_or(FiguresWord::Queues);
    let subjects = match (about, &params.queue, &params.agent) {
        (FiguresWord::Queues, Some(number), _) => {
            Subjects::Queues(vec![queues::named(&directory, number)?.id])
        }
        (FiguresWord::Queues, None, _) => Subjects::all_queues(&directory),
        (FiguresWord::Agents, _, Some(number)) => {
            Subjects::Agents(vec![agents::named(&directory, &access, number)?])
        }
        (FiguresWord::Agents, _, None) => Subjects::all_agents(&directory),
    };
    let span = SpanParams {
        from: params.from,
        to: params.to,
        interval: params.interval,
        time_zone: params.time_zone,
    };
    let (intervals, now) = (span.cut(&app, &directory)?, app.clock.now());
    let gathered = gather(&*app.storage, (access.tenant(), &directory), &subjects, &intervals, now).await?;
    let language = Language::of_domain(params.language.as_deref().unwrap_or(&directory.tenant.language));
    let asked = Asked {
        title: report::title(language, gathered.content()),
        domain: directory.tenant.name.clone(),
        zone: span.zone(&directory),
        language,
        intervals,
        length: span.length(),
        made_at: now,
    };
    file(asked, gathered, params.format.unwrap_or(FileWord::Pdf)).await
}
