//! `POST /v1/domains/{domain}/reports/{report}/send`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::report::mails::SendError;
use utoipa::ToSchema;

use super::ReportPath;
use crate::auth::Access;
use crate::author::Origin;
use crate::json::Body;
use crate::path::InPath;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToWord {
    /// To the login's own e-mail address.
    Me,
    /// To the report's recipients.
    Recipients,
}

/// A report that is to go now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendBody {
    /// To whom.
    to: ToWord,
}

/// Mails on their way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentItem {
    /// How many.
    mails: usize,
}

/// Sends a report now
///
/// Of the time that it would be about if it went by itself at this moment, whether it is on or off. When it goes by itself
/// is not changed by that.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/reports/{report}/send", tag = "reports", operation_id = "reports_send",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("report" = String, Path, description = "The report's name", example = "Daily support"),
    ),
    request_body = SendBody,
    responses((status = 202, description = "The mails are on their way", body = SentItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("provisioning")), ("x-problems" = json!(["unknown_report", "not_mailable"])))
)]
pub(crate) async fn send(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<ReportPath>,
    Body(body): Body<SendBody>,
) -> Result<(StatusCode, Json<SentItem>), Problem> {
    let own = match body.to {
        ToWord::Me => Some([own_address(&app, &access).await?]),
        ToWord::Recipients => None,
    };
    let to = own.as_ref().map(<[String; 1]>::as_slice);
    let by = origin.of(&access);
    let sent = app.storage.report_send((access.tenant(), &path.report), to, &by, app.clock.now()).await?;
    let mails = sent.map_err(|error| match error {
        SendError::Unknown => path.unknown(),
        SendError::Full => Problem::new(ProblemKind::Busy, error.to_string()).retry_after(60),
        SendError::NoMail | SendError::TooMany => Problem::new(ProblemKind::NotMailable, error.to_string()),
        SendError::Store(error) => Problem::from(crate::storage::StorageError::Failed(error.to_string())),
    })?;
    Ok((StatusCode::ACCEPTED, Json(SentItem { mails })))
}

/// Where she gets mail.
async fn own_address(app: &App, access: &Access) -> Result<String, Problem> {
    let directory = access.sees(app).directory().await?;
    let agent = access.identity().agent.and_then(|agent| directory.agents.get(&agent).cloned());
    agent.map(|agent| agent.email).filter(|email| !email.is_empty()).ok_or_else(|| {
        let detail = "this login has no e-mail address in the domain; send it to the report's recipients";
        Problem::new(ProblemKind::NotMailable, detail)
    })
}
