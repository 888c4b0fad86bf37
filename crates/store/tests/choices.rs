//! What agents choose from: not-ready codes and dispositions.

use model::{Disposition, ExtensionNumber, NotReadyCode};
use serde_json::json;
use store::provisioning::{Change, Edit, Object, parse};

use crate::world::{CONTRACT, PROMPTS, World};

const CODES: &str = "\
not_ready_codes:
  - {code: lunch, label: Lunch}
  - {code: back-office, label: \"Letters, mails\", enabled: false}
";
const DISPOSITIONS: &str = "\
dispositions:
  - {code: sale, label: Sold, queues: [\"8000\"]}
  - {code: wrong_number, label: Wrong number, enabled: false}
";

#[tokio::test]
async fn both_are_what_the_file_says_and_gone_without_it() {
    let world = World::new().await;
    let tenant = world.apply(CONTRACT).await.tenant;
    let text = format!("{CONTRACT}{CODES}{DISPOSITIONS}");
    let added = [
        "+ not_ready_code back-office",
        "+ not_ready_code lunch",
        "+ disposition sale",
        "+ disposition wrong_number",
    ];
    assert_eq!(world.lines(&text).await, added);
    world.apply(&text).await;
    let directory = world.store.directory(tenant).await.unwrap();
    let codes: Vec<_> = directory.not_ready_codes.into_values().collect();
    let code =
        |code: &str, label: &str, enabled| NotReadyCode { code: code.into(), label: label.into(), enabled };
    assert_eq!(codes, [code("back-office", "Letters, mails", false), code("lunch", "Lunch", true)]);
    let queues = vec![ExtensionNumber::parse("8000").unwrap()];
    let sale = Disposition { code: "sale".into(), label: "Sold".into(), enabled: true, queues };
    assert_eq!(directory.dispositions["sale"], sale);
    assert!(!directory.dispositions["wrong_number"].enabled);

    let changed = text
        .replace("label: Sold, queues: [\"8000\"]", "label: Sold it")
        .replace("enabled: false", "enabled: true");
    assert_eq!(
        world.lines(&changed).await,
        [
            "~ not_ready_code back-office enabled false -> true",
            "~ disposition sale label Sold -> \"Sold it\"",
            "~ disposition sale queues [8000] -> []",
            "~ disposition wrong_number enabled false -> true",
        ]
    );
    let removed = added.map(|line| line.replacen('+', "-", 1));
    assert_eq!(world.lines(CONTRACT).await, removed);
    world.apply(CONTRACT).await;
    let directory = world.store.directory(tenant).await.unwrap();
    assert!(directory.not_ready_codes.is_empty() && directory.dispositions.is_empty());
}

#[tokio::test]
async fn each_is_edited_alone() {
    let world = World::new().await;
    world.apply(&format!("{CONTRACT}{CODES}{DISPOSITIONS}")).await;
    let plan = async |object: Object, change: Change| {
        let edits = [Edit { object, change, expected: None }];
        let edited = world.store.plan_edits("acme.test", &edits, &PROMPTS).await;
        edited.map(|edited| edited.plan.to_string()).unwrap_or_else(|error| error.to_string())
    };
    let code = |code: &str| Object::NotReadyCode(code.into());
    let disposition = |code: &str| Object::Disposition(code.into());
    assert_eq!(plan(code("tea"), Change::Create(json!({"label": "Tea"}))).await, "+ not_ready_code tea");
    assert_eq!(plan(code("lunch"), Change::Remove).await, "- not_ready_code lunch");
    let patched = plan(disposition("sale"), Change::Patch(json!({"enabled": false}))).await;
    assert_eq!(patched, "~ disposition sale enabled true -> false");
    let strange = plan(disposition("sale"), Change::Patch(json!({"queues": ["8099"]}))).await;
    assert!(
        strange.contains("`queues` of the disposition points to 8099, and there is no queue 8099"),
        "{strange}"
    );
    // A queue that a disposition names does not go without it.
    let queue = plan(Object::Queue("8000".into()), Change::Remove).await;
    assert!(queue.contains("`queues` of the disposition points to 8000"), "{queue}");
}

#[test]
fn what_cannot_be_chosen_is_said_with_its_line() {
    for (text, told) in [
        (
            "not_ready_codes:\n  - {code: Lunch, label: x}\n",
            "`code` of the not-ready code is `Lunch`; it has 1 to 32 of lower-case",
        ),
        (
            "not_ready_codes:\n  - {code: rna, label: x}\n",
            "`code` of the not-ready code is `rna`; that is a reason that the server gives",
        ),
        (
            "not_ready_codes:\n  - {code: a, label: x}\n  - {code: a, label: y}\n",
            "there is a not-ready code a already (line ",
        ),
        ("not_ready_codes:\n  - {label: x}\n", "the not-ready code wants `code`"),
        ("not_ready_codes:\n  - {code: a}\n", "the not-ready code wants `label`"),
        (
            "not_ready_codes:\n  - {code: a, label: x, digits: \"1\"}\n",
            "`digits` of the not-ready code is not built yet",
        ),
        ("dispositions:\n  - {code: a b, label: x}\n", "`code` of the disposition is `a b`; it has 1 to 32"),
        (
            "dispositions:\n  - {code: a, label: \" x\"}\n",
            "`label` of the disposition has control characters or blanks",
        ),
        (
            "dispositions:\n  - {code: a, label: x, queues: [\"1001\"]}\n",
            "`queues` of the disposition wants a queue and 1001 is the agent",
        ),
        (
            "dispositions:\n  - {code: a, label: x, queues: [\"8000\", \"8000\"]}\n",
            "`queues` of the disposition names 8000 twice",
        ),
        (
            "dispositions:\n  - {code: a, label: x}\n  - {code: a, label: y}\n",
            "there is a disposition a already (line ",
        ),
    ] {
        let problems = parse(&format!("{CONTRACT}{text}"), &PROMPTS).unwrap_err();
        assert!(
            problems.iter().any(|problem| problem.line > 0 && problem.text.starts_with(told)),
            "{told}: {problems:?}"
        );
    }
}
