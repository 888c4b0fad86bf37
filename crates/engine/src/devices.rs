//! Devices: which extensions have a phone, and which agents can be rung for it.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeMap, BTreeSet};

use acd::AcdInput;
use model::{AgentId, Directory, ExtensionNumber};

use crate::engine::Engine;
use crate::event::EventKind;
use crate::input::DeviceInput;
use crate::reach;
use crate::step::Step;

/// Which extensions have at least one registered device.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Devices {
    /// Whatever the directory says of them: a phone may register a moment before its extension is known here.
    registered: BTreeSet<ExtensionNumber>,
    /// What the ACD was last told of each agent.
    told: BTreeMap<AgentId, bool>,
}

impl Devices {
    pub(crate) fn is_registered(&self, number: &ExtensionNumber) -> bool {
        self.registered.contains(number)
    }

    /// Whether the agent has an extension with a device.
    pub(crate) fn is_agent_registered(&self, directory: &Directory, agent: AgentId) -> bool {
        let number = directory.agents.get(&agent).and_then(|agent| agent.extension.as_ref());
        number.is_some_and(|number| self.is_registered(number))
    }
}

/// An extension's devices came or went. `Reachable` again is no event, but tells the ACD that she is there: it
/// doubts that after an offer that reached nobody.
pub(crate) fn changed(engine: &mut Engine, number: ExtensionNumber, input: DeviceInput, step: &mut Step<'_>) {
    let known = &mut engine.devices.registered;
    let (registered, changed) = match input {
        DeviceInput::Reachable => {
            if known.len() >= engine.limits.extensions_registered_max && !known.contains(&number) {
                return;
            }
            (true, known.insert(number.clone()))
        }
        DeviceInput::Unreachable => (false, known.remove(&number)),
    };
    if let Some(agent) = engine.directory.agent_of(number.as_str()).map(|agent| agent.id) {
        let reachable = is_reachable(engine, agent);
        engine.devices.told.insert(agent, reachable);
        step.touch_agent(agent);
        engine.tell_acd(AcdInput::Device { agent, reachable }, step);
    }
    if changed {
        step.event(EventKind::DeviceChanged { extension: number, registered });
    }
}

/// The process that knew the devices has ended. The ACD knows that already.
pub(crate) fn forget(engine: &mut Engine, step: &mut Step<'_>) {
    engine.devices.told.values_mut().for_each(|told| *told = false);
    for number in std::mem::take(&mut engine.devices.registered) {
        if let Some(agent) = engine.directory.agent_of(number.as_str()) {
            step.touch_agent(agent.id);
        }
        step.event(EventKind::DeviceChanged { extension: number, registered: false });
    }
    engine.tell_acd(AcdInput::Tick, step);
    // A personal phone is where it was.
    configure(engine, step);
}

/// Whether an agent can be rung: at a phone that is registered, or at her personal one (A49).
pub(crate) fn is_reachable(engine: &Engine, agent: AgentId) -> bool {
    engine.devices.is_agent_registered(&engine.directory, agent) || reach::in_place(engine, agent).is_some()
}

/// A call came from the extension's own phone: whatever an offer found, it is there.
pub(crate) fn seen(engine: &mut Engine, number: &ExtensionNumber, step: &mut Step<'_>) {
    if engine.devices.is_registered(number) {
        changed(engine, number.clone(), DeviceInput::Reachable, step);
    }
}

/// After a change of provisioning: agents may have other extensions now.
pub(crate) fn configure(engine: &mut Engine, step: &mut Step<'_>) {
    let agents: Vec<AgentId> = engine.directory.agents.keys().copied().collect();
    engine.devices.told.retain(|agent, _| engine.directory.agents.contains_key(agent));
    for agent in agents {
        tell(engine, agent, step);
    }
}

/// Tells the ACD whether the agent can be rung, if that is new to it.
pub(crate) fn tell(engine: &mut Engine, agent: AgentId, step: &mut Step<'_>) {
    let reachable = is_reachable(engine, agent);
    step.touch_agent(agent);
    if engine.devices.told.insert(agent, reachable).unwrap_or(false) != reachable {
        engine.tell_acd(AcdInput::Device { agent, reachable }, step);
    }
}
