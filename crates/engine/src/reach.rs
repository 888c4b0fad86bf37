//! How people want to be reached, as they set it themselves while the switch runs.
//!
//! What is provisioned holds until somebody sets it otherwise; what was set holds, also over a restart, until it is
//! set again or provisioning changes it. A file that is applied once more with the same words undoes nothing.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;

use acd::AcdInput;
use model::{
    Agent, AgentId, AgentStatus, CallId, CallLink, Directory, ExtensionNumber, ForwardWhen, Personal, Pii,
    TrunkId,
};

use crate::call::prompt;
use crate::cause::Cause;
use crate::devices;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::lists;
use crate::request::{Actor, Rejection, Reply};
use crate::route;
use crate::step::Step;

/// Most characters of a personal phone's number: 32 digits and a `+`.
const PHONE_LENGTH_MAX: usize = 33;

/// What was set otherwise than it is provisioned.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Reach {
    /// Do not disturb; at most as many as there are extensions.
    dnd: BTreeMap<ExtensionNumber, bool>,
    /// Personal phones and when calls go there; at most as many as there are agents.
    personal: BTreeMap<AgentId, Personal>,
    /// Call links, whether they lead to nobody; at most as many as there are agents.
    private_links: BTreeMap<AgentId, bool>,
}

/// What is to be set; none: stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ReachChange {
    /// Do not disturb.
    pub dnd: Option<bool>,
    /// When calls go to the personal phone.
    pub forward_when: Option<ForwardWhen>,
    /// The number of the personal phone; none in it: there is none any more.
    pub personal_phone: Option<Option<Pii<String>>>,
    /// Whether the call link leads to nobody.
    pub call_link_private: Option<bool>,
}

impl Reach {
    /// What was set when another engine ended.
    pub(crate) fn of(
        dnd: &[(ExtensionNumber, bool)],
        personal: &[(AgentId, Personal)],
        private_links: &[(AgentId, bool)],
    ) -> Self {
        Self {
            dnd: dnd.iter().cloned().collect(),
            personal: personal.iter().cloned().collect(),
            private_links: private_links.iter().copied().collect(),
        }
    }

    /// Personal phones where they were set, by agent.
    pub(crate) fn personal_set(&self) -> impl Iterator<Item = (&AgentId, &Personal)> {
        self.personal.iter()
    }

    /// An agent's personal phone, and when calls go there.
    pub(crate) fn personal<'a>(&'a self, directory: &'a Directory, agent: AgentId) -> Option<&'a Personal> {
        let provisioned = directory.agents.get(&agent)?;
        Some(self.personal.get(&agent).unwrap_or(&provisioned.personal))
    }

    /// An agent's call link as it is now.
    pub(crate) fn call_link(&self, agent: &Agent) -> Option<CallLink> {
        let provisioned = agent.call_link.as_ref()?;
        let private = self.private_links.get(&agent.id).copied().unwrap_or(provisioned.private);
        Some(CallLink { private, ..provisioned.clone() })
    }

    /// Call links that were shut or opened, by agent.
    pub(crate) fn private_links_set(&self) -> impl Iterator<Item = (AgentId, bool)> {
        self.private_links.iter().map(|(agent, private)| (*agent, *private))
    }

    /// Do not disturb where it was set, by number.
    pub(crate) fn dnd_set(&self) -> impl Iterator<Item = (&ExtensionNumber, bool)> {
        self.dnd.iter().map(|(number, on)| (number, *on))
    }

    /// Whether an extension is not to be disturbed. Nobody is disturbed at one that there is not.
    pub(crate) fn is_dnd(&self, directory: &Directory, number: &ExtensionNumber) -> bool {
        let provisioned = directory.extensions.get(number).is_some_and(|extension| extension.dnd);
        self.dnd.get(number).copied().unwrap_or(provisioned)
    }

    /// Sets it; false if it stands so already.
    fn set_dnd(&mut self, directory: &Directory, number: &ExtensionNumber, on: bool) -> bool {
        let Some(extension) = directory.extensions.get(number) else { return false };
        let before = self.is_dnd(directory, number);
        if extension.dnd == on {
            self.dnd.remove(number);
        } else {
            self.dnd.insert(number.clone(), on);
        }
        before != on
    }

    /// Forgets what was set where provisioning says something new.
    fn configure(&mut self, before: &Directory, after: &Directory) {
        let dnd = |directory: &Directory, number: &ExtensionNumber| {
            directory.extensions.get(number).map(|phone| phone.dnd)
        };
        self.dnd
            .retain(|number, _| dnd(after, number).is_some() && dnd(before, number) == dnd(after, number));
        let personal = |directory: &Directory, agent: &AgentId| {
            directory.agents.get(agent).map(|agent| agent.personal.clone())
        };
        self.personal.retain(|agent, _| {
            let now = personal(after, agent);
            now.is_some() && personal(before, agent) == now
        });
        let link = |directory: &Directory, agent: &AgentId| directory.agents.get(agent)?.call_link.clone();
        self.private_links.retain(|agent, _| {
            let now = link(after, agent);
            now.is_some() && link(before, agent) == now
        });
    }
}

/// After a change of provisioning: it may say something new, and agents may have other extensions now.
pub(crate) fn configure(engine: &mut Engine, before: &Directory, step: &Step<'_>) {
    let mut reach = std::mem::take(&mut engine.reach);
    reach.configure(before, &engine.directory);
    engine.reach = reach;
    tell(engine, step);
}

/// Whether the call link of this extension's agent leads to her now.
pub(crate) fn is_call_link_open(engine: &Engine, number: &ExtensionNumber) -> bool {
    let agent = engine.directory.agent_of(number.as_str());
    let active = agent.filter(|agent| agent.status == AgentStatus::Active);
    active.and_then(|agent| engine.reach.call_link(agent)).is_some_and(|link| !link.private)
}

/// Shuts or opens a call link. Told if it is new.
fn set_private(engine: &mut Engine, agent: AgentId, private: bool, actor: &Actor, step: &mut Step<'_>) {
    let Some(provisioned) = engine.directory.agents.get(&agent) else { return };
    let before = engine.reach.call_link(provisioned).is_some_and(|link| link.private);
    if before != private {
        engine.reach.private_links.insert(agent, private);
        step.touch_agent(agent);
        step.event(EventKind::CallLinkChanged { agent, private, actor: actor.clone() });
    }
}

/// Tells the ACD of every agent whether she is not to be disturbed, where that is new to it.
pub(crate) fn tell(engine: &mut Engine, step: &Step<'_>) {
    let dnd = |number: &ExtensionNumber| engine.reach.is_dnd(&engine.directory, number);
    let agents = engine.directory.agents.values();
    let news = agents.filter_map(|agent| {
        let on = agent.extension.as_ref().is_some_and(dnd);
        (engine.acd.is_dnd(agent.id) != on).then_some((agent.id, on))
    });
    for (agent, on) in news.collect::<Vec<_>>() {
        engine.tell_acd(AcdInput::Dnd { agent, on }, step);
    }
}

/// Somebody asks for a change of how an agent is reached: all of it, or nothing.
pub(crate) fn asked(
    engine: &mut Engine,
    agent: AgentId,
    change: &ReachChange,
    actor: &Actor,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    let provisioned = engine.directory.agents.get(&agent).ok_or(Rejection::UnknownAgent)?;
    let extension = provisioned.extension.clone();
    let before = engine.reach.personal(&engine.directory, agent).cloned().unwrap_or_default();
    let mut personal = before.clone();
    if let Some(phone) = &change.personal_phone {
        personal.phone.clone_from(phone);
    }
    personal.forward_when = change.forward_when.unwrap_or(personal.forward_when);
    if personal != before {
        fits(&engine.directory, &personal)?;
    }
    if change.call_link_private.is_some() && provisioned.call_link.is_none() {
        return Err(Rejection::NoCallLink);
    }
    match (change.dnd, &extension) {
        (Some(_), None) => return Err(Rejection::NoExtension),
        (Some(on), Some(number)) => set_dnd(engine, number, on, actor, step),
        (None, _) => {}
    }
    if let Some(private) = change.call_link_private {
        set_private(engine, agent, private, actor, step);
    }
    if personal != before {
        let forward_when = personal.forward_when;
        engine.reach.personal.insert(agent, personal);
        step.event(EventKind::ForwardingChanged { agent, forward_when, actor: actor.clone() });
        devices::tell(engine, agent, step);
    }
    Ok(Reply::Reach)
}

/// Whether calls can be forwarded so: there is a number, it is one outside, and none of our own, from which the
/// calls would come back.
fn fits(directory: &Directory, personal: &Personal) -> Result<(), Rejection> {
    match &personal.phone {
        None if personal.forward_when == ForwardWhen::Never => Ok(()),
        None => Err(Rejection::NoPersonalPhone),
        Some(phone)
            if !route::is_outside_number(phone.reveal()) || phone.reveal().len() > PHONE_LENGTH_MAX =>
        {
            Err(Rejection::NoOutsideNumber)
        }
        Some(phone) if lists::find(&directory.numbers, phone.reveal()).is_some() => Err(Rejection::OwnNumber),
        Some(_) => Ok(()),
    }
}

/// A personal phone that is called in place of an agent's own phones.
pub(crate) struct Forward {
    pub(crate) trunk: TrunkId,
    pub(crate) number: String,
}

/// Where a call for an agent goes if her phones are not to ring now: always, or because none is registered.
pub(crate) fn in_place(engine: &Engine, agent: AgentId) -> Option<Forward> {
    let registered = engine.devices.is_agent_registered(&engine.directory, agent);
    by(engine, agent, |when| match when {
        ForwardWhen::Always => true,
        ForwardWhen::Offline => !registered,
        ForwardWhen::Never | ForwardWhen::NoAnswer => false,
    })
}

/// Where a direct call for an agent goes whose phones have rung long enough.
pub(crate) fn on_no_answer(engine: &Engine, agent: AgentId) -> Option<Forward> {
    by(engine, agent, |when| match when {
        ForwardWhen::NoAnswer => true,
        ForwardWhen::Never | ForwardWhen::Offline | ForwardWhen::Always => false,
    })
}

/// Her personal phone, if it is one that can be called and `when` says that it is its turn.
fn by(engine: &Engine, agent: AgentId, when: impl FnOnce(ForwardWhen) -> bool) -> Option<Forward> {
    let personal = engine.reach.personal(&engine.directory, agent)?;
    let phone = personal.phone.as_ref().filter(|_| when(personal.forward_when))?;
    // Provisioning has looked, and may since have made it a number of ours.
    fits(&engine.directory, personal).ok()?;
    let trunk = *engine.directory.trunks.keys().next()?;
    Some(Forward { trunk, number: phone.reveal().clone() })
}

/// Sets do not disturb of an extension. Told if it is new; to set it as it stands is no mistake.
fn set_dnd(engine: &mut Engine, number: &ExtensionNumber, on: bool, actor: &Actor, step: &mut Step<'_>) {
    if !engine.reach.set_dnd(&engine.directory, number, on) {
        return;
    }
    step.event(EventKind::DndChanged { extension: number.clone(), on, actor: actor.clone() });
    if let Some(agent) = engine.directory.agent_of(number.as_str()).map(|agent| agent.id) {
        step.touch_agent(agent);
        engine.tell_acd(AcdInput::Dnd { agent, on }, step);
    }
}

/// A phone dialed the code, an agent's or a free one: it is set for the phone's extension.
pub(crate) fn by_code(engine: &mut Engine, id: CallId, on: bool, step: &mut Step<'_>) {
    let caller = engine.calls.get(&id).and_then(|call| call.caller_leg());
    let Some(number) = caller.and_then(|leg| leg.record.extension.clone()) else {
        return prompt::play_then_end(engine, id, &["failed"], Cause::Normal, step);
    };
    let agent = engine.directory.agent_of(number.as_str()).map(|agent| agent.id);
    set_dnd(engine, &number, on, &agent.map_or(Actor::System, Actor::FeatureCode), step);
    let said = if on { "dnd-on" } else { "dnd-off" };
    prompt::play_then_end(engine, id, &[said], Cause::Normal, step);
}
