//! What a provisioning file wants: every value checked, nothing compared with the database yet.

use model::flow::document::{FlowStep, StepAction};
use model::{
    Agent, CustomRole, Did, Directory, Disposition, Extension, ExtensionNumber, FeatureCode, ListedUntil,
    Mailbox, Membership, NotReadyCode, Queue, RingGroup, Tenant, TenantId, Trunk,
};

use super::edit::origins::Origins;
use super::flows::check::FlowTested;
use super::limits::NAME_MAX;
use super::problem::Problem;
use super::prompts::WantedPrompt;
use super::reader::{Fields, Shape};
use super::reading::Reading;
use super::target::{Credentials, NewIds, target};
use super::{
    agents, business_hours, dispositions, feature_codes, flows, hours, lists, mailboxes, not_ready_codes,
    prompts, queues, reports, ring_groups, roles, skills, trunks, webhooks, yaml,
};
use crate::hours::BusinessHoursRow;
use crate::listed::ListedNumber;
use crate::playlist::Playlist;
use crate::report::Report;
use crate::secret::Secret;
use crate::webhook::Webhook;

pub(crate) const FILE: Shape = Shape {
    what: "file",
    known: &[
        "domain",
        "timezone",
        "language",
        "webhook_secret",
        "second_factor",
        "prompts",
        "playlists",
        "business_hours",
        "groups",
        "roles",
        "agents",
        "extensions",
        "queues",
        "flows",
        "ring_groups",
        "mailboxes",
        "numbers",
        "trunks",
        "vip_numbers",
        "exclusive_numbers",
        "queue_blacklist",
        "blacklist",
        "webhooks",
        "feature_codes",
        "not_ready_codes",
        "dispositions",
        "reports",
    ],
    later: &["ivrs", "max_hops"],
};

/// What a file wants of one domain. Ids are not given yet.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub(crate) domain: String,
    pub(crate) timezone: String,
    pub(crate) language: String,
    /// What requests to outside services are signed with; none: what is stored stays.
    pub(crate) webhook_secret: Option<Secret>,
    /// Roles whose people must have a second factor.
    pub(crate) second_factor: Vec<String>,
    pub(crate) prompts: Vec<WantedPrompt>,
    pub(crate) playlists: Vec<Playlist>,
    pub(crate) business_hours: Vec<BusinessHoursRow>,
    pub(crate) groups: Vec<String>,
    pub(crate) roles: Vec<WantedRole>,
    pub(crate) agents: Vec<WantedAgent>,
    pub(crate) extensions: Vec<WantedExtension>,
    pub(crate) queues: Vec<WantedQueue>,
    pub(crate) flows: Vec<model::Flow>,
    pub(crate) ring_groups: Vec<RingGroup>,
    pub(crate) mailboxes: Vec<WantedMailbox>,
    pub(crate) numbers: Vec<Did>,
    pub(crate) trunks: Vec<Trunk>,
    pub(crate) listed: Vec<WantedListed>,
    pub(crate) webhooks: Vec<WantedWebhook>,
    pub(crate) feature_codes: Vec<FeatureCode>,
    pub(crate) not_ready_codes: Vec<NotReadyCode>,
    pub(crate) dispositions: Vec<Disposition>,
    pub(crate) reports: Vec<Report>,
    pub(crate) warnings: Vec<String>,
    /// The tests of its flows, played.
    pub(crate) flow_tests: Vec<FlowTested>,
    /// The file itself, for the history; it has passwords in it.
    pub(crate) source: Secret,
}

/// A role of the domain's own.
#[derive(Clone, Debug)]
pub(crate) struct WantedRole {
    pub(crate) role: CustomRole,
    pub(crate) line: u64,
}

/// An agent, and what she logs in with; none: what is stored stays.
#[derive(Clone, Debug)]
pub(crate) struct WantedAgent {
    pub(crate) agent: Agent,
    pub(crate) email_line: u64,
    pub(crate) role_line: u64,
    /// Her own time zone; none: the domain's.
    pub(crate) timezone: Option<String>,
    /// Do not disturb.
    pub(crate) dnd: bool,
    pub(crate) password: Option<Secret>,
    pub(crate) sip_password: Option<Secret>,
}

/// A free extension.
#[derive(Clone, Debug)]
pub(crate) struct WantedExtension {
    pub(crate) extension: Extension,
    pub(crate) sip_password: Option<Secret>,
}

/// A queue and its members.
#[derive(Clone, Debug)]
pub(crate) struct WantedQueue {
    pub(crate) queue: Queue,
    pub(crate) members: Vec<WantedMember>,
}

/// A member, by her extension.
#[derive(Clone, Debug)]
pub(crate) struct WantedMember {
    pub(crate) agent: ExtensionNumber,
    pub(crate) membership: Membership,
}

/// A mailbox. Without a PIN the stored one stays.
#[derive(Clone, Debug)]
pub(crate) struct WantedMailbox {
    pub(crate) mailbox: Mailbox,
    /// It shall have no PIN, whatever is stored.
    pub(crate) no_pin: bool,
}

/// A webhook. Without a secret the stored one stays, and a new one is made.
#[derive(Clone, Debug)]
pub(crate) struct WantedWebhook {
    pub(crate) webhook: Webhook,
    pub(crate) secret: Option<Secret>,
}

/// A number on a list of callers; queues and agents by their numbers.
#[derive(Clone, Debug)]
pub(crate) enum WantedListed {
    /// On a list that names neither queue nor agents.
    Plain(ListedNumber),
    /// Has agents of his own in one queue.
    Exclusive { number: String, queue: ExtensionNumber, agents: Vec<ExtensionNumber>, until: ListedUntil },
}

impl Wanted {
    /// The domain it is about.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The prompts, so that whoever makes sounds can hand them over.
    pub fn prompts_mut(&mut self) -> &mut [WantedPrompt] {
        &mut self.prompts
    }

    /// What is kept and does not work yet, one sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The tests of its flows, played.
    #[must_use]
    pub fn flow_tests(&self) -> &[FlowTested] {
        &self.flow_tests
    }

    /// Why flows do not pass their own tests, by line; a file that has any of that is refused unless somebody insists.
    pub fn failed_tests(&self) -> impl Iterator<Item = &Problem> {
        self.flow_tests.iter().filter_map(|test| test.problem.as_ref())
    }

    /// The domain as routing sees it, with ids made up from 1 in the file's order; for simulation and replay.
    #[must_use]
    pub fn directory(&self) -> Directory {
        let ids = NewIds { tenant: 1, agent: 1, queue: 1, flow: 1, trunk: 1, mailbox: 1 };
        target(self, None, &ids, &Credentials::default()).into_directory()
    }

    /// Whether anything in it asks outside services.
    pub(crate) fn asks_services(&self) -> bool {
        let asks = |step: &FlowStep| matches!(step.action, StepAction::Webhook(_));
        let transcribed = self.mailboxes.iter().any(|wanted| wanted.mailbox.transcription.is_some());
        transcribed
            || self.flows.iter().any(|flow| match &flow.body {
                model::FlowBody::Tree(document) => document.steps.iter().any(asks),
                model::FlowBody::AgentExtension(_) => false,
            })
    }

    /// The phones' passwords that the file names, by extension.
    #[must_use]
    pub fn sip_passwords(&self) -> Vec<(ExtensionNumber, Secret)> {
        let agents = self
            .agents
            .iter()
            .filter_map(|wanted| Some((wanted.agent.extension.clone()?, wanted.sip_password.clone()?)));
        let free = self
            .extensions
            .iter()
            .filter_map(|wanted| Some((wanted.extension.number.clone(), wanted.sip_password.clone()?)));
        agents.chain(free).collect()
    }
}

/// Reads a provisioning file. `known_prompts` are the names that a message, a greeting or music may have.
///
/// # Errors
/// Every problem of the file, by line. Only where the text is no YAML at all is it one alone.
pub fn parse(text: &str, known_prompts: &[&str]) -> Result<Wanted, Vec<Problem>> {
    let tree = yaml::parse(text).map_err(|problem| vec![problem])?;
    from_tree(text, &tree, known_prompts, None)
}

/// The same from the text's tree; its origins, if it was made without a text that anybody has.
pub(crate) fn from_tree(
    text: &str,
    tree: &yaml::Node,
    known_prompts: &[&str],
    origins: Option<&Origins>,
) -> Result<Wanted, Vec<Problem>> {
    let reading = Reading::new(known_prompts, origins);
    let wanted = read(&reading, tree);
    let (problems, warnings) = reading.finish();
    match wanted {
        Some(wanted) if problems.is_empty() => Ok(Wanted { warnings, source: Secret::new(text), ..wanted }),
        Some(_) | None => Err(problems),
    }
}

fn read(reading: &Reading<'_>, tree: &yaml::Node) -> Option<Wanted> {
    let top = Fields::of(reading, tree, &FILE)?;
    let domain = domain(&top);
    let timezone = timezone(&top);
    let language = language(&top);
    let webhook_secret = webhook_secret(&top);
    let prompts = prompts::prompts(&top, language.as_deref().unwrap_or(Tenant::LANGUAGE_DEFAULT));
    let playlists = prompts::playlists(&top);
    let business_hours = business_hours::business_hours(&top);
    let groups = agents::groups(&top);
    let roles = roles::roles(&top);
    let second_factor = roles::with_second_factor(&top, &roles);
    let agents = agents::agents(&top, &groups, &roles);
    let extensions = agents::extensions(&top);
    let queues = queues::queues(&top);
    let read_flows = flows::flows(&top);
    let ring_groups = ring_groups::ring_groups(&top);
    let mailboxes = mailboxes::mailboxes(&top);
    let numbers = trunks::numbers(&top);
    let trunks = trunks::trunks(&top);
    let listed = lists::lists(&top);
    let webhooks = webhooks::webhooks(&top);
    let feature_codes = feature_codes::feature_codes(&top);
    let not_ready_codes = not_ready_codes::not_ready_codes(&top);
    let dispositions = dispositions::dispositions(&top);
    let reports = reports::reports(&top, &groups);
    // Last: a flow may point to anything in the file.
    let mut flow_tests = Vec::new();
    for (flow, lines) in &read_flows {
        flows::check::compile(reading, flow, lines);
        flow_tests.extend(flows::check::tests(reading, flow, lines));
    }
    let flows = read_flows.into_iter().map(|(flow, _)| flow).collect();
    skills::warn_of_unknown(reading, &agents, &queues, &numbers);
    Some(Wanted {
        flow_tests,
        domain: domain?,
        timezone: timezone?,
        language: language?,
        webhook_secret,
        second_factor,
        prompts,
        playlists,
        business_hours,
        groups: groups.into_iter().collect(),
        roles,
        agents,
        extensions,
        queues,
        flows,
        ring_groups,
        mailboxes,
        numbers,
        trunks,
        listed,
        webhooks,
        feature_codes,
        not_ready_codes,
        dispositions,
        reports,
        warnings: Vec::new(),
        source: Secret::new(""),
    })
}

fn domain(top: &Fields<'_>) -> Option<String> {
    let node = top.must("domain")?;
    let (text, line) = top.as_text("domain", node)?;
    let fine = (1..=NAME_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if !fine {
        let shown = agents::clean(text);
        let pattern = "1 to 64 of letters, digits, `.`, `_` and `-`";
        top.problem(line, format!("`domain` is `{shown}`; it has {pattern}"));
        return None;
    }
    // As SIP compares it (RFC 3261, 19.1.4): without regard to case.
    Some(text.to_ascii_lowercase())
}

fn timezone(top: &Fields<'_>) -> Option<String> {
    let Some((text, line)) = top.text("timezone") else {
        return top.given("timezone").is_none().then(|| "UTC".to_owned());
    };
    hours::as_zone(top, text, line)
}

fn language(top: &Fields<'_>) -> Option<String> {
    let Some((text, line)) = top.text("language") else {
        return top.given("language").is_none().then(|| Tenant::LANGUAGE_DEFAULT.to_owned());
    };
    prompts::as_language(top, text, line)
}

fn webhook_secret(top: &Fields<'_>) -> Option<Secret> {
    let (text, line) = top.text("webhook_secret")?;
    if !crate::webhook_secret::is_secret(text) {
        // What was written is not shown: it may be nearly the one that was meant.
        let make = "echo whsec_$(openssl rand -base64 32)";
        top.problem(
            line,
            format!("`webhook_secret` is `whsec_` and 24 to 64 bytes in base64; `{make}` makes one"),
        );
        return None;
    }
    Some(Secret::new(text))
}

/// The domain that a file is about, as far as can be said before it is checked.
pub(crate) fn domain_of(tree: &yaml::Node) -> Option<String> {
    let yaml::Value::Map(list) = &tree.value else { return None };
    let (_, node) = list.iter().find(|(key, _)| key.name == "domain")?;
    let yaml::Value::Text(name) = &node.value else { return None };
    Some(name.to_ascii_lowercase())
}

/// A domain that is not there yet.
pub(crate) fn new_tenant(wanted: &Wanted, id: u64) -> Tenant {
    let (timezone, language) = (wanted.timezone.clone(), wanted.language.clone());
    Tenant { timezone, language, ..Tenant::new(TenantId(id), &wanted.domain) }
}
