//! What the rows of a domain shall be: the file's wishes with ids, kept where the thing is known already.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AgentId, Extension, ExtensionNumber, FlowId, Mailbox, MailboxId, Membership, Queue, QueueId, Tenant,
    Timestamp, Trunk, TrunkId,
};

use super::invitations::invitations;
use super::prompts::WantedPrompt;
use super::wanted::{Wanted, WantedAgent, WantedListed, WantedMailbox, WantedWebhook, new_tenant};
use crate::agent::AgentRow;
use crate::directory::Snapshot;
use crate::extension::ExtensionRow;
use crate::listed::{ListedEntry, ListedNumber};
use crate::mailbox::MailboxRow;
use crate::prompt::{KeptSound, Prompt};
use crate::webhook::WebhookRow;

/// The first id of each kind for what is new.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewIds {
    pub(crate) tenant: u64,
    pub(crate) agent: u64,
    pub(crate) queue: u64,
    pub(crate) flow: u64,
    pub(crate) trunk: u64,
    pub(crate) mailbox: u64,
}

impl NewIds {
    /// Ids that nothing has, for a plan that is only looked at.
    pub(crate) const IMAGINED: Self = Self {
        tenant: 1 << 62,
        agent: 1 << 62,
        queue: 1 << 62,
        flow: 1 << 62,
        trunk: 1 << 62,
        mailbox: 1 << 62,
    };
}

/// New secrets as they are kept; where there is none, what is stored stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    /// Hashes of web passwords, by the agent's place in the file.
    pub(crate) hashes: BTreeMap<usize, String>,
    /// Sealed phone secrets.
    pub(crate) sealed: BTreeMap<ExtensionNumber, String>,
    /// Sealed PINs of mailboxes.
    pub(crate) pins: BTreeMap<ExtensionNumber, String>,
    /// The sealed secret of requests to outside services.
    pub(crate) webhook_secret: Option<String>,
    /// Sealed secrets of webhooks, by name.
    pub(crate) webhooks: BTreeMap<String, String>,
    /// Whether who is new and has no password is invited.
    pub(crate) invites: bool,
}

/// The ids of what is kept, each in the file's order; none: it is new.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) agents: Vec<Option<AgentId>>,
    pub(crate) queues: Vec<Option<QueueId>>,
    pub(crate) flows: Vec<Option<FlowId>>,
    pub(crate) trunks: Vec<Option<TrunkId>>,
    pub(crate) mailboxes: Vec<Option<MailboxId>>,
}

/// Finds what is known already: agents by extension, then by e-mail; queues and flows by number; trunks by name.
pub(crate) fn kept(wanted: &Wanted, current: Option<&Snapshot>) -> Kept {
    let queues: BTreeMap<_, _> =
        current.iter().flat_map(|rows| &rows.queues).map(|queue| (&queue.number, queue.id)).collect();
    let flows: BTreeMap<_, _> =
        current.iter().flat_map(|rows| &rows.flows).map(|row| (&row.number, row.id)).collect();
    let trunks: BTreeMap<_, _> =
        current.iter().flat_map(|rows| &rows.trunks).map(|trunk| (&trunk.name, trunk.id)).collect();
    Kept {
        agents: kept_agents(&wanted.agents, current),
        queues: wanted.queues.iter().map(|queue| queues.get(&queue.queue.number).copied()).collect(),
        flows: wanted.flows.iter().map(|row| flows.get(&row.number).copied()).collect(),
        trunks: wanted.trunks.iter().map(|trunk| trunks.get(&trunk.name).copied()).collect(),
        mailboxes: kept_mailboxes(wanted, current),
    }
}

fn kept_agents(wanted: &[WantedAgent], current: Option<&Snapshot>) -> Vec<Option<AgentId>> {
    let rows = || current.iter().flat_map(|rows| &rows.agents).map(|row| &row.agent);
    let by_extension: BTreeMap<_, _> =
        rows().filter_map(|agent| Some((agent.extension.as_ref()?, agent.id))).collect();
    let mut kept: Vec<Option<AgentId>> =
        wanted.iter().map(|wanted| by_extension.get(wanted.agent.extension.as_ref()?).copied()).collect();
    // Who is not at her old place may have moved: then her e-mail tells.
    let placed: BTreeSet<AgentId> = kept.iter().flatten().copied().collect();
    let by_email: BTreeMap<_, _> = rows()
        .filter(|agent| !agent.email.is_empty() && !placed.contains(&agent.id))
        .map(|agent| (agent.email.as_str(), agent.id))
        .collect();
    for (slot, wanted) in kept.iter_mut().zip(wanted) {
        *slot = slot.or_else(|| by_email.get(wanted.agent.email.as_str()).copied());
    }
    kept
}

/// A mailbox is the one of its number. Who has another extension now takes her messages along.
fn kept_mailboxes(wanted: &Wanted, current: Option<&Snapshot>) -> Vec<Option<MailboxId>> {
    let boxes: BTreeMap<&ExtensionNumber, MailboxId> = current
        .iter()
        .flat_map(|rows| &rows.mailboxes)
        .map(|row| (&row.mailbox.number, row.mailbox.id))
        .collect();
    let moved = moved_extensions(wanted, current);
    let find = |mailbox: &Mailbox| {
        let before = moved.get(&mailbox.number);
        before.and_then(|before| boxes.get(before)).or_else(|| boxes.get(&mailbox.number)).copied()
    };
    wanted.mailboxes.iter().map(|wanted| find(&wanted.mailbox)).collect()
}

/// The extensions that agents had before, by the ones they have now, of those who have others.
fn moved_extensions(
    wanted: &Wanted,
    current: Option<&Snapshot>,
) -> BTreeMap<ExtensionNumber, ExtensionNumber> {
    let before: BTreeMap<AgentId, &ExtensionNumber> = current
        .iter()
        .flat_map(|rows| &rows.agents)
        .filter_map(|row| Some((row.agent.id, row.agent.extension.as_ref()?)))
        .collect();
    let agents = wanted.agents.iter().zip(kept_agents(&wanted.agents, current));
    let moved = agents.filter_map(|(wanted, id)| {
        let (now, before) = (wanted.agent.extension.as_ref()?, before.get(&id?)?);
        (now != *before).then(|| (now.clone(), (*before).clone()))
    });
    moved.collect()
}

fn mailboxes(
    wanted: &Wanted,
    kept: &Kept,
    first: u64,
    pins: &BTreeMap<ExtensionNumber, String>,
) -> Vec<MailboxRow> {
    let mut next = first;
    let rows = wanted.mailboxes.iter().zip(&kept.mailboxes).map(|(WantedMailbox { mailbox, .. }, kept)| {
        let id = kept.unwrap_or_else(|| MailboxId(take(&mut next)));
        let pin_sealed = pins.get(&mailbox.number).cloned();
        MailboxRow { mailbox: Mailbox { id, pin: None, ..mailbox.clone() }, pin_sealed }
    });
    rows.collect()
}

/// The rows that the file wants.
pub(crate) fn target(
    wanted: &Wanted,
    current: Option<&Snapshot>,
    ids: &NewIds,
    credentials: &Credentials,
) -> Snapshot {
    let kept = kept(wanted, current);
    let agents = agents(wanted, current, &kept, ids, credentials);
    let extensions = extensions(wanted, current, &agents, credentials);
    let (queues, memberships) = queues(wanted, &kept, ids, &agents);
    let mut next = ids.flow;
    let flows = wanted.flows.iter().zip(&kept.flows).map(|(row, kept)| {
        let mut row = row.clone();
        row.id = kept.unwrap_or_else(|| FlowId(take(&mut next)));
        row
    });
    let flows = flows.collect();
    let mut next = ids.trunk;
    let trunks = wanted
        .trunks
        .iter()
        .zip(&kept.trunks)
        .map(|(trunk, kept)| Trunk { id: kept.unwrap_or_else(|| TrunkId(take(&mut next))), ..trunk.clone() });
    let listed = listed(wanted, &queues, &agents);
    Snapshot {
        tenant: tenant(wanted, current, ids),
        webhook_secret: credentials
            .webhook_secret
            .clone()
            .or_else(|| current.and_then(|rows| rows.webhook_secret.clone())),
        second_factor: wanted.second_factor.clone(),
        business_hours: wanted.business_hours.clone(),
        groups: wanted.groups.clone(),
        roles: wanted.roles.iter().map(|wanted| wanted.role.clone()).collect(),
        invitations: invitations(&agents, current, credentials.invites),
        agents,
        extensions,
        queues,
        memberships,
        flows,
        ring_groups: wanted.ring_groups.clone(),
        mailboxes: mailboxes(wanted, &kept, ids.mailbox, &credentials.pins),
        numbers: wanted.numbers.clone(),
        trunks: trunks.collect(),
        listed,
        prompts: prompts(wanted, current),
        playlists: wanted.playlists.clone(),
        webhooks: webhooks(wanted, current, credentials),
        feature_codes: wanted.feature_codes.clone(),
        not_ready_codes: wanted.not_ready_codes.clone(),
        dispositions: wanted.dispositions.clone(),
        reports: wanted.reports.clone(),
    }
}

fn take(next: &mut u64) -> u64 {
    let id = *next;
    *next += 1;
    id
}

fn tenant(wanted: &Wanted, current: Option<&Snapshot>, ids: &NewIds) -> Tenant {
    match current {
        None => new_tenant(wanted, ids.tenant),
        Some(rows) => {
            let (timezone, language) = (wanted.timezone.clone(), wanted.language.clone());
            Tenant { timezone, language, ..rows.tenant.clone() }
        }
    }
}

/// What the file names, and what others brought and it does not name. Who changed what is new, and when, is not
/// known yet.
fn prompts(wanted: &Wanted, current: Option<&Snapshot>) -> Vec<Prompt> {
    let stored = || current.iter().flat_map(|rows| &rows.prompts);
    let row = |wanted: &WantedPrompt| {
        let same = stored().find(|row| wanted.is(row));
        let sound = wanted.sound.as_ref();
        if let Some(same) = same.filter(|row| sound.is_none_or(|sound| sound.sha256 == row.sound.sha256)) {
            return same.clone();
        }
        Prompt {
            language: wanted.language.clone(),
            name: wanted.name.clone(),
            source: wanted.source.clone(),
            provisioned: true,
            sound: sound.cloned().unwrap_or_else(KeptSound::to_be_made),
            changed_at: Timestamp::ZERO,
            changed_by: String::new(),
        }
    };
    let mut rows: Vec<Prompt> = wanted.prompts.iter().map(row).collect();
    let named: BTreeSet<(&str, &str)> =
        wanted.prompts.iter().map(|prompt| (prompt.language.as_str(), prompt.name.as_str())).collect();
    let others = stored().filter(|row| !row.provisioned && !named.contains(&(&row.language, &row.name)));
    rows.extend(others.cloned());
    rows
}

fn webhooks(wanted: &Wanted, current: Option<&Snapshot>, credentials: &Credentials) -> Vec<WebhookRow> {
    let stored: BTreeMap<&str, &String> = current
        .iter()
        .flat_map(|rows| &rows.webhooks)
        .map(|row| (row.webhook.name.as_str(), &row.secret))
        .collect();
    let row = |WantedWebhook { webhook, secret: _ }: &WantedWebhook| {
        let secret = credentials.webhooks.get(&webhook.name);
        let secret = secret.or_else(|| stored.get(webhook.name.as_str()).copied());
        WebhookRow { webhook: webhook.clone(), secret: secret.cloned().unwrap_or_default() }
    };
    wanted.webhooks.iter().map(row).collect()
}

fn agents(
    wanted: &Wanted,
    current: Option<&Snapshot>,
    kept: &Kept,
    ids: &NewIds,
    credentials: &Credentials,
) -> Vec<AgentRow> {
    let hashes: BTreeMap<AgentId, &String> = current
        .iter()
        .flat_map(|rows| &rows.agents)
        .filter_map(|row| Some((row.agent.id, row.password_hash.as_ref()?)))
        .collect();
    let mut next = ids.agent;
    let rows = wanted.agents.iter().zip(&kept.agents).enumerate().map(|(index, (wanted, kept))| {
        let mut agent = wanted.agent.clone();
        agent.id = kept.unwrap_or_else(|| AgentId(take(&mut next)));
        let stored = hashes.get(&agent.id).copied();
        let password_hash = credentials.hashes.get(&index).or(stored).cloned();
        AgentRow { agent, password_hash, timezone: wanted.timezone.clone() }
    });
    rows.collect()
}

fn extensions(
    wanted: &Wanted,
    current: Option<&Snapshot>,
    agents: &[AgentRow],
    credentials: &Credentials,
) -> Vec<ExtensionRow> {
    let stored: BTreeMap<&ExtensionNumber, &String> = current
        .iter()
        .flat_map(|rows| &rows.extensions)
        .filter_map(|row| Some((&row.extension.number, row.secret.as_ref()?)))
        .collect();
    // The rows are in the file's order.
    let of_agents = agents.iter().zip(&wanted.agents).filter_map(|(AgentRow { agent, .. }, wanted)| {
        Some(Extension {
            number: agent.extension.clone()?,
            agent: Some(agent.id),
            display_name: agent.name.clone(),
            dnd: wanted.dnd,
            ring_timeout: Extension::RING_TIMEOUT_DEFAULT,
        })
    });
    let free = wanted.extensions.iter().map(|wanted| wanted.extension.clone());
    let row = |extension: Extension| {
        let new = credentials.sealed.get(&extension.number);
        let secret = new.or_else(|| stored.get(&extension.number).copied()).cloned();
        ExtensionRow { extension, secret }
    };
    of_agents.chain(free).map(row).collect()
}

/// The lists of callers, with ids in the place of numbers.
fn listed(wanted: &Wanted, queues: &[Queue], agents: &[AgentRow]) -> Vec<ListedNumber> {
    let queues: BTreeMap<&ExtensionNumber, QueueId> =
        queues.iter().map(|queue| (&queue.number, queue.id)).collect();
    let ids = by_extension(agents);
    let row = |listed: &WantedListed| match listed {
        WantedListed::Plain(listed) => Some(listed.clone()),
        WantedListed::Exclusive { number, queue, agents, until } => {
            // Both are in the file: the reader has checked the references.
            let agents = agents.iter().filter_map(|agent| ids.get(agent).copied()).collect();
            let entry = ListedEntry::Exclusive { queue: *queues.get(queue)?, agents };
            Some(ListedNumber { number: number.clone(), until: *until, entry })
        }
    };
    wanted.listed.iter().filter_map(row).collect()
}

fn by_extension(agents: &[AgentRow]) -> BTreeMap<&ExtensionNumber, AgentId> {
    agents.iter().filter_map(|row| Some((row.agent.extension.as_ref()?, row.agent.id))).collect()
}

fn queues(wanted: &Wanted, kept: &Kept, ids: &NewIds, agents: &[AgentRow]) -> (Vec<Queue>, Vec<Membership>) {
    let numbers = by_extension(agents);
    let mut next = ids.queue;
    let mut queues = Vec::new();
    let mut memberships = Vec::new();
    for (wanted, kept) in wanted.queues.iter().zip(&kept.queues) {
        let mut queue = wanted.queue.clone();
        queue.id = kept.unwrap_or_else(|| QueueId(take(&mut next)));
        for member in &wanted.members {
            // Every member's agent is in the file: the reader has checked the references.
            if let Some(agent) = numbers.get(&member.agent) {
                memberships.push(Membership { queue: queue.id, agent: *agent, ..member.membership.clone() });
            }
        }
        queues.push(queue);
    }
    (queues, memberships)
}
