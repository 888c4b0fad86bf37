//! Roles of a domain's own, and supervisors of groups.

use model::{Right, Role};
use serde_json::json;
use store::Secret;
use store::provisioning::{Change, Edit, Object, parse};

use crate::world::{NOW, PROMPTS, World};

const FILE: &str = r#"domain: acme.test
groups: [support, sales]
roles:
  - {name: team-lead, rights: [read, own, agent_state], supervises: own_groups}
  - {name: auditor, rights: [audit, configuration]}
agents:
  - {extension: "1001", name: Ann Ash, email: ann@acme.test, password: ann, groups: [support], role: team-lead}
  - {extension: "1002", name: Bob Oak, email: bob@acme.test, password: bob, groups: [sales], role: auditor}
  - {extension: "1003", name: Sue Elm, email: sue@acme.test, password: sue, groups: [sales], role: supervisor, supervises: [support]}
  - {extension: "1004", name: Eve Fir, email: eve@acme.test, password: eve, groups: [sales], role: supervisor}
"#;

#[tokio::test]
async fn a_login_has_the_rights_of_its_role_and_the_groups_that_it_supervises() {
    let world = World::new().await;
    let tenant = world.apply(FILE).await.tenant;
    let login = async |who: &str| {
        let login = world.store.login(&format!("{who}@acme.test"), &Secret::new(who)).await.unwrap().unwrap();
        let rights: Vec<&str> = login.rights.iter().map(Right::word).collect();
        (login.role.name().to_owned(), rights.join(" "), login.supervises.map(|groups| groups.join(" ")))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(login("ann").await, ("team-lead".into(), "read own agent_state".into(), some("support")));
    assert_eq!(login("bob").await, ("auditor".into(), "configuration audit".into(), None));
    let supervisor = "read own agent_state call_control mailbox recordings night_mode";
    assert_eq!(login("sue").await, ("supervisor".into(), supervisor.into(), some("support")));
    assert_eq!(login("eve").await, ("supervisor".into(), supervisor.into(), None), "as before");
    // The running switch is told the same.
    let directory = world.store.directory(tenant).await.unwrap();
    for agent in directory.agents.values() {
        let login = login(agent.email.split('@').next().unwrap()).await;
        let rights: Vec<&str> = directory.rights_of(&agent.role).iter().map(Right::word).collect();
        let supervised = directory.supervised(agent).map(|groups| groups.join(" "));
        assert_eq!((agent.role.name().to_owned(), rights.join(" "), supervised), login);
    }
}

#[tokio::test]
async fn changes_of_roles_are_planned_line_by_line_and_gone_back_from() {
    let world = World::new().await;
    world.apply(FILE).await;
    let changed = FILE
        .replace("rights: [read, own, agent_state], ", "rights: [read], ")
        .replace(
            "  - {name: auditor, rights: [audit, configuration]}\n",
            "  - {name: clerk, rights: [read]}\n",
        )
        .replace("role: auditor", "role: clerk")
        .replace(", supervises: [support]}", ", supervises: [sales, support]}");
    assert_eq!(
        world.lines(&changed).await,
        [
            "- role auditor",
            "+ role clerk",
            "~ role team-lead rights [read, own, agent_state] -> [read]",
            "~ agent 1002 role auditor -> clerk",
            "~ agent 1003 supervises [support] -> [sales, support]",
        ]
    );
    world.apply(&changed).await;
    let back = world.store.plan_revert("acme.test", &PROMPTS).await.unwrap();
    assert_eq!(back.lines().len(), 5, "{back}");
    world.store.apply(&back, NOW).await.unwrap();
    assert_eq!(world.plan(FILE).await.to_string(), "no changes");
}

#[tokio::test]
async fn a_role_is_edited_alone_and_stays_while_somebody_has_it() {
    let world = World::new().await;
    world.apply(FILE).await;
    let plan = async |object: Object, change: Change| {
        let edits = [Edit { object, change, expected: None }];
        let edited = world.store.plan_edits("acme.test", &edits, &PROMPTS).await;
        edited.map(|edited| edited.plan.to_string()).unwrap_or_else(|error| error.to_string())
    };
    let role = |name: &str| Object::Role(name.into());
    let patched = plan(role("auditor"), Change::Patch(json!({"rights": ["audit"]}))).await;
    assert_eq!(patched, "~ role auditor rights [configuration, audit] -> [audit]");
    let made = plan(role("clerk"), Change::Create(json!({"rights": ["read"]}))).await;
    assert_eq!(made, "+ role clerk");
    let gone = plan(role("auditor"), Change::Remove).await;
    let told = "`role` of the agent is `auditor`; it can be agent, supervisor, admin, owner, team-lead";
    assert!(gone.contains(told), "{gone}");
    assert_eq!(Role::named("auditor"), Role::Custom("auditor".into()));
}

#[test]
fn what_cannot_be_a_role_or_a_charge_is_said_with_its_line() {
    for (from, to, told) in [
        (
            "name: auditor",
            "name: admin",
            "line 5: `name` of the role is `admin`; every domain has that one, as it is",
        ),
        ("name: auditor", "name: team-lead", "line 5: there is a role team-lead already (line 4)"),
        (
            "name: auditor",
            "name: An Auditor",
            "line 5: `name` of the role is `An Auditor`; it has 1 to 64 of lower-case letters, digits and `-`",
        ),
        ("[audit, configuration]", "[]", "line 5: the role wants at least one right in `rights`"),
        ("[audit, configuration]", "[audit, audit]", "line 5: `rights` of the role names audit twice"),
        (
            "[audit, configuration]",
            "[adit]",
            "line 5: `rights` of the role names `adit`; did you mean `audit`?",
        ),
        (
            "agent_state], ",
            "access], ",
            "line 4: the role has `supervises` and the right `access`, which is of the whole domain",
        ),
        (
            "own_groups",
            "groups",
            "line 4: `supervises` of the role is `groups`; it can be domain, own_groups",
        ),
        (
            "role: auditor",
            "role: audtor",
            "line 8: `role` of the agent is `audtor`; it can be agent, supervisor, admin, owner, team-lead, auditor",
        ),
        (
            "role: auditor",
            "role: auditor, supervises: [sales]",
            "line 8: the agent has `supervises` and the right `configuration`, which is of the whole domain",
        ),
        (
            "role: auditor",
            "supervises: [sales]",
            "line 8: the agent has `supervises` and is agent; it goes with a supervisor or a role of `roles`",
        ),
        (
            "role: auditor",
            "role: admin, supervises: [sales]",
            "line 8: the agent has `supervises` and is admin; it goes with a supervisor or a role of `roles`",
        ),
        (
            "supervises: [support]}",
            "supervises: []}",
            "line 9: `supervises` of the agent names no group; leave it out, and it is as her role says",
        ),
        (
            "supervises: [support]}",
            "supervises: [office]}",
            "line 9: `supervises` of the agent names `office`, and there is no such group",
        ),
        (
            "supervises: [support]}",
            "supervises: [sales, sales]}",
            "line 9: `supervises` of the agent names `sales` twice",
        ),
        (
            "supervises: [support]}",
            "supervises: support}",
            "line 9: `supervises` of the agent is text; a list is wanted",
        ),
    ] {
        assert!(FILE.contains(from), "{from}");
        let problems = parse(&FILE.replacen(from, to, 1), &PROMPTS).unwrap_err();
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(all.iter().any(|one| one.starts_with(told)), "{told}\n{all:#?}");
    }
}
