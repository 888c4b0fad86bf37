//! `GET`, `POST` and `DELETE …/agents/{extension}/invitation`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::{AgentId, TenantId, Timestamp};
use serde::Serialize;
use store::{Invitation, InvitationMail, InviteError};
use utoipa::ToSchema;

use crate::auth::Access;
use crate::author::Origin;
use crate::path::{AgentPath, InPath, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::storage::StorageError;
use crate::time::Time;

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "open")]
pub(crate) enum InvitationWord {
    /// She has not followed the link yet.
    Open,
    /// She has not followed the link, and it is good no more: send another.
    Expired,
    /// She has set her password, or has shown otherwise that the address is hers.
    Confirmed,
}

/// How an invitation's mail went.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "sent")]
pub(crate) enum MailWord {
    /// It is still to be sent, and is tried again.
    Waiting,
    /// The mail server has it.
    Sent,
    /// It could not be sent, and is not tried again.
    Failed,
}

/// An agent's invitation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationItem {
    /// Where it stands.
    status: InvitationWord,
    /// Where the link goes.
    #[schema(example = "ann@acme.test")]
    email: String,
    /// When it was made, or last sent again.
    invited_at: Time,
    /// Who did that; empty if the server was not told.
    #[schema(example = "Ada Bay")]
    invited_by: String,
    /// When its link ends.
    expires_at: Time,
    /// How its mail went.
    mail: MailWord,
    /// Since when the mail server has it; null: it has not.
    mailed_at: Option<Time>,
    /// Why the mail server did not take it the last time; null if nothing went wrong.
    #[schema(example = "the mail server refused it: 550 no such user")]
    mail_problem: Option<String>,
    /// When she confirmed; null: not yet.
    confirmed_at: Option<Time>,
}

impl InvitationItem {
    fn new(of: Invitation, now: Timestamp) -> Self {
        let status = match of.confirmed_at {
            Some(_) => InvitationWord::Confirmed,
            None if of.expires_at <= now => InvitationWord::Expired,
            None => InvitationWord::Open,
        };
        let (mail, mailed_at, mail_problem) = match of.mail {
            InvitationMail::Waiting(problem) => (MailWord::Waiting, None, problem),
            InvitationMail::Sent(at) => (MailWord::Sent, Some(Time(at)), None),
            InvitationMail::Failed(problem) => (MailWord::Failed, None, Some(problem)),
        };
        Self {
            status,
            email: of.email,
            invited_at: of.invited_at.into(),
            invited_by: of.invited_by,
            expires_at: of.expires_at.into(),
            mail,
            mailed_at,
            mail_problem,
            confirmed_at: of.confirmed_at.map(Time),
        }
    }
}

/// Shows an agent's invitation
///
/// Where the link went, how its mail did, until when it is good, and whether she has confirmed.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/agents/{extension}/invitation", tag = "access",
    operation_id = "agents_invitation_get",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "The agent's extension, or her e-mail", example = "1001"),
    ),
    responses((status = 200, description = "The invitation", body = InvitationItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("access")), ("x-problems" = json!(["unknown_agent", "no_agent", "unknown_invitation"]))
    )
)]
pub(crate) async fn get(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<AgentPath>,
) -> Result<Json<InvitationItem>, Problem> {
    let agent = invitee(&app, &access, &path.extension).await?;
    let found = app.storage.invitation(access.tenant(), agent).await?;
    let found = found.ok_or_else(|| unknown(&path.extension))?;
    Ok(Json(InvitationItem::new(found, app.clock.now())))
}

/// Invites an agent, or once more
///
/// She gets a mail with a link that works once, for seven days, and sets her password with it; until then she takes no
/// calls. Whoever is invited already gets a new link, and the old one is worth nothing. Only who has an e-mail address
/// and no password can be invited.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/agents/{extension}/invitation", tag = "access",
    operation_id = "agents_invitation_create",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "The agent's extension, or her e-mail", example = "1001"),
    ),
    responses((status = 202, description = "The mail is on its way", body = InvitationItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("access")), ("x-problems" = json!(["unknown_agent", "no_agent", "not_invitable"]))
    )
)]
pub(crate) async fn create(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<AgentPath>,
) -> Result<(StatusCode, Json<InvitationItem>), Problem> {
    let agent = invitee(&app, &access, &path.extension).await?;
    let (tenant, by, now) = (access.tenant(), origin.of(&access), app.clock.now());
    let storage = app.storage.clone();
    let made = taken_over(&app, async move {
        let made = storage.invite(tenant, agent, &by, now).await?;
        let changed = made.is_ok().then_some(tenant);
        Ok((made, changed))
    });
    let invitation = made.await?.map_err(|error| {
        let kind = match &error {
            InviteError::NoEmail | InviteError::HasPassword | InviteError::Disabled | InviteError::NoMail => {
                ProblemKind::NotInvitable
            }
            InviteError::Unknown => ProblemKind::UnknownAgent,
            InviteError::Store(_) => ProblemKind::StorageFailed,
        };
        Problem::new(kind, error.to_string())
    })?;
    Ok((StatusCode::ACCEPTED, Json(InvitationItem::new(invitation, now))))
}

/// Takes an invitation back
///
/// Its link is worth nothing from now on, and she is again what her `status` in the provisioning says. What she has
/// confirmed stays.
#[utoipa::path(
    delete, path = "/v1/domains/{domain}/agents/{extension}/invitation", tag = "access",
    operation_id = "agents_invitation_remove",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("extension" = String, Path, description = "The agent's extension, or her e-mail", example = "1001"),
    ),
    responses((status = 204, description = "It is taken back")),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("access")),
        ("x-problems" = json!(["unknown_agent", "no_agent", "unknown_invitation", "invalid_parameter"]))
    )
)]
pub(crate) async fn remove(
    State(app): State<App>,
    access: Access,
    origin: Origin,
    InPath(path): InPath<AgentPath>,
) -> Result<StatusCode, Problem> {
    let agent = invitee(&app, &access, &path.extension).await?;
    let (tenant, by, now) = (access.tenant(), origin.of(&access), app.clock.now());
    let storage = app.storage.clone();
    let taken = taken_over(&app, async move {
        let taken = storage.invitation_take_back(tenant, agent, &by, now).await?;
        Ok((taken, taken.then_some(tenant)))
    });
    if taken.await? { Ok(StatusCode::NO_CONTENT) } else { Err(unknown(&path.extension)) }
}

/// The agent of a path. Who has no phone is known by her e-mail.
async fn invitee(app: &App, access: &Access, named: &str) -> Result<AgentId, Problem> {
    let directory = access.sees(app).directory().await?;
    if named.contains('@') {
        let email = named.to_lowercase();
        let found = directory.agents.values().find(|agent| agent.email == email).map(|agent| agent.id);
        return found.ok_or_else(|| {
            let detail = format!("no agent has the e-mail `{}`", shown(named));
            Problem::new(ProblemKind::UnknownAgent, detail)
        });
    }
    super::named(&directory, access, named)
}

fn unknown(named: &str) -> Problem {
    Problem::new(ProblemKind::UnknownInvitation, format!("`{}` is not invited", shown(named)))
}

/// Carries a change of what routing sees out, and has the running switch take it over. On a task of its own: whoever
/// asked may hang up between the two.
pub(crate) async fn taken_over<T: Send + 'static>(
    app: &App,
    change: impl Future<Output = Result<(T, Option<TenantId>), StorageError>> + Send + 'static,
) -> Result<T, Problem> {
    let provisioner = app.provisioner.clone();
    let task = tokio::spawn(async move {
        let (answer, changed) = change.await?;
        if let Some(tenant) = changed
            && let Err(error) = provisioner.take_over(tenant).await
        {
            tracing::error!(%error, "who is invited has changed, and the switch goes on as before until it is restarted");
        }
        Ok::<T, StorageError>(answer)
    });
    let broke = |error| StorageError::Failed(format!("an invitation broke off: {error}"));
    Ok(task.await.map_err(broke)??)
}
