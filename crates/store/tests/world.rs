//! A world of its own for each test.

use model::{TenantId, Timestamp};
use store::provisioning::parse;
use store::{Applied, Plan, Store, Wanted};
use tempfile::TempDir;

/// The prompts that the tests' files name.
pub(crate) const PROMPTS: [&str; 6] =
    ["goodbye", "leave-a-message", "music", "no-agents", "queue-full", "please-wait"];

/// The time of all that happens.
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

/// A data directory with an open store in it.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) directory: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        Self { store, directory }
    }

    /// Closes the store and opens it again, as after a restart.
    pub(crate) async fn reopen(self) -> Self {
        let Self { store, directory } = self;
        store.close().await;
        drop(store);
        let store = Store::open(directory.path()).await.unwrap();
        Self { store, directory }
    }

    pub(crate) async fn plan(&self, text: &str) -> Plan {
        self.store.plan(wanted(text)).await.unwrap()
    }

    /// Applies a file. Whatever it was, the domain's document says the same.
    pub(crate) async fn apply(&self, text: &str) -> Applied {
        let plan = self.plan(text).await;
        let applied = self.store.apply(&plan, NOW).await.unwrap();
        self.document_says_what_is_there(plan.domain()).await;
        applied
    }

    /// The law of a domain's document: read again, as YAML or as JSON, it plans to no change.
    pub(crate) async fn document_says_what_is_there(&self, domain: &str) {
        self.document_says(domain, &PROMPTS).await;
    }

    /// The same, where the document may name these prompts.
    pub(crate) async fn document_says(&self, domain: &str, prompts: &[&str]) {
        let document = self.store.document(domain).await.unwrap().unwrap();
        for text in [document.to_yaml().unwrap(), document.to_json().unwrap()] {
            let wanted = self.store.read_file(&text, prompts).await;
            let wanted = wanted.unwrap_or_else(|error| panic!("{error}\n{text}"));
            let again = self.store.plan(wanted).await.unwrap();
            assert_eq!(again.to_string(), "no changes", "{text}");
        }
    }

    /// The lines of a plan.
    pub(crate) async fn lines(&self, text: &str) -> Vec<String> {
        self.plan(text).await.lines().to_vec()
    }

    pub(crate) async fn tenant(&self, name: &str) -> TenantId {
        let domains = self.store.domains().await.unwrap();
        domains.into_iter().find(|domain| domain.name == name).unwrap().id
    }
}

pub(crate) fn wanted(text: &str) -> Wanted {
    parse(text, &PROMPTS).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The example of the contract.
pub(crate) const CONTRACT: &str = r#"domain: acme.test
timezone: Europe/Berlin
groups: [support, sales]
agents:
  - extension: "1001"
    name: Ann Ash
    email: ann@acme.test
    password: desk-password
    sip_password: phone-secret
    role: agent
    groups: [support]
    skills: {english: 5, billing: 2}
extensions:
  - {number: "1090", sip_password: spare-secret}
queues:
  - number: "8000"
    name: Support
    strategy: longest_idle
    auto_ready: false
    ring_time: 15
    wrap_up_time: 5
    max_waiting_time: 300
    on_no_answer: {hangup: {message: goodbye}}
    members:
      - {agent: "1001", order: 1, skill_level: 1, queue_priority: 1}
flows:
  - number: "7000"
    name: Reach an agent
    kind: agent_extension
    ring_timeout: 20
    max_repeats: 3
    on_unavailable: {queue: "8000"}
    on_no_answer: {voicemail: {message: leave-a-message}}
    on_busy: {queue: "8000"}
    on_repeats_exhausted: {hangup: {message: goodbye}}
    on_star: {queue: "8000"}
numbers:
  - number: "+493012345678"
    open: {flow: "7000"}
trunks:
  - name: carrier
    host: 127.0.0.1:5080
    allow_from: [127.0.0.1/32]
"#;
