//! Single changes of a domain: what each does, what it refuses, and in which words.

use model::{Directory, Timestamp};
use serde_json::{Value, json};
use store::Author;
use store::provisioning::limits::EDITS_MAX;
use store::provisioning::{Change, Edit, EditError, Object};

use crate::render::{EVERYTHING, apply_with_sounds};
use crate::world::{CONTRACT, NOW, PROMPTS, World};

/// A second agent, queue and group beside the contract's.
fn more() -> String {
    CONTRACT
        .replace(
            "extensions:\n",
            "  - {extension: \"1002\", name: Bob Bell, email: bob@acme.test, groups: [sales]}\n  - {name: Sue, email: \
             sue@acme.test, groups: [sales]}\nextensions:\n",
        )
        .replace(
            "flows:\n",
            "  - {number: \"8001\", name: Sales, members: [{agent: \"1001\"}, {agent: \"1002\", order: 2}]}\nflows:\n",
        )
        + "ring_groups: [{number: \"8500\", name: Desk, members: [\"1001\", \"1090\"]}]\n\
           mailboxes: [{number: \"8900\", name: Shared, pin: \"4711\", email: box@acme.test}]\n\
           business_hours: [{name: office, monday: [\"09:00-17:00\"]}]\n\
           vip_numbers: [{number: \"+491\", priority: 3}]\n\
           exclusive_numbers: [{number: \"+492\", queue: \"8000\", agents: [\"1001\"]}]\n"
}

fn edit(object: Object, change: Change) -> Edit {
    Edit { object, change, expected: None }
}

fn queue(number: &str) -> Object {
    Object::Queue(number.into())
}

fn agent(key: &str) -> Object {
    Object::Agent(key.into())
}

fn member(queue: &str, agent: &str) -> Object {
    Object::Member { queue: queue.into(), agent: agent.into() }
}

impl World {
    async fn edits(&self, edits: &[Edit]) -> Result<Vec<String>, EditError> {
        let edited = self.store.plan_edits("acme.test", edits, &PROMPTS).await?;
        Ok(edited.plan.lines().to_vec())
    }

    async fn lines_of(&self, object: Object, change: Change) -> Vec<String> {
        self.edits(&[edit(object, change)]).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Why one edit is refused: `edit pointer: text`, a line each.
    async fn refused(&self, object: Object, change: Change) -> Vec<String> {
        match self.edits(&[edit(object, change)]).await {
            Ok(lines) => panic!("{lines:?}"),
            Err(EditError::Problems(problems)) => {
                let edit = |edit: Option<usize>| edit.map_or_else(|| "-".into(), |edit| edit.to_string());
                problems.iter().map(|one| format!("{} {one}", edit(one.edit))).collect()
            }
            Err(error) => vec![error.to_string()],
        }
    }

    async fn make(&self, object: Object, change: Change) {
        let edited = self.store.plan_edits("acme.test", &[edit(object, change)], &PROMPTS).await.unwrap();
        self.store.apply_by(&edited.plan, NOW, &Author::named("Ada Bay")).await.unwrap();
        self.document_says_what_is_there("acme.test").await;
    }

    async fn of_acme(&self) -> Directory {
        self.store.directory(self.tenant("acme.test").await).await.unwrap()
    }
}

async fn with_more() -> World {
    let world = World::new().await;
    world.apply(&more()).await;
    world
}

#[tokio::test]
async fn each_kind_of_thing_is_made_changed_and_removed() {
    let world = with_more().await;
    let hangup = json!({"hangup": {}});
    let flow = json!({"name": "Bye", "kind": "tree", "steps": [{"id": "bye", "do": "leave", "to": hangup}]});
    let prompt = || Object::Prompt { language: "de-AT".into(), name: "welcome".into() };
    let exclusive = || Object::ExclusiveNumber { number: "+493".into(), queue: "8001".into() };
    let cases: Vec<(Object, Value, &str, Value, &str)> = vec![
        (Object::Group("vip".into()), Value::Null, "group vip", json!({"name": "gold"}), "+ group gold"),
        (
            agent("1003"),
            json!({"name": "Cat", "groups": ["sales"]}),
            "agent 1003",
            json!({"skills": {"x": 2}}),
            "~ agent 1003 skills [] -> [x 2]",
        ),
        (
            Object::Extension("1091".into()),
            json!({}),
            "extension 1091",
            json!({"dnd": true}),
            "~ extension 1091 dnd false -> true",
        ),
        (
            queue("8002"),
            json!({"name": "Third"}),
            "queue 8002",
            json!({"ring_time": 9}),
            "~ queue 8002 ring_time 20 -> 9",
        ),
        (
            member("8000", "1002"),
            json!({}),
            "member 1002 of 8000",
            json!({"tier": 4}),
            "~ member 1002 of 8000 tier 1 -> 4",
        ),
        (
            Object::Flow("7001".into()),
            flow,
            "flow 7001",
            json!({"name": "Good bye"}),
            "~ flow 7001 name Bye -> \"Good bye\"",
        ),
        (
            Object::RingGroup("8501".into()),
            json!({"name": "Two", "members": ["1001"]}),
            "ring_group 8501",
            json!({"repeat": 2}),
            "~ ring_group 8501 repeat 0 -> 2",
        ),
        (
            Object::Mailbox("1001".into()),
            json!({"name": "Ann", "pin": "1234"}),
            "mailbox 1001",
            json!({"pin": ""}),
            "~ mailbox 1001 pin",
        ),
        (
            Object::Number("+4940".into()),
            json!({"open": {"queue": "8000"}}),
            "number +4940",
            json!({"priority": 5}),
            "~ number +4940 priority 0 -> 5",
        ),
        (
            Object::Trunk("other".into()),
            json!({"host": "a.test"}),
            "trunk other",
            json!({"host": "b.test"}),
            "~ trunk other host a.test -> b.test",
        ),
        (
            Object::BusinessHours("late".into()),
            json!({"friday": "all_day"}),
            "business_hours late",
            json!({"timezone": "Asia/Tokyo"}),
            "~ business_hours late timezone none -> Asia/Tokyo",
        ),
        (
            Object::VipNumber("+495".into()),
            json!({}),
            "vip_number +495",
            json!({"priority": 1}),
            "~ vip_number +495 priority 9 -> 1",
        ),
        (
            exclusive(),
            json!({"agents": ["1001"]}),
            "exclusive_number +493 of 8001",
            json!({"agents": ["1002"]}),
            "~ exclusive_number +493 of 8001 agents [1001] -> [1002]",
        ),
        (
            Object::QueueBlacklisted("+496".into()),
            json!({}),
            "queue_blacklist +496",
            json!({"level": "warned"}),
            "~ queue_blacklist +496 level refused -> warned",
        ),
        (
            Object::Blacklisted("+497".into()),
            json!({}),
            "blacklist +497",
            json!({"until": "2030-01-01T00:00:00Z"}),
            "~ blacklist +497 until none -> 2030-01-01T00:00:00Z",
        ),
    ];
    for (object, value, called, patch, changed) in cases {
        let put = world.lines_of(object.clone(), Change::Put(value.clone())).await;
        assert_eq!(put[0], format!("+ {called}"));
        let nothing = world.refused(object.clone(), Change::Patch(json!({}))).await;
        assert_eq!(nothing, [format!("there is no {object}")]);
        assert_eq!(world.refused(object.clone(), Change::Remove).await, nothing);

        world.make(object.clone(), Change::Create(value.clone())).await;
        let twice = world.refused(object.clone(), Change::Create(value.clone())).await;
        assert_eq!(twice, [format!("there is a {object} already")]);
        assert_eq!(world.lines_of(object.clone(), Change::Put(value)).await, [""; 0], "{called}");
        assert_eq!(world.lines_of(object.clone(), Change::Patch(json!({}))).await, [""; 0], "{called}");
        let lines = world.lines_of(object.clone(), Change::Patch(patch)).await;
        assert!(lines.contains(&changed.to_owned()), "{lines:?}");
        assert_eq!(world.lines_of(object.clone(), Change::Remove).await[0], format!("- {called}"));
    }
    let said = json!({"text": "Guten Tag"});
    assert_eq!(world.lines_of(prompt(), Change::Put(said)).await, ["+ prompt de-at/welcome"]);
}

#[tokio::test]
async fn the_settings_of_a_domain_are_put_and_patched() {
    let world = with_more().await;
    let zone = Change::Patch(
        json!({"timezone": "Europe/London", "webhook_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}),
    );
    let lines =
        ["~ domain acme.test timezone Europe/Berlin -> Europe/London", "~ domain acme.test webhook_secret"];
    assert_eq!(world.lines_of(Object::Settings, zone.clone()).await, lines);
    world.make(Object::Settings, zone).await;
    let put = Change::Put(json!({"language": "de"}));
    let lines = ["~ domain acme.test timezone Europe/London -> UTC", "~ domain acme.test language en -> de"];
    assert_eq!(world.lines_of(Object::Settings, put).await, lines, "the secret stays");
    for (change, said) in [
        (Change::Patch(json!({"agents": []})), "0 /agents: the settings of a domain have no field `agents`"),
        (
            Change::Patch(json!({"timezone": "Mars"})),
            "0 /timezone: `timezone` is `Mars`; it has a name like Europe/Berlin or UTC",
        ),
        (Change::Put(json!([])), "0 the settings of a domain are a mapping of fields"),
        (Change::Remove, "0 the settings of a domain are always there: they can be put and patched"),
    ] {
        assert_eq!(world.refused(Object::Settings, change).await, [said]);
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_place_in_the_edit() {
    let world = with_more().await;
    let created = |value| Change::Create(value);
    for (object, change, said) in [
        (
            queue("8002"),
            created(json!({"name": "X", "ring_tme": 5})),
            vec!["0 /ring_tme: the queue has no field `ring_tme`; did you mean `ring_time`?"],
        ),
        (
            queue("8002"),
            created(json!({"name": "X", "ring_time": "5"})),
            vec!["0 /ring_time: `ring_time` of the queue is text; a whole number is wanted"],
        ),
        (
            queue("8002"),
            created(json!({"name": "X", "ring_time": 1.5})),
            vec!["0 /ring_time: `ring_time` of the queue is a number; a whole number is wanted"],
        ),
        (queue("8002"), created(json!({})), vec!["0 the queue wants `name`"]),
        (queue("8002"), created(json!("Support")), vec!["0 queue is text; a mapping of fields is wanted"]),
        (
            queue("8002"),
            created(
                json!({"name": "X", "on_full": {"queue": "8009"}, "members": [{"agent": "1001"}, {"agent": "1009"}]}),
            ),
            vec![
                "0 /members/1/agent: `agent` of the member points to 1009, and there is no agent 1009",
                "0 /on_full/queue: `on_full` points to 8009, and there is no queue 8009",
            ],
        ),
        (
            queue("1090"),
            created(json!({"name": "X"})),
            vec!["0 /number: number 1090 is already that of the extension"],
        ),
        (
            queue("8000"),
            Change::Put(json!({"number": "8005", "name": "X"})),
            vec!["0 /number: `number` is another than that of the queue 8000; to rename it, patch it"],
        ),
        (
            queue("8000"),
            Change::Patch(json!({"on_closed": {"hangup": {}}})),
            vec!["0 /on_closed: the queue has `on_closed` and no `hours` to say when it is closed"],
        ),
        (
            queue("8000"),
            Change::Patch(json!({"on_no_answer": {"queue": "8001"}})),
            vec![
                "0 /on_no_answer: `on_no_answer` wants exactly one of hangup, queue, extension, flow, ring_group, external, voicemail",
            ],
        ),
        (
            member("8001", "1001"),
            Change::Patch(json!({"tier": 0})),
            vec!["0 /tier: `tier` of the member is 0; it goes from 1 to 99"],
        ),
        (
            agent("1002"),
            Change::Patch(json!({"email": "ann@acme.test"})),
            vec!["0 /email: e-mail ann@acme.test is already that of the agent 1001"],
        ),
        (
            agent("sue@acme.test"),
            Change::Patch(json!({"groups": []})),
            vec!["0 /groups: the agent wants at least one group in `groups`"],
        ),
        (
            Object::Flow("7001".into()),
            created(json!({"name": "Reach an agent", "kind": "x"})),
            vec![
                "0 /name: name `Reach an agent` is already that of the flow 7000",
                "0 /kind: `kind` of the flow is `x`; it can be agent_extension or tree",
            ],
        ),
        (
            Object::Group("a/b".into()),
            created(json!({"nme": 1})),
            vec!["0 a group is a mapping of its `name` alone"],
        ),
    ] {
        let mut refused = world.refused(object, change).await;
        let mut said: Vec<String> = said.into_iter().map(str::to_owned).collect();
        refused.sort();
        said.sort();
        assert_eq!(refused, said);
    }
}

#[tokio::test]
async fn a_number_that_is_not_whole_comes_in_nowhere() {
    let world = with_more().await;
    // A condition by hours does not look at `waiting`.
    let when = json!([{"open": "office", "waiting": 1.5, "next": ""}]);
    let flow = json!({"name": "F", "kind": "tree", "steps": [{"id": "a", "do": "branch", "when": when}]});
    let refused = world.refused(Object::Flow("7001".into()), Change::Put(flow)).await;
    assert_eq!(refused, ["- a number that is not whole has no place here"]);
}

#[tokio::test]
async fn what_others_point_to_is_not_removed_and_they_are_named() {
    let world = with_more().await;
    for (object, said) in [
        (
            agent("1001"),
            vec![
                "- queue 8000: `agent` of the member points to 1001, and there is no agent 1001",
                "- queue 8001: `agent` of the member points to 1001, and there is no agent 1001",
                "- ring group 8500: `members` points to 1001, and there is no agent or extension 1001",
                "- exclusive number +492 of queue 8000: `agents` of the exclusive number points to 1001, and there is no agent 1001",
            ],
        ),
        (
            queue("8000"),
            vec![
                "- flow 7000: `on_unavailable` points to 8000, and there is no queue 8000",
                "- flow 7000: `on_busy` points to 8000, and there is no queue 8000",
                "- flow 7000: `on_star` points to 8000, and there is no queue 8000",
                "- exclusive number +492 of queue 8000: `queue` of the exclusive number points to 8000, and there is no queue 8000",
            ],
        ),
        (
            Object::Group("support".into()),
            vec![
                "- agent 1001: `groups` of the agent names `support`, and there is no such group",
                "- agent 1001: the agent wants at least one group in `groups`",
            ],
        ),
        (
            Object::Flow("7000".into()),
            vec!["- number +493012345678: `open` points to 7000, and there is no flow 7000"],
        ),
    ] {
        let refused = world.refused(object, Change::Remove).await;
        assert!(said.iter().any(|said| refused[0] == **said), "{refused:#?}");
        assert!(refused.iter().all(|one| said.contains(&one.as_str())), "{refused:#?}");
    }
    assert_eq!(world.lines_of(Object::VipNumber("+491".into()), Change::Remove).await, ["- vip_number +491"]);
}

#[tokio::test]
async fn all_edits_are_one_plan_and_only_its_end_must_be_right() {
    let world = with_more().await;
    let edits = [
        edit(agent("1002"), Change::Remove),
        edit(queue("8002"), Change::Create(json!({"name": "New", "on_full": {"queue": "8003"}}))),
        edit(queue("8003"), Change::Create(json!({"name": "Next"}))),
        edit(member("8003", "1001"), Change::Put(json!({"tier": 2}))),
        edit(member("8001", "1002"), Change::Remove),
    ];
    let lines = world.edits(&edits).await.unwrap();
    let expected =
        ["- agent 1002", "+ queue 8002", "+ queue 8003", "- member 1002 of 8001", "+ member 1001 of 8003"];
    assert_eq!(lines, expected);
    let error = world.edits(&edits[..4]).await.unwrap_err().to_string();
    assert_eq!(error, "queue 8001: `agent` of the member points to 1002, and there is no agent 1002");
    let edited = world.store.plan_edits("ACME.test", &edits, &PROMPTS).await.unwrap();
    world.make(queue("8001"), Change::Patch(json!({"name": "Sold"}))).await;
    assert!(world.store.apply(&edited.plan, NOW).await.is_err(), "somebody was faster");
    assert_eq!(world.edits(&[]).await.unwrap(), [""; 0]);

    let none = world.store.plan_edits("nowhere.test", &[], &PROMPTS).await.unwrap_err();
    assert_eq!(none.to_string(), "there is no domain nowhere.test");
    let missing =
        world.edits(&[edits[1].clone(), edit(member("8009", "1001"), Change::Put(json!({})))]).await;
    assert!(
        matches!(&missing, Err(EditError::Missing { edit: 1, what }) if what == "queue 8009"),
        "{missing:?}"
    );
    let many = vec![edits[0].clone(); EDITS_MAX + 1];
    let error = world.edits(&many).await.unwrap_err().to_string();
    assert_eq!(error, format!("there are {} edits; {EDITS_MAX} are made at a time", EDITS_MAX + 1));
}

#[tokio::test]
async fn an_edit_leaves_ids_and_secrets_and_is_a_step_of_the_history() {
    let world = with_more().await;
    let tenant = world.tenant("acme.test").await;
    let (before, accounts) = (world.of_acme().await, world.store.accounts(tenant).await.unwrap());
    world
        .make(
            agent("1001"),
            Change::Put(json!({"name": "Ann Oak", "email": "ann@acme.test", "groups": ["sales"]})),
        )
        .await;
    world.make(Object::Mailbox("8900".into()), Change::Patch(json!({"name": "All of us"}))).await;
    world.make(queue("8000"), Change::Patch(json!({"ring_time": 33}))).await;
    let after = world.of_acme().await;
    assert_eq!(after.queue("8000").unwrap().id, before.queue("8000").unwrap().id);
    assert_eq!(after.queue("8000").unwrap().ring_time, 33);
    assert_eq!(after.agent_of("1001").unwrap().id, before.agent_of("1001").unwrap().id);
    assert!(after.mailbox("8900").unwrap().pin.as_ref().unwrap().is("4711"));
    let secrets: Vec<_> =
        world.store.accounts(tenant).await.unwrap().into_iter().map(|one| one.secret).collect();
    assert_eq!(secrets, accounts.into_iter().map(|one| one.secret).collect::<Vec<_>>());
    let password = store::Secret::new("desk-password");
    assert!(world.store.login("ann@acme.test", &password).await.unwrap().is_some());

    let history = world.store.history(tenant).await.unwrap();
    assert_eq!(history.len(), 4);
    assert_eq!((history[0].who.as_str(), history[0].at), ("Ada Bay", Timestamp::from_secs(1_700_000_000)));
    let back = world.store.plan_revert("acme.test", &PROMPTS).await.unwrap();
    assert_eq!(back.to_string(), "~ queue 8000 ring_time 33 -> 15");
    world.store.apply(&back, NOW).await.unwrap();
    let further = world.store.plan_revert("acme.test", &PROMPTS).await.unwrap();
    assert_eq!(further.to_string(), "~ mailbox 8900 name \"All of us\" -> Shared");
}

#[tokio::test]
async fn a_new_phone_gets_a_secret_and_a_new_password_is_not_kept_in_the_clear() {
    let world = with_more().await;
    let value = json!({"name": "Cat", "email": "cat@acme.test", "password": "a-password-of-hers", "groups": ["sales"]});
    let edited = world
        .store
        .plan_edits("acme.test", &[edit(agent("1003"), Change::Create(value))], &PROMPTS)
        .await
        .unwrap();
    let applied = world.store.apply(&edited.plan, NOW).await.unwrap();
    assert_eq!(applied.generated[0].extension.as_str(), "1003");
    let password = store::Secret::new("a-password-of-hers");
    assert!(world.store.login("cat@acme.test", &password).await.unwrap().is_some());
    let file = std::fs::read(world.directory.path().join("cordboard.sqlite")).unwrap();
    let needle = b"a-password-of-hers";
    assert!(!file.windows(needle.len()).any(|bytes| bytes == needle), "it lies in the clear");
    // Patched to another extension she stays who she is: her e-mail tells.
    let cat = world.of_acme().await.agent_of("1003").unwrap().id;
    world.make(agent("1003"), Change::Patch(json!({"extension": "1004"}))).await;
    assert_eq!(world.of_acme().await.agent_of("1004").unwrap().id, cat);
}

#[tokio::test]
async fn a_flow_that_would_fail_its_own_tests_is_planned_and_said_so() {
    let world = with_more().await;
    let flow = |expected: &str| {
        Change::Put(json!({
            "name": "Bye", "kind": "tree",
            "steps": [{"id": "bye", "do": "leave", "to": {"hangup": {}}}],
            "tests": [{"name": "It ends", "expect": [expected]}],
        }))
    };
    let edited = async |change| {
        let edits = [edit(Object::Flow("7001".into()), change)];
        world.store.plan_edits("acme.test", &edits, &PROMPTS).await.unwrap()
    };
    assert!(edited(flow("hang up")).await.failed_tests.is_empty());
    let failed = edited(flow("to queue 8000")).await.failed_tests;
    assert_eq!((failed[0].edit, failed[0].pointer.as_str()), (Some(0), "/tests/0"));
    assert!(failed[0].text.contains("It ends"), "{failed:?}");
}

/// The things of a document, each with its value.
fn things(document: &Value) -> Vec<(Object, Value)> {
    let mut found = Vec::new();
    // What is no section is a setting of the domain itself.
    let sections = document.as_object().unwrap().iter().filter(|(name, _)| name.as_str() != "second_factor");
    for (section, list) in sections {
        for value in list.as_array().into_iter().flatten() {
            let text = |field: &str| value[field].as_str().unwrap_or_default().to_owned();
            let object = match section.as_str() {
                "prompts" => Object::Prompt { language: text("language"), name: text("name") },
                "playlists" => Object::Playlist(text("name")),
                "business_hours" => Object::BusinessHours(text("name")),
                "roles" => Object::Role(text("name")),
                "groups" => Object::Group(value.as_str().unwrap().to_owned()),
                "agents" if value.get("extension").is_none() => Object::Agent(text("email")),
                "agents" => Object::Agent(text("extension")),
                "extensions" => Object::Extension(text("number")),
                "queues" => Object::Queue(text("number")),
                "flows" => Object::Flow(text("number")),
                "ring_groups" => Object::RingGroup(text("number")),
                "mailboxes" => Object::Mailbox(text("number")),
                "numbers" => Object::Number(text("number")),
                "trunks" => Object::Trunk(text("name")),
                "vip_numbers" => Object::VipNumber(text("number")),
                "exclusive_numbers" => {
                    Object::ExclusiveNumber { number: text("number"), queue: text("queue") }
                }
                "queue_blacklist" => Object::QueueBlacklisted(text("number")),
                "blacklist" => Object::Blacklisted(text("number")),
                "feature_codes" => Object::FeatureCode(text("code")),
                "not_ready_codes" => Object::NotReadyCode(text("code")),
                "dispositions" => Object::Disposition(text("code")),
                "webhooks" => Object::Webhook(text("name")),
                "reports" => Object::Report(text("name")),
                _ => panic!("{section} is edited nowhere"),
            };
            let members = value["members"].as_array().filter(|_| section == "queues").into_iter().flatten();
            for member in members {
                let agent = member["agent"].as_str().unwrap().to_owned();
                found.push((Object::Member { queue: text("number"), agent }, member.clone()));
            }
            let value = if section == "groups" { json!({"name": value}) } else { value.clone() };
            found.push((object, value));
        }
    }
    found
}

#[tokio::test]
async fn whatever_is_there_can_be_put_as_it_is_and_nothing_changes() {
    let world = World::new().await;
    apply_with_sounds(&world, EVERYTHING).await;
    let domain = "everything.test";
    let document = world.store.document(domain).await.unwrap().unwrap();
    let things = things(&serde_json::from_str(&document.to_json().unwrap()).unwrap());
    assert!(things.len() > 25, "{}", things.len());
    for (object, value) in things {
        for change in [Change::Put(value), Change::Patch(json!({}))] {
            let edited = world.store.plan_edits(domain, &[edit(object.clone(), change)], &PROMPTS).await;
            let edited = edited.unwrap_or_else(|error| panic!("{object}: {error}"));
            assert_eq!(edited.plan.to_string(), "no changes", "{object}");
            assert!(edited.plan.sounds_wanted().is_empty(), "{object}");
            assert_eq!(edited.failed_tests, [], "{object}");
        }
    }
}

#[tokio::test]
async fn a_change_warns_of_what_it_brings_and_of_nothing_that_was_there() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let hangs_up = json!({"name": "Other", "on_no_answer": {"hangup": {"message": "goodbye"}}});
    let to_no_box = json!({"name": "Third", "on_no_answer": {"voicemail": {"message": "leave-a-message"}}});
    let warnings = async |number: &str, value: &Value| {
        let edits = [edit(Object::Queue(number.into()), Change::Put(value.clone()))];
        let edited = world.store.plan_edits("acme.test", &edits, &PROMPTS).await.unwrap();
        edited.plan.warnings().to_vec()
    };
    let whole = world.store.read_file(CONTRACT, &PROMPTS).await.unwrap();
    assert!(!whole.warnings().is_empty(), "the file itself has something to say");
    assert_eq!(warnings("8100", &hangs_up).await, [""; 0]);
    let new = warnings("8101", &to_no_box).await;
    assert!(new.len() == 1 && new[0].contains("8101"), "{new:?}");
}
