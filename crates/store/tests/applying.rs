//! From a file to a domain: plans, kept ids, secrets, and that a second run finds nothing to do.

use model::{AgentStatus, FallbackAction, RnaAction, Strategy};
use store::{ApplyError, PlanError};

use crate::world::{CONTRACT, NOW, World, wanted};

#[tokio::test]
async fn the_contracts_example_becomes_a_domain_and_a_second_run_changes_nothing() {
    let world = World::new().await;
    let plan = world.plan(CONTRACT).await;
    assert_eq!(
        plan.lines(),
        [
            "+ domain acme.test",
            "+ group sales",
            "+ group support",
            "+ agent 1001",
            "+ extension 1090",
            "+ queue 8000",
            "+ member 1001 of 8000",
            "+ flow 7000",
            "+ number +493012345678",
            "+ trunk carrier",
        ]
    );
    assert!(world.store.domains().await.unwrap().is_empty(), "a plan changes nothing");
    let applied = world.store.apply(&plan, NOW).await.unwrap();
    assert!(applied.generated.is_empty());

    let directory = world.store.directory(applied.tenant).await.unwrap();
    assert_eq!(directory.tenant.timezone, "Europe/Berlin");
    let queue = directory.queue("8000").unwrap();
    assert_eq!((queue.ring_time, queue.wrap_up_time, queue.auto_ready), (15, 5, false));
    assert_eq!(queue.on_no_answer, FallbackAction::Hangup { message: Some("goodbye".into()) });
    let ann = directory.agent_of("1001").unwrap();
    assert_eq!((ann.name.as_str(), ann.skills["english"], ann.status), ("Ann Ash", 5, AgentStatus::Active));
    assert!(directory.memberships.contains_key(&(queue.id, ann.id)));
    assert!(
        matches!(&directory.numbers["+493012345678"].open, FallbackAction::Flow(n) if n.as_str() == "7000")
    );
    assert_eq!(directory.feature_codes.len(), 9);
    let trunk = directory.trunks.values().next().unwrap();
    assert!(trunk.allows("127.0.0.1".parse().unwrap()) && !trunk.allows("127.0.0.2".parse().unwrap()));

    let accounts = world.store.accounts(applied.tenant).await.unwrap();
    let secrets: Vec<_> = accounts.iter().map(|a| (a.extension.as_str(), a.secret.reveal())).collect();
    assert_eq!(secrets, [("1001", "phone-secret"), ("1090", "spare-secret")]);
    assert_eq!(accounts[0].agent, Some(ann.id));

    let again = world.plan(CONTRACT).await;
    assert_eq!(again.to_string(), "no changes");
    world.store.apply(&again, NOW).await.unwrap();
    let world = world.reopen().await;
    assert_eq!(world.store.directory(applied.tenant).await.unwrap(), directory);
    assert_eq!(world.plan(CONTRACT).await.to_string(), "no changes");
}

#[tokio::test]
async fn the_examples_are_read_and_applied() {
    let world = World::new().await;
    let prompts: Vec<String> = prompts();
    let prompts: Vec<&str> = prompts.iter().map(String::as_str).collect();
    for name in ["acme.yaml", "tiny.yaml"] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/").to_owned() + name;
        let text = std::fs::read_to_string(path).unwrap();
        let wanted = store::provisioning::parse(&text, &prompts).unwrap_or_else(|p| panic!("{p:#?}"));
        let plan = world.store.plan(wanted.clone()).await.unwrap();
        world.store.apply(&plan, NOW).await.unwrap();
        assert_eq!(world.store.plan(wanted).await.unwrap().to_string(), "no changes", "{name}");
    }
    let acme = world.store.directory(world.tenant("acme.test").await).await.unwrap();
    assert_eq!((acme.agents.len(), acme.queues.len(), acme.numbers.len()), (8, 4, 6));
    assert_eq!(acme.queue("8002").map(|queue| queue.strategy), Some(Strategy::Linear));
    assert_eq!(acme.queue("8003").map(|queue| queue.strategy), Some(Strategy::SkillLeastWorked));
    assert_eq!((acme.vip_numbers.len(), acme.exclusive_numbers.len(), acme.blacklist.len()), (1, 1, 1));
}

/// The names of the default prompts, as the texts they are made from list them.
fn prompts() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sounds/en/prompts.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let names = text.lines().filter_map(|line| Some(line.split_once('\t')?.0.to_owned()));
    names.chain(["music".to_owned()]).collect()
}

#[tokio::test]
async fn a_change_shows_its_field_from_what_to_what_and_keeps_ids() {
    let world = World::new().await;
    let tenant = world.apply(CONTRACT).await.tenant;
    let before = world.store.directory(tenant).await.unwrap();
    let changed = CONTRACT
        .replace("ring_time: 15", "ring_time: 20\n    rna_policy: {action: logout, scope: all, after_n: 2}")
        .replace("name: Ann Ash", "name: Ann Oak")
        .replace("order: 1,", "order: 2,")
        .replace("{flow: \"7000\"}", "{queue: \"8000\"}")
        .replace("[127.0.0.1/32]", "[127.0.0.1/32, 10.0.0.0/8]")
        .replace("groups: [support, sales]", "groups: [support, service]");
    assert_eq!(
        world.lines(&changed).await,
        [
            "- group sales",
            "+ group service",
            "~ agent 1001 name \"Ann Ash\" -> \"Ann Oak\"",
            "~ queue 8000 ring_time 15 -> 20",
            "~ queue 8000 rna_policy none -> logout/all/2",
            "~ member 1001 of 8000 order 1 -> 2",
            "~ number +493012345678 open flow:7000 -> queue:8000",
            "~ trunk carrier allow_from [127.0.0.1/32] -> [127.0.0.1/32, 10.0.0.0/8]",
        ]
    );
    world.apply(&changed).await;
    let after = world.store.directory(tenant).await.unwrap();
    assert_eq!(after.queues.keys().collect::<Vec<_>>(), before.queues.keys().collect::<Vec<_>>());
    assert_eq!(after.agents.keys().collect::<Vec<_>>(), before.agents.keys().collect::<Vec<_>>());
    assert_eq!(after.trunks.keys().collect::<Vec<_>>(), before.trunks.keys().collect::<Vec<_>>());
    assert_eq!(after.queue("8000").unwrap().rna_policy.unwrap().action, RnaAction::Logout);
    assert_eq!(world.plan(&changed).await.to_string(), "no changes");
}

const TWO: &str = r#"domain: two.test
groups: [all]
agents:
  - {extension: "1001", name: Ann, email: ann@two.test, sip_password: a, groups: [all]}
  - {extension: "1002", name: Ben, email: ben@two.test, sip_password: b, groups: [all]}
queues:
  - {number: "8000", name: One, members: [{agent: "1001"}, {agent: "1002"}]}
  - {number: "8001", name: Two, members: [{agent: "1001"}]}
"#;

#[tokio::test]
async fn what_is_not_in_the_file_any_more_is_removed_with_all_that_hangs_on_it() {
    let world = World::new().await;
    let tenant = world.apply(TWO).await.tenant;
    let less = r#"domain: two.test
groups: [all]
agents:
  - {extension: "1002", name: Ben, email: ben@two.test, groups: [all]}
queues:
  - {number: "8000", name: One, members: [{agent: "1002"}]}
"#;
    assert_eq!(
        world.lines(less).await,
        ["- agent 1001", "- queue 8001", "- member 1001 of 8000", "- member 1001 of 8001"]
    );
    world.apply(less).await;
    let directory = world.store.directory(tenant).await.unwrap();
    assert_eq!((directory.agents.len(), directory.queues.len(), directory.extensions.len()), (1, 1, 1));
    let accounts = world.store.accounts(tenant).await.unwrap();
    assert_eq!(accounts[0].secret.reveal(), "b", "a password that is left out stays");
    assert_eq!(world.plan(less).await.to_string(), "no changes");
    let lines = world.lines("domain: two.test\n").await;
    assert_eq!(lines, ["- group all", "- agent 1002", "- queue 8000", "- member 1002 of 8000"]);
    world.apply("domain: two.test\n").await;
    assert!(world.store.directory(tenant).await.unwrap().agents.is_empty());
}

#[tokio::test]
async fn an_agent_who_comes_back_has_a_new_id() {
    let world = World::new().await;
    let tenant = world.apply(TWO).await.tenant;
    let old = world.store.directory(tenant).await.unwrap().agent_of("1001").unwrap().id;
    world.apply("domain: two.test\n").await;
    world.apply(TWO).await;
    let new = world.store.directory(tenant).await.unwrap().agent_of("1001").unwrap().id;
    assert!(new > old, "her records of before are not another's");
}

#[tokio::test]
async fn two_agents_may_change_e_mails_and_one_may_move_to_a_new_extension() {
    let world = World::new().await;
    let tenant = world.apply(TWO).await.tenant;
    let id = async |number: &str| {
        world.store.directory(tenant).await.unwrap().agent_of(number).map(|agent| agent.id)
    };
    let (ann, ben) = (id("1001").await, id("1002").await);
    let swapped = TWO.replace("ann@", "x@").replace("ben@", "ann@").replace("x@", "ben@");
    world.apply(&swapped).await;
    assert_eq!((id("1001").await, id("1002").await), (ann, ben), "the extension says who she is");
    assert_eq!(world.plan(&swapped).await.to_string(), "no changes");

    let moved = swapped.replace("\"1002\"", "\"1003\"");
    let lines = world.lines(&moved).await;
    assert_eq!(lines, ["~ agent 1003 extension 1002 -> 1003", "~ agent 1003 sip_password"]);
    world.apply(&moved).await;
    assert_eq!((id("1003").await, id("1002").await), (ben, None), "then her e-mail does");
}

#[tokio::test]
async fn a_free_extension_becomes_an_agents_and_keeps_its_secret() {
    let world = World::new().await;
    let free = "domain: a.test\ngroups: [all]\nextensions: [{number: \"1090\", sip_password: spare}]\n";
    let tenant = world.apply(free).await.tenant;
    let taken = "domain: a.test\ngroups: [all]\nagents: [{extension: \"1090\", name: Ann, groups: [all]}]\n";
    assert_eq!(world.lines(taken).await, ["+ agent 1090", "- extension 1090"]);
    assert!(world.apply(taken).await.generated.is_empty());
    let accounts = world.store.accounts(tenant).await.unwrap();
    assert_eq!((accounts[0].secret.reveal(), accounts[0].display_name.as_str()), ("spare", "Ann"));
    assert!(accounts[0].agent.is_some());
    world.apply(free).await;
    assert_eq!(world.store.accounts(tenant).await.unwrap()[0].agent, None);
}

#[tokio::test]
async fn passwords_show_without_their_values_and_only_if_they_differ() {
    let world = World::new().await;
    let tenant = world.apply(CONTRACT).await.tenant;
    let changed = CONTRACT
        .replace("desk-password", "other-password")
        .replace("phone-secret", "other-secret")
        .replace("spare-secret", "other-spare");
    let plan = world.plan(&changed).await;
    assert_eq!(
        plan.lines(),
        ["~ agent 1001 password", "~ agent 1001 sip_password", "~ extension 1090 sip_password"]
    );
    let shown = format!("{plan:?} {plan}");
    for secret in ["other-password", "other-secret", "other-spare"] {
        assert!(!shown.contains(secret), "{secret}");
    }
    world.store.apply(&plan, NOW).await.unwrap();
    assert_eq!(world.store.accounts(tenant).await.unwrap()[0].secret.reveal(), "other-secret");
    let login = async |password: &str| {
        let secret = store::Secret::new(password);
        world.store.login("ann@acme.test", &secret).await.unwrap().is_some()
    };
    assert!(login("other-password").await && !login("desk-password").await);
    let omitted = changed
        .replace("    password: other-password\n", "")
        .replace("    sip_password: other-secret\n", "")
        .replace(", sip_password: other-spare", "");
    assert_eq!(world.plan(&omitted).await.to_string(), "no changes");
}

#[tokio::test]
async fn a_phone_secret_that_is_not_named_is_made_once_and_shown_once() {
    let world = World::new().await;
    let text = "domain: a.test\ngroups: [all]\nagents: [{extension: \"100\", name: Ann, groups: [all]}]\n";
    let applied = world.apply(text).await;
    assert_eq!(applied.generated.len(), 1);
    assert_eq!(applied.generated[0].extension.as_str(), "100");
    let accounts = world.store.accounts(applied.tenant).await.unwrap();
    assert_eq!(accounts[0].secret, applied.generated[0].secret);
    let again = world.plan(text).await;
    assert!(again.is_empty());
    assert!(world.store.apply(&again, NOW).await.unwrap().generated.is_empty());
}

#[tokio::test]
async fn domains_stand_apart_and_the_first_made_is_the_default() {
    let world = World::new().await;
    world.apply(TWO).await;
    let before = world.store.directory(world.tenant("two.test").await).await.unwrap();
    world.apply(CONTRACT).await;
    let names: Vec<_> = world.store.domains().await.unwrap().into_iter().map(|d| d.name).collect();
    assert_eq!(names, ["two.test", "acme.test"]);
    assert_eq!(world.store.directory(before.tenant.id).await.unwrap(), before);

    let taken = TWO.replace("two.test\n", "three.test\n").replace("@two.test", "@acme.test");
    let Err(PlanError::Problems(problems)) = world.store.plan(wanted(&taken)).await else {
        panic!("the e-mail is another domain's")
    };
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["line 4: e-mail ann@acme.test is already that of an agent of another domain"]);
}

#[tokio::test]
async fn a_plan_is_not_carried_out_after_somebody_elses_change() {
    let world = World::new().await;
    let old = world.plan(CONTRACT).await;
    world.apply(CONTRACT).await;
    assert!(matches!(world.store.apply(&old, NOW).await, Err(ApplyError::Stale(_))));
    let mine = world.plan(&CONTRACT.replace("ring_time: 15", "ring_time: 16")).await;
    world.apply(&CONTRACT.replace("ring_time: 15", "ring_time: 17")).await;
    let refused = world.store.apply(&mine, NOW).await.unwrap_err();
    assert!(refused.to_string().contains("plan again"), "{refused}");
    let directory = world.store.directory(world.tenant("acme.test").await).await.unwrap();
    assert_eq!(directory.queue("8000").unwrap().ring_time, 17);
}

#[tokio::test]
async fn a_failure_in_the_middle_changes_nothing() {
    let world = World::new().await;
    let tenant = world.apply(CONTRACT).await.tenant;
    let before = world.store.directory(tenant).await.unwrap();
    let other = crate::opening::pool(world.directory.path()).await;
    sqlx::query(
        "CREATE TRIGGER disk_full BEFORE INSERT ON memberships
         BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    )
    .execute(&other)
    .await
    .unwrap();
    let changed = CONTRACT.replace("ring_time: 15", "ring_time: 20").replace("order: 1", "order: 7");
    let plan = world.plan(&changed).await;
    let error = world.store.apply(&plan, NOW).await.unwrap_err();
    assert!(error.to_string().contains("disk is full"), "{error}");
    assert_eq!(world.store.directory(tenant).await.unwrap(), before);
    sqlx::query("DROP TRIGGER disk_full").execute(&other).await.unwrap();
    world.store.apply(&plan, NOW).await.unwrap();
    assert_eq!(world.store.directory(tenant).await.unwrap().queue("8000").unwrap().ring_time, 20);
}

#[test]
fn what_is_kept_and_does_not_work_yet_is_said() {
    let warnings = wanted(&CONTRACT.replace("[127.0.0.1/32]", "[0.0.0.0/0]")).warnings().join("\n");
    for part in ["on_no_answer: there is no mailbox 7000", "every address"] {
        assert!(warnings.contains(part), "{part} in {warnings}");
    }
}

#[test]
fn a_file_alone_makes_a_directory_for_simulation() {
    let wanted = wanted(CONTRACT);
    let directory = wanted.directory();
    assert_eq!(directory.memberships.len(), 1);
    assert!(directory.destination("7000").is_some());
    assert_eq!(wanted.sip_passwords().len(), 2);
}

#[tokio::test]
async fn ten_thousand_agents_fit_and_a_second_run_finds_nothing_to_do() {
    use std::fmt::Write as _;
    let mut text = String::from("domain: big.test\ngroups: [all]\nagents:\n");
    for agent in 10_000..20_000 {
        let _ = writeln!(
            text,
            "  - {{extension: \"{agent}\", name: Agent {agent}, email: a{agent}@big.test, sip_password: secret{agent}, groups: [all], skills: {{english: 3}}}}"
        );
    }
    text.push_str("queues:\n");
    for queue in 0..50 {
        let _ = writeln!(text, "  - number: \"{}\"\n    name: Queue {queue}\n    members:", 800 + queue);
        for agent in (10_000..20_000).skip(queue).step_by(25) {
            let _ = writeln!(text, "      - {{agent: \"{agent}\", order: {queue}}}");
        }
    }
    let world = World::new().await;
    let tenant = world.apply(&text).await.tenant;
    let directory = world.store.directory(tenant).await.unwrap();
    assert_eq!((directory.agents.len(), directory.memberships.len()), (10_000, 19_975));
    assert_eq!(world.plan(&text).await.to_string(), "no changes");
}

#[tokio::test]
async fn a_plan_says_when_it_would_make_or_change_an_owner() {
    let world = World::new().await;
    let owned = CONTRACT.replacen("role: agent\n", "role: owner\n", 1);
    assert!(!world.plan(CONTRACT).await.changes_owner());
    assert!(world.plan(&owned).await.changes_owner(), "a new one");
    world.apply(&owned).await;
    assert!(!world.plan(&owned).await.changes_owner());
    assert!(!world.plan(&owned.replace("ring_time: 15", "ring_time: 20")).await.changes_owner());
    for changed in [
        CONTRACT.to_owned(),
        owned.replace("desk-password", "another-password"),
        owned.replace("ann@acme.test", "eve@acme.test"),
    ] {
        assert!(world.plan(&changed).await.changes_owner());
    }
}
