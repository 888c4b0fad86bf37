//! The world the stories play in: a directory, changed line by line.
//!
//! Always there: the agents ann (1001), bob (1002), cid (1003) and zed (1004), a free phone 1090, a trunk.

use std::collections::BTreeMap;

use model::flow::document::{
    Collect, FlowStep, RingRules, Said, StepAction, Transfer, TransferTarget, Unreached, Webhook,
};
use model::{
    Agent, AgentExtensionFlow, AgentHours, AgentId, AgentStatus, Announce, AnnouncePlace, BlockLevel,
    BusinessHours, CallLink, CallbackRules, Counted, CustomRole, Date, Did, Directory, ExclusiveNumber, Exit,
    Extension, ExtensionNumber, FallbackAction, Feature, FeatureCode, Flow, FlowBody, FlowDocument, FlowId,
    ForwardWhen, Holiday, Intro, Key, Mailbox, MailboxId, Membership, Personal, Pii, Pin, Queue, QueueId,
    Right, RingGroup, RingStrategy, Role, Schedule, SkillNeed, Slot, Strategy, Supervises, Tenant, TenantId,
    Timestamp, Trunk, TrunkId, VipNumber, Zone,
};

pub(crate) const AGENTS: [&str; 4] = ["ann", "bob", "cid", "zed"];

pub(crate) fn number(text: &str) -> ExtensionNumber {
    ExtensionNumber::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The agent of this name.
pub(crate) fn agent(name: &str) -> Option<AgentId> {
    let index = AGENTS.iter().position(|agent| *agent == name)?;
    Some(AgentId(index as u64 + 1))
}

/// The extension of an agent's name, or of a phone's number.
pub(crate) fn extension(who: &str) -> ExtensionNumber {
    agent(who).map_or_else(|| number(who), |agent| number(&format!("100{agent}")))
}

/// The directory before its first line.
pub(crate) fn directory() -> Directory {
    let tenant = Tenant::new(TenantId(1), "acme.test");
    let mut directory = Directory::new(tenant);
    for name in AGENTS {
        let id = agent(name).expect("it is in the list");
        directory.insert_agent(Agent {
            id,
            extension: Some(extension(name)),
            name: name.into(),
            email: format!("{name}@acme.test"),
            role: Role::Agent,
            supervises: None,
            groups: vec!["all".into()],
            skills: BTreeMap::new(),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
            personal: Personal::default(),
            spoken_name: None,
            call_link: None,
        });
    }
    let free = Extension {
        number: number("1090"),
        agent: None,
        display_name: "lobby".into(),
        dnd: false,
        ring_timeout: 30,
    };
    directory.extensions.insert(free.number.clone(), free);
    let trunk =
        Trunk { id: TrunkId(1), name: "carrier".into(), host: "192.0.2.1".into(), allow_from: vec![] };
    directory.trunks.insert(trunk.id, trunk);
    directory
}

/// Applies one line of provisioning; false if it is none.
pub(crate) fn provision(directory: &mut Directory, line: &str) -> bool {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let words: Vec<&str> = rest.split_whitespace().collect();
    match (verb, words.as_slice()) {
        ("queue", _) => queue(directory, rest),
        ("number", [number, action, options @ ..]) => {
            let mut did = Did::new((*number).into(), fallback(action));
            for option in options {
                match option.split_once('=') {
                    Some(("priority", value)) => did.priority = value.parse().expect("a priority"),
                    Some(("hours", name)) => did.hours = Some(name.into()),
                    Some(("closed", action)) => did.closed = Some(fallback(action)),
                    Some(("holiday", action)) => did.holiday = Some(fallback(action)),
                    Some(("night", action)) => did.night = Some(fallback(action)),
                    Some(("skill", name)) => did.skills.push(skill_need(name)),
                    _ => panic!("unknown option {option}"),
                }
            }
            directory.numbers.insert(did.number.clone(), did);
        }
        ("flow", [extension, options @ ..]) => flow(directory, extension, options),
        ("step", [extension, id, what @ ..]) => tree_step(directory, extension, id, what),
        ("zone", [ahead]) => {
            let ahead = ahead.parse().expect("seconds");
            directory.tenant.zone = Zone { offsets: vec![(Timestamp::ZERO, ahead)] };
        }
        ("hops", [max]) => directory.tenant.max_hops = max.parse().expect("a number"),
        ("calls", [who, most]) => {
            let agent = agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent");
            agent.max_concurrent_calls = most.parse().expect("a number");
        }
        ("skill", [who, skill, level]) => {
            let agent = agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent");
            agent.skills.insert((*skill).into(), level.parse().expect("a level"));
        }
        ("hours", [who, "none"]) => {
            agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent").hours = None;
        }
        ("hours", [who, minutes @ ..]) => {
            let agent = agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent");
            agent.hours = Some(match minutes {
                [name] if !name.contains('-') => AgentHours::Business((*name).into()),
                minutes => AgentHours::Own(hours(minutes)),
            });
        }
        ("business", [name, minutes @ ..]) => {
            let (holidays, minutes): (Vec<&str>, Vec<&str>) =
                minutes.iter().partition(|word| word.starts_with("holiday:"));
            let holiday = |word: &&str| {
                let day = Date::of_day(0);
                let name = word.trim_start_matches("holiday:").to_owned();
                Holiday { name, yearly: true, from: day, to: day }
            };
            let holidays = holidays.iter().map(holiday).collect();
            let hours = BusinessHours { name: (*name).into(), schedule: hours(&minutes), holidays };
            directory.business_hours.insert((*name).into(), hours);
        }
        ("role", [who, "supervisor"]) => {
            agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent").role =
                Role::Supervisor;
        }
        ("role", [who, name, "of", right]) => {
            let rights = std::iter::once(Right::from_word(right).expect("a right")).collect();
            let role = CustomRole { name: (*name).into(), rights, supervises: Supervises::Domain };
            directory.roles.insert((*name).into(), role);
            agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent").role =
                Role::Custom((*name).into());
        }
        ("group", [who, group]) => {
            agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent").groups =
                vec![(*group).into()];
        }
        ("supervises", [who, group]) => {
            agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent").supervises =
                Some(vec![(*group).into()]);
        }
        ("limit", [what, most]) => {
            let counted = Counted::ALL.into_iter().find(|counted| counted.word() == *what).expect("a limit");
            directory.limits = directory.limits.with(counted, Some(most.parse().expect("a number")));
        }
        ("vip", [number, priority, until @ ..]) => {
            let vip = VipNumber { priority: priority.parse().expect("a priority"), until: moment(until) };
            directory.vip_numbers.insert((*number).into(), vip);
        }
        ("own", [number, queue, agents @ ..]) => {
            let agents = agents.iter().filter_map(|name| agent(name)).collect();
            let own = ExclusiveNumber { agents, until: None };
            directory.exclusive_numbers.insert(((*number).into(), QueueId(number_id(queue))), own);
        }
        ("blacklist", [number, until @ ..]) => {
            directory.blacklist.insert((*number).into(), moment(until));
        }
        ("warned", [number, until @ ..]) => {
            directory.queue_blacklist.insert((*number).into(), (BlockLevel::Warned, moment(until)));
        }
        ("refused", [number, until @ ..]) => {
            directory.queue_blacklist.insert((*number).into(), (BlockLevel::Refused, moment(until)));
        }
        ("confirms", [who, queue]) => membership(directory, who, queue).answer_confirmation = true,
        ("auto-answers", [who, queue]) => membership(directory, who, queue).auto_answer = true,
        ("dnd", [who]) => phone(directory, who).dnd = true,
        ("disturb", [who]) => phone(directory, who).dnd = false,
        ("personal", [who, phone, when]) => {
            let agent = agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent");
            let phone = (*phone != "none").then(|| Pii((*phone).to_owned()));
            agent.personal = Personal { phone, forward_when: forward_when(when) };
        }
        ("link", [who, private @ ..]) => {
            let agent = agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent");
            agent.call_link = Some(CallLink { name: (*who).to_owned(), private: private == ["private"] });
        }
        ("unlink", [who]) => {
            let agent = agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent");
            agent.call_link = None;
        }
        ("group", [extension, strategy, options @ ..]) => group(directory, extension, strategy, options),
        ("rings", [who, seconds]) => {
            phone(directory, who).ring_timeout = seconds.parse().expect("seconds");
        }
        ("disabled", [who]) => {
            let agent = agent(who).and_then(|id| directory.agents.get_mut(&id)).expect("an agent");
            agent.status = AgentStatus::Disabled;
        }
        ("code", [code, "logout"]) => {
            let code = FeatureCode { code: (*code).into(), feature: Feature::Logout, enabled: true };
            directory.feature_codes.push(code);
        }
        ("mailbox", [extension, options @ ..]) => {
            let id = MailboxId(number_id(extension));
            let mut mailbox = Mailbox::new(id, number(extension), extension);
            for option in options {
                match option.split_once('=').expect("KEY=VALUE") {
                    ("pin", pin) => mailbox.pin = Pin::parse(pin),
                    ("max", most) => mailbox.max_messages = most.parse().expect("a number"),
                    ("days", days) => mailbox.retention_days = days.parse().expect("days"),
                    ("busy", prompt) => mailbox.greetings.busy = Some(prompt.into()),
                    ("no_answer", prompt) => mailbox.greetings.no_answer = Some(prompt.into()),
                    ("language", language) => mailbox.language = language.into(),
                    _ => panic!("unknown option {option}"),
                }
            }
            directory.insert_mailbox(mailbox);
        }
        ("without", ["mailbox", number]) => {
            directory.mailboxes.remove(&MailboxId(number_id(number)));
        }
        ("without", ["trunk"]) => directory.trunks.clear(),
        ("without", ["queue", number]) => {
            let id = QueueId(number_id(number));
            directory.queues.remove(&id);
            directory.memberships.retain(|(queue, _), _| *queue != id);
        }
        ("without", ["agent", who]) => {
            let id = agent(who).expect("an agent");
            directory.agents.remove(&id);
            directory.memberships.retain(|(_, agent), _| *agent != id);
            phone(directory, who).agent = None;
        }
        _ => return false,
    }
    true
}

/// `7100 linear ann bob 1090 ring=10 max=60 repeat=1 busy_too no_answer=hangup`.
fn group(directory: &mut Directory, extension: &str, strategy: &str, options: &[&str]) {
    let mut group = RingGroup::new(number(extension), &format!("g{extension}"), Vec::new());
    group.strategy = match strategy {
        "ring_all" => RingStrategy::RingAll,
        "linear" => RingStrategy::Linear,
        "linear_cascade" => RingStrategy::LinearCascade,
        "cyclic" => RingStrategy::Cyclic,
        "longest_idle" => RingStrategy::LongestIdle,
        "random" => RingStrategy::Random,
        _ => panic!("unknown strategy {strategy}"),
    };
    for option in options {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        match key {
            "ring" => group.ring_time = value.parse().expect("seconds"),
            "max" => group.max_time = value.parse().expect("seconds"),
            "repeat" => group.repeat = value.parse().expect("a count"),
            "busy_too" => group.skip_busy = false,
            "no_answer" => group.on_no_answer = fallback(value),
            member => group.members.push(self::extension(member)),
        }
    }
    directory.ring_groups.insert(group.number.clone(), group);
}

/// `never`, `offline`, `always`, `no_answer`.
pub(crate) fn forward_when(word: &str) -> ForwardWhen {
    match word {
        "never" => ForwardWhen::Never,
        "offline" => ForwardWhen::Offline,
        "always" => ForwardWhen::Always,
        "no_answer" => ForwardWhen::NoAnswer,
        _ => panic!("no such time to forward: {word}"),
    }
}

fn membership<'a>(directory: &'a mut Directory, who: &str, queue: &str) -> &'a mut Membership {
    let key = (QueueId(number_id(queue)), agent(who).expect("an agent"));
    directory.memberships.get_mut(&key).unwrap_or_else(|| panic!("{who} is no member of {queue}"))
}

/// Until a second of the story, or for ever.
fn moment(words: &[&str]) -> Option<Timestamp> {
    words.first().map(|second| Timestamp::from_secs(second.parse().expect("a second")))
}

/// `1-2 5-9`: minutes of the day on which all stories play, a Thursday.
fn hours(minutes: &[&str]) -> Schedule {
    let thursday = 3 * 24 * 60;
    let minute = |text: &str| thursday + text.parse::<u32>().expect("a minute");
    let slot = |text: &&str| {
        let (from, to) = text.split_once('-').expect("FROM-TO");
        Slot { from: minute(from), to: minute(to) }
    };
    Schedule { slots: minutes.iter().map(slot).collect(), zone: Zone::default() }
}

/// A skill at level 1 that is never given up.
fn skill_need(name: &str) -> SkillNeed {
    SkillNeed { skill: name.into(), level: 1, relax_after: 0, relax_by: 0 }
}

fn phone<'a>(directory: &'a mut Directory, who: &str) -> &'a mut Extension {
    directory.extensions.get_mut(&extension(who)).unwrap_or_else(|| panic!("no phone {who}"))
}

/// A queue's id is its number, so that stories can name it.
fn number_id(number: &str) -> u64 {
    number.parse().unwrap_or_else(|_| panic!("{number} is no number"))
}

/// `7000 unavailable=queue:8000 busy=… no_answer=… failed=… star=… greeting=… ring=… repeats=… not_ready any`
fn flow(directory: &mut Directory, extension: &str, options: &[&str]) {
    let mut flow = AgentExtensionFlow::new();
    for option in options {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        match key {
            "unavailable" => flow.on_unavailable = fallback(value),
            "busy" => flow.on_busy = fallback(value),
            "no_answer" => flow.on_no_answer = fallback(value),
            "failed" => flow.on_repeats_exhausted = fallback(value),
            "star" => flow.on_star = fallback(value),
            "greeting" => flow.greeting = Some(value.into()),
            "ring" => flow.ring_timeout = value.parse().expect("seconds"),
            "repeats" => flow.max_repeats = value.parse().expect("a count"),
            "not_ready" => flow.ring_not_ready = true,
            "star_rings" => flow.star_during_ring = true,
            "any" => flow.reachable = model::Reachable::Phones,
            _ => panic!("unknown option {option}"),
        }
    }
    insert_flow(directory, extension, FlowBody::AgentExtension(Box::new(flow)));
}

fn insert_flow(directory: &mut Directory, extension: &str, body: FlowBody) {
    directory.insert_flow(Flow {
        id: FlowId(number_id(extension)),
        number: number(extension),
        name: format!("flow {extension}"),
        body,
    });
}

/// One more step of a tree: `7001 hello play welcome menu`, `… ring 3 NEXT`, `… secret pin NEXT`, `… ask NEXT
/// FAILED`, `… transfer ann FAILED`, `… enqueue 8000 5`, `… language de NEXT`, `… leave queue:8000`; in place of the
/// one of that name.
fn tree_step(directory: &mut Directory, extension: &str, id: &str, what: &[&str]) {
    let prompts = |name: &str| vec![Said::Prompt(name.into())];
    let action = match *what {
        ["play", prompt, next] => {
            StepAction::Play { prompts: prompts(prompt), barge_in: true, next: next.into() }
        }
        ["ring", seconds, next] => {
            StepAction::Ring { seconds: seconds.parse().expect("seconds"), next: next.into() }
        }
        ["secret", variable, next] => StepAction::Collect(Collect {
            prompts: prompts("secret"),
            variable: variable.into(),
            min: 4,
            max: 4,
            sensitive: true,
            next: next.into(),
            ..Collect::default()
        }),
        ["ask", next, failed] => StepAction::Webhook(Webhook {
            url: "https://crm.example".into(),
            send: vec!["pin".into()],
            take: vec!["tier".into()],
            timeout: 3,
            next: next.into(),
            on_failed: failed.into(),
        }),
        ["transfer", who, failed] => StepAction::Transfer(Transfer {
            to: match who.strip_prefix("group:") {
                Some(group) => TransferTarget::RingGroup(number(group)),
                None => TransferTarget::Extension(self::extension(who)),
            },
            ring: RingRules { seconds: 10, ..RingRules::default() },
            unreached: Unreached {
                on_unavailable: failed.into(),
                on_busy: failed.into(),
                on_no_answer: failed.into(),
            },
        }),
        ["enqueue", queue, priority] => StepAction::Enqueue {
            queue: number(queue),
            skills: vec![],
            priority: priority.parse().expect("a priority"),
        },
        ["language", language, next] => StepAction::Language { language: language.into(), next: next.into() },
        ["leave", action] => StepAction::Leave(fallback(action)),
        _ => panic!("no step: {what:?}"),
    };
    let known = directory.flows.get(&FlowId(number_id(extension))).map(|flow| flow.body.clone());
    let mut document = match known {
        Some(FlowBody::Tree(document)) => document,
        Some(FlowBody::AgentExtension(_)) | None => FlowDocument::default(),
    };
    let step = FlowStep { id: id.into(), action };
    match document.steps.iter_mut().find(|step| step.id == id) {
        Some(known) => *known = step,
        None => document.steps.push(step),
    }
    insert_flow(directory, extension, FlowBody::Tree(document));
}

/// `8000: ann bob; ring=15 wrap=5 …`
fn queue(directory: &mut Directory, text: &str) {
    let (head, options) = text.split_once(';').unwrap_or((text, ""));
    let (extension, members) = head.split_once(':').expect("queue NUMBER: MEMBERS");
    let mut queue = Queue::new(QueueId(number_id(extension)), number(extension), &format!("q{extension}"));
    for option in options.split_whitespace() {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        let seconds = || value.parse().unwrap_or_else(|_| panic!("{option}: no number"));
        match key {
            "strategy" => {
                queue.strategy = match value {
                    "longest_idle" => Strategy::LongestIdle,
                    "ring_all" => Strategy::RingAll,
                    "linear" => Strategy::Linear,
                    "cyclic" => Strategy::Cyclic,
                    "least_worked" => Strategy::LeastWorked,
                    "linear_cascade" => Strategy::LinearCascade,
                    "tiered_longest_idle" => Strategy::TieredLongestIdle,
                    "random" => Strategy::Random,
                    "skill_linear" => Strategy::SkillLinear,
                    "skill_cyclic" => Strategy::SkillCyclic,
                    "skill_least_worked" => Strategy::SkillLeastWorked,
                    _ => panic!("unknown strategy {value}"),
                }
            }
            "ring" => queue.ring_time = seconds(),
            "wrap" => queue.wrap_up_time = seconds(),
            "wait" => queue.max_waiting_time = seconds(),
            "retry" => queue.retry_delay = seconds(),
            "full" => queue.max_callers = seconds(),
            "sla" => queue.sla_time = seconds(),
            "manual" => queue.auto_ready = false,
            "recorded" => queue.recording = true,
            "patient" => queue.wait_when_no_agents = true,
            "moh" => queue.moh = value.into(),
            "announce" => queue.announce_to_agent = Some(value.into()),
            "sticky" => queue.sticky_days = value.parse().expect("days"),
            "intro" => queue.in_queue.intro = Some(Intro { prompt: value.into(), whole: false }),
            "whole" => queue.in_queue.intro = Some(Intro { prompt: value.into(), whole: true }),
            "every" => {
                let (every, prompts) = value.split_once(':').expect("SECONDS:PROMPT,PROMPT");
                let prompts = prompts.split(',').map(str::to_owned).collect();
                queue.in_queue.announce = Some(Announce { prompts, every: every.parse().expect("seconds") });
            }
            "place" | "place_wait" => {
                let wait = key == "place_wait";
                queue.in_queue.place = AnnouncePlace { position: true, wait, every: seconds() };
            }
            "exit" => {
                let (sign, to) = value.split_once('>').expect("KEY>ACTION");
                let key = sign.chars().next().and_then(Key::parse).expect("a key");
                queue.in_queue.exit = Some(Exit { key, to: fallback(to) });
            }
            "callback" => {
                let mut rules = CallbackRules::new(Key::parse('3').expect("a key"));
                for option in value.split(',').filter(|option| !option.is_empty()) {
                    match option.split_once(':').unwrap_or((option, "")) {
                        ("after", seconds) => rules.offer_after = seconds.parse().ok(),
                        ("prefix", digits) => rules.prefix = digits.into(),
                        ("hours", hours) => rules.max_hours = hours.parse().expect("hours"),
                        ("retries", count) => rules.retries = count.parse().expect("a count"),
                        ("pause", seconds) => rules.retry_after = seconds.parse().expect("seconds"),
                        ("own", _) => rules.change = false,
                        _ => panic!("unknown option {option}"),
                    }
                }
                queue.in_queue.callback = Some(rules);
            }
            "on_no_answer" => queue.on_no_answer = fallback(value),
            "on_full" => queue.on_full = Some(fallback(value)),
            "hours" => queue.hours = Some(value.into()),
            "on_closed" => queue.on_closed = Some(fallback(value)),
            "on_night" => queue.on_night = Some(fallback(value)),
            "on_no_agents" => queue.on_no_agents = Some(fallback(value)),
            _ => panic!("unknown option {option}"),
        }
    }
    for (order, name) in (1..).zip(members.split_whitespace()) {
        let mut membership = Membership::new(queue.id, agent(name).expect("an agent"));
        membership.order = order;
        directory.insert_membership(membership);
    }
    directory.insert_queue(queue);
}

/// `hangup`, `hangup:goodbye`, `voicemail:leave-a-message`, `queue:8001`, `ext:1001`, `flow:7000`, `out:+4930`.
fn fallback(text: &str) -> FallbackAction {
    let (kind, value) = text.split_once(':').unwrap_or((text, ""));
    let message = (!value.is_empty()).then(|| value.to_owned());
    match kind {
        "hangup" => FallbackAction::Hangup { message },
        "voicemail" => FallbackAction::Voicemail { mailbox: None, message },
        "box" => FallbackAction::Voicemail { mailbox: Some(number(value)), message: None },
        "queue" => FallbackAction::Queue(number(value)),
        "ext" => FallbackAction::Extension(number(value)),
        "flow" => FallbackAction::Flow(number(value)),
        "group" => FallbackAction::RingGroup(number(value)),
        "out" => FallbackAction::External(value.into()),
        _ => panic!("unknown action {text}"),
    }
}
