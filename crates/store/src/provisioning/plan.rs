//! The plan: what would change, computed and shown before anything is.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use model::{AgentId, Counted, Directory, DomainLimits, ExtensionNumber, Rights, Role, TenantId};

use super::credentials::NewSecret;
use super::difference::lines;
use super::effects::Effects;
use super::grants::{Grant, grants};
use super::history::Before;
use super::invitations::uninvited;
use super::problem::Problem;
use super::prompts::WantedPrompt;
use super::target::{Credentials, NewIds, target};
use super::wanted::{Wanted, from_tree};
use crate::agent::AgentRow;
use crate::directory::Snapshot;
use crate::error::StoreError;
use crate::prompt::KeptSound;
use crate::store::Store;
use crate::tenant::TenantRow;

/// Stands for a secret that will be made when the plan is carried out; it equals nothing that is stored.
const TO_BE_MADE: &str = "?";

/// What would change. It prints as its lines, or as `no changes`.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) wanted: Wanted,
    /// The domain as it was when the plan was made; none if it is new.
    pub(super) base: Option<(TenantId, i64)>,
    /// Whose web passwords change, by their place in the file.
    pub(super) passwords: Vec<usize>,
    /// Which phones get a new secret.
    pub(super) secrets: BTreeMap<ExtensionNumber, NewSecret>,
    /// Password hashes that come back with agents, by their place in the file.
    pub(super) restored: BTreeMap<usize, String>,
    /// Which kept file it goes back to; none for a file that somebody hands over.
    pub(super) restores: Option<i64>,
    /// Prompts whose sounds are not there yet, by their place in the file.
    sounds: Vec<usize>,
    /// Sealed PINs of mailboxes; of one that stays the same, as it is stored.
    pub(super) pins: BTreeMap<ExtensionNumber, String>,
    /// The sealed secret of requests to outside services, if the file names one.
    pub(super) webhook_secret: Option<String>,
    /// Which webhooks get a new secret, by name.
    pub(super) webhook_secrets: BTreeMap<String, NewSecret>,
    lines: Vec<String>,
    effects: Effects,
    /// The domain as routing sees it, before and after; none if it is new.
    routing: Option<Arc<(Directory, Directory)>>,
    changes_owner: bool,
    grants: Vec<Grant>,
}

impl Plan {
    /// One line for each thing that comes (`+`), goes (`-`) or changes (`~`).
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// What is kept and does not work yet, one sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.wanted.warnings
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether an agent who is or shall be an owner would come, go or change. Who is no owner may not do that:
    /// it would be a way to become one.
    #[must_use]
    pub fn changes_owner(&self) -> bool {
        self.changes_owner
    }

    /// Why somebody with these rights may not carry it out: it would give rights that she does not have.
    #[must_use]
    pub fn gives_beyond(&self, rights: &Rights) -> Option<Problem> {
        self.grants.iter().find_map(|grant| grant.exceeds(rights))
    }

    /// The domain's id, if it was there when the plan was made.
    #[must_use]
    pub fn tenant(&self) -> Option<TenantId> {
        self.base.map(|(tenant, _)| tenant)
    }

    /// What of it live calls would feel.
    #[must_use]
    pub fn effects(&self) -> &Effects {
        &self.effects
    }

    /// The domain as routing sees it, before and after; none if it is new. What is new has ids that are made up.
    #[must_use]
    pub fn routing(&self) -> Option<Arc<(Directory, Directory)>> {
        self.routing.clone()
    }

    /// The prompts whose sounds must be made before it can be carried out, by their place in the file.
    #[must_use]
    pub fn sounds_wanted(&self) -> &[usize] {
        &self.sounds
    }

    /// A prompt of the file.
    #[must_use]
    pub fn prompt(&self, index: usize) -> Option<&WantedPrompt> {
        self.wanted.prompts.get(index)
    }

    /// Hands over a sound that was made.
    pub fn give_sound(&mut self, index: usize, sound: KeptSound) {
        if let Some(prompt) = self.wanted.prompts.get_mut(index) {
            prompt.sound = Some(sound);
        }
    }

    /// The domain it is about.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.wanted.domain
    }
}

/// What is stored of a domain.
pub(super) struct Stored {
    base: Option<(TenantId, i64)>,
    pub(super) current: Option<Snapshot>,
    /// E-mails of agents of other domains.
    elsewhere: BTreeMap<String, String>,
    /// How much the domain may have.
    limits: DomainLimits,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lines.is_empty() {
            return f.write_str("no changes");
        }
        f.write_str(&self.lines.join("\n"))
    }
}

/// Why no plan was made.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The file does not fit to what other domains have.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// The database could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Reads a provisioning file as [`parse`](super::parse) does; its domain's own prompts may be named in it, beside
    /// those that every domain has.
    ///
    /// # Errors
    /// [`PlanError::Problems`] of the file, [`PlanError::Store`].
    pub async fn read_file(&self, text: &str, common_prompts: &[&str]) -> Result<Wanted, PlanError> {
        let tree = super::yaml::parse(text).map_err(|problem| PlanError::Problems(vec![problem]))?;
        let own = match super::wanted::domain_of(&tree) {
            Some(domain) => self.unprovisioned(&domain).await?,
            None => Vec::new(),
        };
        let known: Vec<&str> = common_prompts.iter().copied().chain(own.iter().map(String::as_str)).collect();
        from_tree(text, &tree, &known, None).map_err(PlanError::Problems)
    }

    /// The names of the prompts that a domain has and its file does not bring.
    async fn unprovisioned(&self, domain: &str) -> Result<Vec<String>, StoreError> {
        let mut tx = self.begin_read().await?;
        let Some(found) = crate::tenant::find(&mut tx, domain).await? else { return Ok(Vec::new()) };
        let rows = crate::prompt::list(&mut tx, found.tenant.id).await?;
        Ok(rows.into_iter().filter(|row| !row.provisioned).map(|row| row.name).collect())
    }

    /// Compares what a file wants with what is there. Nothing is changed.
    ///
    /// Passwords are compared with their hashes: some ten milliseconds each.
    ///
    /// # Errors
    /// [`PlanError::Problems`] if an e-mail is taken in another domain, [`PlanError::Store`].
    pub async fn plan(&self, wanted: Wanted) -> Result<Plan, PlanError> {
        self.plan_from(wanted, None).await
    }

    /// The same, with the credentials that go with the file if it was in force before.
    pub(super) async fn plan_from(&self, wanted: Wanted, before: Option<&Before>) -> Result<Plan, PlanError> {
        let stored = self.stored(&wanted.domain).await?;
        self.plan_against(wanted, before, stored).await
    }

    /// What is stored of a domain, to plan against; all of one moment.
    pub(super) async fn stored(&self, domain: &str) -> Result<Stored, StoreError> {
        let mut tx = self.begin_read().await?;
        let found = crate::tenant::find(&mut tx, domain).await?;
        let elsewhere = crate::agent::emails_elsewhere(&mut tx, domain).await?;
        let own = match &found {
            None => DomainLimits::default(),
            Some(row) => crate::domain_limits::own(&mut tx, row.tenant.id).await?,
        };
        let limits = own.over(self.default_limits());
        let (base, current) = match found {
            None => (None, None),
            Some(TenantRow { tenant, revision }) => {
                (Some((tenant.id, revision)), Some(Snapshot::load(&mut tx, tenant).await?))
            }
        };
        Ok(Stored { base, current, elsewhere, limits })
    }

    /// The plan from there.
    pub(super) async fn plan_against(
        &self,
        mut wanted: Wanted,
        before: Option<&Before>,
        Stored { base, current, elsewhere, limits }: Stored,
    ) -> Result<Plan, PlanError> {
        let problems = taken_emails(&wanted, &elsewhere);
        if !problems.is_empty() {
            return Err(PlanError::Problems(problems));
        }
        let passwords = self.new_passwords(&wanted, current.as_ref()).await?;
        let secrets = self.new_secrets(&wanted, current.as_ref(), before);
        let pins = self.pins(&wanted, current.as_ref(), before)?;
        let webhook_secret = self.sealed_webhook_secret(&wanted, current.as_ref(), before)?;
        let webhook_secrets = self.new_webhook_secrets(&wanted, current.as_ref(), before);
        let restored = before.map(|before| before.hashes(&wanted, current.as_ref())).unwrap_or_default();
        let changing = passwords.iter().chain(restored.keys());
        let credentials = Credentials {
            hashes: changing.map(|index| (*index, TO_BE_MADE.to_owned())).collect(),
            sealed: secrets.keys().map(|number| (number.clone(), TO_BE_MADE.to_owned())).collect(),
            pins: pins.clone(),
            webhook_secret: webhook_secret.clone(),
            webhooks: webhook_secrets.keys().map(|name| (name.clone(), TO_BE_MADE.to_owned())).collect(),
            invites: self.mails(),
        };
        let target = target(&wanted, current.as_ref(), &NewIds::IMAGINED, &credentials);
        if target.webhook_secret.is_none() && wanted.asks_services() {
            wanted.warnings.push("requests to outside services are not signed; set `webhook_secret`".into());
        }
        let problems = beyond(&limits, current.as_ref(), &target);
        if !problems.is_empty() {
            return Err(PlanError::Problems(problems));
        }
        if !self.mails() {
            wanted.warnings.extend(uninvited(&target, current.as_ref()));
        }
        let lines = lines(current.as_ref(), &target);
        let changes_owner = owners(current.as_ref()) != owners(Some(&target));
        let grants = grants(current.as_ref(), &target, &wanted);
        let effects = Effects::between(current.as_ref(), &target);
        let restores = before.map(|before| before.revision);
        // The rows that the file names come first, in its order.
        let made = target.prompts.iter().take(wanted.prompts.len()).map(|row| row.sound.is_made());
        let sounds = made.enumerate().filter(|(_, made)| !made).map(|(index, _)| index).collect();
        let routing = current.map(|current| Arc::new((current.into_directory(), target.into_directory())));
        let plan = Plan {
            wanted,
            base,
            passwords,
            secrets,
            restored,
            restores,
            sounds,
            pins,
            webhook_secret,
            webhook_secrets,
            lines,
            effects,
            routing,
            changes_owner,
            grants,
        };
        Ok(plan)
    }
}

fn owners(rows: Option<&Snapshot>) -> BTreeMap<AgentId, &AgentRow> {
    let agents = rows.into_iter().flat_map(|rows| &rows.agents);
    agents.filter(|row| row.agent.role == Role::Owner).map(|row| (row.agent.id, row)).collect()
}

/// What there would be more of than the domain may have. What it had before it may keep.
fn beyond(limits: &DomainLimits, current: Option<&Snapshot>, target: &Snapshot) -> Vec<Problem> {
    let counts =
        |rows: &Snapshot| [(Counted::Agents, rows.agents.len()), (Counted::Webhooks, rows.webhooks.len())];
    let before = current.map_or([(Counted::Agents, 0), (Counted::Webhooks, 0)], counts);
    let pairs = before.into_iter().zip(counts(target));
    let problem = |((_, before), (counted, count)): ((Counted, usize), (Counted, usize))| {
        let most = limits.of(counted)?;
        let allowed = usize::try_from(most).unwrap_or(usize::MAX).max(before);
        let what = counted.word();
        let text = format!("there would be {count} {what}; the server's owner allows the domain {most}");
        (count > allowed).then(|| Problem::new(0, text))
    };
    pairs.filter_map(problem).collect()
}

fn taken_emails(wanted: &Wanted, elsewhere: &BTreeMap<String, String>) -> Vec<Problem> {
    let problem = |wanted: &super::wanted::WantedAgent| {
        let email = &wanted.agent.email;
        elsewhere.get(email)?;
        // Which other domains there are is nobody's business but the server's owner's.
        let text = format!("e-mail {email} is already that of an agent of another domain");
        Some(Problem::new(wanted.email_line, text))
    };
    wanted.agents.iter().filter_map(problem).collect()
}
