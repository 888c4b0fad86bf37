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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use engine::{Actor, AgentAction, Arrival, Cause, Command, DeviceInput, Input, LegCommand, LegInput};
    use engine::{Origin, Request, Scope};
    use forecast::day::PastEnd;
    use model::{AgentId, CallerId, LegId, RequestId};
    use switch::{JournalPlace, NoSink, Port, Switch};

    use super::*;

    const FILE: &str = "domain: tiny.test\ngroups: [all]\nagents:\n  - {extension: \"100\", name: Ann Ash, \
        sip_password: change-me, groups: [all]}\nqueues:\n  - {number: \"800\", name: Front desk, \
        members: [{agent: \"100\"}]}\nnumbers:\n  - {number: \"+4930\", open: {queue: \"800\"}}\ntrunks:\n  \
        - {name: carrier, host: sip.carrier.example, allow_from: [192.0.2.0/24]}\n";

    /// Remembers which legs were dialed and which were told to end.
    #[derive(Default)]
    struct Legs(Vec<(LegId, bool)>);

    impl Port for Legs {
        fn command(&mut self, _tenant: TenantId, command: Command) {
            if let Command::Leg(leg, command) = command {
                let dialed = matches!(command, LegCommand::Dial { .. });
                if dialed || matches!(command, LegCommand::End(_)) {
                    self.0.push((leg, dialed));
                }
            }
        }
    }

    #[tokio::test]
    async fn what_was_written_is_run_again_and_read_as_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::Store::open(folder.path()).await.unwrap();
        let directory = Arc::new(store::provisioning::parse(FILE, &[]).unwrap().directory());
        let tenant = directory.tenant.id;
        let journal = JournalPlace {
            folder: folder.path().join(FOLDER),
            key: Key::new(store.journal_key()),
            settings: switch::journal::Settings::default(),
            kept: BTreeMap::new(),
        };
        let (limits, at) = (SwitchLimits::default(), Timestamp::from_secs);
        let mut switch = Switch::recover(limits, 1, Box::new(NoSink), journal, at(0)).unwrap();
        let mut legs = Legs::default();
        switch.configure(directory.clone(), at(0), &mut legs);
        let extension = model::ExtensionNumber::parse("100").unwrap();
        switch.input(tenant, Input::Device(extension, DeviceInput::Reachable), at(1), &mut legs);
        for action in [AgentAction::Login, AgentAction::Ready] {
            let asked = Request::Agent { agent: AgentId(1), scope: Scope::All, action };
            switch.input(tenant, Input::Request(RequestId(1), Actor::System, asked), at(2), &mut legs);
        }
        let arrival = Arrival {
            origin: Origin::Trunk(model::TrunkId(1)),
            dialed: "+4930".into(),
            caller: CallerId::new("+49301234567", ""),
            max_forwards: 70,
        };
        let leg = |leg, input| Input::Leg(leg, input);
        switch.input(tenant, leg(LegId(2), LegInput::Arrived(arrival)), at(10), &mut legs);
        let agents = legs.0.iter().find(|(_, dialed)| *dialed).unwrap().0;
        switch.input(tenant, leg(agents, LegInput::Answered), at(14), &mut legs);
        switch.input(tenant, leg(LegId(2), LegInput::Ended(Cause::Normal)), at(60), &mut legs);
        switch.input(tenant, leg(agents, LegInput::Ended(Cause::Normal)), at(60), &mut legs);
        switch.commit(at(60));
        switch.close(at(61)).unwrap();

        for given in [folder.path().to_owned(), folder.path().join(FOLDER)] {
            let place = place(&given).unwrap();
            let replayed = again(&place).unwrap();
            assert!(replayed.difference.is_none() && replayed.compared > 0 && replayed.closed);
            let day = day(&place, "tiny.test").unwrap();
            let call = &day.calls[0];
            assert_eq!((day.calls.len(), call.at, call.waited), (1, at(10), 4_000_000));
            let PastEnd::Answered { talk, ring, .. } = &call.end else { panic!("{:?}", call.end) };
            assert_eq!((*ring, *talk), (4_000_000, 46_000_000));
        }
        assert!(place(&folder.path().join("prompts")).is_err());
    }
}
