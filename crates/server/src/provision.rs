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
use model::TenantId;
use store::provisioning::{Edit, EditError, Edited, Entry, Object, RevertError, Section};
use store::{ApplyError, KeptSound, Plan, PlanError, PromptSource, Store, StoreError, Wanted};
use switch::Clock;
use tokio::sync::{Mutex, mpsc};

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
    if matches!(order.reach, Reach::Domain { owners: false, .. }) && plan.changes_owner() {
        return Err(ProvisionError::TooFar("only an owner makes or changes an owner".into()));
    }
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
    Ok((report, Some(applied.tenant)))
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
}

impl Takeover {
    pub(crate) fn new(store: Store, library: Arc<Library>, control: mpsc::Sender<Control>) -> Self {
        Self { store, library, control, turn: Mutex::new(()) }
    }

    /// Takes over one domain.
    ///
    /// # Errors
    /// If it cannot be read, or the switch is stopping; the old state goes on then.
    pub(crate) async fn domain(&self, tenant: TenantId) -> Result<()> {
        let _turn = self.turn.lock().await;
        wiring::reload(&self.store, &self.library, &self.control, tenant).await
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
mod tests {
    use serde_json::json;
    use store::Author;
    use store::provisioning::Change;

    use super::*;
    use crate::settings::Settings;

    const FILE: &str = "domain: acme.test\ntimezone: Europe/Berlin\ngroups: [all]\nagents:\n  - {extension: \"1001\", name: Ann Ash, \
        email: ann@acme.test, groups: [all], role: agent}\n";

    async fn apply(store: &Store, text: &str, reach: Reach) -> Result<Provisioned, ProvisionError> {
        apply_or_insist(store, text, reach, false).await
    }

    async fn apply_or_insist(
        store: &Store,
        text: &str,
        reach: Reach,
        force: bool,
    ) -> Result<Provisioned, ProvisionError> {
        let source = Source::File(text.to_owned());
        let order = Order { source, dry_run: false, forecast: true, force, reach, by: Author::default() };
        let library = Library::open(&Settings::default(), store.clone()).unwrap();
        let workshop = Workshop { library: &library, folder: None };
        to_store(store, &workshop, &order).await.map(|(report, _)| report)
    }

    fn of(name: &str, owners: bool) -> Reach {
        Reach::Domain { name: name.to_owned(), owners }
    }

    #[tokio::test]
    async fn an_admin_reaches_her_own_domain_only_and_makes_no_owner_of_anybody() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let made = apply(&store, FILE, Reach::Everything).await.unwrap();
        assert!(made.applied && made.generated.contains_key("1001"));
        let same = apply(&store, FILE, of("ACME.test", false)).await.unwrap();
        assert_eq!((same.plan, same.generated.len()), (vec!["no changes".to_owned()], 0));

        let owned = FILE.replace("role: agent", "role: owner");
        for (text, reach) in [
            (FILE, of("globex.test", true)),
            (&FILE.replace("acme.test\nt", "new.test\nt"), of("acme.test", true)),
            (&owned, of("acme.test", false)),
        ] {
            let refused = apply(&store, text, reach.clone()).await;
            assert!(matches!(refused, Err(ProvisionError::TooFar(_))), "{reach:?}: {refused:?}");
        }
        let promoted = apply(&store, &owned, of("acme.test", true)).await.unwrap();
        assert_eq!(promoted.plan, ["~ agent 1001 role agent -> owner"]);
        let demoted = apply(&store, FILE, of("acme.test", false)).await;
        assert!(matches!(demoted, Err(ProvisionError::TooFar(_))), "{demoted:?}");
        assert_eq!(store.domains().await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_flow_that_fails_its_own_tests_is_taken_only_if_somebody_insists() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let flow = |expected: &str| {
            format!(
                "{FILE}flows:\n  - number: \"7000\"\n    name: Bye\n    kind: tree\n    \
                 steps:\n      - {{id: bye, do: leave, to: {{hangup: {{}}}}}}\n    tests:\n      - name: It \
                 ends\n        expect: [{expected}]\n"
            )
        };
        let refused = apply(&store, &flow("to queue 8000"), Reach::Everything).await;
        let Err(ProvisionError::Problems(found)) = refused else { panic!("{refused:?}") };
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].line > 0 && found[0].text.contains("It ends"), "{found:?}");
        assert!(found[1].text.contains("--force"), "{found:?}");
        assert!(store.domains().await.unwrap().is_empty(), "nothing is stored");
        let forced = apply_or_insist(&store, &flow("to queue 8000"), Reach::Everything, true).await.unwrap();
        assert!(forced.applied);
        assert!(apply(&store, &flow("hang up"), Reach::Everything).await.unwrap().applied);
    }

    #[tokio::test]
    async fn the_document_that_is_given_out_is_a_file_that_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        apply(&store, FILE, Reach::Everything).await.unwrap();
        let library = Library::open(&Settings::default(), store.clone()).unwrap();
        let (control, _) = mpsc::channel(1);
        let takeover = Arc::new(Takeover::new(store.clone(), library, control));
        let live = LiveProvisioner { takeover };
        for form in [DocumentForm::Yaml, DocumentForm::Json] {
            let text = live.document("acme.test", form).await.unwrap().unwrap();
            let again = apply(&store, &text, of("acme.test", false)).await.unwrap();
            assert_eq!(again.plan, ["no changes"], "{text}");
        }
        assert_eq!(live.document("globex.test", DocumentForm::Yaml).await, Ok(None));
    }

    #[tokio::test]
    async fn a_step_back_reaches_as_far_as_a_file_does() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let back = async |reach| {
            let source = Source::Before { domain: "acme.test".into() };
            let order = Order {
                source,
                dry_run: false,
                forecast: true,
                force: false,
                reach,
                by: Author::named("Sue"),
            };
            let library = Library::open(&Settings::default(), store.clone()).unwrap();
            let workshop = Workshop { library: &library, folder: None };
            to_store(&store, &workshop, &order).await.map(|(report, _)| report)
        };
        assert!(
            matches!(back(Reach::Everything).await, Err(ProvisionError::NothingBefore(_))),
            "no domain yet"
        );
        let owned = FILE.replace("role: agent", "role: owner");
        apply(&store, &owned, Reach::Everything).await.unwrap();
        assert!(matches!(back(Reach::Everything).await, Err(ProvisionError::NothingBefore(_))));
        apply(&store, FILE, Reach::Everything).await.unwrap();
        for reach in [of("globex.test", true), of("acme.test", false)] {
            let refused = back(reach.clone()).await;
            assert!(matches!(refused, Err(ProvisionError::TooFar(_))), "{reach:?}: {refused:?}");
        }
        let report = back(of("acme.test", true)).await.unwrap();
        assert_eq!(
            (report.plan, report.applied),
            (vec!["~ agent 1001 role agent -> owner".to_owned()], true)
        );
    }

    #[tokio::test]
    async fn single_things_are_changed_as_a_file_would() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        apply(&store, FILE, Reach::Everything).await.unwrap();
        let library = Library::open(&Settings::default(), store.clone()).unwrap();
        let (control, _) = mpsc::channel(1);
        let takeover = Arc::new(Takeover::new(store.clone(), library.clone(), control));
        let live = LiveProvisioner { takeover };
        let change = async |object, change, expected: Option<String>| {
            let edits = vec![Edit { object, change, expected }];
            let source = Source::Edits { domain: "acme.test".into(), edits };
            let (reach, by) = (of("acme.test", false), Author::named("Ada"));
            let order = Order { source, dry_run: false, forecast: false, force: false, reach, by };
            let workshop = Workshop { library: &library, folder: None };
            to_store(&store, &workshop, &order).await.map(|(report, _)| report.plan)
        };
        let queue = || Object::Queue("8000".into());
        let value = json!({"name": "Support", "on_no_answer": {"hangup": {"message": "goodbye"}}});
        let made = change(queue(), Change::Create(value.clone()), None).await.unwrap();
        assert_eq!(made, ["+ queue 8000"]);
        let again = change(queue(), Change::Create(value), None).await;
        assert_eq!(again, Err(ProvisionError::Exists("there is a queue 8000 already".into())));
        let member = Object::Member { queue: "8000".into(), agent: "1001".into() };
        assert_eq!(change(member, Change::Put(json!({})), None).await.unwrap(), ["+ member 1001 of 8000"]);

        let before = live.entry("acme.test", &queue()).await.unwrap().unwrap();
        let faster = |seconds: u32| Change::Patch(json!({"ring_time": seconds}));
        let tag = Some(before.tag.clone());
        let faster_once = change(queue(), faster(10), tag.clone()).await.unwrap();
        assert_eq!(faster_once, ["~ queue 8000 ring_time 20 -> 10"]);
        let late = change(queue(), faster(12), tag).await;
        assert_eq!(late, Err(ProvisionError::Changed("the queue 8000 was changed meanwhile".into())));
        let after = live.entries("acme.test", Section::Queues).await.unwrap().unwrap();
        assert_eq!((after.len(), &after[0].value["ring_time"]), (1, &json!(10)));
        assert_ne!(after[0].tag, before.tag);

        let owner = change(Object::Agent("1001".into()), Change::Patch(json!({"role": "owner"})), None).await;
        assert!(matches!(owner, Err(ProvisionError::TooFar(_))), "{owner:?}");
        let wrong = change(queue(), faster(0), None).await;
        let Err(ProvisionError::Faults(faults)) = wrong else { panic!("{wrong:?}") };
        assert_eq!((faults[0].edit, faults[0].pointer.as_str()), (Some(0), "/ring_time"));
        let gone = change(Object::Agent("1001".into()), Change::Remove, None).await;
        let Err(ProvisionError::Faults(faults)) = gone else { panic!("{gone:?}") };
        assert!(faults[0].text.contains("1001"), "{faults:?}");
        let history = store.audit(model::TenantId(1), None, 10).await.unwrap().items;
        assert_eq!((history.len(), history[0].by.name.as_str()), (4, "Ada"));
    }
}
