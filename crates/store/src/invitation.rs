//! Invitations: an agent with an e-mail and without a web password is sent a link by which she sets one. Until she
//! has, she takes no calls.
//!
//! Of a link's token its SHA-256 is kept. The token itself lies sealed beside it until the mail server has the mail,
//! so that a mail is sent after a restart too; then it is in that mail and nowhere else.

mod letter;
mod link;

use std::collections::BTreeMap;
use std::time::Duration;

use model::{AgentId, AgentStatus, MailboxId, RecordId, TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};
use tokio::sync::watch;

use crate::audit::Author;
use crate::directory::Snapshot;
use crate::error::StoreError;
use crate::ids::{Counter, take};
use crate::outbox::{Errand, NewErrand};
use crate::provisioning::changes;
use crate::secret::SecretKey;
use crate::sql::{signed, unsigned};
use crate::store::Store;
use crate::token::{digest, random};
use crate::words::Word as _;

pub use letter::InvitationLetter;
pub use link::Invited;

/// How long a link is good.
pub const LIFETIME: Duration = Duration::from_secs(7 * 86_400);
/// What every token of a link starts with.
const PREFIX: &str = "cbi_";
/// Why there is no mail where none can be.
const NO_SERVER: &str = "no mail server is set (`smtp.host`)";

/// Who is invited, as provisioning sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvitationRow {
    pub(crate) agent: AgentId,
    /// Where the link went.
    pub(crate) email: String,
    /// She has followed it.
    pub(crate) confirmed: bool,
}

/// What a status of the provisioning comes to. Who is invited takes no calls before she has confirmed; who was to be
/// invited takes them from then on.
pub(crate) fn in_force(provisioned: AgentStatus, invitation: Option<&InvitationRow>) -> AgentStatus {
    match (provisioned, invitation.map(|row| row.confirmed)) {
        (AgentStatus::Active, Some(false)) => AgentStatus::Invited,
        (AgentStatus::Invited, Some(true)) => AgentStatus::Active,
        (AgentStatus::Active | AgentStatus::Invited | AgentStatus::Disabled, _) => provisioned,
    }
}

/// An invitation as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Where the link goes.
    pub email: String,
    /// Since when.
    pub invited_at: Timestamp,
    /// Who invited her; empty if nobody said.
    pub invited_by: String,
    /// When the link ends.
    pub expires_at: Timestamp,
    /// How the mail went.
    pub mail: InvitationMail,
    /// When she confirmed; none: not yet.
    pub confirmed_at: Option<Timestamp>,
}

/// How an invitation's mail went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationMail {
    /// It is still to be sent; what went wrong with the last try, if there was one.
    Waiting(Option<String>),
    /// The mail server has it, since then.
    Sent(Timestamp),
    /// It could not be sent, and is not tried again.
    Failed(String),
}

/// Why nobody is invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// There is nowhere to send it.
    #[error("she has no e-mail address; give her one first")]
    NoEmail,
    /// There is nothing to confirm.
    #[error("she has a password already")]
    HasPassword,
    /// She could not log in.
    #[error("she is disabled; set her `status` to active first")]
    Disabled,
    /// No mail can be sent.
    #[error("no mail can be sent: the server's settings name no mail server (`smtp.host`)")]
    NoMail,
    /// There is no such agent any more.
    #[error("there is no such agent")]
    Unknown,
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for InviteError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Whether mails can be sent, and whoever wants to know of new invitations.
#[derive(Debug, Default)]
pub(crate) struct Post {
    can: std::sync::atomic::AtomicBool,
    made: watch::Sender<u64>,
    /// The same of reports' mails.
    pub(crate) reports: watch::Sender<u64>,
}

/// What an invitation is made with.
pub(crate) struct Inviting<'a> {
    pub(crate) key: &'a SecretKey,
    pub(crate) tenant: TenantId,
    pub(crate) by: &'a str,
    pub(crate) now: Timestamp,
    /// Whether mails can be sent.
    pub(crate) mails: bool,
}

#[derive(FromRow)]
struct Row {
    email: String,
    invited_at: i64,
    invited_by: String,
    expires_at: i64,
    mailed_at: Option<i64>,
    mail_problem: String,
    mail_given_up: bool,
    confirmed_at: Option<i64>,
}

impl From<Row> for Invitation {
    fn from(row: Row) -> Self {
        let problem = Some(row.mail_problem).filter(|text| !text.is_empty());
        let mail = match row.mailed_at {
            Some(at) => InvitationMail::Sent(Timestamp(at)),
            None if row.mail_given_up => InvitationMail::Failed(problem.unwrap_or_default()),
            None => InvitationMail::Waiting(problem),
        };
        Self {
            email: row.email,
            invited_at: Timestamp(row.invited_at),
            invited_by: row.invited_by,
            expires_at: Timestamp(row.expires_at),
            mail,
            confirmed_at: row.confirmed_at.map(Timestamp),
        }
    }
}

#[derive(FromRow)]
struct AgentRow {
    extension: Option<String>,
    email: Option<String>,
    status: String,
    has_password: bool,
}

impl AgentRow {
    /// What she is called in the audit.
    fn called(&self) -> &str {
        self.extension.as_deref().or(self.email.as_deref()).unwrap_or_default()
    }
}

impl Store {
    /// Says whether mails can be sent. Only then is a new agent without a password invited.
    pub fn set_mails(&self, can: bool) {
        self.post().can.store(can, std::sync::atomic::Ordering::Relaxed);
    }

    /// Whether mails can be sent.
    #[must_use]
    pub fn mails(&self) -> bool {
        self.post().can.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Changes whenever somebody was invited.
    #[must_use]
    pub fn invitations_made(&self) -> watch::Receiver<u64> {
        self.post().made.subscribe()
    }

    /// Somebody may have been invited.
    pub(crate) fn invitation_made(&self) {
        self.post().made.send_modify(|made| *made += 1);
    }

    /// The invitation of an agent, open or confirmed.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn invitation(
        &self,
        tenant: TenantId,
        agent: AgentId,
    ) -> Result<Option<Invitation>, StoreError> {
        let mut tx = self.begin_read().await?;
        fetch(&mut tx, tenant, agent).await
    }

    /// Invites an agent, or once more: an older link is worth nothing from now on.
    ///
    /// # Errors
    /// [`InviteError`]; nothing is changed then.
    pub async fn invite(
        &self,
        tenant: TenantId,
        agent: AgentId,
        by: &Author,
        now: Timestamp,
    ) -> Result<Invitation, InviteError> {
        let mut tx = self.begin_write().await?;
        let who = who(&mut tx, tenant, agent).await?.ok_or(InviteError::Unknown)?;
        let email = who.email.clone().ok_or(InviteError::NoEmail)?;
        if who.has_password {
            return Err(InviteError::HasPassword);
        }
        match AgentStatus::from_word(&who.status) {
            Some(AgentStatus::Active | AgentStatus::Invited) => {}
            Some(AgentStatus::Disabled) | None => return Err(InviteError::Disabled),
        }
        if !self.mails() {
            return Err(InviteError::NoMail);
        }
        let before = fetch(&mut tx, tenant, agent).await?;
        let again = before.is_some_and(|before| before.confirmed_at.is_none());
        let inviting = Inviting { key: self.key(), tenant, by: &by.name, now, mails: true };
        make(&mut tx, agent, &email, &inviting).await?;
        let line = if again {
            format!("~ invitation of {} sent again to {email}", who.called())
        } else {
            format!("+ invitation of {} to {email}", who.called())
        };
        crate::audit::append(&mut tx, tenant, (now, by), None, &[line]).await?;
        let made = fetch(&mut tx, tenant, agent).await?.ok_or(InviteError::Unknown)?;
        tx.commit().await?;
        self.invitation_made();
        Ok(made)
    }

    /// Takes an open invitation back: its link is worth nothing from now on. Says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be done.
    pub async fn invitation_take_back(
        &self,
        tenant: TenantId,
        agent: AgentId,
        by: &Author,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_write().await?;
        let open = fetch(&mut tx, tenant, agent).await?.filter(|found| found.confirmed_at.is_none());
        let (Some(open), Some(who)) = (open, who(&mut tx, tenant, agent).await?) else { return Ok(false) };
        remove(&mut tx, agent).await?;
        let line = format!("- invitation of {} to {}", who.called(), open.email);
        crate::audit::append(&mut tx, tenant, (now, by), None, &[line]).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// The invitations of a domain's agents.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<InvitationRow>, StoreError> {
    let rows: Vec<(i64, String, bool)> = sqlx::query_as(
        "SELECT invitations.agent, invitations.email, invitations.confirmed_at IS NOT NULL
         FROM invitations JOIN agents ON agents.id = invitations.agent
         WHERE agents.tenant = $1 ORDER BY invitations.agent",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    let row = |(agent, email, confirmed)| InvitationRow { agent: AgentId(unsigned(agent)), email, confirmed };
    Ok(rows.into_iter().map(row).collect())
}

/// Invites whom a plan invites, and takes back what it takes back.
pub(crate) async fn write(
    conn: &mut SqliteConnection,
    (current, target): (&Snapshot, &Snapshot),
    inviting: &Inviting<'_>,
) -> Result<(), StoreError> {
    let changes = changes(&current.invitations, &target.invitations, |row| row.agent);
    for row in changes.removed {
        remove(conn, row.agent).await?;
    }
    for row in changes.saved {
        make(conn, row.agent, &row.email, inviting).await?;
    }
    Ok(())
}

/// Forgets an agent's invitation.
pub(crate) async fn remove(conn: &mut SqliteConnection, agent: AgentId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM invitations WHERE agent = $1").bind(signed(agent.0)).execute(conn).await?;
    Ok(())
}

/// By agent.
pub(crate) fn by_agent(rows: &[InvitationRow]) -> BTreeMap<AgentId, &InvitationRow> {
    rows.iter().map(|row| (row.agent, row)).collect()
}

async fn make(
    conn: &mut SqliteConnection,
    agent: AgentId,
    email: &str,
    inviting: &Inviting<'_>,
) -> Result<(), StoreError> {
    let Inviting { key, tenant, by, now, mails } = *inviting;
    let id = take(conn, Counter::Invitation, 1).await?;
    let token = mails.then(|| random(PREFIX));
    let sealed = token.as_ref().map(|token| key.seal(token, &place(id)));
    let sealed = sealed.map(|sealed| sealed.ok_or_else(|| StoreError::Sealed(place(id)))).transpose()?;
    remove(conn, agent).await?;
    sqlx::query(
        "INSERT INTO invitations (agent, id, email, hash, token_sealed, invited_at, invited_by, expires_at,
           mail_problem, mail_given_up)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(signed(agent.0))
    .bind(signed(id))
    .bind(email)
    .bind(token.as_ref().map(|token| digest(token.reveal())))
    .bind(sealed)
    .bind(now.0)
    .bind(by)
    .bind(now.after(LIFETIME).0)
    .bind(if mails { "" } else { NO_SERVER })
    .bind(!mails)
    .execute(&mut *conn)
    .await?;
    if !mails {
        return Ok(());
    }
    // It is no message of any mailbox: the errand names the invitation in a message's place.
    let (mailbox, record) = (MailboxId(0), RecordId(id));
    let errand = NewErrand { errand: Errand::Invitation, mailbox, record, made_at: now, due_at: now };
    crate::outbox::put(conn, &[(tenant, errand)]).await
}

async fn fetch(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    agent: AgentId,
) -> Result<Option<Invitation>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT invitations.email, invited_at, invited_by, expires_at, mailed_at, mail_problem, mail_given_up,
           confirmed_at
         FROM invitations JOIN agents ON agents.id = invitations.agent
         WHERE agents.tenant = $1 AND agents.id = $2",
    )
    .bind(signed(tenant.0))
    .bind(signed(agent.0))
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Invitation::from))
}

async fn who(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    agent: AgentId,
) -> Result<Option<AgentRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT extension, email, status, password_hash IS NOT NULL AS has_password FROM agents
         WHERE tenant = $1 AND id = $2",
    )
    .bind(signed(tenant.0))
    .bind(signed(agent.0))
    .fetch_optional(conn)
    .await?)
}

fn place(id: u64) -> String {
    format!("invitation/{id}")
}
