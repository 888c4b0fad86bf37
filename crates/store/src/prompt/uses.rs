//! Who plays what: the prompts that are named anywhere in a domain.

use std::collections::BTreeMap;

use model::flow::document::{Said, StepAction};
use model::{AgentExtensionFlow, Did, FallbackAction, Flow, FlowBody, InQueue, Queue, TenantId};

use crate::agent::AgentRow;
use crate::directory::Snapshot;
use crate::error::StoreError;
use crate::store::Store;
use crate::tenant::TenantRow;

/// Places by the name of the prompt that they play, each as `queue 8000 moh`.
pub type PromptUses = BTreeMap<String, Vec<String>>;

impl Store {
    /// Which prompts of a domain are played where.
    ///
    /// # Errors
    /// [`StoreError::UnknownTenant`], or [`StoreError`] if the database cannot be read.
    pub async fn prompt_uses(&self, tenant: TenantId) -> Result<PromptUses, StoreError> {
        let mut tx = self.begin_read().await?;
        let TenantRow { tenant, revision: _ } =
            crate::tenant::fetch(&mut tx, tenant).await?.ok_or(StoreError::UnknownTenant(tenant))?;
        let rows = Snapshot::load(&mut tx, tenant).await?;
        let mut uses = Uses::default();
        for playlist in &rows.playlists {
            let place = format!("playlist {}", playlist.name);
            playlist.prompts.iter().for_each(|prompt| uses.add(&place, "prompts", Some(prompt)));
        }
        rows.queues.iter().for_each(|queue| uses.queue(queue));
        rows.flows.iter().for_each(|flow| uses.flow(flow));
        for AgentRow { agent, .. } in &rows.agents {
            let place = format!("agent {}", agent.extension.as_ref().map_or("", |number| number.as_str()));
            uses.add(&place, "spoken_name", agent.spoken_name.as_deref());
        }
        rows.ring_groups.iter().for_each(|group| {
            uses.action(&format!("ring_group {}", group.number), "on_no_answer", Some(&group.on_no_answer));
        });
        rows.numbers.iter().for_each(|did| uses.number(did));
        Ok(uses.0)
    }
}

#[derive(Default)]
struct Uses(PromptUses);

impl Uses {
    fn add(&mut self, place: &str, field: &str, name: Option<&str>) {
        // With a language or without, it is the same prompt.
        let name = name.map(|name| name.split_once('/').map_or(name, |(_, name)| name));
        if let Some(name) = name {
            self.0.entry(name.to_owned()).or_default().push(format!("{place} {field}"));
        }
    }

    fn action(&mut self, place: &str, field: &str, action: Option<&FallbackAction>) {
        match action {
            Some(FallbackAction::Hangup { message } | FallbackAction::Voicemail { message, mailbox: _ }) => {
                self.add(place, field, message.as_deref());
            }
            Some(
                FallbackAction::Queue(_)
                | FallbackAction::Extension(_)
                | FallbackAction::Flow(_)
                | FallbackAction::RingGroup(_)
                | FallbackAction::External(_),
            )
            | None => {}
        }
    }

    fn queue(&mut self, queue: &Queue) {
        let place = format!("queue {}", queue.number);
        self.add(&place, "moh", Some(&queue.moh));
        self.add(&place, "announce_to_agent", queue.announce_to_agent.as_deref());
        self.in_queue(&place, &queue.in_queue);
        self.action(&place, "on_no_answer", Some(&queue.on_no_answer));
        self.action(&place, "on_full", queue.on_full.as_ref());
        self.action(&place, "on_no_agents", queue.on_no_agents.as_ref());
        self.action(&place, "on_closed", queue.on_closed.as_ref());
        self.action(&place, "on_night", queue.on_night.as_ref());
    }

    fn in_queue(&mut self, place: &str, rules: &InQueue) {
        let InQueue { intro, announce, place: _, exit, callback: _ } = rules;
        self.add(place, "intro", intro.as_ref().map(|intro| intro.prompt.as_str()));
        for prompt in announce.iter().flat_map(|announce| &announce.prompts) {
            self.add(place, "announce", Some(prompt));
        }
        self.action(place, "exit", exit.as_ref().map(|exit| &exit.to));
    }

    fn flow(&mut self, flow: &Flow) {
        let place = format!("flow {}", flow.number);
        match &flow.body {
            FlowBody::AgentExtension(flow) => self.agent_extension(&place, flow),
            FlowBody::Tree(document) => {
                for step in &document.steps {
                    self.step(&format!("{place} step {}", step.id), &step.action);
                }
            }
        }
    }

    fn agent_extension(&mut self, place: &str, flow: &AgentExtensionFlow) {
        self.add(place, "greeting", flow.greeting.as_deref());
        self.add(place, "no_input_message", flow.no_input_message.as_deref());
        self.add(place, "invalid_message", flow.invalid_message.as_deref());
        for (field, action) in [
            ("on_unavailable", &flow.on_unavailable),
            ("on_no_answer", &flow.on_no_answer),
            ("on_busy", &flow.on_busy),
            ("on_repeats_exhausted", &flow.on_repeats_exhausted),
            ("on_star", &flow.on_star),
        ] {
            self.action(place, field, Some(action));
        }
    }

    fn step(&mut self, place: &str, action: &StepAction) {
        let (prompts, no_input, invalid) = match action {
            StepAction::Play { prompts, barge_in: _, next: _ } => (prompts, &None, &None),
            StepAction::Menu(menu) => (&menu.prompts, &menu.no_input, &menu.invalid),
            StepAction::Collect(collect) => (&collect.prompts, &collect.no_input, &collect.invalid),
            StepAction::Dial(dial) => (&dial.prompts, &dial.no_input, &dial.invalid),
            StepAction::DialByName(dial) => (&dial.prompts, &dial.no_input, &dial.invalid),
            StepAction::Leave(action) => return self.action(place, "leave", Some(action)),
            StepAction::Answer { .. }
            | StepAction::Ring { .. }
            | StepAction::Branch { .. }
            | StepAction::Set { .. }
            | StepAction::Language { .. }
            | StepAction::Repeat { .. }
            | StepAction::Webhook(_)
            | StepAction::Transfer(_)
            | StepAction::Enqueue { .. } => return,
        };
        for said in prompts {
            match said {
                Said::Prompt(name) => self.add(place, "prompts", Some(name)),
                Said::Digits(_) | Said::Number(_) => {}
            }
        }
        self.add(place, "no_input", no_input.as_deref());
        self.add(place, "invalid", invalid.as_deref());
    }

    fn number(&mut self, did: &Did) {
        let place = format!("number {}", did.number);
        self.action(&place, "open", Some(&did.open));
        self.action(&place, "closed", did.closed.as_ref());
        self.action(&place, "holiday", did.holiday.as_ref());
        self.action(&place, "night", did.night.as_ref());
    }
}
