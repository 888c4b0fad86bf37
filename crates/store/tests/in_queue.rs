//! What those who wait in a line hear: read, kept, planned, and refused where it is wrong.

use model::FallbackAction;
use store::provisioning::parse;

use crate::world::{PROMPTS, World, wanted};

const FILE: &str = r#"domain: w.test
queues:
  - number: "8000"
    name: Support
    intro: {prompt: queue-full, whole: true}
    announce:
      every: 45
      prompts: [please-wait, no-agents]
    announce_place: {wait: true, every: 20}
    exit:
      key: "8"
      to: {queue: "8001"}
    callback: {offer_after: 60, prefix: "0", change: false, retries: 2}
  - {number: "8001", name: Sales}
"#;

#[tokio::test]
async fn all_of_it_is_kept_and_planned() {
    let world = World::new().await;
    let tenant = world.apply(FILE).await.tenant;
    let directory = world.store.directory(tenant).await.unwrap();
    let rules = &directory.queue("8000").unwrap().in_queue;
    let intro = rules.intro.as_ref().unwrap();
    assert_eq!((intro.prompt.as_str(), intro.whole), ("queue-full", true));
    let announce = rules.announce.as_ref().unwrap();
    assert_eq!((announce.every, announce.prompts.len()), (45, 2));
    assert_eq!((rules.place.position, rules.place.wait, rules.place.every), (true, true, 20));
    let exit = rules.exit.as_ref().unwrap();
    assert!(exit.key.sign() == '8' && matches!(&exit.to, FallbackAction::Queue(to) if to.as_str() == "8001"));
    let callback = rules.callback.as_ref().unwrap();
    assert_eq!((callback.key.sign(), callback.offer_after, callback.prefix.as_str()), ('3', Some(60), "0"));
    assert_eq!((callback.change, callback.max_hours, callback.retries), (false, 6, 2));
    assert_eq!(directory.queue("8001").unwrap().in_queue, model::InQueue::default());
    assert_eq!(world.plan(FILE).await.to_string(), "no changes");
    let world = world.reopen().await;
    assert_eq!(world.store.directory(tenant).await.unwrap(), directory);
    let uses = world.store.prompt_uses(tenant).await.unwrap();
    assert_eq!(uses["queue-full"], ["queue 8000 intro"]);
    assert_eq!(uses["no-agents"], ["queue 8000 announce"]);

    let changed = FILE
        .replace("prompt: queue-full, whole: true", "prompt: queue-full")
        .replace("every: 45", "every: 46")
        .replace("{wait: true, every: 20}", "{}")
        .replace("key: \"8\"", "key: \"#\"")
        .replace("offer_after: 60, prefix: \"0\", change: false, retries: 2", "key: \"4\", max_hours: 1");
    let plan = world.plan(&changed).await.to_string();
    for line in [
        "intro \"queue-full whole\" -> queue-full",
        "announce [please-wait, no-agents] every 45s -> [please-wait, no-agents] every 46s",
        "announce_place \"position and wait every 20s\" -> \"position every 30s\"",
        "exit \"8 queue:8001\" -> \"# queue:8001\"",
        "-> \"key 4, rings 30s, 0 retries after 300s, within 1h\"",
    ] {
        assert!(plan.contains(line), "{line}\n{plan}");
    }
}

#[test]
fn what_is_wrong_with_it_is_refused_with_its_line() {
    assert!(wanted(FILE).warnings().is_empty());
    for (from, to, said) in [
        ("{prompt: queue-full, whole: true}", "{whole: true}", "line 5: the intro wants `prompt`"),
        (
            "prompt: queue-full",
            "prompt: nobody",
            "line 5: `prompt` of the intro is `nobody`, and there is no prompt of that name",
        ),
        ("whole: true", "whole: 1", "line 5: `whole` of the intro is a number; true or false is wanted"),
        ("every: 45", "every: 9", "line 7: `every` of the announce is 9; it goes from 10 to 1800"),
        ("[please-wait, no-agents]", "[]", "line 8: `prompts` of the announce names none"),
        (
            "[please-wait, no-agents]",
            "[please-wait, nobody]",
            "line 8: `prompts` of the announce is `nobody`, and there is no prompt of that name",
        ),
        ("[please-wait, no-agents]", "7", "line 8: `prompts` of the announce is a number; a list is wanted"),
        (
            "wait: true",
            "wait: maybe",
            "line 9: `wait` of the announce_place is text; true or false is wanted",
        ),
        ("\"8\"", "8", "line 11: `key` of the exit is a number; text is wanted; put it in quotes: \"8\""),
        ("\"8\"", "\"88\"", "line 11: `key` of the exit is `88`; it is one of 0 to 9, * and #"),
        ("\"8\"", "A", "line 11: `key` of the exit is `A`; it is one of 0 to 9, * and #"),
        ("{queue: \"8001\"}", "{queue: \"8000\"}", "line 12: `to` sends callers of 8000 back to itself"),
        ("      to: {queue: \"8001\"}\n", "", "line 11: the exit wants `to`"),
        ("key: \"8\"", "key: \"3\"", "line 11: `key` of the exit is `3`, and so is that of the callback"),
        (
            "offer_after: 60",
            "offer_after: 9",
            "line 13: `offer_after` of the callback is 9; it goes from 10 to 3600",
        ),
        ("offer_after: 60", "key: \"#\"", "line 13: `key` of the callback is `#`; it is a digit"),
        (
            "prefix: \"0\"",
            "prefix: \"+49\"",
            "line 13: `prefix` of the callback is `+49`; it has at most 8 digits",
        ),
        ("retries: 2", "retries: 11", "line 13: `retries` of the callback is 11; it goes from 0 to 10"),
        ("retries: 2", "max_hours: 0", "line 13: `max_hours` of the callback is 0; it goes from 1 to 6"),
    ] {
        assert!(FILE.contains(from), "{from}");
        let problems = parse(&FILE.replacen(from, to, 1), &PROMPTS).map(|_| ()).unwrap_err();
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, [said], "{to}");
    }
}
