//! Applying provisioning files: to the store alone, or to the store and the running switch.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use api::provisioning::{
    DocumentForm, EditFault, FileProblem, Order, ProvisionError, Provisioned, Provisioner, Reach, Report,
    Source,
};
use api::storage::{Answer, StorageError};
use gateway::Control;
use model::{DomainLimits, TenantId};
use store::provisioning::{Edit, EditError, Edited, Entry, Object, RevertError, Section};
use store::{
    ApplyError, Author, KeptLimits, KeptSound, Plan, PlanError, PromptSource, Store, StoreError, Wanted,
};
use switch::Clock;
use tokio::sync::{Mutex, mpsc, watch};

use crate::library::Library;
use crate::wiring;
use crate::yesterday::{self, Forecast};

/// Plans, and unless it is a dry run applies, a file to the store. Says which domain was applied.
///
/// # Errors
/// [`ProvisionError`]; nothing is changed then.
pub(crate) async fn to_store(
    store: &Store,
    workshop: &Workshop<'_>,
    order: &Order,
) -> Result<(Provisioned, Option<TenantId>), ProvisionError> {
    let mut plan = plan(store, workshop, order).await?;
    may_carry_out(&plan, order)?;
    let mut report = Provisioned {
        plan: if plan.is_empty() { vec!["no changes".into()] } else { plan.lines().to_vec() },
        warnings: plan.warnings().to_vec(),
        effects: plan.tenant().map(|tenant| (tenant, plan.effects().clone())),
        ..Provisioned::default()
    };
    if order.forecast {
        let Forecast { queues, note } = yesterday::forecast(store, &plan).await;
        (report.forecast, report.forecast_note) = (queues, note);
    }
    if order.dry_run {
        return Ok((report, None));
    }
    workshop.make(&mut plan).await?;
    let applied =
        store.apply_by(&plan, Clock::start().now(), &order.by).await.map_err(|error| match error {
            ApplyError::Stale(_) => ProvisionError::Stale,
            ApplyError::Prompts(text) => ProvisionError::Problems(vec![FileProblem { line: 0, text }]),
            ApplyError::Store(error) => failed(error),
        })?;
    report.applied = true;
    let secrets = applied.generated.iter();
    report.generated =
        secrets.map(|made| (made.extension.to_string(), made.secret.reveal().to_owned())).collect();
    let secrets = applied.webhook_secrets.into_iter();
    report.webhook_secrets = secrets.map(|(name, secret)| (name, secret.reveal().to_owned())).collect();
    Ok((report, Some(applied.tenant)))
}

/// A plan makes nobody an owner, and gives nobody a right, whom whoever orders it could not be or do.
fn may_carry_out(plan: &Plan, order: &Order) -> Result<(), ProvisionError> {
    let Reach::Domain { name: _, owners, rights } = &order.reach else { return Ok(()) };
    if !owners && plan.changes_owner() {
        return Err(ProvisionError::TooFar("only an owner makes or changes an owner".into()));
    }
    let Some(mut problem) = plan.gives_beyond(rights) else { return Ok(()) };
    if !matches!(order.source, Source::File(_)) {
        // What is edited, or was in force before, stands on no line that anybody has.
        problem.line = 0;
    }
    Err(ProvisionError::TooFar(problem.to_string()))
}

async fn plan(store: &Store, workshop: &Workshop<'_>, order: &Order) -> Result<Plan, ProvisionError> {
    let prompts = &workshop.library.common().names();
    let within = |domain: &str| match &order.reach {
        Reach::Domain { name, .. } if !name.eq_ignore_ascii_case(domain) => {
            let what = format!("the file is about the domain {domain}, this login is of {name}");
            Err(ProvisionError::TooFar(what))
        }
        Reach::Domain { .. } | Reach::Everything => Ok(()),
    };
    let unplanned = |error| match error {
        PlanError::Problems(found) => problems(found),
        PlanError::Store(error) => failed(error),
    };
    match &order.source {
        Source::File(text) => {
            let mut wanted = store.read_file(text, prompts).await.map_err(unplanned)?;
            within(wanted.domain())?;
            passes_its_tests(&wanted, order.force)?;
            workshop.read(&mut wanted).await?;
            store.plan(wanted).await.map_err(unplanned)
        }
        Source::Edits { domain, edits } => {
            within(domain)?;
            plan_edits(store, domain, edits, (prompts, order.force)).await
        }
        Source::Before { domain } => {
            within(domain)?;
            store.plan_revert(domain, prompts).await.map_err(|error| match error {
                RevertError::Plan(error) => unplanned(error),
                RevertError::UnknownDomain(_) | RevertError::NothingBefore(_) => {
                    ProvisionError::NothingBefore(error.to_string())
                }
            })
        }
    }
}

async fn plan_edits(
    store: &Store,
    domain: &str,
    edits: &[Edit],
    (prompts, force): (&[&str], bool),
) -> Result<Plan, ProvisionError> {
    let planned = store.plan_edits(domain, edits, prompts).await;
    let Edited { plan, failed_tests } = planned.map_err(|error| {
        let text = error.to_string();
        match error {
            EditError::UnknownDomain(_) | EditError::Missing { .. } => ProvisionError::Missing(text),
            EditError::Exists { .. } => ProvisionError::Exists(text),
            EditError::Changed { .. } => ProvisionError::Changed(text),
            EditError::Problems(found) => {
                ProvisionError::Faults(found.into_iter().map(EditFault::from).collect())
            }
            EditError::Store(error) => failed(error),
        }
    })?;
    // Flows that are not touched have been insisted on before.
    let mut faults: Vec<EditFault> =
        failed_tests.into_iter().filter(|test| test.edit.is_some()).map(EditFault::from).collect();
    if faults.is_empty() || force {
        return Ok(plan);
    }
    let text = "a flow does not pass its own tests; mend it or them, or insist with `force=true`";
    faults.push(EditFault { edit: None, pointer: String::new(), text: text.into() });
    Err(ProvisionError::Faults(faults))
}

/// A flow that fails its own tests is taken only if somebody insists.
fn passes_its_tests(wanted: &Wanted, force: bool) -> Result<(), ProvisionError> {
    let mut failed: Vec<store::Problem> = wanted.failed_tests().cloned().collect();
    if failed.is_empty() || force {
        return Ok(());
    }
    let text = "a flow does not pass its own tests; mend it or them, or insist with `--force` (`force=true` over HTTP)";
    failed.push(store::Problem { line: 0, text: text.into() });
    Err(problems(failed))
}

/// Where the sounds of a file's prompts are made.
pub(crate) struct Workshop<'a> {
    pub(crate) library: &'a Library,
    /// Where the file's own files are; none if it came over the network.
    pub(crate) folder: Option<&'a Path>,
}

impl Workshop<'_> {
    /// Reads the files that a provisioning file names: whether a sound has changed, its name does not say.
    async fn read(&self, wanted: &mut Wanted) -> Result<(), ProvisionError> {
        let mut found = Vec::new();
        for prompt in wanted.prompts_mut() {
            let PromptSource::File { path } = &prompt.source else { continue };
            match self.take_in(path).await {
                Ok(sound) => prompt.sound = Some(sound),
                Err(text) => found
                    .push(FileProblem { line: prompt.line, text: format!("prompt {}: {text}", prompt.name) }),
            }
        }
        if found.is_empty() { Ok(()) } else { Err(ProvisionError::Problems(found)) }
    }

    async fn take_in(&self, path: &str) -> Result<KeptSound, String> {
        let folder = self.folder.ok_or("a `file` is read only where `cordboard apply` runs on the server itself; upload the sound instead (PUT …/prompts/{name}) and leave it out of this file")?;
        let path = folder.join(path);
        let unread = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
        let size = tokio::fs::metadata(&path).await.map_err(unread)?.len();
        if size > media::INTAKE_BYTES_MAX as u64 {
            return Err(media::IntakeError::TooLarge.to_string());
        }
        let file = tokio::fs::read(&path).await.map_err(unread)?;
        self.library.take_in(file).await.map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Makes the sounds that a plan wants.
    async fn make(&self, plan: &mut Plan) -> Result<(), ProvisionError> {
        let mut found = Vec::new();
        for index in plan.sounds_wanted().to_vec() {
            let Some(prompt) = plan.prompt(index) else { continue };
            let made = match &prompt.source {
                PromptSource::Text { text, voice } => {
                    let spoken = self.library.speak(text, &prompt.language, voice.as_deref()).await;
                    spoken.map_err(|error| error.to_string())
                }
                PromptSource::File { path } => self.take_in(path).await,
                PromptSource::Upload | PromptSource::Phone => Err("it is in no file".into()),
            };
            let (line, name) = (prompt.line, &prompt.name);
            match made {
                Ok(sound) => plan.give_sound(index, sound),
                Err(text) => found.push(FileProblem { line, text: format!("prompt {name}: {text}") }),
            }
        }
        if found.is_empty() { Ok(()) } else { Err(ProvisionError::Problems(found)) }
    }
}

fn problems(found: Vec<store::Problem>) -> ProvisionError {
    let found = found.into_iter().map(|problem| FileProblem { line: problem.line, text: problem.text });
    ProvisionError::Problems(found.collect())
}

fn failed(error: StoreError) -> ProvisionError {
    ProvisionError::Storage(StorageError::from(error))
}

/// Hands what is stored to the running switch. One at a time, so that an older state never follows a newer one.
pub(crate) struct Takeover {
    pub(crate) store: Store,
    pub(crate) library: Arc<Library>,
    control: mpsc::Sender<Control>,
    turn: Mutex<()>,
    /// Counts what was provisioned, for whoever does not learn of it from the switch.
    changes: watch::Sender<u64>,
}

impl Takeover {
    pub(crate) fn new(store: Store, library: Arc<Library>, control: mpsc::Sender<Control>) -> Self {
        Self { store, library, control, turn: Mutex::new(()), changes: watch::Sender::new(0) }
    }

    /// Tells when something was provisioned.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Takes over one domain.
    ///
    /// # Errors
    /// If it cannot be read, or the switch is stopping; the old state goes on then.
    pub(crate) async fn domain(&self, tenant: TenantId) -> Result<()> {
        let _turn = self.turn.lock().await;
        self.changes.send_modify(|changes| *changes += 1);
        let taken = wiring::reload(&self.store, &self.library, &self.control, tenant).await;
        // Again, for whoever looks at what the switch has taken over.
        self.changes.send_modify(|changes| *changes += 1);
        taken
    }

    /// Takes over all domains.
    ///
    /// # Errors
    /// As [`Self::domain`]; domains before the one that failed are taken over.
    pub(crate) async fn all(&self) -> Result<()> {
        for tenant in self.store.domains().await? {
            self.domain(tenant.id).await?;
        }
        Ok(())
    }
}

/// Applies files to a running server.
pub(crate) struct LiveProvisioner {
    pub(crate) takeover: Arc<Takeover>,
}

impl Provisioner for LiveProvisioner {
    fn take_over(&self, tenant: TenantId) -> Answer<'_, ()> {
        Box::pin(async move {
            let taken = self.takeover.domain(tenant).await;
            taken.map_err(|error| StorageError::Failed(error.to_string()))
        })
    }

    fn document<'a>(&'a self, domain: &'a str, form: DocumentForm) -> Answer<'a, Option<String>> {
        Box::pin(async move {
            let Some(document) = self.takeover.store.document(domain).await? else { return Ok(None) };
            let text = match form {
                DocumentForm::Yaml => document.to_yaml(),
                DocumentForm::Json => document.to_json(),
            };
            Ok(Some(text?))
        })
    }

    fn entries<'a>(&'a self, domain: &'a str, section: Section) -> Answer<'a, Option<Vec<Entry>>> {
        Box::pin(async move {
            let Some(document) = self.takeover.store.document(domain).await? else { return Ok(None) };
            Ok(Some(document.entries(section)?))
        })
    }

    fn entry<'a>(&'a self, domain: &'a str, object: &'a Object) -> Answer<'a, Option<Entry>> {
        Box::pin(async move {
            let Some(document) = self.takeover.store.document(domain).await? else { return Ok(None) };
            Ok(document.find(object)?)
        })
    }

    fn limits(&self, tenant: TenantId) -> Answer<'_, KeptLimits> {
        Box::pin(async move { Ok(self.takeover.store.domain_limits(tenant).await?) })
    }

    fn limit(&self, tenant: TenantId, limits: DomainLimits, by: Author) -> Answer<'_, ()> {
        let takeover = self.takeover.clone();
        // A task of its own: whoever asked may hang up between the store's part and the switch's.
        let task = tokio::spawn(async move {
            let now = Clock::start().now();
            takeover.store.set_domain_limits(tenant, &limits, now, &by).await?;
            if let Err(error) = takeover.domain(tenant).await {
                tracing::error!(%error, "limits are kept and not taken over; a restart takes them");
            }
            Ok(())
        });
        Box::pin(
            async move { task.await.unwrap_or_else(|error| Err(StorageError::Failed(error.to_string()))) },
        )
    }

    fn provision(&self, order: Order) -> Report<'_> {
        let takeover = self.takeover.clone();
        // A task of its own: whoever asked may hang up between the store's part and the switch's.
        let task = tokio::spawn(async move {
            // Files lie beside the file on the machine where it was written, which is not this one.
            let workshop = Workshop { library: &takeover.library, folder: None };
            let (mut report, tenant) = to_store(&takeover.store, &workshop, &order).await?;
            let Some(tenant) = tenant else { return Ok(report) };
            if let Err(error) = takeover.domain(tenant).await {
                tracing::error!(%error, "a file was applied and not taken over");
                let text = "the file is stored; the running server goes on as before until it is restarted";
                report.warnings.push(text.into());
            }
            Ok(report)
        });
        Box::pin(async move {
            let gone =
                |error| ProvisionError::Storage(StorageError::Failed(format!("applying broke: {error}")));
            task.await.map_err(gone)?
        })
    }
}

#[cfg(test)]
mod tests;
