//! Flows: which there are, what they say, who is inside.

use std::sync::Arc;

use engine::{Arrival, Input, LegInput, Origin};
use model::flow::document::{FlowStep, Menu, Said, StepAction};
use model::{
    CallerId, ExtensionNumber, FallbackAction, Flow, FlowBody, FlowDocument, FlowId, LegId, TrunkId,
};

use crate::world::{ANN, GUS, World, acme};

fn number(text: &str) -> ExtensionNumber {
    ExtensionNumber::parse(text).expect("a number")
}

/// A world with a menu at 7001 and an agent-extension flow at 7000.
async fn world() -> World {
    let world = World::new().await;
    let mut directory = acme();
    let menu = Menu {
        prompts: vec![Said::Prompt("please-wait".into())],
        keys: [(b'1', "bye".into())].into(),
        on_failed: "bye".into(),
        ..Menu::default()
    };
    let steps = [
        ("menu", StepAction::Menu(menu)),
        ("bye", StepAction::Leave(FallbackAction::Hangup { message: None })),
    ];
    let steps = steps.map(|(id, action)| FlowStep { id: id.into(), action }).to_vec();
    let tree = FlowBody::Tree(FlowDocument { steps, ..FlowDocument::default() });
    for (id, at, name, body) in
        [(1, "7000", "Reach an agent", FlowBody::AgentExtension(Box::default())), (2, "7001", "Menu", tree)]
    {
        directory.insert_flow(Flow { id: FlowId(id), number: number(at), name: name.into(), body });
    }
    world.input(Input::Directory(Arc::new(directory)));
    world
}

#[tokio::test]
async fn a_flow_is_shown_as_the_file_spells_it_with_its_callers_where_they_are() {
    let world = world().await;
    let path = "/v1/domains/~/flows";
    let all = world.get(path, ANN).await;
    let items = all.body["items"].as_array().expect("a list");
    let shown = |item: &serde_json::Value| format!("{} {} {}", item["number"], item["kind"], item["callers"]);
    assert_eq!(
        items.iter().map(shown).collect::<Vec<_>>(),
        [r#""7000" "agent_extension" 0"#, r#""7001" "tree" 0"#]
    );

    for leg in 1..=2 {
        world.input(Input::Leg(
            LegId(leg),
            LegInput::Arrived(Arrival {
                origin: Origin::Trunk(TrunkId(1)),
                caller: CallerId::new("+4930", ""),
                dialed: "7001".into(),
                max_forwards: 70,
            }),
        ));
    }
    let one = world.get(&format!("{path}/7001"), ANN).await;
    assert_eq!((one.status, &one.body["callers"]), (200, &2.into()));
    assert_eq!(one.body["callers_by_step"], serde_json::json!({"menu": 2}));
    let steps = &one.body["definition"]["steps"];
    assert_eq!((&steps[0]["do"], &steps[0]["keys"]["1"]), (&"menu".into(), &"bye".into()));
    assert_eq!(steps[1]["to"], serde_json::json!({"hangup": {}}));
}

#[tokio::test]
async fn a_number_without_a_flow_and_the_flow_of_another_domain_are_not_found() {
    let world = world().await;
    for at in ["8000", "9999", "%00", "70001"] {
        let answer = world.get(&format!("/v1/domains/~/flows/{at}"), ANN).await;
        assert_eq!((answer.status, answer.problem()), (404, "unknown_flow"), "{at}");
    }
    let stranger = world.get("/v1/domains/acme.test/flows/7001", GUS).await;
    assert_eq!((stranger.status, stranger.problem()), (404, "unknown_domain"));
}
