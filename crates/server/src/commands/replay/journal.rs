//! Reading a journal: once for its hashes, once for what happened in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use engine::{Engine, Outbox};
use forecast::day::{Day, Recorder};
use model::{TenantId, Timestamp};
use switch::journal::{Domain, Entry, Given, HostState, Key, Reader, Snapshot, segments};
use switch::{Replayed, SwitchLimits};

/// The journal's folder in a data directory.
const FOLDER: &str = "journal";

/// Where a journal lies, and its key.
pub(in crate::commands) struct Place {
    folder: PathBuf,
    key: Key,
}

/// Finds a journal by its data directory, or by its folder in that.
pub(in crate::commands) fn place(given: &Path) -> Result<Place> {
    let below = given.join(FOLDER);
    let (data, folder) =
        if below.is_dir() { (given.to_owned(), below) } else { (given.join(".."), given.to_owned()) };
    if segments(&folder).ok().is_none_or(|found| found.is_empty()) {
        bail!("{} has no journal; name a data directory, or the folder `journal` in one", given.display());
    }
    let key = store::secret::journal_key(&data).context("the journal's key cannot be read")?;
    Ok(Place { folder, key: Key::new(key) })
}

impl Place {
    fn reader(&self) -> Result<Reader> {
        Ok(Reader::open(&self.folder, self.key.clone())?)
    }
}

/// Runs the whole journal again and compares its hashes.
pub(in crate::commands) fn again(place: &Place) -> Result<Replayed> {
    Ok(switch::replay(place.reader()?, &SwitchLimits::default())?)
}

/// What happened in one domain; without one of that name in the only one.
pub(in crate::commands) fn day(place: &Place, domain: &str) -> Result<Day> {
    let mut hosts = Hosts::default();
    for record in place.reader()? {
        match record?.entry {
            Entry::Snapshot(snapshot) => hosts.snapshot(&snapshot)?,
            Entry::Domain(domain) => hosts.begin(&domain),
            Entry::Input(given) => hosts.input(given),
            Entry::Checkpoint(_) | Entry::Closed(_) => {}
        }
    }
    hosts.take(domain)
}

/// The engines of a journal, each with who listens to it.
#[derive(Default)]
struct Hosts {
    engines: BTreeMap<TenantId, (Engine, Recorder)>,
    out: Outbox,
    /// How many inputs were run since the begin, by the snapshots' count.
    inputs: Option<u64>,
}

impl Hosts {
    /// At the begin, or after a stretch that was not recorded, the engines are those of the snapshot.
    fn snapshot(&mut self, snapshot: &Snapshot) -> Result<()> {
        if self.inputs == Some(snapshot.hash.inputs) {
            return Ok(());
        }
        self.inputs = Some(snapshot.hash.inputs);
        for state in &snapshot.hosts {
            self.load(state, snapshot.at)?;
        }
        Ok(())
    }

    fn load(&mut self, state: &HostState, at: Timestamp) -> Result<()> {
        let limits = SwitchLimits::default().engine;
        let engine = Engine::load(&state.engine, limits).context("a snapshot cannot be understood")?;
        match self.engines.get_mut(&state.tenant) {
            Some((old, recorder)) => {
                recorder.look(&engine, at);
                *old = engine;
            }
            None => {
                let recorder = Recorder::new(&engine, at);
                self.engines.insert(state.tenant, (engine, recorder));
            }
        }
        Ok(())
    }

    fn begin(&mut self, domain: &Domain) {
        let limits = SwitchLimits::default().engine;
        let engine = Engine::new(domain.directory.clone(), limits, domain.first, domain.at);
        let recorder = Recorder::new(&engine, domain.at);
        self.engines.insert(domain.directory.tenant.id, (engine, recorder));
    }

    fn input(&mut self, given: Given) {
        self.inputs = self.inputs.map(|inputs| inputs + 1);
        let Some((engine, recorder)) = self.engines.get_mut(&given.tenant) else { return };
        self.out.clear();
        engine.handle(given.input, given.at, &mut self.out);
        recorder.step(engine, given.at, &self.out);
    }

    fn take(self, domain: &str) -> Result<Day> {
        let name = |engine: &Engine| engine.directory().tenant.name.clone();
        let names: Vec<String> = self.engines.values().map(|(engine, _)| name(engine)).collect();
        let only = names.len() == 1;
        let found =
            self.engines.into_values().find(|(engine, _)| only || name(engine).eq_ignore_ascii_case(domain));
        let known = names.join(", ");
        let (_, recorder) =
            found.with_context(|| format!("the journal has no domain {domain}; it has {known}"))?;
        Ok(recorder.end())
    }
}
