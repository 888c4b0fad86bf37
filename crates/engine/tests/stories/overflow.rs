//! Ways out of a line: too long, too full, nobody there; and what comes next.

use expect_test::expect;

use crate::story::check;

#[test]
fn after_the_longest_wait_the_caller_is_sent_away_without_a_message() {
    check(
        "
        queue 8000: ann; wait=30 patient on_no_answer=hangup
        1s   c1 calls 8000
        40s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            31s  call 1 left 8000: OverflowTimeout
            31s  c1: end queue_rule
            31s  call 1 ended, Inbound queue_rule: c1 Answered queue_rule; 8000 OverflowTimeout
        "#]],
    );
}

#[test]
fn after_the_longest_wait_the_caller_hears_a_message_and_is_sent_away() {
    check(
        "
        queue 8000: ann; wait=30 patient on_no_answer=hangup:goodbye
        1s   c1 calls 8000
        31s  .
        32s  c1 heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            31s  call 1 left 8000: OverflowTimeout
            31s  c1: play goodbye
            32s  c1: end queue_rule
            32s  call 1 ended, Inbound queue_rule: c1 Answered queue_rule; 8000 OverflowTimeout
        "#]],
    );
}

#[test]
fn after_the_longest_wait_the_caller_is_told_to_leave_a_message() {
    check(
        "
        queue 8000: ann; wait=30 patient on_no_answer=voicemail:leave-a-message
        1s   c1 calls 8000
        31s  .
        33s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            31s  call 1 left 8000: OverflowTimeout
            31s  c1: play leave-a-message
            33s  call 1 ended, Inbound queue_rule: c1 Answered normal; 8000 OverflowTimeout
        "#]],
    );
}

#[test]
fn the_longest_wait_cuts_the_ringing_and_the_next_queue_takes_over() {
    check(
        "
        queue 8000: ann; wait=30 ring=20 retry=1 on_no_answer=queue:8001
        queue 8001: bob; patient moh=jazz
        on ann bob
        1s   c1 calls 8000
        22s  .
        24s  ann rings
        31s  .
        33s  bob answers
        34s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            21s  call 1 not taken by ann: NoAnswer
            21s  ann in 8000: ready
            21s  ann: end no_answer
            22s  call 1 offered to ann
            22s  ann in 8000: ringing
            22s  ann: dial 1001 from c1 for q8000
            31s  call 1 not taken by ann: WaitExpired
            31s  call 1 left 8000: OverflowTimeout
            31s  ann in 8000: ready, available
            31s  call 1 queued in 8001, position 1
            31s  call 1 offered to bob
            31s  bob in 8001: ringing
            31s  ann: end queue_rule
            31s  c1: play jazz again and again
            31s  bob: dial 1002 from c1 for q8001
            33s  call 1 connected to bob by 8001 after 2000 ms
            33s  bob in 8001: queue call 1
            33s  c1 + bob: bridge
            34s  c1 + bob: unbridge
            34s  bob: end normal
            34s  bob in 8001: ready, available
            34s  call 1 ended, Inbound normal: c1 Answered normal, ann NoAnswer no_answer, ann Cancelled queue_rule, bob Answered normal; 8000 OverflowTimeout; 8001 Answered in time
        "#]],
    );
}

#[test]
fn after_the_longest_wait_an_extension_rings_without_a_second_answer() {
    check(
        "
        queue 8000: ann; wait=30 patient on_no_answer=ext:1090
        up 1090
        1s   c1 calls 8000
        31s  .
        32s  1090 rings
        33s  1090 answers
        34s  1090 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            31s  call 1 left 8000: OverflowTimeout
            31s  1090: dial 1090 from c1
            33s  call 1 connected
            33s  c1 + 1090: bridge
            34s  1090 + c1: unbridge
            34s  c1: end normal
            34s  call 1 ended, Inbound normal: c1 Answered normal, 1090 Answered normal; 8000 OverflowTimeout
        "#]],
    );
}

#[test]
fn an_extension_that_does_not_answer_after_the_queue_ends_the_call() {
    check(
        "
        queue 8000: ann; wait=30 patient on_no_answer=ext:1090
        rings 1090 10
        up 1090
        1s   c1 calls 8000
        31s  .
        50s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            31s  call 1 left 8000: OverflowTimeout
            31s  1090: dial 1090 from c1
            41s  c1: end no_answer
            41s  1090: end no_answer
            41s  call 1 ended, Inbound no_answer: c1 Answered no_answer, 1090 NoAnswer no_answer; 8000 OverflowTimeout
        "#]],
    );
}

#[test]
fn a_full_line_refuses_a_caller_who_has_nothing_to_hear() {
    check(
        "
        queue 8000: ann; full=1 patient
        1s   c1 calls 8000
        2s   c2 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 2 arrived
            2s   call 2 left 8000: Full
            2s   c2: refuse congestion
            2s   call 2 ended, Inbound congestion: c2 Failed congestion; 8000 Full
        "#]],
    );
}

#[test]
fn a_full_line_answers_a_caller_to_whom_it_has_something_to_say() {
    check(
        "
        queue 8000: ann; full=1 patient on_full=hangup:queue-full
        1s   c1 calls 8000
        2s   c2 calls 8000
        4s   c2 heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 2 arrived
            2s   call 2 left 8000: Full
            2s   c2: answer
            2s   c2: play queue-full
            4s   c2: end queue_rule
            4s   call 2 ended, Inbound queue_rule: c2 Answered queue_rule; 8000 Full
        "#]],
    );
}

#[test]
fn a_full_line_sends_on_to_another_queue() {
    check(
        "
        queue 8000: ann; full=1 patient on_full=queue:8001
        queue 8001: bob; patient
        1s   c1 calls 8000
        2s   c2 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 2 arrived
            2s   call 2 left 8000: Full
            2s   call 2 queued in 8001, position 1
            2s   c2: answer
            2s   c2: play music again and again
        "#]],
    );
}

#[test]
fn where_nobody_is_logged_in_a_caller_is_refused_or_told() {
    check(
        "
        queue 8000: ann
        queue 8001: bob; on_no_agents=hangup:no-agents
        1s   c1 calls 8000
        2s   c2 calls 8001
        5s   c2 heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 left 8000: NoAgents
            1s   c1: refuse unreachable
            1s   call 1 ended, Inbound unreachable: c1 Failed unreachable; 8000 NoAgents
            2s   call 2 arrived
            2s   call 2 left 8001: NoAgents
            2s   c2: answer
            2s   c2: play no-agents
            5s   c2: end queue_rule
            5s   call 2 ended, Inbound queue_rule: c2 Answered queue_rule; 8001 NoAgents
        "#]],
    );
}

#[test]
fn when_the_last_agent_leaves_those_who_wait_are_sent_on() {
    check(
        "
        queue 8000: ann; on_no_agents=hangup:no-agents
        on ann
        1s   ann not-ready
        2s   c1 calls 8000
        3s   ann logout
        5s   c1 heard
        ",
        expect![[r#"
            1s   ann in 8000: not ready (lunch), by request
            1s   reply: 8000 not ready (lunch)
            2s   call 1 arrived
            2s   call 1 queued in 8000, position 1
            2s   c1: answer
            2s   c1: play music again and again
            3s   call 1 left 8000: NoAgents
            3s   ann in 8000: logged out, by request
            3s   c1: play no-agents
            3s   reply: 8000 logged out
            5s   c1: end queue_rule
            5s   call 1 ended, Inbound queue_rule: c1 Answered queue_rule; 8000 NoAgents
        "#]],
    );
}

#[test]
fn a_ring_of_full_queues_ends_at_the_hop_limit() {
    check(
        "
        hops 3
        queue 8000: ann; on_no_agents=queue:8001
        queue 8001: ann; on_no_agents=queue:8000
        1s   c1 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 left 8000: NoAgents
            1s   call 1 left 8001: NoAgents
            1s   call 1 left 8000: NoAgents
            1s   call 1 left 8001: NoAgents
            1s   c1: refuse congestion
            1s   call 1 ended, Inbound congestion: c1 Failed congestion; 8000 NoAgents; 8001 NoAgents; 8000 NoAgents; 8001 NoAgents
        "#]],
    );
}

#[test]
fn a_ring_of_queues_ends_at_the_hop_limit_for_an_answered_caller_too() {
    check(
        "
        hops 1
        queue 8000: ann; patient wait=15 on_no_answer=queue:8001
        queue 8001: ann; patient wait=15 on_no_answer=queue:8000
        1s   c1 calls 8000
        60s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            16s  call 1 left 8000: OverflowTimeout
            16s  call 1 queued in 8001, position 1
            31s  call 1 left 8001: OverflowTimeout
            31s  c1: end queue_rule
            31s  call 1 ended, Inbound queue_rule: c1 Answered queue_rule; 8000 OverflowTimeout; 8001 OverflowTimeout
        "#]],
    );
}

#[test]
fn a_fallback_to_nowhere_ends_the_call() {
    check(
        "
        queue 8000: ann; on_no_agents=queue:8999
        1s   c1 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 left 8000: NoAgents
            1s   c1: refuse not_found
            1s   call 1 ended, Inbound not_found: c1 Failed not_found; 8000 NoAgents
        "#]],
    );
}
