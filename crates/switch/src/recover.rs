//! The way back after an end without a word: the newest snapshot, the inputs after it, and what follows from the
//! fact that phones and callers are not there any more.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::path::PathBuf;

use engine::{Command, Input};
use model::{TenantId, Timestamp};

use crate::journal::{
    self, Begin, Journal, JournalError, Key, Reader, Segment, Snapshot, Torn, first_snapshot, segments,
};
use crate::port::{EventSink, Port};
use crate::replay::{Compare, Replayed, Run};
use crate::run::{Switch, SwitchLimits};
use crate::upgrade;

/// Segments that are gone back at most for records that the database did not take in time.
const BACK_MAX: usize = 16;

/// Where and how a switch keeps its journal.
#[derive(Clone, Debug)]
pub struct JournalPlace {
    /// Its folder; it must be there.
    pub folder: PathBuf,
    /// Its key.
    pub key: Key,
    /// How it is kept.
    pub settings: journal::Settings,
    /// Up to which event of each domain the store has kept what is to be kept.
    pub kept: BTreeMap<TenantId, u64>,
}

/// Commands to legs that died with the process.
struct Nobody;

impl Port for Nobody {
    fn command(&mut self, _tenant: TenantId, _command: Command) {}
}

impl Switch {
    /// A switch that goes on where its journal ends; from the start if there is none. What was decided and not
    /// kept by the store is told to `sink` again. Every leg is over then, every call that lived has ended.
    ///
    /// A journal of another version of the program stops nothing: it is kept aside, and each domain goes on from what
    /// that version handed over.
    ///
    /// `first_id` is for domains that the journal does not know; `wall` is the wall clock's time.
    ///
    /// # Errors
    /// [`JournalError`], in one line that says what to do.
    pub fn recover(
        limits: SwitchLimits,
        first_id: u64,
        mut sink: Box<dyn EventSink>,
        place: JournalPlace,
        wall: Timestamp,
    ) -> Result<Self, JournalError> {
        let found = segments(&place.folder)?;
        let newest = found.last().map_or(0, |last| last.number);
        let mut run = Run::new(limits.clone(), Compare::Hashes);
        let mut handed = match run_again(&mut run, &found, &place, sink.as_mut()) {
            Ok(()) => upgrade::pending(&place)?,
            Err(JournalError::Version { found: version, .. }) => {
                run = Run::new(limits.clone(), Compare::Hashes);
                upgrade::begin_anew(&place, &version, newest, first_id, wall)?
            }
            Err(error) => return Err(error),
        };
        handed.retain(|tenant, _| !run.hosts.contains_key(tenant));
        let until = handed.values().map(|(_, left)| left.at).fold(run.at, Timestamp::max);
        let now = wall.max(until);
        if until.since(wall) > std::time::Duration::from_secs(1) {
            tracing::warn!(
                "the clock was set back while the server was down; its time stands until it is past"
            );
        }
        let hash = run.hash();
        let hosts = std::mem::take(&mut run.hosts);
        say(&run.end(), hosts.len());
        let JournalPlace { folder, key, settings, .. } = place;
        let segment = newest.saturating_add(1);
        let mut journal = Journal::new(Begin { folder, key, settings, segment, hash })?;
        let mut switch = Self::new(limits, first_id, sink);
        switch.resume(hosts, handed, now);
        let hash = journal.checkpoint();
        let snapshot = switch.state(hash, now).map_err(|error| journal.refused(&error, now))?;
        journal.begin_segment(&snapshot, now)?;
        switch.keep_journal(journal);
        for tenant in switch.tenants().collect::<Vec<_>>() {
            switch.input(tenant, Input::Restarted, now, &mut Nobody);
        }
        switch.commit(now);
        Ok(switch)
    }
}

/// Runs what is recorded again, from a snapshot on; `sink` hears what the store has not kept.
fn run_again(
    run: &mut Run,
    found: &[Segment],
    place: &JournalPlace,
    sink: &mut dyn EventSink,
) -> Result<(), JournalError> {
    if found.is_empty() {
        return Ok(());
    }
    let JournalPlace { folder, key, kept, .. } = place;
    let mut reader = Reader::open_at(folder, key.clone(), starting_point(found, key, kept)?)?;
    for record in reader.by_ref() {
        let mut again = |tenant, published: std::sync::Arc<crate::Published>| {
            if published.seq > kept.get(&tenant).copied().unwrap_or(0) {
                sink.replayed(tenant, &published);
            }
        };
        run.take(record?, Some(&mut again))?;
    }
    reader.torn().iter().try_for_each(cut_off)
}

/// The segment to begin with: the newest that has its snapshot, or one before it if the store has not kept all
/// that had happened until then.
fn starting_point(found: &[Segment], key: &Key, kept: &BTreeMap<TenantId, u64>) -> Result<u64, JournalError> {
    let mut first = None;
    let mut gone_back = 0;
    for segment in found.iter().rev() {
        let Some(snapshot) = first_snapshot(segment, key)? else {
            // What a full disk or a power cut left of a segment is passed over; behind a whole one nothing is.
            if first.is_some() {
                break;
            }
            continue;
        };
        first = Some(segment.number);
        gone_back += 1;
        if is_kept(&snapshot, kept) || gone_back > BACK_MAX {
            break;
        }
    }
    first.map_or_else(
        || {
            let path = found.last().map(|last| last.path.clone()).unwrap_or_default();
            Err(JournalError::content(&path, "no segment of the journal has a whole snapshot"))
        },
        Ok,
    )
}

/// Whether the store has kept everything that had happened until a snapshot.
fn is_kept(snapshot: &Snapshot, kept: &BTreeMap<TenantId, u64>) -> bool {
    snapshot.hosts.iter().all(|host| host.kept_seq <= kept.get(&host.tenant).copied().unwrap_or(0))
}

/// Cuts off the piece of a record that a crash left; a segment without a snapshot goes as a whole.
fn cut_off(torn: &Torn) -> Result<(), JournalError> {
    let Torn { path, whole, torn: piece } = torn;
    if torn.is_first() {
        tracing::info!(path = %path.display(), "a segment of the journal was never begun as a whole: removed");
        return std::fs::remove_file(path).map_err(JournalError::io(path));
    }
    tracing::info!(path = %path.display(), whole, piece, "the journal ended in the middle of a record: cut off");
    let file = OpenOptions::new().write(true).open(path).map_err(JournalError::io(path))?;
    file.set_len(*whole).and_then(|()| file.sync_all()).map_err(JournalError::io(path))
}

fn say(found: &Replayed, domains: usize) {
    if found.inputs > 0 || domains > 0 {
        let Replayed { inputs, closed, gaps, .. } = found;
        tracing::info!(domains, inputs, closed, gaps, "recovered from the journal");
    }
    if let Some(difference) = &found.difference {
        tracing::warn!(
            segment = difference.segment,
            inputs = difference.recorded.inputs,
            "the journal's inputs did not lead to what they had led to before: was the program changed?"
        );
    }
}
