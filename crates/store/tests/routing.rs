//! What decides who is offered a call: skills, tiers, lists of callers, hours. From the file to the directory.

use std::time::Duration;

use model::{AgentHours, BlockLevel, OrderBy, QueueId, SkillNeed, Strategy, Timestamp};
use store::provisioning::parse;
use store::words::Word as _;

use crate::world::{CONTRACT, PROMPTS, World, wanted};

const ROUTED: &str = r#"domain: r.test
timezone: Europe/Berlin
groups: [all]
agents:
  - extension: "1001"
    name: Ann
    email: ann@r.test
    sip_password: a
    groups: [all]
    skills: {french: 3}
    timezone: America/New_York
    hours: {monday: ["09:00-12:00", "13:00-17:00"], sunday: ["22:00-06:00"]}
  - {extension: "1002", name: Ben, sip_password: b, groups: [all], hours: {friday: ["08:00-24:00"]}}
queues:
  - number: "8000"
    name: One
    strategy: skill_linear
    sim_ring_first: 2
    sim_ring_increment: 3
    max_expected_wait: 600
    busy_delay: 30
    decline_delay: 10
    ageing: 60
    order_by: received
    sticky: {days: 7}
    announce_to_agent: please-wait
    skills: [{skill: german, level: 4, relax_after: 30, relax_by: 2}, {skill: french, level: 2}]
    members:
      - {agent: "1001", tier: 2, auto_answer: true}
      - {agent: "1002", answer_confirmation: true}
  - {number: "8001", name: Two, skills: {french: 3}, sticky: {enabled: false}}
numbers:
  - {number: "+4930", open: {queue: "8000"}, skills: {french: 1}, priority: 4}
vip_numbers:
  - {number: "+49301", priority: 5, until: "2030-12-31T23:00:00Z"}
  - {number: "+49302"}
exclusive_numbers:
  - {number: "+49301", queue: "8000", agents: ["1002", "1001"]}
  - {number: "+49301", queue: "8001", agents: ["1001"], until: "2030-12-31T23:00:00+01:00"}
queue_blacklist:
  - {number: "+49303", level: warned}
  - {number: "+49304"}
blacklist:
  - {number: "+49305"}
"#;

#[tokio::test]
async fn everything_that_decides_is_in_the_directory_as_the_file_says() {
    let world = World::new().await;
    let tenant = world.apply(ROUTED).await.tenant;
    let directory = world.store.directory(tenant).await.unwrap();
    let one = directory.queue("8000").unwrap();
    assert_eq!(one.strategy, Strategy::SkillLinear);
    assert_eq!((one.sim_ring_first, one.sim_ring_increment, one.max_expected_wait), (2, 3, 600));
    assert_eq!((one.busy_delay, one.decline_delay, one.ageing), (30, 10, 60));
    assert_eq!((one.order_by, one.sticky_days), (OrderBy::Received, 7));
    assert_eq!(one.announce_to_agent.as_deref(), Some("please-wait"));
    let need = |skill: &str, level, relax_after, relax_by| SkillNeed {
        skill: skill.into(),
        level,
        relax_after,
        relax_by,
    };
    assert_eq!(one.skills, [need("french", 2, 0, 1), need("german", 4, 30, 2)]);
    let two = directory.queue("8001").unwrap();
    assert_eq!((two.skills.as_slice(), two.sticky_days), (&[need("french", 3, 0, 1)][..], 0));
    let (ann, ben) = (directory.agent_of("1001").unwrap(), directory.agent_of("1002").unwrap());
    let member = |agent: &model::Agent| &directory.memberships[&(one.id, agent.id)];
    assert_eq!(
        (member(ann).tier, member(ann).auto_answer, member(ann).answer_confirmation),
        (2, true, false)
    );
    assert_eq!(
        (member(ben).tier, member(ben).auto_answer, member(ben).answer_confirmation),
        (1, false, true)
    );
    let did = &directory.numbers["+4930"];
    assert_eq!((did.skills.as_slice(), did.priority), (&[need("french", 1, 0, 1)][..], 4));

    let until = |text: &str| Some(Timestamp::from_secs(text.parse::<jiff::Timestamp>().unwrap().as_second()));
    let vip = |number: &str| (directory.vip_numbers[number].priority, directory.vip_numbers[number].until);
    assert_eq!(vip("+49301"), (5, until("2030-12-31T23:00:00Z")));
    assert_eq!(vip("+49302"), (9, None));
    let exclusive = |queue: QueueId| &directory.exclusive_numbers[&("+49301".to_owned(), queue)];
    assert_eq!(exclusive(one.id).agents, [ben.id, ann.id], "in the file's order");
    assert_eq!(exclusive(two.id).until, until("2030-12-31T22:00:00Z"));
    assert_eq!(directory.queue_blacklist["+49303"], (BlockLevel::Warned, None));
    assert_eq!(directory.queue_blacklist["+49304"], (BlockLevel::Refused, None));
    assert_eq!(directory.blacklist["+49305"], None);

    assert_eq!(world.plan(ROUTED).await.to_string(), "no changes");
    let world = world.reopen().await;
    assert_eq!(world.store.directory(tenant).await.unwrap(), directory);
    assert_eq!(world.plan(ROUTED).await.to_string(), "no changes");
}

#[tokio::test]
async fn hours_are_those_of_her_own_zone_or_else_of_the_domain() {
    let world = World::new().await;
    let tenant = world.apply(ROUTED).await.tenant;
    let directory = world.store.directory(tenant).await.unwrap();
    let at = |text: &str| Timestamp::from_secs(text.parse::<jiff::Timestamp>().unwrap().as_second());
    let own = |extension: &str| match directory.agent_of(extension).unwrap().hours.clone().unwrap() {
        AgentHours::Own(schedule) => schedule,
        AgentHours::Business(name) => panic!("{name}"),
    };
    let ann = own("1001");
    // A Monday in July: New York is four hours behind.
    for (moment, open) in [
        ("2026-07-06T12:59:00Z", false),
        ("2026-07-06T13:00:00Z", true),
        ("2026-07-06T16:30:00Z", false),
        ("2026-07-06T17:00:00Z", true),
        ("2026-07-06T21:00:00Z", false),
        ("2026-07-06T02:00:00Z", true),
        ("2026-07-06T10:00:00Z", false),
    ] {
        assert_eq!(ann.is_open(at(moment)), open, "{moment}");
    }
    let ben = own("1002");
    assert!(ben.is_open(at("2026-07-10T06:00:00Z")) && !ben.is_open(at("2026-07-10T05:59:59Z")));
    assert!(ben.is_open(at("2026-07-10T21:59:59Z")) && !ben.is_open(at("2026-07-10T22:00:00Z")));
    let winter = at("2026-01-01T12:00:00Z");
    assert_eq!(directory.tenant.zone.midnight(winter), at("2025-12-31T23:00:00Z"));
    assert_eq!(directory.tenant.zone, ben.zone);
    assert!(ben.next_change(winter).is_some_and(|next| next > winter.after(Duration::from_secs(60))));
}

#[tokio::test]
async fn a_change_of_what_decides_shows_from_what_to_what() {
    let world = World::new().await;
    world.apply(ROUTED).await;
    let changed = ROUTED
        .replace("strategy: skill_linear", "strategy: random")
        .replace("relax_after: 30", "relax_after: 60")
        .replace("sticky: {days: 7}", "sticky: {enabled: false}")
        .replace("order_by: received", "order_by: entered")
        .replace("tier: 2, ", "")
        .replace("[\"09:00-12:00\", \"13:00-17:00\"]", "[\"09:00-17:00\"]")
        .replace("timezone: America/New_York", "timezone: Asia/Tokyo")
        .replace("priority: 4", "priority: 0")
        .replace("priority: 5, ", "")
        .replace("[\"1002\", \"1001\"]", "[\"1001\"]")
        .replace(", level: warned", "")
        .replace("  - {number: \"+49305\"}", "  - {number: \"+49306\"}");
    assert_eq!(
        world.lines(&changed).await,
        [
            "~ agent 1001 timezone America/New_York -> Asia/Tokyo",
            "~ agent 1001 hours [monday 00:00-06:00, monday 09:00-12:00, monday 13:00-17:00, sunday 22:00-24:00] \
             -> [monday 00:00-06:00, monday 09:00-17:00, sunday 22:00-24:00]",
            "~ queue 8000 strategy skill_linear -> random",
            "~ queue 8000 skills [french 2, german 4 -2/30s] -> [french 2, german 4 -2/60s]",
            "~ queue 8000 order_by received -> entered",
            "~ queue 8000 sticky 7d -> off",
            "~ member 1001 of 8000 tier 2 -> 1",
            "~ number +4930 priority 4 -> 0",
            "- blacklist +49305",
            "+ blacklist +49306",
            "~ exclusive_number +49301 of 8000 agents [1002, 1001] -> [1001]",
            "~ queue_blacklist +49303 level warned -> refused",
            "~ vip_number +49301 priority 5 -> 9",
        ]
    );
    world.apply(&changed).await;
    assert_eq!(world.plan(&changed).await.to_string(), "no changes");
    let directory = world.store.directory(world.tenant("r.test").await).await.unwrap();
    assert_eq!(directory.blacklist.keys().collect::<Vec<_>>(), ["+49306"]);
}

#[tokio::test]
async fn a_queue_or_an_agent_that_goes_takes_its_exclusive_numbers_along() {
    let world = World::new().await;
    let tenant = world.apply(ROUTED).await.tenant;
    let start = ROUTED.find("  - {number: \"+49301\", queue: \"8001\"").unwrap();
    let end = start + ROUTED[start..].find('\n').unwrap() + 1;
    let without = format!("{}{}", &ROUTED[..start], &ROUTED[end..]);
    let start = without.find("  - {number: \"8001\"").unwrap();
    let end = start + without[start..].find('\n').unwrap() + 1;
    let without = format!("{}{}", &without[..start], &without[end..]);
    assert_eq!(world.lines(&without).await, ["- queue 8001", "- exclusive_number +49301 of 8001"]);
    world.apply(&without).await;
    assert_eq!(world.store.directory(tenant).await.unwrap().exclusive_numbers.len(), 1);
    world.apply("domain: r.test\n").await;
    let empty = world.store.directory(tenant).await.unwrap();
    assert!(empty.vip_numbers.is_empty() && empty.exclusive_numbers.is_empty() && empty.blacklist.is_empty());
}

#[test]
fn every_strategy_of_the_domain_model_is_taken() {
    assert_eq!(Strategy::ALL.len(), 11);
    for strategy in Strategy::ALL {
        let word = strategy.word();
        let text = CONTRACT.replace("strategy: longest_idle", &format!("strategy: {word}"));
        let directory = wanted(&text).directory();
        assert_eq!(directory.queue("8000").map(|queue| queue.strategy), Some(*strategy));
    }
}

#[test]
fn what_a_file_leaves_out_is_as_the_domain_model_says() {
    let directory = wanted(CONTRACT).directory();
    let queue = directory.queue("8000").unwrap();
    let mut plain = model::Queue::new(queue.id, queue.number.clone(), "Support");
    (plain.auto_ready, plain.ring_time, plain.wrap_up_time) = (false, 15, 5);
    plain.on_no_answer = queue.on_no_answer.clone();
    assert_eq!(*queue, plain);
    let member = directory.memberships.values().next().unwrap();
    assert_eq!(*member, model::Membership::new(member.queue, member.agent));
    let did = &directory.numbers["+493012345678"];
    assert_eq!(*did, model::Did::new(did.number.clone(), did.open.clone()));
    assert_eq!(directory.agent_of("1001").unwrap().hours, None);
}

#[test]
fn a_skill_that_no_agent_has_is_warned_of() {
    assert_eq!(wanted(ROUTED).warnings(), ["8000 asks for the skill `german`, and no agent has it"]);
}

/// A change of the file above, and what is said about it.
#[test]
fn what_is_wrong_with_it_is_refused_with_its_line() {
    for (from, to, said) in [
        (
            "sim_ring_first: 2",
            "sim_ring_first: 100",
            "line 18: `sim_ring_first` of the queue is 100; it goes from 0 to 99",
        ),
        (
            "sim_ring_increment: 3",
            "sim_ring_increment: 0",
            "line 19: `sim_ring_increment` of the queue is 0; it goes from 1 to 99",
        ),
        (
            "max_expected_wait: 600",
            "max_expected_wait: -1",
            "line 20: `max_expected_wait` of the queue is -1; it goes from 0 to 65535",
        ),
        (
            "busy_delay: 30",
            "busy_delay: 3601",
            "line 21: `busy_delay` of the queue is 3601; it goes from 0 to 3600",
        ),
        ("ageing: 60", "ageing: a", "line 23: `ageing` of the queue is text; a whole number is wanted"),
        (
            "order_by: received",
            "order_by: called",
            "line 24: `order_by` of the queue is `called`; it can be entered, received",
        ),
        ("{days: 7}", "{days: 366}", "line 25: `days` of the sticky is 366; it goes from 1 to 365"),
        ("{days: 7}", "true", "line 25: sticky is true or false; a mapping of fields is wanted"),
        (
            "announce_to_agent: please-wait",
            "announce_to_agent: nobody",
            "line 26: `announce_to_agent` of the queue is `nobody`, and there is no prompt of that name",
        ),
        ("level: 4", "level: 101", "line 27: `level` of the skill is 101; it goes from 1 to 100"),
        (", level: 4", "", "line 27: the skill wants `level`"),
        ("relax_after: 30, ", "", "line 27: the skill has `relax_by` and no `relax_after` to say when"),
        ("skill: german", "skill: french", "line 27: `skills` of the queue names `french` twice"),
        (
            "skills: {french: 1}",
            "skills: french",
            "line 33: `skills` of the number is text; a mapping of skill to level, or a list is wanted",
        ),
        (
            "skills: {french: 1}",
            "skills: {french: 0}",
            "line 33: `skills` of the number is 0; it goes from 1 to 100",
        ),
        ("tier: 2", "tier: 0", "line 29: `tier` of the member is 0; it goes from 1 to 99"),
        (
            "auto_answer: true",
            "auto_answer: 1",
            "line 29: `auto_answer` of the member is a number; true or false is wanted",
        ),
        ("priority: 4", "priority: 10", "line 33: `priority` of the number is 10; it goes from 0 to 9"),
        ("priority: 5", "priority: 0", "line 35: `priority` of the VIP number is 0; it goes from 1 to 9"),
        (
            "2030-12-31T23:00:00Z",
            "2030-12-31",
            "line 35: `until` of the VIP number is `2030-12-31`; a moment is written like 2030-12-31T23:00:00Z",
        ),
        (
            "+49302",
            "49 302",
            "line 36: `number` is `49 302`; a number from outside has 2 to 32 digits, and may start with +",
        ),
        ("+49302", "+49301", "line 36: number +49301 is on this list already (line 35)"),
        (
            "\"8001\", agents",
            "\"8000\", agents",
            "line 39: number +49301 is on this list already for queue 8000 (line 38)",
        ),
        (
            "\"8001\", agents",
            "\"1001\", agents",
            "line 39: `queue` of the exclusive number wants a queue and 1001 is the agent on line 5",
        ),
        (
            "[\"1002\", \"1001\"]",
            "[\"1002\", \"1002\"]",
            "line 38: `agents` of the exclusive number names 1002 twice",
        ),
        (
            "[\"1002\", \"1001\"]",
            "[\"1003\"]",
            "line 38: `agents` of the exclusive number points to 1003, and there is no agent 1003",
        ),
        ("[\"1002\", \"1001\"]", "[]", "line 38: the exclusive number wants at least one agent in `agents`"),
        (
            "level: warned",
            "level: 1",
            "line 41: `level` of the entry of the queue blacklist is a number; text is wanted; put it in quotes: \"1\"",
        ),
        (
            "America/New_York",
            "New_York",
            "line 11: `timezone` is `New_York`; it has a name like Europe/Berlin or UTC",
        ),
        (
            "09:00-12:00",
            "9-12",
            "line 12: `monday` of the hours has `9-12`; a slot is written like 09:00-17:00",
        ),
        ("13:00-17:00", "11:59-17:00", "line 12: two slots of the hours overlap"),
        ("22:00-06:00", "22:00-09:01", "line 12: two slots of the hours overlap"),
        ("monday:", "mondays:", "line 12: the hours has no field `mondays`; did you mean `monday`?"),
        (
            "{friday: [\"08:00-24:00\"]}",
            "{}",
            "line 13: the hours have no slot at all; leave `hours` out for always",
        ),
    ] {
        assert!(ROUTED.contains(from), "{from}");
        let text = ROUTED.replacen(from, to, 1);
        let problems = parse(&text, &PROMPTS).map(|_| ()).unwrap_err();
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, [said], "{to}");
    }
}
