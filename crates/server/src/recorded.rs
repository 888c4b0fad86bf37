//! What the journal has recorded: run again for its hashes, or read as a day.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use engine::{Engine, Outbox};
use forecast::day::{Day, Recorder};
use model::{TenantId, Timestamp};
use switch::journal::{Domain, Entry, Given, HostState, Key, Last, Reader, Snapshot, segments};
use switch::{Replayed, SwitchLimits};

/// The journal's folder in a data directory.
pub(crate) const FOLDER: &str = "journal";
/// Records after which it is asked whether there is time for more.
const ASKED_EVERY: u64 = 256;

/// Where a journal lies, and its key.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    folder: PathBuf,
    key: Key,
}

/// Finds a journal by its data directory, or by its folder in that.
pub(crate) fn place(given: &Path) -> Result<Place> {
    let below = given.join(FOLDER);
    let (data, folder) =
        if below.is_dir() { (given.to_owned(), below) } else { (given.join(".."), given.to_owned()) };
    if segments(&folder).ok().is_none_or(|found| found.is_empty()) {
        bail!("{} has no journal; name a data directory, or the folder `journal` in one", given.display());
    }
    let key = store::secret::journal_key(&data).context("the journal's key cannot be read")?;
    Ok(Place::new(folder, key))
}

impl Place {
    /// A journal in this folder, whether there is one yet or not.
    pub(crate) fn new(folder: PathBuf, key: [u8; 32]) -> Self {
        Self { folder, key: Key::new(key) }
    }

    fn reader(&self) -> Result<Reader> {
        Ok(Reader::open(&self.folder, self.key.clone())?)
    }
}

/// Runs the whole journal again and compares its hashes.
pub(crate) fn again(place: &Place) -> Result<Replayed> {
    Ok(switch::replay(place.reader()?, &SwitchLimits::default())?)
}

/// What happened in one domain; without one of that name in the only one.
pub(crate) fn day(place: &Place, domain: &str) -> Result<Day> {
    let mut hosts = Hosts::default();
    for record in place.reader()? {
        hosts.take(record?.entry)?;
    }
    let names: Vec<String> = hosts.engines.values().map(|(engine, _)| name(engine).to_owned()).collect();
    let only = names.len() == 1;
    let mut all = hosts.engines.into_values();
    let found = all.find(|(engine, _)| only || name(engine).eq_ignore_ascii_case(domain));
    let (_, recorder) =
        found.with_context(|| format!("the journal has no domain {domain}; it has {}", names.join(", ")))?;
    Ok(recorder.context("nothing was recorded")?.end())
}

/// What the last `length` was in one domain, as far as it fits into `bytes_max`; a switch may go on writing
/// meanwhile. None if nothing was recorded, or `go_on` said that it takes too long.
pub(crate) fn last(
    place: &Place,
    tenant: TenantId,
    length: Duration,
    bytes_max: u64,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Option<Day>> {
    let Some(Last { reader, from, .. }) =
        Reader::open_last(&place.folder, place.key.clone(), length, bytes_max)?
    else {
        return Ok(None);
    };
    let mut hosts = Hosts { only: Some(tenant), from, ..Hosts::default() };
    for (record, count) in reader.zip(0_u64..) {
        if count % ASKED_EVERY == 0 && !go_on() {
            return Ok(None);
        }
        hosts.take(record?.entry)?;
    }
    Ok(hosts.engines.remove(&tenant).and_then(|(_, recorder)| Some(recorder?.end())))
}

fn name(engine: &Engine) -> &str {
    &engine.directory().tenant.name
}

/// The engines of a journal, each with who listens to it.
struct Hosts {
    /// Only this domain's.
    only: Option<TenantId>,
    /// What happened before is run and not kept.
    from: Timestamp,
    engines: BTreeMap<TenantId, (Engine, Option<Recorder>)>,
    out: Outbox,
    /// How many inputs were run since the begin, by the snapshots' count.
    inputs: Option<u64>,
}

impl Default for Hosts {
    fn default() -> Self {
        let (only, from, inputs) = (None, Timestamp(i64::MIN), None);
        Self { only, from, engines: BTreeMap::new(), out: Outbox::default(), inputs }
    }
}

impl Hosts {
    fn take(&mut self, entry: Entry) -> Result<()> {
        match entry {
            Entry::Snapshot(snapshot) => self.snapshot(&snapshot)?,
            Entry::Domain(domain) => self.begin(&domain),
            Entry::Input(given) => self.input(given),
            Entry::Checkpoint(_) | Entry::Closed(_) => {}
        }
        Ok(())
    }

    fn is_looked_at(&self, tenant: TenantId) -> bool {
        self.only.is_none_or(|only| only == tenant)
    }

    /// At the begin, or after a stretch that was not recorded, the engines are those of the snapshot.
    fn snapshot(&mut self, snapshot: &Snapshot) -> Result<()> {
        if self.inputs == Some(snapshot.hash.inputs) {
            return Ok(());
        }
        self.inputs = Some(snapshot.hash.inputs);
        let states = snapshot.hosts.iter().filter(|state| self.is_looked_at(state.tenant));
        for state in states.collect::<Vec<_>>() {
            self.load(state, snapshot.at)?;
        }
        Ok(())
    }

    fn load(&mut self, state: &HostState, at: Timestamp) -> Result<()> {
        let limits = SwitchLimits::default().engine;
        let engine = Engine::load(&state.engine, limits).context("a snapshot cannot be understood")?;
        match self.engines.get_mut(&state.tenant) {
            Some((old, recorder)) => {
                if let Some(recorder) = recorder {
                    recorder.look(&engine, at);
                }
                *old = engine;
            }
            None => self.listen(engine, at),
        }
        Ok(())
    }

    fn begin(&mut self, domain: &Domain) {
        if self.is_looked_at(domain.directory.tenant.id) {
            let limits = SwitchLimits::default().engine;
            self.listen(Engine::new(domain.directory.clone(), limits, domain.first, domain.at), domain.at);
        }
    }

    fn listen(&mut self, engine: Engine, at: Timestamp) {
        let recorder = (at >= self.from).then(|| Recorder::new(&engine, at));
        self.engines.insert(engine.directory().tenant.id, (engine, recorder));
    }

    fn input(&mut self, given: Given) {
        self.inputs = self.inputs.map(|inputs| inputs + 1);
        let Some((engine, recorder)) = self.engines.get_mut(&given.tenant) else { return };
        if recorder.is_none() && given.at >= self.from {
            *recorder = Some(Recorder::new(engine, self.from));
        }
        self.out.clear();
        engine.handle(given.input, given.at, &mut self.out);
        if let Some(recorder) = recorder {
            recorder.step(engine, given.at, &self.out);
        }
    }
}

#[cfg(test)]
pub(crate) mod written;

#[cfg(test)]
mod tests {
    use forecast::day::PastEnd;

    use super::written::Office;
    use super::*;

    #[tokio::test]
    async fn what_was_written_is_run_again_and_read_as_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let mut office = Office::open(folder.path()).await;
        office.calls(1, 60);
        office.switch.close(Timestamp::from_secs(100)).unwrap();

        for given in [folder.path().to_owned(), folder.path().join(FOLDER)] {
            let place = place(&given).unwrap();
            let replayed = again(&place).unwrap();
            assert!(replayed.difference.is_none() && replayed.compared > 0 && replayed.closed);
            let day = day(&place, "tiny.test").unwrap();
            let call = &day.calls[0];
            let at = Timestamp::from_secs(10);
            assert_eq!((day.calls.len(), call.at, call.waited), (1, at, 4_000_000));
            let PastEnd::Answered { talk, ring, .. } = &call.end else { panic!("{:?}", call.end) };
            assert_eq!((*ring, *talk), (4_000_000, 46_000_000));
        }
        assert!(place(&folder.path().join("prompts")).is_err());
    }

    #[tokio::test]
    async fn the_last_hours_are_read_while_the_switch_writes_and_others_domains_and_hours_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut office = Office::open(folder.path()).await;
        office.calls(10, 600);
        let place = office.place();
        let last = |tenant, seconds, go_on: &mut dyn FnMut() -> bool| {
            last(&place, tenant, Duration::from_secs(seconds), u64::MAX, go_on).unwrap()
        };
        let arrivals = |day: Option<Day>| -> Vec<i64> {
            day.unwrap().calls.iter().map(|call| call.at.0 / 1_000_000).collect()
        };
        let tenant = office.tenant;
        let all: Vec<i64> = (0..10).map(|call| 10 + 600 * call).collect();
        assert_eq!(arrivals(last(tenant, 86_400, &mut || true)), all);
        assert_eq!(arrivals(last(tenant, 1_300, &mut || true)), [4_210, 4_810, 5_410]);
        assert!(last(TenantId(999), 86_400, &mut || true).is_none());
        assert!(last(tenant, 86_400, &mut || false).is_none(), "no time");
        // A piece of a record is what a reader may find at the end while the writer is at it.
        office.append(&[7; 40]);
        assert_eq!(arrivals(last(tenant, 86_400, &mut || true)), all);
    }
}
