//! Trees of steps: read, kept, changed step by step, held against the rest of the file and against their own tests.

use model::{Flow, FlowBody, FlowDocument};
use store::provisioning::parse;

use crate::world::{CONTRACT, NOW, PROMPTS, World, wanted};

/// One of each kind of step, every field that it can have.
const TREE: &str = r#"  - number: "7001"
    name: Main menu
    kind: tree
    language: en
    steps:
      - {id: ring, do: ring, seconds: 3, next: answer}
      - {id: answer, do: answer, next: hello}
      - {id: hello, do: play, prompts: [goodbye, {digits: caller}, {number: dialed}], barge_in: false, next: hours}
      - id: hours
        do: branch
        when:
          - {caller: "+49", next: german}
          - {caller: "", next: bye}
          - {queue: "8000", waiting: 10, next: bye}
          - {queue: "8000", expected_wait: 600, next: bye}
          - {queue: "8000", unstaffed: true, next: bye}
          - {variable: dialed, begins: "7", next: menu}
          - {variable: dialed, is: "+493012345678", next: menu}
        otherwise: menu
      - {id: german, do: language, language: de, next: menu}
      - id: menu
        do: menu
        prompts: [goodbye]
        keys: {"1": account, "2": dial, "*": again}
        dial: dial
        repeats: 2
        no_input: goodbye
        invalid: goodbye
        first_digit_timeout: 7
        inter_digit_timeout: 3
        terminator: ""
        barge_in: false
        on_failed: bye
      - {id: again, do: repeat, times: 2, again: menu, next: bye}
      - {id: account, do: collect, variable: pin, prompts: [goodbye], min: 4, max: 8, sensitive: true, next: set, on_failed: bye}
      - {id: set, do: set, variable: who, value: "<{caller}>", next: ask}
      - {id: ask, do: webhook, url: "https://crm.example/look", send: [pin, who], take: [tier], timeout: 4, next: gold, on_failed: queue}
      - {id: gold, do: transfer, extension: "1001", ring_timeout: 12, ring_not_ready: true, on_busy: out, on_no_answer: queue, on_unavailable: queue}
      - {id: out, do: transfer, external: "+493055555", on_busy: queue}
      - {id: queue, do: enqueue, queue: "8000", skills: {english: 3}, priority: 4}
      - id: dial
        do: dial
        prompts: [goodbye]
        reachable_scope: phones
        exclude: ["1500-1599", "1700-1700"]
        star_during_ring: true
        on_star: bye
        on_busy: queue
        on_unavailable: queue
        on_no_answer: queue
        on_failed: bye
      - {id: bye, do: leave, to: {hangup: {message: goodbye}}}
    tests:
      - name: Who presses one and keys a number is asked for
        script: |
          caller +33
          service tier=gold
          20s keys 1
          30s keys 47115
          38s answers
        expect: [answer, ask https://crm.example/look, ring 1001, talks with 1001]
numbers:
"#;

fn file() -> String {
    CONTRACT.replace("numbers:\n", TREE)
}

fn tree(flow: &Flow) -> &FlowDocument {
    match &flow.body {
        FlowBody::Tree(document) => document,
        FlowBody::AgentExtension(_) => panic!("a tree"),
    }
}

#[tokio::test]
async fn a_tree_is_kept_as_it_was_written_and_a_second_run_changes_nothing() {
    let world = World::new().await;
    let applied = world.store.apply(&world.plan(&file()).await, NOW).await.unwrap();
    let directory = world.store.directory(applied.tenant).await.unwrap();
    let flow = directory.flows.values().find(|flow| flow.number.as_str() == "7001").unwrap();
    let document = tree(flow);
    assert_eq!((document.steps.len(), document.tests.len(), document.language.as_str()), (15, 1, "en"));
    let of_file = wanted(&file()).directory();
    let written = of_file.flows.values().find(|flow| flow.number.as_str() == "7001").unwrap();
    assert_eq!(document, tree(written), "what is kept differs from what was written");
    assert_eq!(world.plan(&file()).await.to_string(), "no changes");
}

#[tokio::test]
async fn a_plan_says_which_steps_change() {
    let world = World::new().await;
    world.store.apply(&world.plan(&file()).await, NOW).await.unwrap();
    let changed = file()
        .replace(
            "{id: german, do: language, language: de, next: menu}",
            "{id: german, do: language, language: fr, next: menu}",
        )
        .replace("          - {caller: \"\", next: bye}\n", "");
    let plan = world.plan(&changed).await;
    let lines = plan.lines();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("~ step german of 7001 to "), "{lines:#?}");
    assert!(lines[1].starts_with("~ step hours of 7001 to "), "{lines:#?}");
}

#[tokio::test]
async fn every_setting_of_an_agent_extension_flow_is_kept() {
    let world = World::new().await;
    let text = CONTRACT.replace(
        "    max_repeats: 3\n",
        "    max_repeats: 0\n    greeting: goodbye\n    no_input_message: goodbye\n    invalid_message: goodbye\n    \
         first_digit_timeout: 9\n    inter_digit_timeout: 4\n    terminator: \"\"\n    barge_in: false\n    \
         reachable_scope: phones\n    exclude: [\"1001-1003\"]\n    ring_not_ready: true\n    star_during_ring: true\n",
    );
    let applied = world.store.apply(&world.plan(&text).await, NOW).await.unwrap();
    let kept = world.store.directory(applied.tenant).await.unwrap();
    let written = wanted(&text).directory();
    let body = |flows: &std::collections::BTreeMap<_, Flow>| flows.values().next().unwrap().body.clone();
    assert_eq!(body(&kept.flows), body(&written.flows));
    let FlowBody::AgentExtension(flow) = body(&kept.flows) else { panic!("an agent-extension flow") };
    assert!(flow.ring_not_ready && flow.star_during_ring && !flow.keys.hash_ends && !flow.keys.barge_in);
}

fn problems(from: &str, to: &str) -> Vec<String> {
    let text = file();
    assert!(text.contains(from), "{from}");
    match parse(&text.replacen(from, to, 1), &PROMPTS) {
        Ok(wanted) => wanted.failed_tests().map(ToString::to_string).collect(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// The line of the file that holds `text`.
fn line(text: &str) -> usize {
    1 + file().lines().position(|line| line.contains(text)).unwrap()
}

#[test]
fn what_is_wrong_with_a_step_is_said_on_its_line() {
    for (at, from, to, said) in [
        (
            "id: german",
            "next: menu}\n      - id: menu",
            "next: men}\n      - id: menu",
            "`next` of step `german`: there is no step `men`",
        ),
        ("id: ring", "seconds: 3", "seconds: 61", "`seconds` of the step is 61; it goes from 1 to 60"),
        (
            "id: ring",
            "do: ring, seconds: 3",
            "do: ring, seconds: 3, keys: {}",
            "`keys` means nothing for a step that does `ring`",
        ),
        (
            "id: set",
            "do: set",
            "do: sit",
            "`do` of the step is `sit`; it can be answer, ring, play, menu, collect, dial, dial_by_name, branch, set, language, repeat, webhook, transfer, enqueue, leave",
        ),
        (
            "id: queue",
            "queue: \"8000\", skills",
            "queue: \"8009\", skills",
            "`queue` of step `queue`: there is no queue 8009",
        ),
        (
            "id: hello",
            "prompts: [goodbye, ",
            "prompts: [godbye, ",
            "`prompts` of step `hello`: there is no prompt `godbye`",
        ),
        (
            "unstaffed: true",
            "unstaffed: true",
            "staffed: false",
            "the condition has no field `staffed`; did you mean `unstaffed`?",
        ),
        (
            "keys: {\"1\"",
            "keys: {\"1\": account",
            "keys: {\"11\": account",
            "a key is one of 0 to 9, * and #, in quotes",
        ),
    ] {
        let found = problems(from, to);
        let wanted = format!("line {}: {said}", line(at));
        assert!(found.contains(&wanted), "{wanted}\n{found:#?}");
    }
}

#[test]
fn a_flow_that_does_not_do_what_its_author_says_is_told_with_what_was_missing() {
    assert_eq!(problems("name: Main menu", "name: Menu"), Vec::<String>::new());
    let found = problems("expect: [answer, ask", "expect: [answer, to queue 8000, ask");
    let at = line("name: Who presses one");
    let said = "test `Who presses one and keys a number is asked for` fails: `to queue 8000` did not happen; at the end:";
    assert!(found.len() == 1 && found[0].starts_with(&format!("line {at}: {said}")), "{found:#?}");
    let found = problems("20s keys 1\n", "20s kees 1\n");
    assert!(found[0].contains("line 3 of its script: `20s kees 1` is not understood"), "{found:#?}");
}
