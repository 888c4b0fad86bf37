//! The world of these tests: a small domain, a storage in memory, and a way to ask.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use api::provisioning::{
    Compared, DocumentForm, EditFault, FileProblem, Order, ProvisionError, Provisioned, Provisioner,
    QueueForecast, Reach, Report, Source,
};
use api::setup::Setup;
use api::sso::SingleSignOn;
use api::storage::{Answer as Soon, Figures, Grant, Identity, Storage, StorageError, place_of};
use api::{ApiLimits, AppState, Readiness};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request};
use engine::{Arrival, CallRecord, DeviceInput, Input, LegInput, Origin};
use model::{
    Agent, AgentId, AgentStatus, CallId, CallLink, CallerId, Did, Directory, DomainLimits, ExtensionNumber,
    FallbackAction, LegId, Mailbox, MailboxId, Membership, Queue, QueueId, Role, Tenant, TenantId, Timestamp,
    Trunk, TrunkId,
};
use serde_json::Value;
use store::provisioning::{Edit, Effects, Entry, Object, Section};
use store::statistics::agent::Leg;
use store::statistics::intervals::Intervals;
use store::statistics::queue::{QueueFigures, Stay};
use store::statistics::{AgentInterval, Held, OfAgent};
use store::{
    AgentLogEntry, AuditEntry, Author, CallDisposition, CallFilter, Cursor, KeptLimits, Note, Page, Part,
};
use switch::{Clock, Handle, Recordings};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::prompts::Shelf;
use crate::talks::Tapes;
use crate::trunks::Asker;
use crate::webhooks::Ledger;

pub(crate) const ACME: TenantId = TenantId(1);
pub(crate) const GLOBEX: TenantId = TenantId(2);

/// Tokens that hold from the start.
pub(crate) const ANN: &str = "token-of-ann";
pub(crate) const BOB: &str = "token-of-bob";
pub(crate) const SUE: &str = "token-of-sue";
pub(crate) const ADA: &str = "token-of-ada";
pub(crate) const OWNER: &str = "token-of-owner";
pub(crate) const GUS: &str = "token-of-gus-of-globex";

/// The number that leads to queue 8000.
pub(crate) const NUMBER: &str = "+493012345678";

fn number(text: &str) -> ExtensionNumber {
    ExtensionNumber::parse(text).unwrap()
}

fn agent(id: u64, extension: Option<&str>, name: &str, role: Role) -> Agent {
    let first = name.split(' ').next().unwrap_or_default().to_lowercase();
    Agent {
        id: AgentId(id),
        extension: extension.map(number),
        name: name.into(),
        email: format!("{first}@acme.test"),
        role,
        supervises: None,
        groups: vec!["support".into()],
        skills: BTreeMap::new(),
        status: AgentStatus::Active,
        max_concurrent_calls: 1,
        hours: None,
        personal: model::Personal::default(),
        spoken_name: None,
        call_link: None,
    }
}

/// acme.test: Ann and Bob serve 8000, Bob also 8001; Sue supervises, Eve has no extension.
pub(crate) fn acme() -> Directory {
    let tenant = Tenant::new(ACME, "acme.test");
    let mut directory = Directory::new(tenant);
    let link = Some(CallLink { name: "ann".into(), private: false });
    directory.insert_agent(Agent { call_link: link, ..agent(1, Some("1001"), "Ann Ash", Role::Agent) });
    directory.insert_agent(agent(2, Some("1002"), "Bob Oak", Role::Agent));
    directory.insert_agent(agent(3, Some("1003"), "Sue Elm", Role::Supervisor));
    for (id, box_number) in [(1, "1001"), (2, "1002"), (3, "8000")] {
        directory.insert_mailbox(Mailbox::new(MailboxId(id), number(box_number), box_number));
    }
    directory.insert_agent(agent(4, None, "Eve Fir", Role::Agent));
    for (id, extension, name) in [(1, "8000", "Support"), (2, "8001", "Sales")] {
        let mut queue = Queue::new(QueueId(id), number(extension), name);
        queue.auto_ready = false;
        queue.wait_when_no_agents = true;
        queue.ring_time = 3_600;
        directory.insert_queue(queue);
    }
    for (queue, agent) in [(1, 1), (1, 2), (2, 2), (1, 4)] {
        directory.insert_membership(Membership::new(QueueId(queue), AgentId(agent)));
    }
    let trunk =
        Trunk { id: TrunkId(1), name: "carrier".into(), host: "192.0.2.1".into(), allow_from: Vec::new() };
    directory.trunks.insert(trunk.id, trunk);
    let did = Did::new(NUMBER.into(), FallbackAction::Queue(number("8000")));
    directory.numbers.insert(NUMBER.into(), did);
    directory
}

/// globex.test: one agent with an extension that acme.test has too.
fn globex() -> Directory {
    let tenant = Tenant::new(GLOBEX, "globex.test");
    let mut directory = Directory::new(tenant);
    directory.insert_agent(agent(11, Some("1001"), "Gus Yew", Role::Owner));
    directory
}

/// The storage in memory.
pub(crate) struct Kept {
    pub(crate) tokens: Mutex<BTreeMap<String, Grant>>,
    records: watch::Sender<Vec<(TenantId, Arc<CallRecord>)>>,
    failing: AtomicBool,
    /// Reports that were sent.
    pub(crate) sent: Mutex<Vec<String>>,
    said: Mutex<BTreeMap<(TenantId, CallId), CallDisposition>>,
    /// Changes that it was told of.
    pub(crate) notes: Mutex<Vec<Note>>,
    /// The owner that was set up.
    pub(crate) owner: Mutex<Option<(String, String)>>,
}

/// Takes down what it is told to apply. A file is only its domain's name, or `problems`, or `late`.
#[derive(Default)]
pub(crate) struct Applier {
    pub(crate) orders: Mutex<Vec<Order>>,
    /// What is set for any domain.
    pub(crate) limits: Mutex<DomainLimits>,
    /// What each file would have live calls feel.
    pub(crate) effects: Mutex<Option<(TenantId, Effects)>>,
    /// What is stored and where it is taken over, if there is a real store.
    pub(crate) live: std::sync::OnceLock<(store::Store, Handle)>,
}

impl Provisioner for Applier {
    fn take_over(&self, tenant: TenantId) -> Soon<'_, ()> {
        Box::pin(async move {
            let Some((store, switch)) = self.live.get() else { return Ok(()) };
            switch.directory(Arc::new(store.directory(tenant).await.unwrap())).await.unwrap();
            Ok(())
        })
    }

    fn document<'a>(&'a self, domain: &'a str, form: DocumentForm) -> Soon<'a, Option<String>> {
        Box::pin(async move {
            Ok(Some(match form {
                DocumentForm::Yaml => format!("domain: {domain}\n"),
                DocumentForm::Json => format!("{{\"domain\":\"{domain}\"}}"),
            }))
        })
    }

    fn entries<'a>(&'a self, _domain: &'a str, section: Section) -> Soon<'a, Option<Vec<Entry>>> {
        let queues = ["8000 Support", "8001 Sales", "8002 Service"].map(queue_entry);
        Box::pin(async move { Ok(Some(if section == Section::Queues { queues.into() } else { Vec::new() })) })
    }

    fn entry<'a>(&'a self, _domain: &'a str, object: &'a Object) -> Soon<'a, Option<Entry>> {
        let found = (*object == Object::Queue("8000".into())).then(|| queue_entry("8000 Support"));
        Box::pin(async move { Ok(found) })
    }

    fn limits(&self, _tenant: TenantId) -> Soon<'_, KeptLimits> {
        let own = *self.limits.lock().unwrap();
        Box::pin(async move { Ok(KeptLimits { own, in_force: own.over(&DomainLimits::default()) }) })
    }

    fn limit(&self, _tenant: TenantId, limits: DomainLimits, _by: Author) -> Soon<'_, ()> {
        *self.limits.lock().unwrap() = limits;
        Box::pin(async move { Ok(()) })
    }

    fn provision(&self, order: Order) -> Report<'_> {
        Box::pin(async move {
            self.orders.lock().unwrap().push(order.clone());
            if let Source::Edits { edits, .. } = &order.source
                && let Some(refused) = edits.iter().find_map(refused)
            {
                return Err(refused);
            }
            let at = |line, text: &str| FileProblem { line, text: text.into() };
            let text = match &order.source {
                Source::File(text) => text.as_str(),
                Source::Before { domain } if domain == "globex.test" => {
                    return Err(ProvisionError::NothingBefore("no step back".into()));
                }
                Source::Before { domain } | Source::Edits { domain, .. } => domain.as_str(),
            };
            let problems = match text {
                "problems" => vec![at(12, "unknown field `ring_tme`"), at(0, "no queue")],
                "{}" | "" => vec![at(1, "`domain` is missing")],
                "late" => return Err(ProvisionError::Stale),
                _ => Vec::new(),
            };
            if !problems.is_empty() {
                return Err(ProvisionError::Problems(problems));
            }
            if let Reach::Domain { name, .. } = &order.reach
                && *name != text
            {
                return Err(ProvisionError::TooFar("another domain".into()));
            }
            Ok(Provisioned {
                plan: vec!["+ agent 1001".into()],
                warnings: vec!["no voice yet".into()],
                generated: BTreeMap::from([("1001".into(), "phone-secret".into())]),
                webhook_secrets: BTreeMap::from([("crm".into(), "whsec_made".into())]),
                applied: !order.dry_run,
                forecast: if order.forecast { vec![forecast()] } else { Vec::new() },
                effects: self.effects.lock().unwrap().clone(),
                ..Provisioned::default()
            })
        })
    }
}

fn queue_entry(text: &str) -> Entry {
    let (number, name) = text.split_once(' ').unwrap();
    let value = serde_json::json!({"number": number, "name": name});
    Entry { key: vec![number.into()], value, tag: format!("tag-of-{number}") }
}

/// What is refused: by the queue's number, or because another tag was expected.
fn refused(edit: &Edit) -> Option<ProvisionError> {
    let what = edit.object.to_string();
    if edit.expected.as_deref().is_some_and(|tag| tag != "tag-of-8000") {
        return Some(ProvisionError::Changed(format!("the {what} was changed meanwhile")));
    }
    let fault = |edit, pointer: &str| EditFault { edit, pointer: pointer.into(), text: "mend it".into() };
    match &edit.object {
        Object::Queue(number) if number == "8404" => {
            Some(ProvisionError::Missing(format!("there is no {what}")))
        }
        Object::Queue(number) if number == "8409" => {
            Some(ProvisionError::Exists(format!("there is a {what} already")))
        }
        Object::Queue(number) if number == "8422" => {
            Some(ProvisionError::Faults(vec![fault(Some(0), "/ring_time"), fault(None, "")]))
        }
        _ => None,
    }
}

fn forecast() -> QueueForecast {
    let (recorded, modelled) = (Some(0.5), Some(0.5));
    QueueForecast {
        queue: "8000".into(),
        length: 86_400.0,
        runs: 10,
        offered: Compared::default(),
        service_level: Compared { recorded, modelled, planned: Some(0.75), planned_error: Some(0.01) },
        wait_mean: Compared::default(),
        abandoned: Compared::default(),
        left: Compared::default(),
    }
}

impl Kept {
    fn new() -> Self {
        let kept = Self {
            tokens: Mutex::default(),
            records: watch::Sender::default(),
            failing: AtomicBool::default(),
            said: Mutex::default(),
            owner: Mutex::default(),
            sent: Mutex::default(),
            notes: Mutex::default(),
        };
        kept.grant_all();
        kept
    }

    /// Makes everybody's token good, again if it was ended.
    pub(crate) fn grant_all(&self) {
        for (token, who) in
            [(ANN, "ann"), (BOB, "bob"), (SUE, "sue"), (ADA, "ada"), (OWNER, "owner"), (GUS, "gus")]
        {
            self.grant(token, who, Timestamp(i64::MAX));
        }
    }

    /// Makes `token` good until `expires_at`.
    pub(crate) fn grant(&self, token: &str, who: &str, expires_at: Timestamp) {
        self.grant_to(token, identity(who).unwrap(), expires_at);
    }

    /// Makes `token` good for anybody.
    pub(crate) fn grant_to(&self, token: &str, identity: Identity, expires_at: Timestamp) {
        let grant = Grant { identity, expires_at: Some(expires_at), session: Some(1) };
        self.tokens.lock().unwrap().insert(token.into(), grant);
    }

    /// From now on nothing works, or everything again.
    pub(crate) fn fail(&self, failing: bool) {
        self.failing.store(failing, Ordering::SeqCst);
    }

    /// Waits until so many calls have ended and are kept.
    pub(crate) async fn until_ended(&self, calls: usize) {
        self.records.subscribe().wait_for(|records| records.len() >= calls).await.unwrap();
    }

    pub(crate) fn keep(&self, tenant: TenantId, record: Arc<CallRecord>) {
        self.records.send_modify(|records| records.push((tenant, record)));
    }

    pub(crate) fn check(&self) -> Result<(), StorageError> {
        if self.failing.load(Ordering::SeqCst) {
            Err(StorageError::Failed("disk on fire".into()))
        } else {
            Ok(())
        }
    }
}

/// Somebody of these domains.
pub(crate) fn identity(who: &str) -> Option<Identity> {
    let (tenant, domain, agent, role, name) = match who {
        "ann" => (ACME, "acme.test", Some(1), Role::Agent, "Ann Ash"),
        "bob" => (ACME, "acme.test", Some(2), Role::Agent, "Bob Oak"),
        "sue" => (ACME, "acme.test", Some(3), Role::Supervisor, "Sue Elm"),
        "ada" => (ACME, "acme.test", Some(5), Role::Admin, "Ada Bay"),
        "owner" => (ACME, "acme.test", None, Role::Owner, "Owner"),
        "gus" => (GLOBEX, "globex.test", Some(11), Role::Owner, "Gus Yew"),
        _ => return None,
    };
    let (domain, agent, name) = (domain.into(), agent.map(AgentId), name.into());
    let rights = role.rights();
    Some(Identity {
        tenant,
        domain,
        agent,
        key: None,
        role,
        rights,
        supervises: None,
        name,
        factor_due: false,
    })
}

/// Two changes of one domain; the page after the first begins anywhere.
fn audited(part: Part) -> Page<AuditEntry> {
    let entry = |revision: i64, address: &str, reason: &str| AuditEntry {
        at: Timestamp::from_secs(1_700_000_000 + revision),
        by: Author { name: "Ada Bay".into(), address: address.into(), reason: reason.into() },
        revision: Some(revision),
        changes: vec![format!("~ queue 8000 ring_time {revision} -> 20")],
    };
    let all = [entry(2, "192.0.2.7", "slow phones"), entry(1, "", "")];
    let rest = if part.after.is_some() { &all[1..] } else { &all[..] };
    let limit = usize::try_from(part.limit).unwrap();
    let next = (rest.len() > limit).then_some(Cursor { at: 0, id: 2 });
    Page { items: rest.iter().take(limit).cloned().collect(), next }
}

impl Storage for Kept {
    fn note(&self, note: Note) -> Soon<'_, ()> {
        self.notes.lock().unwrap().push(note);
        Box::pin(async { Ok(()) })
    }

    fn audit(&self, _tenant: TenantId, part: Part, _text: Option<String>) -> Soon<'_, Page<AuditEntry>> {
        Box::pin(async move { Ok(audited(part)) })
    }

    fn call_list<'a>(
        &'a self,
        tenant: TenantId,
        filter: &'a CallFilter,
        part: Part,
    ) -> Soon<'a, Vec<Arc<CallRecord>>> {
        let place = |record: &CallRecord| place_of(record.started_at, record.call);
        let is_behind = |at, after| if part.oldest_first { at > after } else { at < after };
        let said = self.said.lock().unwrap();
        let mut found: Vec<_> = self
            .records
            .borrow()
            .iter()
            .filter(|(of, record)| {
                *of == tenant
                    && filter.fits(record, said.get(&(*of, record.call)).map(|said| said.code.as_str()))
                    && part.after.is_none_or(|after| is_behind(place(record), after))
            })
            .map(|(_, record)| record.clone())
            .collect();
        found.sort_by_key(|record| place(record));
        if !part.oldest_first {
            found.reverse();
        }
        found.truncate(usize::try_from(part.limit).unwrap());
        Box::pin(async move { Ok(found) })
    }

    fn agent_log(
        &self,
        _tenant: TenantId,
        agent: Option<AgentId>,
        part: Part,
    ) -> Soon<'_, Page<AgentLogEntry>> {
        let entry = |agent: u64, state: &str, seconds: i64| AgentLogEntry {
            agent: AgentId(agent),
            queue: QueueId(1),
            state: state.into(),
            reason: (state == "not_ready").then(|| "=lunch".into()),
            actor: format!("agent {agent}"),
            at: Timestamp::from_secs(1_700_000_000 + seconds),
        };
        let mut all = vec![entry(1, "ready", 0), entry(2, "ready", 1), entry(1, "not_ready", 2)];
        all.retain(|entry| agent.is_none_or(|agent| agent == entry.agent));
        if !part.oldest_first {
            all.reverse();
        }
        let seen = part.after.map_or(0, |after| usize::try_from(after.id).unwrap());
        let items: Vec<_> =
            all.iter().skip(seen).take(usize::try_from(part.limit).unwrap()).cloned().collect();
        let next = seen + items.len();
        let next = (next < all.len()).then(|| Cursor { at: 0, id: i64::try_from(next).unwrap() });
        Box::pin(async move { Ok(Page { items, next }) })
    }

    fn queue_figures<'a>(
        &'a self,
        (tenant, queue): (TenantId, QueueId),
        intervals: &'a Intervals,
        threshold_ms: u64,
    ) -> Figures<'a, QueueFigures> {
        let mut figures = vec![QueueFigures::default(); intervals.count()];
        for (_, record) in self.records.borrow().iter().filter(|(of, _)| *of == tenant) {
            for stay in record.queues.iter().filter(|stay| stay.queue == queue) {
                let fact = Stay {
                    outcome: stay.outcome,
                    waited_ms: ms(stay.left_at.since(stay.entered_at)),
                    is_callback: false,
                    in_time: stay.in_time,
                    talked_ms: stay.agent.map(|_| ms(record.ended_at.since(stay.left_at))),
                    held: stay.agent.map(|agent| held(record, agent)).unwrap_or_default(),
                };
                if let Some(index) = intervals.index_of(stay.entered_at) {
                    figures[index].add(&fact, threshold_ms);
                }
            }
        }
        Box::pin(async move { Ok(figures) })
    }

    fn agent_figures<'a>(
        &'a self,
        of: OfAgent,
        intervals: &'a Intervals,
        until: Timestamp,
    ) -> Figures<'a, AgentInterval> {
        let times = store::statistics::agent::times(intervals, &[], until).into_iter();
        let mut found: Vec<_> = times.map(|times| AgentInterval { times, ..Default::default() }).collect();
        for (_, record) in self.records.borrow().iter().filter(|(tenant, _)| *tenant == of.tenant) {
            for leg in record.legs.iter().filter(|leg| leg.agent == Some(of.agent)) {
                let talked =
                    leg.answered_at.zip(leg.ended_at).map(|(answered, ended)| ms(ended.since(answered)));
                let held = held(record, of.agent);
                let fact = Leg { of_queue: leg.queue.is_some(), status: leg.status, talked_ms: talked, held };
                if let Some(index) = intervals.index_of(leg.started_at) {
                    found[index].figures.add(&fact);
                }
            }
        }
        Box::pin(async move { Ok(found) })
    }

    fn call_fetch(&self, tenant: TenantId, call: CallId) -> Soon<'_, Option<Arc<CallRecord>>> {
        let records = self.records.borrow();
        let found = records.iter().find(|(of, record)| *of == tenant && record.call == call);
        let found = found.map(|(_, record)| record.clone());
        Box::pin(async move { Ok(found) })
    }

    fn dispose<'a>(
        &'a self,
        tenant: TenantId,
        (call, _): (CallId, Timestamp),
        said: &'a CallDisposition,
    ) -> Soon<'a, ()> {
        Box::pin(async move {
            self.check()?;
            self.said.lock().unwrap().insert((tenant, call), said.clone());
            Ok(())
        })
    }

    fn dispositions<'a>(
        &'a self,
        tenant: TenantId,
        calls: &'a [CallId],
    ) -> Soon<'a, BTreeMap<CallId, CallDisposition>> {
        let said = self.said.lock().unwrap();
        let found = calls.iter().filter_map(|call| Some((*call, said.get(&(tenant, *call))?.clone())));
        let found = found.collect();
        Box::pin(async move { Ok(found) })
    }
}

/// How long an agent had somebody on hold.
fn held(record: &CallRecord, agent: AgentId) -> Held {
    let hers = record.legs.iter().filter(|leg| leg.agent == Some(agent));
    hers.fold(Held::default(), |held, leg| Held {
        count: held.count + u64::from(leg.holds.count),
        ms: held.ms + leg.holds.micros / 1_000,
    })
}

fn ms(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap()
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    /// The `type` of a problem, or the empty text.
    pub(crate) fn problem(&self) -> &str {
        self.body["type"].as_str().and_then(|text| text.strip_prefix("/problems/")).unwrap_or_default()
    }

    /// Status and body without what differs from run to run.
    pub(crate) fn shown(&self) -> String {
        let mut body = self.body.clone();
        redact("", &mut body);
        let body = if self.body.is_null() { self.text.clone() } else { format!("{body:#}") };
        format!("{} {body}", self.status)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// Replaces moments and durations.
pub(crate) fn redact(key: &str, value: &mut Value) {
    match value {
        Value::String(text) if is_moment(text) => *text = "<moment>".into(),
        Value::String(text) if key == "request_id" => *text = "<id>".into(),
        Value::Number(number) if number.is_f64() => *value = "<seconds>".into(),
        Value::Array(items) => items.iter_mut().for_each(|item| redact(key, item)),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| redact(key, value)),
        _ => {}
    }
}

fn is_moment(text: &str) -> bool {
    text.len() == 24 && text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T')
}

/// A server with two domains.
pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) phones: api::Phones,
    pub(crate) guests: api::Guests,
    /// The manager interface, until it is served.
    pub(crate) ami: Mutex<Option<api::Ami>>,
    pub(crate) switch: Handle,
    pub(crate) kept: Arc<Kept>,
    pub(crate) applier: Arc<Applier>,
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) trunks: Arc<Asker>,
    pub(crate) tapes: Arc<Tapes>,
    /// What a set-up link would end with.
    pub(crate) setup_token: String,
    pub(crate) readiness: Readiness,
    pub(crate) clock: Clock,
    /// Where recordings lie.
    pub(crate) recordings: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(ApiLimits::default()).await
    }

    pub(crate) async fn with(limits: ApiLimits) -> Self {
        Self::made(limits, None, None, None).await
    }

    /// The same people in front of another storage.
    pub(crate) async fn over(storage: Arc<dyn Storage>) -> Self {
        Self::made(ApiLimits::default(), Some(storage), None, None).await
    }

    /// The same people, and somebody else who changes their domain.
    pub(crate) async fn provisioned_by(provisioner: Arc<dyn Provisioner>) -> Self {
        Self::made(ApiLimits::default(), None, Some(provisioner), None).await
    }

    /// The same with a provider to log in by.
    pub(crate) async fn with_sso(storage: Arc<dyn Storage>, sso: Arc<dyn SingleSignOn>) -> Self {
        Self::made(ApiLimits::default(), Some(storage), None, Some(sso)).await
    }

    async fn made(
        limits: ApiLimits,
        storage: Option<Arc<dyn Storage>>,
        provisioner: Option<Arc<dyn Provisioner>>,
        sso: Option<Arc<dyn SingleSignOn>>,
    ) -> Self {
        let switch = switch::null::spawn(Arc::new(acme()));
        switch.directory(Arc::new(globex())).await.unwrap();
        let kept = Arc::new(Kept::new());
        keep_records(&switch, kept.clone()).await;
        let applier = Arc::new(Applier::default());
        let shelf = Arc::new(Shelf::default());
        let ledger = Arc::new(Ledger::default());
        let (trunks, tapes) = (Arc::new(Asker::default()), Arc::new(Tapes::default()));
        let (setup, setup_token) = Setup::start();
        let readiness = Readiness::default();
        let clock = Clock::start();
        let recordings = tempfile::tempdir().unwrap();
        let state = AppState {
            switch: switch.clone(),
            recordings: Recordings::within(recordings.path()),
            storage: storage.unwrap_or_else(|| kept.clone()),
            provisioner: provisioner.unwrap_or_else(|| applier.clone()),
            prompts: shelf.clone(),
            webhooks: ledger.clone(),
            trunks: trunks.clone(),
            talks: tapes.clone(),
            sso,
            phone_socket: Some("/sip"),
            setup,
            clock,
            readiness: readiness.clone(),
            metrics: Arc::new(|| "cordboard_up 1\n".into()),
            version: "0.0.0-test",
            limits,
        };
        let api::Served { router, ami, phones, guests } = api::serve(state);
        Self {
            router,
            phones,
            guests,
            ami: Mutex::new(Some(ami)),
            switch,
            kept,
            applier,
            shelf,
            ledger,
            trunks,
            tapes,
            setup_token,
            readiness,
            clock,
            recordings,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        // Some answers are files.
        let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status.as_u16(), headers: parts.headers, body, text }
    }

    /// Status, type and bytes of a file.
    pub(crate) async fn bytes(&self, request: Request<Body>) -> (u16, String, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let kind = parts.headers.get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        (parts.status.as_u16(), kind.unwrap_or_default(), bytes)
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, token: &str, body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.ask(Method::GET, path, token, "").await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &str) -> Answer {
        self.ask(Method::POST, path, token, body).await
    }

    /// `1001`'s phone registers, she logs in to 8000 and is ready.
    pub(crate) async fn make_ready(&self, extension: &str) {
        self.registered(extension, true);
        for verb in ["login", "ready"] {
            let path = format!("/v1/domains/~/agents/{extension}/{verb}");
            let answer = self.post(&path, SUE, r#"{"queue":"8000"}"#).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    }

    pub(crate) fn registered(&self, extension: &str, registered: bool) {
        let device = if registered { DeviceInput::Reachable } else { DeviceInput::Unreachable };
        self.input(Input::Device(number(extension), device));
    }

    /// A caller arrives on `leg` for the number of queue 8000.
    pub(crate) fn arrives(&self, leg: u64) {
        let arrival = Arrival {
            origin: Origin::Trunk(TrunkId(1)),
            dialed: NUMBER.into(),
            caller: CallerId::new(&format!("+4917000000{leg:02}"), "Carl <script>"),
            max_forwards: 70,
        };
        self.leg(leg, LegInput::Arrived(arrival));
    }

    /// A phone of ours calls a number of the domain.
    pub(crate) fn calls_inside(&self, leg: u64, from: &str, to: &str) {
        let arrival = Arrival {
            origin: Origin::Extension(number(from)),
            dialed: to.into(),
            caller: CallerId::new(from, ""),
            max_forwards: 70,
        };
        self.leg(leg, LegInput::Arrived(arrival));
    }

    pub(crate) fn leg(&self, leg: u64, input: LegInput) {
        self.input(Input::Leg(LegId(leg), input));
    }

    pub(crate) fn input(&self, input: Input) {
        self.switch.input(ACME, input).unwrap();
    }

    /// The leg by which an agent is being rung.
    pub(crate) async fn ringing_leg(&self, extension: &str) -> u64 {
        let calls = self.get("/v1/domains/~/calls", SUE).await.body;
        let legs =
            calls["items"].as_array().unwrap().iter().flat_map(|call| call["legs"].as_array().unwrap());
        let hers = legs.filter(|leg| leg["agent"] == extension && leg["ended_at"].is_null());
        hers.map(|leg| leg["id"].as_str().unwrap().parse().unwrap()).next().expect("nothing rings there")
    }

    /// One call that 1001 answers and ends; its id.
    pub(crate) async fn whole_call(&self, leg: u64) -> String {
        let ended = self.kept.records.borrow().len();
        self.arrives(leg);
        let ringing = self.ringing_leg("1001").await;
        self.leg(ringing, LegInput::Answered);
        self.leg(leg, LegInput::Ended(engine::Cause::Normal));
        self.leg(ringing, LegInput::Ended(engine::Cause::Normal));
        let agent = self.get("/v1/domains/~/agents/1001", SUE).await.body;
        assert_ne!(agent["state"], "queue_call");
        self.kept.until_ended(ended + 1).await;
        let calls = self.get("/v1/domains/~/calls?limit=1", SUE).await.body;
        calls["items"][0]["id"].as_str().unwrap().to_owned()
    }
}

/// What the switch's sink does in a server.
async fn keep_records(switch: &Handle, kept: Arc<Kept>) {
    let mut events = switch.subscribe(ACME, None).await.unwrap().events;
    tokio::spawn(async move {
        while let Some(published) = events.recv().await {
            if let Some(record) = published.record() {
                kept.keep(ACME, record.clone());
            }
        }
    });
}
