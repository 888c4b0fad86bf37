//! Carrying a plan out: all of it in one transaction, or nothing.

use std::collections::BTreeMap;

use model::{ExtensionNumber, TenantId, Timestamp};
use sqlx::SqliteConnection;

use super::compare::{Changes, changes};
use super::credentials::NewSecret;
use super::history::Kept;
use super::plan::Plan;
use super::target::{Credentials, NewIds, kept, target};
use super::wanted::Wanted;
use crate::audit::Author;
use crate::directory::Snapshot;
use crate::error::StoreError;
use crate::extension::seal;
use crate::ids::{Counter, take};
use crate::invitation::Inviting;
use crate::listed::ListedNumber;
use crate::prompt::{Prompt, has_room};
use crate::secret::Secret;
use crate::store::Store;
use crate::tenant::TenantRow;

/// The revision of a domain that was just made.
const FIRST_REVISION: i64 = 1;

/// What was done.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The domain.
    pub tenant: TenantId,
    /// Phone secrets that were made because the file names none. This is the only time they are shown.
    pub generated: Vec<GeneratedSecret>,
    /// Secrets of webhooks that were made because the file names none, by name. They are shown this once as well.
    pub webhook_secrets: BTreeMap<String, Secret>,
}

/// A phone's secret that was made.
#[derive(Clone, Debug)]
pub struct GeneratedSecret {
    /// Whose.
    pub extension: ExtensionNumber,
    /// What to type into the phone.
    pub secret: Secret,
}

/// Why a plan was not carried out; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Somebody else was faster.
    #[error("the domain {0} was changed after this plan was made; plan again")]
    Stale(String),
    /// There is no room for the file's prompts, or a sound of one was not made.
    #[error("{0}")]
    Prompts(String),
    /// The database could not be changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Carries a plan out in one transaction. A plan without changes does nothing.
    ///
    /// # Errors
    /// [`ApplyError::Stale`] if the domain was changed after the plan was made, [`ApplyError::Store`].
    pub async fn apply(&self, plan: &Plan, now: Timestamp) -> Result<Applied, ApplyError> {
        self.apply_by(plan, now, &Author::default()).await
    }

    /// As [`Self::apply`], with whoever does it, for history and audit.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub async fn apply_by(&self, plan: &Plan, now: Timestamp, by: &Author) -> Result<Applied, ApplyError> {
        if let (Some((tenant, _)), true) = (plan.base, plan.is_empty()) {
            return Ok(Applied { tenant, generated: Vec::new(), webhook_secrets: BTreeMap::new() });
        }
        let (credentials, generated, webhook_secrets) = self.credentials(plan).await?;
        let mut tx = self.begin_write().await?;
        let found = crate::tenant::find(&mut tx, &plan.wanted.domain).await?;
        if found.as_ref().map(|row| (row.tenant.id, row.revision)) != plan.base {
            return Err(ApplyError::Stale(plan.wanted.domain.clone()));
        }
        let current = match found {
            None => None,
            Some(TenantRow { tenant, revision: _ }) => Some(Snapshot::load(&mut tx, tenant).await?),
        };
        let ids = take_ids(&mut tx, &plan.wanted, current.as_ref()).await?;
        let mut target = target(&plan.wanted, current.as_ref(), &ids, &credentials);
        sign(&mut target.prompts, now, &by.name)?;
        crate::tenant::save(&mut tx, &target.tenant, now).await?;
        let tenant = target.tenant.id;
        let current = match current {
            Some(current) => current,
            None => {
                crate::feature_code::save_defaults(&mut tx, tenant).await?;
                Snapshot::load(&mut tx, target.tenant.clone()).await?
            }
        };
        if target.webhook_secret != current.webhook_secret {
            let sealed = target.webhook_secret.as_deref();
            crate::tenant::save_webhook_secret(&mut tx, tenant, sealed).await?;
        }
        if target.second_factor != current.second_factor {
            crate::tenant::save_second_factor(&mut tx, tenant, &target.second_factor).await?;
        }
        write(&mut tx, &current, &target).await?;
        let moved = target.tenant.timezone != current.tenant.timezone;
        crate::report::write(&mut tx, tenant, (&current.reports, &target.reports), (now, moved)).await?;
        let inviting = Inviting { key: self.key(), tenant, by: &by.name, now, mails: self.mails() };
        crate::invitation::write(&mut tx, (&current, &target), &inviting).await?;
        let revision = plan.base.map_or(FIRST_REVISION, |(_, revision)| revision + 1);
        let entry = Kept { tenant, revision, now, who: &by.name, plan };
        self.keep(&mut tx, &entry, &target).await?;
        crate::audit::append(&mut tx, tenant, (now, by), Some(revision), plan.lines()).await?;
        tx.commit().await.map_err(StoreError::from)?;
        self.invitation_made();
        Ok(Applied { tenant, generated, webhook_secrets })
    }

    /// Hashes and seals what is new, before the database is held.
    async fn credentials(&self, plan: &Plan) -> Result<Made, StoreError> {
        let agents = &plan.wanted.agents;
        let passwords = plan
            .passwords
            .iter()
            .filter_map(|index| Some((*index, agents.get(*index)?.password.clone()?)))
            .collect();
        let mut hashes = self.passwords().hash_many(passwords).await?;
        hashes.extend(plan.restored.clone());
        let mut sealed = BTreeMap::new();
        let mut generated = Vec::new();
        for (number, new) in &plan.secrets {
            let secret = match new {
                NewSecret::Restored(kept) => {
                    sealed.insert(number.clone(), kept.clone());
                    continue;
                }
                NewSecret::Given(secret) => secret.clone(),
                NewSecret::Generated => {
                    let secret = Secret::generate();
                    generated.push(GeneratedSecret { extension: number.clone(), secret: secret.clone() });
                    secret
                }
            };
            sealed.insert(number.clone(), seal(self.key(), &plan.wanted.domain, number, &secret)?);
        }
        let (pins, webhook_secret) = (plan.pins.clone(), plan.webhook_secret.clone());
        let (webhooks, webhook_secrets) = self.webhook_credentials(plan)?;
        let invites = self.mails();
        let made = Credentials { hashes, sealed, pins, webhook_secret, webhooks, invites };
        Ok((made, generated, webhook_secrets))
    }

    /// The sealed secrets of webhooks that are new, by name, and those that were made.
    fn webhook_credentials(&self, plan: &Plan) -> Result<(Sealed, BTreeMap<String, Secret>), StoreError> {
        let (mut sealed, mut made) = (BTreeMap::new(), BTreeMap::new());
        for (name, new) in &plan.webhook_secrets {
            let secret = match new {
                NewSecret::Restored(kept) => {
                    sealed.insert(name.clone(), kept.clone());
                    continue;
                }
                NewSecret::Given(secret) => secret.clone(),
                NewSecret::Generated => {
                    let secret = crate::webhook_secret::generate();
                    made.insert(name.clone(), secret.clone());
                    secret
                }
            };
            sealed
                .insert(name.clone(), crate::webhook::seal(self.key(), &plan.wanted.domain, name, &secret)?);
        }
        Ok((sealed, made))
    }
}

/// Sealed secrets by name.
type Sealed = BTreeMap<String, String>;

/// What is new, sealed; and of it what was made here, of phones and of webhooks.
type Made = (Credentials, Vec<GeneratedSecret>, BTreeMap<String, Secret>);

/// Says of what is new who made it, and when.
fn sign(prompts: &mut [Prompt], now: Timestamp, who: &str) -> Result<(), ApplyError> {
    for prompt in prompts.iter_mut().filter(|prompt| prompt.changed_at == Timestamp::ZERO) {
        (prompt.changed_at, prompt.changed_by) = (now, who.to_owned());
        if !prompt.sound.is_made() {
            return Err(ApplyError::Prompts(format!("the sound of prompt {} was not made", prompt.name)));
        }
    }
    has_room(prompts).map_err(|error| ApplyError::Prompts(error.to_string()))
}

/// Ids for all that is new.
async fn take_ids(
    conn: &mut SqliteConnection,
    wanted: &Wanted,
    current: Option<&Snapshot>,
) -> Result<NewIds, StoreError> {
    fn new<T>(kept: &[Option<T>]) -> u64 {
        kept.iter().filter(|kept| kept.is_none()).count() as u64
    }
    let kept = kept(wanted, current);
    Ok(NewIds {
        tenant: take(conn, Counter::Tenant, u64::from(current.is_none())).await?,
        agent: take(conn, Counter::Agent, new(&kept.agents)).await?,
        queue: take(conn, Counter::Queue, new(&kept.queues)).await?,
        flow: take(conn, Counter::Flow, new(&kept.flows)).await?,
        trunk: take(conn, Counter::Trunk, new(&kept.trunks)).await?,
        mailbox: take(conn, Counter::Mailbox, new(&kept.mailboxes)).await?,
    })
}

/// Writes the difference. First goes what others point away from, then comes what others point to.
async fn write(conn: &mut SqliteConnection, current: &Snapshot, target: &Snapshot) -> Result<(), StoreError> {
    let tenant = target.tenant.id;
    let hours = changes(&current.business_hours, &target.business_hours, |row| &row.hours.name);
    for row in hours.removed {
        crate::hours::remove(conn, tenant, &row.hours.name).await?;
    }
    for row in hours.saved {
        crate::hours::save(conn, tenant, row).await?;
    }
    let memberships = changes(&current.memberships, &target.memberships, |row| (row.queue, row.agent));
    for row in memberships.removed {
        crate::membership::remove(conn, row.queue, row.agent).await?;
    }
    write_routes(conn, current, target).await?;
    write_people(conn, current, target).await?;
    for row in memberships.saved {
        crate::membership::save(conn, tenant, row).await?;
    }
    let listed = changes(&current.listed, &target.listed, ListedNumber::key);
    for row in listed.removed {
        crate::listed::remove(conn, tenant, row).await?;
    }
    for row in listed.saved {
        crate::listed::save(conn, tenant, row).await?;
    }
    let prompts = changes(&current.prompts, &target.prompts, |row| (&row.language, &row.name));
    for row in prompts.removed {
        crate::prompt::remove(conn, tenant, &row.language, &row.name).await?;
    }
    for row in prompts.saved {
        crate::prompt::save(conn, tenant, row).await?;
    }
    let playlists = changes(&current.playlists, &target.playlists, |row| &row.name);
    for row in playlists.removed {
        crate::playlist::remove(conn, tenant, &row.name).await?;
    }
    for row in playlists.saved {
        crate::playlist::save(conn, tenant, row).await?;
    }
    let codes = changes(&current.feature_codes, &target.feature_codes, |row| &row.code);
    for row in codes.removed {
        crate::feature_code::remove(conn, tenant, &row.code).await?;
    }
    for row in codes.saved {
        crate::feature_code::save(conn, tenant, row).await?;
    }
    write_choices(conn, current, target).await?;
    let webhooks = changes(&current.webhooks, &target.webhooks, |row| &row.webhook.name);
    for row in webhooks.removed {
        crate::webhook::remove(conn, tenant, &row.webhook.name).await?;
    }
    for row in webhooks.saved {
        crate::webhook::save(conn, tenant, row).await?;
    }
    Ok(())
}

async fn write_choices(
    conn: &mut SqliteConnection,
    current: &Snapshot,
    target: &Snapshot,
) -> Result<(), StoreError> {
    let tenant = target.tenant.id;
    let codes = changes(&current.not_ready_codes, &target.not_ready_codes, |row| &row.code);
    for row in codes.removed {
        crate::not_ready_code::remove(conn, tenant, &row.code).await?;
    }
    for row in codes.saved {
        crate::not_ready_code::save(conn, tenant, row).await?;
    }
    let dispositions = changes(&current.dispositions, &target.dispositions, |row| &row.code);
    for row in dispositions.removed {
        crate::disposition::remove(conn, tenant, &row.code).await?;
    }
    for row in dispositions.saved {
        crate::disposition::save(conn, tenant, row).await?;
    }
    Ok(())
}

async fn write_routes(
    conn: &mut SqliteConnection,
    current: &Snapshot,
    target: &Snapshot,
) -> Result<(), StoreError> {
    let tenant = target.tenant.id;
    let Changes { removed, saved } = changes(&current.numbers, &target.numbers, |row| &row.number);
    for row in removed {
        crate::did::remove(conn, tenant, &row.number).await?;
    }
    for row in saved {
        crate::did::save(conn, tenant, row).await?;
    }
    let Changes { removed, saved } = changes(&current.flows, &target.flows, |row| row.id);
    for row in removed {
        crate::flow::remove(conn, row.id).await?;
    }
    for row in saved {
        crate::flow::save(conn, tenant, row).await?;
    }
    let Changes { removed, saved } = changes(&current.ring_groups, &target.ring_groups, |row| &row.number);
    for row in removed {
        crate::ring_group::remove(conn, tenant, &row.number).await?;
    }
    for row in saved {
        crate::ring_group::save(conn, tenant, row).await?;
    }
    let Changes { removed, saved } = changes(&current.mailboxes, &target.mailboxes, |row| row.mailbox.id);
    for row in removed {
        crate::mailbox::remove(conn, row.mailbox.id).await?;
    }
    for row in &saved {
        crate::mailbox::vacate(conn, row.mailbox.id).await?;
    }
    for row in saved {
        crate::mailbox::save(conn, tenant, row).await?;
    }
    let Changes { removed, saved } = changes(&current.queues, &target.queues, |row| row.id);
    for row in removed {
        crate::queue::remove(conn, row.id).await?;
    }
    for row in saved {
        crate::queue::save(conn, tenant, row).await?;
    }
    let Changes { removed, saved } = changes(&current.trunks, &target.trunks, |row| row.id);
    for row in removed {
        crate::trunk::remove(conn, row.id).await?;
    }
    for row in saved {
        crate::trunk::save(conn, tenant, row).await?;
    }
    Ok(())
}

async fn write_people(
    conn: &mut SqliteConnection,
    current: &Snapshot,
    target: &Snapshot,
) -> Result<(), StoreError> {
    let tenant = target.tenant.id;
    let groups = changes(&current.groups, &target.groups, |name| name);
    for name in groups.removed {
        crate::group::remove(conn, tenant, name).await?;
    }
    for name in groups.saved {
        crate::group::save(conn, tenant, name).await?;
    }
    let roles = changes(&current.roles, &target.roles, |role| &role.name);
    for role in roles.removed {
        crate::role::remove(conn, tenant, &role.name).await?;
    }
    for role in roles.saved {
        crate::role::save(conn, tenant, role).await?;
    }
    let agents = changes(&current.agents, &target.agents, |row| row.agent.id);
    let extensions = changes(&current.extensions, &target.extensions, |row| &row.extension.number);
    for row in extensions.removed {
        crate::extension::remove(conn, tenant, &row.extension.number).await?;
    }
    for row in agents.removed.iter().chain(&agents.saved) {
        crate::agent::vacate(conn, row.agent.id).await?;
    }
    for row in agents.saved {
        crate::agent::save(conn, tenant, row).await?;
    }
    for row in extensions.saved {
        crate::extension::save(conn, tenant, row).await?;
    }
    for row in agents.removed {
        crate::agent::remove(conn, row.agent.id).await?;
    }
    Ok(())
}
