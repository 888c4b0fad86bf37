//! Webhooks with real receivers, the real store, the real engine behind a null port, and time by hand.

mod delivery;
mod following;
mod pausing;
mod receiver;

use std::time::Duration;

use engine::{DeviceInput, Input};
use model::{ExtensionNumber, Timestamp};
use outbound::network::Network;
use store::webhook::log::Delivery;
use store::webhook::state::WebhookState;

use super::*;

use self::receiver::{Receiver, Reply, Seen};

/// Longest wait for anything; only a test that fails takes so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// What all webhooks of these tests sign with.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// When all begins.
const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);

/// Time that goes on when a test says so.
#[derive(Clone)]
struct HandTime(Arc<watch::Sender<Timestamp>>);

impl HandTime {
    fn new() -> Self {
        Self(Arc::new(watch::Sender::new(NOON)))
    }

    fn set(&self, now: Timestamp) {
        self.0.send_replace(now);
    }
}

impl Time for HandTime {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    async fn until(&self, at: Timestamp) {
        // Whoever sets the time is gone at the end only.
        let mut time = self.0.subscribe();
        let _gone = time.wait_for(|now| *now >= at).await;
    }
}

/// A domain with ten phones and these webhooks.
struct World {
    _folder: tempfile::TempDir,
    shared: Arc<Shared<HandTime>>,
    tenant: TenantId,
    switch: Handle,
    changes: watch::Sender<u64>,
    hooks: Option<Hooks>,
}

/// Waits until something is so.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = tokio::time::Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} did not happen");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn file(webhooks: &[(&str, &str)]) -> String {
    let mut text = String::from("domain: acme.test\nextensions:\n");
    for number in 1001..=1010 {
        text.push_str(&format!("  - {{number: \"{number}\"}}\n"));
    }
    text.push_str("webhooks:\n");
    for (name, fields) in webhooks {
        text.push_str(&format!("  - {{name: {name}, secret: {SECRET}, {fields}}}\n"));
    }
    text
}

impl World {
    /// With a webhook at each of these addresses; requests go to loopback.
    async fn new(webhooks: &[(&str, &str)]) -> Self {
        Self::allowing(webhooks, vec![Network::parse("127.0.0.0/8").expect("a network")]).await
    }

    async fn allowing(webhooks: &[(&str, &str)], allowed: Vec<Network>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let client = Client::new(allowed).expect("a client");
        let shared = Shared::new(store, client, HandTime::new());
        let tenant = apply(&shared.store, webhooks).await;
        let directory = shared.store.directory(tenant).await.expect("a directory");
        let switch = switch::null::spawn(Arc::new(directory));
        let changes = watch::Sender::new(0);
        let mut world = Self { _folder: folder, shared, tenant, switch, changes, hooks: None };
        world.start().await;
        world
    }

    /// Starts the webhooks, and waits until they follow.
    async fn start(&mut self) {
        self.hooks = Some(Hooks::start(self.shared.clone(), self.switch.clone(), self.changes.subscribe()));
        until("to follow", async || self.shared.store.webhook_cursor(self.tenant).await.expect("a cursor"))
            .await;
    }

    /// Ends them in the middle of whatever they do.
    async fn crash(&mut self) {
        let hooks = self.hooks.take().expect("they run");
        hooks.task.abort();
        let _aborted = hooks.task.await;
        // What the database is writing at this moment is written: the next that writes comes after it.
        self.shared.store.webhook_sweep(NOON).await.expect("written");
    }

    fn live(&self) -> live::LiveWebhooks<HandTime> {
        live::LiveWebhooks::new(self.shared.clone())
    }

    fn phone(&self, number: u32, on: bool) {
        let number = ExtensionNumber::parse(&number.to_string()).expect("a number");
        let device = if on { DeviceInput::Reachable } else { DeviceInput::Unreachable };
        self.switch.input(self.tenant, Input::Device(number, device)).expect("the switch lives");
    }

    async fn state(&self, name: &str) -> WebhookState {
        let all = self.shared.store.webhooks(self.tenant).await.expect("webhooks");
        all.into_iter().find(|state| state.webhook.name == name).expect("a webhook")
    }

    /// The log, oldest first.
    async fn log(&self, name: &str) -> Vec<Delivery> {
        let page = self.shared.store.webhook_log((self.tenant, name), None, store::Part::newest(500)).await;
        let mut items = page.expect("a log").expect("a webhook").items;
        items.reverse();
        items
    }

    fn key(&self, name: &str) -> api::webhooks::WebhookKey {
        api::webhooks::WebhookKey { tenant: self.tenant, name: name.into() }
    }

    async fn seq(&self) -> u64 {
        self.switch.snapshot(self.tenant).await.expect("a snapshot").seq
    }
}

async fn apply(store: &Store, webhooks: &[(&str, &str)]) -> TenantId {
    let wanted = store.read_file(&file(webhooks), &[]).await.expect("a good file");
    let plan = store.plan(wanted).await.expect("a plan");
    store.apply(&plan, NOON).await.expect("applied").tenant
}
