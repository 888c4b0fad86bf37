//! Applying provisioning files: to the store alone, or to the store and the running switch.

use std::sync::Arc;

use anyhow::Result;
use api::provisioning::{FileProblem, Order, ProvisionError, Provisioned, Provisioner, Reach, Report};
use api::storage::StorageError;
use gateway::Control;
use media::Sounds;
use model::TenantId;
use store::{ApplyError, PlanError, Store, StoreError};
use switch::Clock;
use tokio::sync::{Mutex, mpsc};

use crate::wiring;

/// Plans, and unless it is a dry run applies, a file to the store. Says which domain was applied.
///
/// # Errors
/// [`ProvisionError`]; nothing is changed then.
pub(crate) async fn to_store(
    store: &Store,
    prompts: &[&str],
    order: &Order,
) -> Result<(Provisioned, Option<TenantId>), ProvisionError> {
    let wanted = store::provisioning::parse(&order.text, prompts).map_err(problems)?;
    if let Reach::Domain { name, .. } = &order.reach
        && !name.eq_ignore_ascii_case(wanted.domain())
    {
        let what = format!("the file is about the domain {}, this login is of {name}", wanted.domain());
        return Err(ProvisionError::TooFar(what));
    }
    let plan = store.plan(wanted).await.map_err(|error| match error {
        PlanError::Problems(found) => problems(found),
        PlanError::Store(error) => failed(error),
    })?;
    if matches!(order.reach, Reach::Domain { owners: false, .. }) && plan.changes_owner() {
        return Err(ProvisionError::TooFar("only an owner makes or changes an owner".into()));
    }
    let mut report = Provisioned {
        plan: if plan.is_empty() { vec!["no changes".into()] } else { plan.lines().to_vec() },
        warnings: plan.warnings().to_vec(),
        ..Provisioned::default()
    };
    if order.dry_run {
        return Ok((report, None));
    }
    let applied = store.apply(&plan, Clock::start().now()).await.map_err(|error| match error {
        ApplyError::Stale(_) => ProvisionError::Stale,
        ApplyError::Store(error) => failed(error),
    })?;
    report.applied = true;
    let secrets = applied.generated.iter();
    report.generated =
        secrets.map(|made| (made.extension.to_string(), made.secret.reveal().to_owned())).collect();
    Ok((report, Some(applied.tenant)))
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
    store: Store,
    control: mpsc::Sender<Control>,
    turn: Mutex<()>,
}

impl Takeover {
    pub(crate) fn new(store: Store, control: mpsc::Sender<Control>) -> Self {
        Self { store, control, turn: Mutex::new(()) }
    }

    /// Takes over one domain.
    ///
    /// # Errors
    /// If it cannot be read, or the switch is stopping; the old state goes on then.
    pub(crate) async fn domain(&self, tenant: TenantId) -> Result<()> {
        let _turn = self.turn.lock().await;
        wiring::reload(&self.store, &self.control, tenant).await
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
    /// What a file may name as a prompt.
    pub(crate) sounds: Arc<Sounds>,
}

impl Provisioner for LiveProvisioner {
    fn provision(&self, order: Order) -> Report<'_> {
        let (takeover, sounds) = (self.takeover.clone(), self.sounds.clone());
        // A task of its own: whoever asked may hang up between the store's part and the switch's.
        let task = tokio::spawn(async move {
            let (mut report, tenant) = to_store(&takeover.store, &sounds.names(), &order).await?;
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
