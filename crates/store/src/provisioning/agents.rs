//! Groups, agents and free extensions of a provisioning file.

use std::collections::{BTreeMap, BTreeSet};

use model::{Agent, AgentId, AgentStatus, CallLink, Extension, ForwardWhen, Personal, Pii};

use super::business_hours::of_agent;
use super::fallbacks::{outside, prompt};
use super::hours::timezone;
use super::limits::{
    AGENTS_MAX, CALL_LINK_MAX, CONCURRENT_CALLS, EMAIL_MAX, EXTENSION_RING_TIMEOUT, EXTENSIONS_MAX,
    GROUPS_MAX, NAME_MAX, PASSWORD_MAX, PER_AGENT_MAX, PERSON_MAX, SKILL,
};
use super::reader::{Fields, Shape};
use super::reading::{Kind, Reading};
use super::roles;
use super::wanted::{WantedAgent, WantedExtension, WantedRole};
use super::yaml::{Node, Value};
use crate::secret::Secret;

pub(crate) const AGENT: Shape = Shape {
    what: "agent",
    known: &[
        "extension",
        "name",
        "email",
        "password",
        "sip_password",
        "role",
        "supervises",
        "groups",
        "skills",
        "status",
        "max_concurrent_calls",
        "timezone",
        "hours",
        "dnd",
        "personal_phone",
        "forward_when",
        "spoken_name",
        "call_link",
        "call_link_private",
    ],
    later: &[
        "availability_hours",
        "max_concurrent_sms",
        "voicemail_greeting_id",
        "can_pause_recording",
        "monitor_permission",
        "extra_data",
    ],
};

pub(crate) const EXTENSION: Shape = Shape {
    what: "extension",
    known: &["number", "sip_password", "display_name", "dnd", "ring_timeout"],
    later: &[
        "kind",
        "sip_username",
        "voicemail_enabled",
        "forward_rules",
        "presence",
        "presence_note",
        "agent",
        "name",
    ],
};

/// The names of the groups, each once.
pub(crate) fn groups(top: &Fields<'_>) -> BTreeSet<String> {
    let mut groups = BTreeSet::new();
    for node in top.list("groups", GROUPS_MAX) {
        let name =
            top.as_text("groups", node).and_then(|(text, line)| top.as_name("groups", text, line, NAME_MAX));
        if let Some(name) = name
            && let Some(twice) = groups.replace(name)
        {
            top.problem(node.line, format!("group `{twice}` is there twice"));
        }
    }
    groups
}

/// The agents.
pub(crate) fn agents(top: &Fields<'_>, groups: &BTreeSet<String>, roles: &[WantedRole]) -> Vec<WantedAgent> {
    let mut taken = Taken::default();
    top.list("agents", AGENTS_MAX)
        .iter()
        .filter_map(|node| agent(top.reading, node, (groups, roles), &mut taken))
        .collect()
}

/// What only one agent can have, each with the line that has it.
#[derive(Default)]
struct Taken {
    emails: BTreeMap<String, u64>,
    call_links: BTreeMap<String, u64>,
}

fn agent<'a>(
    reading: &'a Reading<'a>,
    node: &'a Node,
    (groups, roles): (&BTreeSet<String>, &[WantedRole]),
    taken: &mut Taken,
) -> Option<WantedAgent> {
    let fields = Fields::of(reading, node, &AGENT)?;
    let extension = fields.get("extension").and_then(|_| fields.number("extension"));
    if let Some(number) = &extension {
        reading.claim(number, Kind::Agent, fields.line_of("extension"));
    }
    let email = email(&fields, &mut taken.emails);
    if fields.get("extension").is_none() && fields.get("email").is_none() {
        fields.problem(fields.line, "the agent wants `extension`, or `email` if she has no phone");
    }
    if fields.get("password").is_some() && fields.get("email").is_none() {
        let line = fields.line_of("password");
        fields.problem(line, "the agent has `password` and no `email` to log in with");
    }
    let role = roles::of_agent(&fields, roles);
    let supervises = roles::supervised(&fields, &role, (roles, groups));
    let agent = Agent {
        id: AgentId(0),
        extension,
        name: fields.name("name", PERSON_MAX).unwrap_or_default(),
        email: email.unwrap_or_default(),
        role,
        supervises,
        groups: groups_of(&fields, groups),
        skills: skills(&fields),
        status: fields.word("status", &[], AgentStatus::default()),
        max_concurrent_calls: fields.whole("max_concurrent_calls", CONCURRENT_CALLS, 1),
        hours: of_agent(&fields),
        personal: personal(&fields),
        spoken_name: fields.get("spoken_name").and_then(|_| prompt(&fields, "spoken_name")),
        call_link: call_link(&fields, &mut taken.call_links),
    };
    Some(WantedAgent {
        agent,
        email_line: fields.line_of("email"),
        role_line: fields.line_of("role"),
        timezone: timezone(&fields),
        dnd: fields.flag("dnd", false),
        password: password(&fields, "password"),
        sip_password: password(&fields, "sip_password"),
    })
}

/// Her own telephone, and when calls go there.
fn personal(fields: &Fields<'_>) -> Personal {
    let phone = fields.get("personal_phone").and_then(|_| outside(fields, "personal_phone"));
    let forward_when = fields.word("forward_when", &[], ForwardWhen::default());
    if forward_when != ForwardWhen::Never && fields.get("personal_phone").is_none() {
        let line = fields.line_of("forward_when");
        fields.problem(line, "the agent has `forward_when` and no `personal_phone` to forward calls to");
    }
    if let Some(phone) = &phone {
        fields.reading.calls_out(phone, fields.line_of("personal_phone"));
    }
    Personal { phone: phone.map(Pii), forward_when }
}

/// By which guests call her.
fn call_link(fields: &Fields<'_>, links: &mut BTreeMap<String, u64>) -> Option<CallLink> {
    let private = fields.flag("call_link_private", false);
    let Some((text, line)) = fields.text("call_link") else {
        if private {
            let line = fields.line_of("call_link_private");
            fields.problem(
                line,
                "the agent has `call_link_private` and no `call_link` that could lead to nobody",
            );
        }
        return None;
    };
    if !is_call_link(text) {
        let shown = clean(text);
        let form = format!("1 to {CALL_LINK_MAX} of a-z, 0-9 and -, not - first");
        fields.problem(line, format!("`call_link` of the agent is `{shown}`; it can be {form}"));
        return None;
    }
    if fields.get("extension").is_none() {
        fields.problem(line, "the agent has `call_link` and no `extension` that it could ring");
    }
    if let Some(at) = links.insert(text.to_owned(), line) {
        let at = fields.reading.which(at);
        fields.problem(line, format!("call link `{text}` is already that of the agent{at}"));
    }
    Some(CallLink { name: text.to_owned(), private })
}

/// Small letters only: people read addresses out to each other.
fn is_call_link(text: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= CALL_LINK_MAX && text.bytes().all(fine) && !text.starts_with('-')
}

fn email(fields: &Fields<'_>, emails: &mut BTreeMap<String, u64>) -> Option<String> {
    let (text, line) = fields.text("email")?;
    let email = as_email(fields, text, line)?;
    if let Some(at) = emails.insert(email.clone(), line) {
        let at = fields.reading.which(at);
        fields.problem(line, format!("e-mail {email} is already that of the agent{at}"));
    }
    Some(email)
}

/// `text` as an e-mail address, in lower case.
pub(crate) fn as_email(fields: &Fields<'_>, text: &str, line: u64) -> Option<String> {
    let fine = text.len() <= EMAIL_MAX
        && text
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
        && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    if !fine {
        let (what, shown) = (fields.what, clean(text));
        fields.problem(line, format!("`email` of the {what} is `{shown}`; that is no e-mail address"));
        return None;
    }
    // Two who differ in case only would be one to whoever logs in.
    Some(text.to_lowercase())
}

fn groups_of(fields: &Fields<'_>, groups: &BTreeSet<String>) -> Vec<String> {
    let list = fields.list("groups", PER_AGENT_MAX);
    if list.is_empty() && fields.get("groups").is_none_or(|node| matches!(node.value, Value::List(_))) {
        fields.problem(fields.line_of("groups"), "the agent wants at least one group in `groups`");
    }
    roles::group_names(fields, "groups", groups)
}

fn skills(fields: &Fields<'_>) -> BTreeMap<String, u8> {
    let mut skills = BTreeMap::new();
    let Some(node) = fields.get("skills") else { return skills };
    let Value::Map(entries) = &node.value else {
        fields.problem(node.line, "`skills` of the agent wants a mapping of skill to level");
        return skills;
    };
    if entries.len() > PER_AGENT_MAX {
        let count = entries.len();
        fields.problem(node.line, format!("`skills` has {count} entries; {PER_AGENT_MAX} are allowed"));
        return skills;
    }
    for (key, value) in entries {
        let name = fields.as_name("skills", &key.name, key.line, NAME_MAX);
        let level = fields.as_whole("skills", value, SKILL);
        if let (Some(name), Some(level)) = (name, level)
            && skills.insert(name, level).is_some()
        {
            fields.problem(key.line, format!("skill `{}` is there twice", key.name));
        }
    }
    skills
}

/// A password: not empty, printable, not too long. Its text is in no message.
fn password(fields: &Fields<'_>, name: &str) -> Option<Secret> {
    let (text, line) = fields.text(name)?;
    if text.is_empty() || text.len() > PASSWORD_MAX || text.chars().any(char::is_control) {
        let what = fields.what;
        fields.problem(line, format!("`{name}` of the {what} wants 1 to {PASSWORD_MAX} printable bytes"));
        return None;
    }
    Some(Secret::new(text))
}

/// The free extensions.
pub(crate) fn extensions(top: &Fields<'_>) -> Vec<WantedExtension> {
    top.list("extensions", EXTENSIONS_MAX).iter().filter_map(|node| extension(top.reading, node)).collect()
}

fn extension<'a>(reading: &'a Reading<'a>, node: &'a Node) -> Option<WantedExtension> {
    let fields = Fields::of(reading, node, &EXTENSION)?;
    let number = fields.number("number");
    if let Some(number) = &number {
        reading.claim(number, Kind::Extension, fields.line_of("number"));
    }
    let display_name = fields.get("display_name").and_then(|_| fields.name("display_name", PERSON_MAX));
    let ring_timeout = fields.whole("ring_timeout", EXTENSION_RING_TIMEOUT, Extension::RING_TIMEOUT_DEFAULT);
    let dnd = fields.flag("dnd", false);
    let sip_password = password(&fields, "sip_password");
    let number = number?;
    let display_name = display_name.unwrap_or_else(|| number.to_string());
    let extension = Extension { number, agent: None, display_name, dnd, ring_timeout };
    Some(WantedExtension { extension, sip_password })
}

/// Foreign text for a message: short, on one line.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect()
}
