//! Night mode: a switch for the whole domain and one for each queue, set by hand and kept until it is set back.
//!
//! It changes where the next caller goes ([`crate::opening`]); who waits or talks already is not disturbed.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeSet;

use model::{AgentId, CallId, Directory, QueueId, Right};

use crate::call::{feature, prompt};
use crate::cause::Cause;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::request::{Actor, Rejection, Reply};
use crate::step::Step;

/// Which switches are on.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct NightMode {
    domain: bool,
    /// At most as many as there are queues.
    queues: BTreeSet<QueueId>,
}

impl NightMode {
    /// The switches as they were told.
    pub(crate) fn of(domain: bool, queues: &[QueueId]) -> Self {
        Self { domain, queues: queues.iter().copied().collect() }
    }

    /// The queues whose own switch is on, by id.
    pub(crate) fn queues(&self) -> impl Iterator<Item = QueueId> {
        self.queues.iter().copied()
    }

    /// The domain's switch.
    pub(crate) const fn domain(&self) -> bool {
        self.domain
    }

    /// A queue's own switch.
    pub(crate) fn queue(&self, queue: QueueId) -> bool {
        self.queues.contains(&queue)
    }

    fn is_on(&self, queue: Option<QueueId>) -> bool {
        queue.map_or(self.domain, |queue| self.queue(queue))
    }

    /// Sets a switch; false if it was set so already.
    fn set(&mut self, queue: Option<QueueId>, on: bool) -> bool {
        match queue {
            None => std::mem::replace(&mut self.domain, on) != on,
            Some(queue) if on => self.queues.insert(queue),
            Some(queue) => self.queues.remove(&queue),
        }
    }

    /// After a change of provisioning: the switches of queues that went away go with them.
    pub(crate) fn configure(&mut self, directory: &Directory) {
        self.queues.retain(|queue| directory.queues.contains_key(queue));
    }
}

/// Switches the domain or a queue. Told if it is new; a switch that stands so already is no mistake.
pub(crate) fn switch(
    engine: &mut Engine,
    queue: Option<QueueId>,
    on: bool,
    actor: &Actor,
    step: &mut Step<'_>,
) -> Result<Reply, Rejection> {
    if queue.is_some_and(|queue| !engine.directory.queues.contains_key(&queue)) {
        return Err(Rejection::UnknownQueue);
    }
    if engine.night.set(queue, on) {
        match queue {
            Some(queue) => step.touch_queue(queue),
            None => step.out.touched.domain = true,
        }
        step.event(EventKind::NightModeChanged { queue, on, actor: actor.clone() });
    }
    Ok(Reply::NightMode)
}

/// A phone dialed the code: the switch is turned over, and the caller hears how it stands now. Who has the right to
/// may; one who supervises some groups only, of their queues.
pub(crate) fn by_code(
    engine: &mut Engine,
    id: CallId,
    agent: AgentId,
    queue: Option<QueueId>,
    step: &mut Step<'_>,
) {
    let purview = engine.directory.purview(agent);
    let is_hers = queue.map_or(purview.is_whole(), |queue| purview.has_queue(queue));
    if !is_hers || !may(&engine.directory, agent) {
        return prompt::play_then_end(engine, id, &["failed"], Cause::Normal, step);
    }
    let on = !engine.night.is_on(queue);
    let said = if on { "night-mode-on" } else { "night-mode-off" };
    let mut prompts = vec![said.to_owned()];
    prompts.extend(queue.into_iter().flat_map(|queue| feature::in_queue(&engine.directory, queue)));
    let prompts = if switch(engine, queue, on, &Actor::FeatureCode(agent), step).is_ok() {
        prompts
    } else {
        vec!["failed".to_owned()]
    };
    let prompts: Vec<&str> = prompts.iter().map(String::as_str).collect();
    prompt::play_then_end(engine, id, &prompts, Cause::Normal, step);
}

fn may(directory: &Directory, agent: AgentId) -> bool {
    directory.agents.get(&agent).is_some_and(|agent| directory.rights_of(&agent.role).has(Right::NightMode))
}
