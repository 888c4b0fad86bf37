//! Ring groups from the file to the directory and back.

use model::{ExtensionNumber, FallbackAction, RingStrategy};
use store::provisioning::parse;

use crate::world::{CONTRACT, PROMPTS, World};

const GROUP: &str = "ring_groups:\n  - {number: \"7100\", name: Lab, strategy: cyclic, members: [\"1090\", \"1001\"], \
                     repeat: 2, max_time: 90, skip_busy: false, on_no_answer: {queue: \"8000\"}}\n";

fn refused(group: &str, said: &str) {
    let text = format!("{CONTRACT}ring_groups:\n  - {{number: \"7100\", name: Lab, {group}}}\n");
    let problems = parse(&text, &PROMPTS).expect_err(group);
    assert!(problems.iter().any(|problem| problem.to_string().contains(said)), "{group}: {problems:#?}");
}

#[tokio::test]
async fn a_ring_group_is_kept_and_a_plan_names_what_changes() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let text = format!("{CONTRACT}{GROUP}").replace("open: {flow: \"7000\"}", "open: {ring_group: \"7100\"}");
    assert_eq!(
        world.lines(&text).await,
        ["+ ring_group 7100", "~ number +493012345678 open flow:7000 -> ring_group:7100"]
    );
    world.apply(&text).await;
    assert_eq!(world.lines(&text).await, [""; 0]);
    let world = world.reopen().await;
    let directory = world.store.directory(world.tenant("acme.test").await).await.unwrap();
    let group = &directory.ring_groups["7100"];
    let members: Vec<&str> = group.members.iter().map(ExtensionNumber::as_str).collect();
    assert_eq!((members, group.strategy), (vec!["1090", "1001"], RingStrategy::Cyclic));
    assert_eq!((group.ring_time, group.max_time, group.repeat, group.skip_busy), (20, 90, 2, false));
    assert!(matches!(&group.on_no_answer, FallbackAction::Queue(number) if number.as_str() == "8000"));
    assert!(matches!(directory.destination("7100"), Some(model::Destination::RingGroup(_))));
    let changed = text.replace("cyclic", "random").replace("repeat: 2", "repeat: 0");
    assert_eq!(
        world.lines(&changed).await,
        ["~ ring_group 7100 strategy cyclic -> random", "~ ring_group 7100 repeat 2 -> 0"]
    );
    assert_eq!(world.lines(CONTRACT).await.first().map(String::as_str), Some("- ring_group 7100"));
}

#[test]
fn what_a_ring_group_cannot_be_is_said_with_its_place() {
    refused("members: []", "the ring group wants at least one extension in `members`");
    refused("members: [\"1001\", \"1001\"]", "`members` of the ring group names 1001 twice");
    refused("members: [\"8000\"]", "`members` wants an agent or an extension and 8000 is the queue on line");
    refused("members: [\"1999\"]", "`members` points to 1999, and there is no agent or extension 1999");
    refused("members: [\"1001\"], strategy: paging_intercom", "is not built yet");
    refused("members: [\"1001\"], repeat: 11", "it goes from 0 to 10");
    refused(
        "members: [\"1001\"], on_no_answer: {ring_group: \"7100\"}",
        "sends callers of 7100 back to itself",
    );
    let twice = format!("{CONTRACT}{}", GROUP.replace("7100", "7000"));
    let problems = parse(&twice, &PROMPTS).expect_err("the number is taken");
    assert!(problems[0].to_string().contains("number 7000 is already that of the"), "{problems:#?}");
}
