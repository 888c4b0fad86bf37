//! Files with something wrong: every problem with its line, and nothing changed.

use store::provisioning::parse;

use crate::world::{CONTRACT, PROMPTS};

fn problems(text: &str) -> Vec<String> {
    match parse(text, &PROMPTS) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// A change of the contract's example, and what is said about it.
#[track_caller]
fn refused(from: &str, to: &str, said: &str) {
    assert!(CONTRACT.contains(from), "{from}");
    let text = CONTRACT.replacen(from, to, 1);
    assert_eq!(problems(&text), [said], "{to}");
}

#[test]
fn a_wrong_value_is_refused_with_its_line() {
    for (from, to, said) in [
        ("ring_time: 15", "ring_time: 0", "line 20: `ring_time` of the queue is 0; it goes from 1 to 65535"),
        (
            "ring_time: 15",
            "ring_time: 65536",
            "line 20: `ring_time` of the queue is 65536; it goes from 1 to 65535",
        ),
        (
            "ring_time: 15",
            "ring_time: fast",
            "line 20: `ring_time` of the queue is text; a whole number is wanted",
        ),
        (
            "ring_time: 15",
            "ring_time: 1.5",
            "line 20: `ring_time` of the queue is a number; a whole number is wanted",
        ),
        (
            "ring_time: 15",
            "ring_time: 99999999999999999999",
            "line 20: `ring_time` of the queue is a number; a whole number is wanted",
        ),
        (
            "max_waiting_time: 300",
            "max_waiting_time: 14",
            "line 22: `max_waiting_time` of the queue is 14; it is 0 (no limit) or goes from 15 to 65535",
        ),
        (
            "auto_ready: false",
            "auto_ready: no",
            "line 19: `auto_ready` of the queue is text; true or false is wanted",
        ),
        ("order: 1,", "order: first,", "line 25: `order` of the member is text; a whole number is wanted"),
        (
            "skill_level: 1,",
            "skill_level: 101,",
            "line 25: `skill_level` of the member is 101; it goes from 1 to 100",
        ),
        ("english: 5", "english: 0", "line 12: `skills` of the agent is 0; it goes from 1 to 100"),
        (
            "role: agent",
            "role: boss",
            "line 10: `role` of the agent is `boss`; it can be agent, supervisor, admin, owner",
        ),
        (
            "number: \"1090\"",
            "number: 1090",
            "line 14: `number` of the extension is a number; text is wanted; put it in quotes: \"1090\"",
        ),
        ("\"1090\"", "\"10a\"", "line 14: `number` of the extension is `10a`; an extension has digits only"),
        ("\"1090\"", "\"10\"", "line 14: `number` of the extension is `10`; an extension has 3 to 64 digits"),
        ("ann@acme.test", "ann", "line 7: `email` of the agent is `ann`; that is no e-mail address"),
        (
            "acme.test\n",
            "acme test\n",
            "line 1: `domain` is `acme test`; it has 1 to 64 of letters, digits, `.`, `_` and `-`",
        ),
        (
            "Europe/Berlin",
            "Europe/Atlantis",
            "line 2: `timezone` is `Europe/Atlantis`; it has a name like Europe/Berlin or UTC",
        ),
        (
            "+493012345678",
            "+49x",
            "line 38: `number` is `+49x`; a number from outside has 2 to 32 digits, and may start with +",
        ),
        ("127.0.0.1:5080", "a b", "line 42: `host` of the trunk is `a b`; host or host:port is wanted"),
        (
            "127.0.0.1/32",
            "127.0.0.1/33",
            "line 43: `allow_from` of the trunk has `127.0.0.1/33`; a network is written like 192.0.2.0/24",
        ),
        (
            "127.0.0.1/32",
            "10.0.0.1/8",
            "line 43: `allow_from` of the trunk has 10.0.0.1/8, which lies inside 10.0.0.0/8: write 10.0.0.0/8",
        ),
        ("name: Ann Ash", "name: \"\"", "line 6: `name` of the agent has 0 characters; 1 to 128 are allowed"),
        (
            "name: Support",
            "name: \"Sup\\nport\"",
            "line 17: `name` of the queue has control characters or blanks at its ends",
        ),
        (
            "sip_password: phone-secret",
            "sip_password: \"\"",
            "line 9: `sip_password` of the agent wants 1 to 128 printable bytes",
        ),
        (
            "groups: [support, sales]",
            "groups: support",
            "line 3: `groups` of the file is text; a list is wanted",
        ),
        (
            "ring_timeout: 20",
            "ring_timeout: 4",
            "line 30: `ring_timeout` of the flow is 4; it goes from 5 to 120",
        ),
    ] {
        if said.starts_with("line 3: ") {
            let text = CONTRACT.replacen(from, to, 1);
            assert!(problems(&text).iter().any(|problem| problem == said), "{:?}", problems(&text));
        } else {
            refused(from, to, said);
        }
    }
}

#[test]
fn an_unknown_field_is_refused_with_its_line_and_the_one_that_was_meant() {
    for (from, to, said) in [
        (
            "ring_time: 15",
            "ring_tme: 15",
            "line 20: the queue has no field `ring_tme`; did you mean `ring_time`?",
        ),
        ("role: agent", "colour: red", "line 10: the agent has no field `colour`"),
        ("timezone:", "time_zone:", "line 2: the file has no field `time_zone`; did you mean `timezone`?"),
        ("order: 1,", "Order: 1,", "line 25: the member has no field `Order`; did you mean `order`?"),
        ("{message: goodbye}", "{text: goodbye}", "line 23: the hangup has no field `text`"),
    ] {
        refused(from, to, said);
    }
}

#[test]
fn what_the_domain_model_knows_and_nobody_has_built_is_called_so() {
    for (from, to, said) in [
        (
            "agent: \"1001\", order",
            "agent: \"1001\", member_kind: device, order",
            "line 25: `member_kind` of the member is not built yet",
        ),
        (
            "ring_time: 15",
            "join_when_empty: true",
            "line 20: `join_when_empty` of the queue is not built yet",
        ),
        ("role: agent", "extra_data: x", "line 10: `extra_data` of the agent is not built yet"),
        (
            "kind: agent_extension",
            "kind: menu",
            "line 29: `kind` of the flow is `menu`; it can be agent_extension or tree",
        ),
        (
            "domain: acme.test",
            "domain: acme.test\nmax_hops: 3",
            "line 2: `max_hops` of the file is not built yet",
        ),
    ] {
        refused(from, to, said);
    }
    let text = CONTRACT.replacen("on_star: {queue: \"8000\"}", "on_star: {ivr: main}", 1);
    assert_eq!(
        problems(&text),
        [
            "line 36: `ivr` of the action is not built yet",
            "line 36: `on_star` wants exactly one of hangup, queue, extension, flow, ring_group, external, voicemail",
        ]
    );
}

#[test]
fn a_reference_to_nothing_is_refused_with_its_line() {
    for (from, to, said) in [
        (
            "{agent: \"1001\"",
            "{agent: \"1002\"",
            "line 25: `agent` of the member points to 1002, and there is no agent 1002",
        ),
        (
            "{agent: \"1001\"",
            "{agent: \"1090\"",
            "line 25: `agent` of the member wants an agent and 1090 is the extension on line 14",
        ),
        (
            "open: {flow: \"7000\"}",
            "open: {flow: \"7001\"}",
            "line 39: `open` points to 7001, and there is no flow 7001",
        ),
        (
            "open: {flow: \"7000\"}",
            "open: {queue: \"7000\"}",
            "line 39: `open` wants a queue and 7000 is the flow on line 27",
        ),
        (
            "on_star: {queue: \"8000\"}",
            "on_star: {extension: \"9\"}",
            "line 36: `extension` of the action is `9`; an extension has 3 to 64 digits",
        ),
        (
            "on_star: {queue: \"8000\"}",
            "on_star: {extension: \"9999\"}",
            "line 36: `on_star` points to 9999, and there is no agent, extension, queue, flow, ring group or mailbox 9999",
        ),
        (
            "on_star: {queue: \"8000\"}",
            "on_star: {extension: \"7000\"}",
            "line 36: `on_star` sends callers of 7000 back to itself",
        ),
        (
            "on_no_answer: {hangup: {message: goodbye}}",
            "on_full: {queue: \"8000\"}",
            "line 23: `on_full` sends callers of 8000 back to itself",
        ),
        (
            "groups: [support]",
            "groups: [suport]",
            "line 11: `groups` of the agent names `suport`, and there is no such group",
        ),
        (
            "leave-a-message",
            "leave-message",
            "line 33: `message` of the voicemail is `leave-message`, and there is no prompt of that name; did you mean `leave-a-message`?",
        ),
        (
            "ring_time: 15",
            "moh: jazz",
            "line 20: `moh` of the queue is `jazz`, and there is no prompt of that name",
        ),
    ] {
        refused(from, to, said);
    }
}

#[test]
fn what_is_there_twice_is_refused_with_both_lines() {
    for (from, to, said) in [
        ("\"1090\"", "\"1001\"", "line 14: number 1001 is already that of the agent on line 5"),
        (
            "number: \"7000\"",
            "number: \"1090\"",
            "line 27: number 1090 is already that of the extension on line 14",
        ),
        (
            "ring_time: 15",
            "ring_time: 15\n    ring_time: 16",
            "line 21: `ring_time` of the queue is there twice",
        ),
        ("[support, sales]", "[support, support]", "line 3: group `support` is there twice"),
        (
            "members:\n",
            "members:\n      - {agent: \"1001\"}\n",
            "line 26: agent 1001 is already a member of this queue (line 25)",
        ),
        (
            "trunks:\n",
            "trunks:\n  - {name: carrier, host: other}\n",
            "line 42: name `carrier` is already that of the trunk on line 41",
        ),
        (
            "numbers:\n",
            "numbers:\n  - {number: \"+493012345678\", open: {hangup: {}}}\n",
            "line 39: number +493012345678 is there already on line 38",
        ),
        (
            "agents:\n",
            "agents:\n  - {extension: \"1002\", name: Ann, email: ANN@acme.test, groups: [sales]}\n",
            "line 8: e-mail ann@acme.test is already that of the agent on line 5",
        ),
    ] {
        let text = CONTRACT.replacen(from, to, 1);
        if from.contains("7000") {
            assert_eq!(
                problems(&text),
                [said, "line 39: `open` points to 7000, and there is no flow 7000"],
                "{to}"
            );
        } else {
            assert_eq!(problems(&text), [said], "{to}");
        }
    }
}

#[test]
fn what_must_be_there_is_asked_for() {
    for (from, to, said) in [
        ("domain: acme.test\n", "", "line 1: the file wants `domain`"),
        ("    groups: [support]\n", "", "line 5: the agent wants at least one group in `groups`"),
        (
            "    groups: [support]\n",
            "    groups: []\n",
            "line 11: the agent wants at least one group in `groups`",
        ),
        ("    name: Ann Ash\n", "", "line 5: the agent wants `name`"),
        ("    on_star: {queue: \"8000\"}\n", "", "line 27: the flow wants `on_star`"),
        ("    kind: agent_extension\n", "", "line 27: the flow wants `kind`"),
        ("    host: 127.0.0.1:5080", "    host:", "line 42: the trunk wants `host`"),
        (
            "{hangup: {message: goodbye}}",
            "{}",
            "line 23: `on_no_answer` wants exactly one of hangup, queue, extension, flow, ring_group, external, voicemail",
        ),
        (
            "{hangup: {message: goodbye}}",
            "{hangup: {}, queue: \"8000\"}",
            "line 23: `on_no_answer` wants exactly one of hangup, queue, extension, flow, ring_group, external, voicemail",
        ),
        ("    email: ann@acme.test\n", "", "line 7: the agent has `password` and no `email` to log in with"),
    ] {
        refused(from, to, said);
    }
}

#[test]
fn every_problem_is_found_at_once_in_the_order_of_lines() {
    let text = CONTRACT
        .replace("Europe/Berlin", "Nowhere")
        .replace("role: agent", "rôle: agent")
        .replace("ring_time: 15", "ring_time: -1")
        .replace("{flow: \"7000\"}", "{flow: \"7777\"}")
        .replace("[127.0.0.1/32]", "[localhost]");
    let found = problems(&text);
    let lines: Vec<_> = found.iter().map(|text| text.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["line 2", "line 10", "line 20", "line 39", "line 43"], "{found:#?}");
}

#[test]
fn a_file_with_ten_thousand_problems_lists_some_and_counts_the_rest() {
    let text = format!("domain: a.test\nqueues:\n{}", "  - {x: 1}\n".repeat(1_500));
    let found = problems(&text);
    assert_eq!(found.len(), 201);
    assert!(found[200].starts_with("and ") && found[200].ends_with(" more"), "{}", found[200]);
}

#[test]
fn what_is_no_provisioning_file_at_all_is_refused() {
    for hostile in [
        "",
        "~",
        "42",
        "[]",
        "domain",
        "- domain: acme.test",
        "domain: [acme.test]",
        "agents: {}",
        "agents: [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]",
        "a: &x [1]\nb: *x",
        "domain: acme.test\n\tgroups: []",
        "domain: \"acme.test",
        "\u{0}",
        "domain: acme.test\n---\ndomain: b.test",
        "? [a]\n: b",
        "1: 2",
        "domain: \u{202e}test.acme",
    ] {
        assert!(!problems(hostile).is_empty(), "{hostile:?}");
    }
}

#[test]
fn hostile_lists_are_bounded() {
    let many = |count: usize| format!("domain: a.test\ngroups: [{}]\n", "a, ".repeat(count));
    assert!(problems(&many(1_001))[0].contains("1000 are allowed"));
    let long = format!("domain: a.test\ngroups: [\"{}\"]\n", "x".repeat(100_000));
    assert_eq!(problems(&long), ["line 2: `groups` of the file has 100000 characters; 1 to 64 are allowed"]);
    assert!(problems(&long)[0].len() < 200);
}

#[test]
fn random_bytes_and_damaged_files_never_panic() {
    use rand::{Rng as _, SeedableRng as _};
    let mut rng = rand::rngs::StdRng::seed_from_u64(7);
    let pieces =
        ["{", "}", "[", "]", ":", "- ", "\n", "&a", "*a", "\"", "~", "1e9", "!!x", "|", "\u{0}", "é"];
    for _ in 0..2_000 {
        let mut text = CONTRACT.to_owned();
        for _ in 0..rng.random_range(1..4) {
            let mut at = rng.random_range(0..text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let mut end = (at + rng.random_range(0..6)).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(at..end, pieces[rng.random_range(0..pieces.len())]);
        }
        for problem in problems(&text) {
            assert!(!problem.contains('\n'), "{problem}");
        }
    }
}
