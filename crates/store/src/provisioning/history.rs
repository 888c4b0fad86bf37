//! The last files of each domain, and the way one step back.
//!
//! Every apply that changes something keeps its file, sealed, with the credentials that were in force after it.
//! Going back reads the file before the one in force again and applies it like any other: with a plan, in one
//! transaction, and as an entry of the history itself. Going back again goes one further.

use std::collections::BTreeMap;

use model::{ExtensionNumber, Pin, TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use super::limits::HISTORY_MAX;
use super::plan::{Plan, PlanError};
use super::target::kept;
use super::wanted::Wanted;
use crate::directory::Snapshot;
use crate::error::StoreError;
use crate::prompt::Prompt;
use crate::secret::{Secret, SecretKey};
use crate::sql::{from_json, signed, to_json};
use crate::store::Store;

/// One apply that changed something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The domain's revision after it.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// Who, by e-mail or as the server calls them; empty if nobody said.
    pub who: String,
    /// The revision it went back to; none if a file was handed over.
    pub restores: Option<i64>,
}

/// Why there is no way back.
#[derive(Debug, thiserror::Error)]
pub enum RevertError {
    /// No such domain.
    #[error("there is no domain {0}")]
    UnknownDomain(String),
    /// Nothing is kept of the time before.
    #[error("nothing is kept of {0} from before the file in force; there is no step back")]
    NothingBefore(String),
    /// The file of before cannot be planned any more.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl From<StoreError> for RevertError {
    fn from(error: StoreError) -> Self {
        Self::Plan(PlanError::Store(error))
    }
}

/// What an apply leaves in the history.
pub(super) struct Kept<'a> {
    pub(super) tenant: TenantId,
    pub(super) revision: i64,
    pub(super) now: Timestamp,
    pub(super) who: &'a str,
    pub(super) plan: &'a Plan,
}

/// Credentials as they were after an apply: hashes by e-mail, sealed secrets by extension, sealed PINs by mailbox, sealed
/// secrets of webhooks by name.
#[derive(serde::Serialize, serde::Deserialize)]
struct CredentialsRow {
    passwords: BTreeMap<String, String>,
    phones: BTreeMap<String, String>,
    // These came later: of an older apply nothing is known but what its file says.
    #[serde(default)]
    pins: BTreeMap<String, String>,
    #[serde(default)]
    webhook_secret: Option<String>,
    #[serde(default)]
    webhooks: BTreeMap<String, String>,
}

/// A file that was in force before, with its credentials.
pub(super) struct Before {
    pub(super) revision: i64,
    passwords: BTreeMap<String, String>,
    pub(super) phones: BTreeMap<ExtensionNumber, String>,
    pins: BTreeMap<String, String>,
    webhook_secret: Option<String>,
    pub(super) webhooks: BTreeMap<String, String>,
    prompts: Vec<Prompt>,
}

impl Before {
    /// The PIN that a mailbox had.
    pub(super) fn pin(&self, key: &SecretKey, domain: &str, number: &ExtensionNumber) -> Option<Pin> {
        crate::mailbox::open(key, domain, number.as_str(), self.pins.get(number.as_str())?)
    }

    /// The secret of requests to outside services that the domain had.
    pub(super) fn webhook_secret(&self, key: &SecretKey, domain: &str) -> Option<Secret> {
        crate::webhook_secret::open(key, domain, self.webhook_secret.as_ref()?)
    }

    /// The file with the sounds that its prompts had.
    fn with_sounds(&self, mut wanted: Wanted) -> Wanted {
        for prompt in &mut wanted.prompts {
            prompt.sound = self.prompts.iter().find(|row| prompt.is(row)).map(|row| row.sound.clone());
        }
        wanted
    }

    /// Password hashes that the file does not name and that are not stored like this, by place in the file.
    pub(super) fn hashes(&self, wanted: &Wanted, current: Option<&Snapshot>) -> BTreeMap<usize, String> {
        let stored: BTreeMap<_, _> = current
            .iter()
            .flat_map(|rows| &rows.agents)
            .map(|row| (row.agent.id, row.password_hash.as_ref()))
            .collect();
        let ids = kept(wanted, current).agents;
        let of = |(index, (wanted, id)): (usize, (&super::wanted::WantedAgent, Option<model::AgentId>))| {
            let hash = self.passwords.get(&wanted.agent.email)?;
            let same = id.and_then(|id| stored.get(&id).copied().flatten()) == Some(hash);
            (wanted.password.is_none() && !same).then(|| (index, hash.clone()))
        };
        wanted.agents.iter().zip(ids).enumerate().filter_map(of).collect()
    }
}

#[derive(FromRow)]
struct Row {
    revision: i64,
    file_sealed: String,
    credentials_json: String,
    prompts_json: String,
}

impl Store {
    /// The applies of a domain that are kept, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn history(&self, tenant: TenantId) -> Result<Vec<HistoryEntry>, StoreError> {
        let rows: Vec<(i64, i64, String, Option<i64>)> = sqlx::query_as(
            "SELECT revision, applied_at, who, restores FROM provisioning_history
             WHERE tenant = $1 ORDER BY revision DESC",
        )
        .bind(signed(tenant.0))
        .fetch_all(self.reader())
        .await?;
        let entry =
            |(revision, at, who, restores)| HistoryEntry { revision, at: Timestamp(at), who, restores };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// Plans one step back: what would make the domain what the file before the one in force says, passwords
    /// and phone secrets of that time included. Nothing is changed; [`Store::apply_by`] does it.
    ///
    /// # Errors
    /// [`RevertError`]: no such domain, nothing kept, or a file that does not fit any more.
    pub async fn plan_revert(&self, domain: &str, known_prompts: &[&str]) -> Result<Plan, RevertError> {
        let name = domain.to_ascii_lowercase();
        let mut tx = self.begin_read().await?;
        let found = crate::tenant::find(&mut tx, &name).await?;
        let tenant = found.ok_or_else(|| RevertError::UnknownDomain(name.clone()))?.tenant.id;
        let row = before(&mut tx, tenant).await?.ok_or_else(|| RevertError::NothingBefore(name.clone()))?;
        drop(tx);
        let corrupt = || StoreError::corrupt("a kept provisioning file", row.revision);
        let file = self.key().unseal(&row.file_sealed, &place(&name)).ok_or_else(corrupt)?;
        let wanted = self.read_file(file.reveal(), known_prompts).await?;
        let CredentialsRow { passwords, phones, pins, webhook_secret, webhooks } =
            from_json(&row.credentials_json, "credentials of a kept provisioning file")?;
        let phone =
            |(number, sealed): (String, String)| Some((ExtensionNumber::parse(&number).ok()?, sealed));
        let phones = phones.into_iter().filter_map(phone).collect();
        let prompts = from_json(&row.prompts_json, "prompts of a kept provisioning file")?;
        let before =
            Before { revision: row.revision, passwords, phones, pins, webhook_secret, webhooks, prompts };
        let wanted = before.with_sounds(wanted);
        Ok(self.plan_from(wanted, Some(&before)).await?)
    }

    /// Keeps the file of an apply, and lets go of the oldest beyond the limit.
    pub(super) async fn keep(
        &self,
        conn: &mut SqliteConnection,
        entry: &Kept<'_>,
        target: &Snapshot,
    ) -> Result<(), StoreError> {
        let wanted = &entry.plan.wanted;
        let sealed = self
            .key()
            .seal(&wanted.source, &place(&wanted.domain))
            .ok_or_else(|| StoreError::corrupt("a provisioning file", "it cannot be sealed"))?;
        let passwords = target.agents.iter().filter(|row| !row.agent.email.is_empty());
        let passwords =
            passwords.filter_map(|row| Some((row.agent.email.clone(), row.password_hash.clone()?)));
        let phones = target
            .extensions
            .iter()
            .filter_map(|row| Some((row.extension.number.to_string(), row.secret.clone()?)));
        let pins = target
            .mailboxes
            .iter()
            .filter_map(|row| Some((row.mailbox.number.to_string(), row.pin_sealed.clone()?)));
        let credentials = CredentialsRow {
            passwords: passwords.collect(),
            phones: phones.collect(),
            pins: pins.collect(),
            webhook_secret: target.webhook_secret.clone(),
            webhooks: target
                .webhooks
                .iter()
                .map(|row| (row.webhook.name.clone(), row.secret.clone()))
                .collect(),
        };
        sqlx::query(
            "INSERT INTO provisioning_history
               (tenant, revision, applied_at, who, restores, file_sealed, credentials_json, prompts_json)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(signed(entry.tenant.0))
        .bind(entry.revision)
        .bind(entry.now.0)
        .bind(entry.who)
        .bind(entry.plan.restores)
        .bind(sealed)
        .bind(to_json(&credentials)?)
        .bind(to_json(&target.prompts.iter().filter(|row| row.provisioned).collect::<Vec<_>>())?)
        .execute(&mut *conn)
        .await?;
        sqlx::query(
            "DELETE FROM provisioning_history WHERE tenant = $1 AND revision NOT IN (
               SELECT revision FROM provisioning_history WHERE tenant = $1 ORDER BY revision DESC LIMIT $2)",
        )
        .bind(signed(entry.tenant.0))
        .bind(signed(HISTORY_MAX as u64))
        .execute(conn)
        .await?;
        Ok(())
    }
}

/// The kept file before the one whose content is in force.
async fn before(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Option<Row>, StoreError> {
    let latest: Option<(i64, Option<i64>)> = sqlx::query_as(
        "SELECT revision, restores FROM provisioning_history WHERE tenant = $1 ORDER BY revision DESC LIMIT 1",
    )
    .bind(signed(tenant.0))
    .fetch_optional(&mut *conn)
    .await?;
    let Some((revision, restores)) = latest else { return Ok(None) };
    let in_force = restores.unwrap_or(revision);
    Ok(sqlx::query_as(
        "SELECT revision, file_sealed, credentials_json, prompts_json FROM provisioning_history
         WHERE tenant = $1 AND revision < $2 ORDER BY revision DESC LIMIT 1",
    )
    .bind(signed(tenant.0))
    .bind(in_force)
    .fetch_optional(conn)
    .await?)
}

/// What a kept file is sealed for: it does not open as another domain's.
fn place(domain: &str) -> String {
    format!("provisioning/{domain}")
}
