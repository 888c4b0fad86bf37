//! One subscription of a domain, told on to all who follow it here.
//!
//! The switch decides about calls on one thread. However many sockets are open, it tells one listener of a domain;
//! to tell a thousand is done over here. Whoever falls behind by more than is kept starts over by itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::TenantId;
use switch::{AskError, CaughtUp, Published, Snapshot};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Mutex, broadcast};
use tokio::time::{Instant, sleep_until};

use super::feed::End;
use crate::state::App;

/// Where much happens, what happens within this time goes on together: a thousand are woken once for all of it. Where
/// little does, nothing waits.
const PACE: Duration = Duration::from_millis(5);
/// Most events that go on together.
const BATCH_MAX: usize = 64;

/// How often the switch is asked again when it is busy, and how long between.
const ASK_TRIES: u32 = 20;
const ASK_PAUSE: Duration = Duration::from_millis(100);

/// Events that go on together.
type Batch = Arc<[Arc<Published>]>;
type Sender = broadcast::Sender<Batch>;

/// The domains that somebody follows.
pub(crate) struct Relays {
    of: Mutex<BTreeMap<TenantId, Sender>>,
    behind_max: usize,
}

/// A stream of events, and where it starts.
pub(crate) struct Following {
    /// Everything as it stands, unless the events from `since` on could be had.
    pub(crate) snapshot: Option<Snapshot>,
    /// Events after `since`, if they were still kept.
    pub(crate) missed: Vec<Arc<Published>>,
    /// What comes.
    pub(crate) events: Listener,
}

/// What comes, each event once and without gaps.
pub(crate) struct Listener {
    batches: broadcast::Receiver<Batch>,
    /// The batch at hand, and which of it comes next.
    batch: Batch,
    next: usize,
    last: u64,
}

impl Listener {
    /// The next event; none if it was too slow for them, or the domain is told no more: start over. To drop this
    /// before it is done loses none.
    pub(crate) async fn recv(&mut self) -> Option<Arc<Published>> {
        loop {
            while let Some(published) = self.batch.get(self.next) {
                if published.seq > self.last + 1 {
                    // Nobody goes on over a gap, however often she asks.
                    return None;
                }
                self.next += 1;
                // Else it was in the snapshot, or among those that were missed.
                if published.seq > self.last {
                    self.last = published.seq;
                    return Some(published.clone());
                }
            }
            match self.batches.recv().await {
                Ok(batch) => (self.batch, self.next) = (batch, 0),
                Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
            }
        }
    }
}

impl Relays {
    /// Each follower may be `behind_max` batches of events behind.
    pub(crate) fn new(behind_max: usize) -> Self {
        Self { of: Mutex::default(), behind_max }
    }

    /// What comes from now on, in a domain. One who comes first begins it, and others wait for that.
    async fn listen(&self, app: &App, tenant: TenantId) -> Result<broadcast::Receiver<Batch>, AskError> {
        let mut of = self.of.lock().await;
        if let Some(sender) = of.get(&tenant) {
            return Ok(sender.subscribe());
        }
        let events = app.switch.whole().subscribe(tenant, None).await?.events;
        let (sender, receiver) = broadcast::channel(self.behind_max);
        of.insert(tenant, sender.clone());
        tokio::spawn(tell(app.clone(), tenant, events, sender));
        Ok(receiver)
    }

    /// Forgets a domain that nobody follows; says whether it did.
    async fn leave(&self, tenant: TenantId, sender: &Sender) -> bool {
        let mut of = self.of.lock().await;
        // Under the lock: nobody can come in between.
        let is_alone = sender.receiver_count() == 0;
        if is_alone {
            of.remove(&tenant);
        }
        is_alone
    }
}

/// Tells on what the switch tells, until nobody is left to hear it or the switch tells no more. In the second case
/// its followers find the stream closed, ask where they are, and one of them begins the next.
async fn tell(
    app: App,
    tenant: TenantId,
    mut events: tokio::sync::mpsc::Receiver<Arc<Published>>,
    sender: Sender,
) {
    let (mut batch, mut due) = (Vec::new(), Instant::now());
    while events.recv_many(&mut batch, BATCH_MAX).await > 0 {
        if due > Instant::now() {
            sleep_until(due).await;
            while batch.len() < BATCH_MAX
                && let Ok(published) = events.try_recv()
            {
                batch.push(published);
            }
        }
        due = Instant::now() + PACE;
        if sender.send(batch.drain(..).collect()).is_err() && app.relays.leave(tenant, &sender).await {
            return;
        }
    }
    app.relays.of.lock().await.remove(&tenant);
}

/// Everything live in a domain, from now on or from after `since`.
pub(crate) async fn follow(app: &App, tenant: TenantId, since: Option<u64>) -> Result<Following, End> {
    for _ in 0..ASK_TRIES {
        match begin(app, tenant, since).await {
            Ok(following) => return Ok(following),
            Err(AskError::Busy) => tokio::time::sleep(ASK_PAUSE).await,
            Err(AskError::Stopped) => return Err(End::Stopping),
            Err(AskError::UnknownDomain) => return Err(End::Domain),
        }
    }
    Err(End::Busy)
}

async fn begin(app: &App, tenant: TenantId, since: Option<u64>) -> Result<Following, AskError> {
    // First the stream, then where it starts: what happens in between comes in both, and is told once.
    let batches = app.relays.listen(app, tenant).await?;
    let CaughtUp { snapshot, missed } = app.switch.whole().catch_up(tenant, since).await?;
    let known = snapshot.as_ref().map(|snapshot| snapshot.seq);
    let last = known.or(missed.last().map(|published| published.seq)).or(since).unwrap_or_default();
    let events = Listener { batches, batch: Arc::from([]), next: 0, last };
    Ok(Following { snapshot, missed, events })
}
