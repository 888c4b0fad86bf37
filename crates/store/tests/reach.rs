//! How people are reached, from the file to the directory and back.

use model::{CallLink, ForwardWhen, Pii};
use store::provisioning::parse;

use crate::world::{CONTRACT, PROMPTS, World};

/// The contract's example in which Ann has these fields too.
fn with(fields: &str) -> String {
    CONTRACT.replacen("  - extension: \"1001\"\n", &format!("  - extension: \"1001\"\n{fields}"), 1)
}

fn problems(fields: &str) -> Vec<String> {
    let problems = parse(&with(fields), &PROMPTS).expect_err("it is refused");
    problems.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_personal_phone_is_kept_and_no_plan_shows_its_number() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let text = with("    dnd: true\n    personal_phone: \"+491701234567\"\n    forward_when: no_answer\n");
    assert_eq!(
        world.lines(&text).await,
        [
            "~ agent 1001 dnd false -> true",
            "~ agent 1001 personal_phone",
            "~ agent 1001 forward_when never -> no_answer"
        ]
    );
    world.apply(&text).await;
    assert_eq!(world.lines(&text).await, [""; 0]);
    let world = world.reopen().await;
    let directory = world.store.directory(world.tenant("acme.test").await).await.unwrap();
    let ann = directory.agent_of("1001").unwrap();
    assert_eq!(ann.personal.phone, Some(Pii("+491701234567".to_owned())));
    assert_eq!(ann.personal.forward_when, ForwardWhen::NoAnswer);
    assert!(directory.extensions["1001"].dnd);
    world.apply(CONTRACT).await;
    let directory = world.store.directory(world.tenant("acme.test").await).await.unwrap();
    assert_eq!(directory.agent_of("1001").unwrap().personal, model::Personal::default());
}

#[test]
fn what_could_not_be_called_is_refused_with_its_place() {
    let one = |fields: &str| {
        let problems = problems(fields);
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems[0].clone()
    };
    assert!(
        one("    forward_when: always\n")
            .ends_with("the agent has `forward_when` and no `personal_phone` to forward calls to")
    );
    assert!(one("    personal_phone: \"12\"\n").contains("a number outside has 5 to 32 digits"));
    assert!(
        one("    personal_phone: \"+491701234567\"\n    forward_when: sometimes\n")
            .contains("it can be never, offline, always, no_answer")
    );
    let number = CONTRACT.lines().find_map(|line| line.trim().strip_prefix("- number: \"+")).unwrap();
    let number = number.split('"').next().unwrap();
    assert!(
        one(&format!("    personal_phone: \"{number}\"\n"))
            .ends_with("is one of `numbers`: the calls would come back")
    );
}

#[tokio::test]
async fn a_call_link_is_kept_until_it_is_taken_back() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let text = with("    call_link: ann\n    call_link_private: true\n");
    let plan = ["~ agent 1001 call_link none -> ann", "~ agent 1001 call_link_private false -> true"];
    assert_eq!(world.lines(&text).await, plan);
    world.apply(&text).await;
    assert_eq!(world.lines(&text).await, [""; 0]);
    let world = world.reopen().await;
    let tenant = world.tenant("acme.test").await;
    let link =
        async || world.store.directory(tenant).await.unwrap().agent_of("1001").unwrap().call_link.clone();
    assert_eq!(link().await, Some(CallLink { name: "ann".into(), private: true }));
    world.apply(CONTRACT).await;
    assert_eq!(link().await, None);
}

#[test]
fn a_call_link_leads_to_one_agent_by_an_address_that_can_be_read_out() {
    let one = |fields: &str| problems(fields).join("; ");
    for wrong in ["Ann", "-ann", "ann ash", "a/b", "../x", "", "\u{e4}nn", &"a".repeat(65)] {
        let said = one(&format!("    call_link: {wrong:?}\n"));
        assert!(said.ends_with("it can be 1 to 64 of a-z, 0-9 and -, not - first"), "{wrong}: {said}");
    }
    let said = one("    call_link_private: true\n");
    assert!(said.ends_with("has `call_link_private` and no `call_link` that could lead to nobody"), "{said}");
    let head = "domain: acme.test\ngroups: [a]\nagents:\n";
    let agent =
        |number: &str| format!("  - {{extension: \"{number}\", name: Ann, groups: [a], call_link: ann}}\n");
    let twice = format!("{head}{}{}", agent("1001"), agent("1002"));
    let said = parse(&twice, &PROMPTS).expect_err("it is refused")[0].to_string();
    assert!(said.contains("call link `ann` is already that of the agent"), "{said}");
    let deskless = format!("{head}  - {{name: Eve, email: e@a.test, groups: [a], call_link: eve}}\n");
    let said = parse(&deskless, &PROMPTS).expect_err("it is refused")[0].to_string();
    assert!(said.ends_with("the agent has `call_link` and no `extension` that it could ring"), "{said}");
}
