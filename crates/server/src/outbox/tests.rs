//! The outbox with carriers that fail as a test wants.

use std::sync::Mutex;

use model::{MailboxId, RecordId, TenantId};
use store::{NewErrand, RecordWriter};
use tokio::sync::mpsc;

use super::*;

/// What a carrier is to answer, in turn; then it does everything.
struct Scripted {
    answers: Mutex<Vec<Outcome>>,
    carried: mpsc::Sender<(u64, u32)>,
}

impl Carrier for Scripted {
    const ERRAND: Errand = Errand::Email;
    const FIGURE: &'static str = "cordboard_mails_total";
    const CALLED: &'static str = "mail";

    async fn carry(&self, row: OutboxRow) -> Outcome {
        let answer = {
            let mut answers = self.answers.lock().unwrap();
            if answers.is_empty() { Outcome::Done } else { answers.remove(0) }
        };
        self.carried.send((row.record.0, row.tries)).await.expect("the test listens");
        answer
    }
}

const PACE: Pace = Pace {
    first: Duration::from_millis(20),
    pause_max: Duration::from_millis(80),
    hold_max: Duration::from_millis(40),
    give_up: Duration::from_secs(3_600),
    at_once: 2,
};

struct World {
    _folder: tempfile::TempDir,
    store: Store,
    records: RecordWriter,
    tenant: TenantId,
    clock: Clock,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let wanted = store.read_file("domain: acme.test\n", &[]).await.expect("a good file");
        let plan = store.plan(wanted).await.expect("a plan");
        let clock = Clock::start();
        let tenant =
            store.apply_by(&plan, clock.now(), &store::Author::named("test")).await.expect("applied").tenant;
        let records = RecordWriter::start(store.clone());
        Self { _folder: folder, store, records, tenant, clock }
    }

    fn push(&self, record: u64) {
        let now = self.clock.now();
        let (mailbox, record, errand) = (MailboxId(1), RecordId(record), Errand::Email);
        let new = NewErrand { errand, mailbox, record, made_at: now, due_at: now };
        self.records.push_errand(self.tenant, record.0, new);
    }

    fn start(&self, answers: Vec<Outcome>, pace: Pace) -> (Outbox, mpsc::Receiver<(u64, u32)>) {
        let (carried, heard) = mpsc::channel(100);
        let carrier = Scripted { answers: Mutex::new(answers), carried };
        (Outbox::start(carrier, self.store.clone(), self.records.errands(), pace), heard)
    }

    async fn until_empty(&self) {
        while self.store.outbox_count(Errand::Email).await.expect("a count") > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn failed(all: bool) -> Outcome {
    Outcome::Failed { what: "no".into(), all }
}

#[tokio::test]
async fn what_fails_is_tried_again_with_pauses_and_then_gone() {
    let world = World::new().await;
    let (outbox, mut heard) = world.start(vec![failed(false), Outcome::Busy, failed(true)], PACE);
    world.push(7);
    let mut tries = Vec::new();
    for _ in 0..4 {
        tries.push(heard.recv().await.unwrap());
    }
    assert_eq!(tries, [(7, 0), (7, 1), (7, 1), (7, 2)], "a busy switch is no try");
    world.until_empty().await;
    outbox.stop().await;
}

#[tokio::test]
async fn what_was_not_done_is_done_after_a_restart_and_once() {
    let world = World::new().await;
    world.push(7);
    world.push(7);
    world.push(8);
    world.records.flush().await;
    assert_eq!(world.store.outbox_count(Errand::Email).await.unwrap(), 2, "a replayed event adds nothing");
    let (outbox, mut heard) = world.start(vec![failed(false), failed(false)], PACE);
    let mut first = [heard.recv().await.unwrap(), heard.recv().await.unwrap()];
    first.sort_unstable();
    assert_eq!(first, [(7, 0), (8, 0)]);
    outbox.stop().await;
    let (outbox, mut heard) = world.start(Vec::new(), PACE);
    let mut second = [heard.recv().await.unwrap(), heard.recv().await.unwrap()];
    second.sort_unstable();
    assert_eq!(second, [(7, 1), (8, 1)]);
    world.until_empty().await;
    outbox.stop().await;
}

#[tokio::test]
async fn what_is_too_old_or_hopeless_is_given_up() {
    let world = World::new().await;
    let pace = Pace { give_up: Duration::ZERO, ..PACE };
    let (outbox, mut heard) = world.start(vec![Outcome::Hopeless("never".into()), failed(true)], pace);
    world.push(7);
    assert_eq!(heard.recv().await, Some((7, 0)));
    world.push(8);
    assert_eq!(heard.recv().await, Some((8, 0)));
    world.until_empty().await;
    outbox.stop().await;
    assert!(heard.try_recv().is_err(), "nothing is tried twice");
}

#[tokio::test]
async fn while_the_other_side_is_away_one_at_a_time_tries_it() {
    let world = World::new().await;
    for record in 0..20 {
        world.push(record);
    }
    world.records.flush().await;
    let started = std::time::Instant::now();
    let (outbox, mut heard) = world.start(vec![failed(true); 6], PACE);
    for _ in 0..6 {
        heard.recv().await.unwrap();
    }
    // Two went at once; then there is a pause of 20 or 40 ms before each, whichever errand it is.
    assert!(started.elapsed() >= Duration::from_millis(100), "they did not wait for one another");
    let mut done = 0;
    while done < 20 {
        heard.recv().await.unwrap();
        done += 1;
    }
    world.until_empty().await;
    outbox.stop().await;
}
