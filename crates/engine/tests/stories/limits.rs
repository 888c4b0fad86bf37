//! Limits and ends from outside: requests, silence, drain, full tables, legs that do not end.

use engine::Limits;
use expect_test::expect;

use crate::story::{check, check_with};

#[test]
fn a_request_ends_a_waiting_a_ringing_and_a_connected_call() {
    check(
        "
        queue 8000: ann; patient
        up 1090
        on ann
        1s   c1 calls 8000
        2s   ann answers
        3s   c2 calls 8000
        4s   c3 calls 1090
        5s   hang up 1
        5s   hang up 2
        5s   hang up 3
        6s   hang up 3
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   call 1 connected to ann by 8000 after 1000 ms
            2s   ann in 8000: queue call 1
            2s   c1 + ann: bridge
            3s   call 2 arrived
            3s   call 2 queued in 8000, position 1
            3s   c2: answer
            3s   c2: play music again and again
            4s   call 3 arrived
            4s   1090: dial 1090 from c3
            5s   c1 + ann: unbridge
            5s   c1: end administrative
            5s   ann: end administrative
            5s   reply: hanging up
            5s   call 2 offered to ann
            5s   ann in 8000: ringing
            5s   call 1 ended, Inbound administrative: c1 Answered administrative, ann Answered administrative; 8000 Answered in time
            5s   ann: dial 1001 from c2 for q8000
            5s   call 2 not taken by ann: CallerGone
            5s   call 2 left 8000: Removed
            5s   ann in 8000: ready, available
            5s   c2: end administrative
            5s   ann: end administrative
            5s   reply: hanging up
            5s   call 2 ended, Inbound administrative: c2 Answered administrative, ann Cancelled administrative; 8000 Removed
            5s   c3: refuse administrative
            5s   1090: end administrative
            5s   reply: hanging up
            5s   call 3 ended, Inbound administrative: c3 Cancelled administrative, 1090 Cancelled administrative
            6s   reply: UnknownCall
        "#]],
    );
}

#[test]
fn requests_for_what_is_not_there_are_rejected() {
    check(
        "
        queue 8000: ann
        1s   nobody ready
        2s   ann ready 8999
        3s   ann ready 8000
        4s   bob ready 8000
        5s   hang up 77
        ",
        expect![[r#"
            1s   reply: UnknownAgent
            2s   reply: UnknownQueue
            3s   reply: 8000 NotLoggedIn
            4s   reply: 8000 NotAMember
            5s   reply: UnknownCall
        "#]],
    );
}

#[test]
fn silence_ends_the_call_whoever_falls_silent() {
    check(
        "
        queue 8000: ann; patient
        on ann
        1s   c1 calls 8000
        2s   ann silent
        3s   ann answers
        9s   ann silent
        10s  ann not-ready
        11s  c2 calls 8000
        12s  c2 silent
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   call 1 connected to ann by 8000 after 2000 ms
            3s   ann in 8000: queue call 1
            3s   c1 + ann: bridge
            9s   c1 + ann: unbridge
            9s   c1: end media_timeout
            9s   ann: end media_timeout
            9s   ann in 8000: ready, available
            9s   call 1 ended, Inbound media_timeout: c1 Answered media_timeout, ann Answered media_timeout; 8000 Answered in time
            10s  ann in 8000: not ready (lunch), by request
            10s  reply: 8000 not ready (lunch)
            11s  call 2 arrived
            11s  call 2 queued in 8000, position 1
            11s  c2: answer
            11s  c2: play music again and again
            12s  call 2 left 8000: Abandoned
            12s  c2: end media_timeout
            12s  call 2 ended, Inbound media_timeout: c2 Answered media_timeout; 8000 Abandoned
        "#]],
    );
}

#[test]
fn while_draining_new_calls_are_refused_and_live_ones_go_on() {
    check(
        "
        queue 8000: ann; patient
        on ann
        1s   c1 calls 8000
        2s   drain
        3s   c2 calls 8000
        4s   ann answers
        5s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   refused: congestion
            3s   c2: refuse congestion
            4s   call 1 connected to ann by 8000 after 3000 ms
            4s   ann in 8000: queue call 1
            4s   c1 + ann: bridge
            5s   c1 + ann: unbridge
            5s   ann: end normal
            5s   ann in 8000: ready, available
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn beyond_the_most_calls_a_new_one_is_refused() {
    check_with(
        Limits { calls_max: 1, ..Limits::default() },
        "
        queue 8000: ann; patient
        1s   c1 calls 8000
        2s   c2 calls 8000
        3s   c1 hangs up
        4s   c3 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   refused: congestion
            2s   c2: refuse congestion
            3s   call 1 left 8000: Abandoned
            3s   call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
            4s   call 2 arrived
            4s   call 2 queued in 8000, position 1
            4s   c3: answer
            4s   c3: play music again and again
        "#]],
    );
}

#[test]
fn a_call_that_has_had_the_most_legs_is_ended() {
    check_with(
        Limits { legs_per_call_max: 2, alert_max: None, ..Limits::default() },
        "
        queue 8000: ann; patient ring=10 retry=1
        on ann
        1s   c1 calls 8000
        30s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            11s  call 1 not taken by ann: NoAnswer
            11s  ann in 8000: ready
            11s  ann: end no_answer
            12s  call 1 offered to ann
            12s  ann in 8000: ringing
            12s  call 1 not taken by ann: CallerGone
            12s  call 1 left 8000: Removed
            12s  ann in 8000: ready, available
            12s  c1: end congestion
            12s  call 1 ended, Inbound congestion: c1 Answered congestion, ann NoAnswer no_answer; 8000 Removed
        "#]],
    );
}

#[test]
fn a_message_that_never_ends_ends_the_call_at_its_limit() {
    check(
        "
        queue 8000: ann; on_no_agents=hangup:no-agents
        1s   c1 calls 8000
        200s .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 left 8000: NoAgents
            1s   c1: answer
            1s   c1: play no-agents
            121s c1: end queue_rule
            121s call 1 ended, Inbound queue_rule: c1 Answered queue_rule; 8000 NoAgents
        "#]],
    );
}

#[test]
fn a_domain_has_no_more_calls_and_no_more_who_wait_than_it_may() {
    check(
        "
        limit calls 3
        limit waiting 1
        queue 8000: ann; patient on_full=hangup:queue-full
        queue 8001: bob; patient on_full=hangup:queue-full
        1s   c1 calls 8000
        2s   c2 calls 8001
        3s   c3 calls 8000
        4s   c4 calls 8000
        5s   c3 heard
        6s   c1 hangs up
        7s   c5 calls 8001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 2 arrived
            2s   call 2 left 8001: Full
            2s   c2: answer
            2s   c2: play queue-full
            3s   call 3 arrived
            3s   call 3 left 8000: Full
            3s   c3: answer
            3s   c3: play queue-full
            4s   refused: congestion
            4s   c4: refuse congestion
            5s   c3: end queue_rule
            5s   call 3 ended, Inbound queue_rule: c3 Answered queue_rule; 8000 Full
            6s   call 1 left 8000: Abandoned
            6s   call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
            7s   call 4 arrived
            7s   call 4 queued in 8001, position 1
            7s   c5: answer
            7s   c5: play music again and again
        "#]],
    );
}
