//! Direct calls: to extensions of any kind, and out through a trunk.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_trunk_calls_an_agent_who_is_not_ready_and_her_state_shows_it() {
    check(
        "
        queue 8000: ann; patient
        up ann
        1s   ann login
        1s   ann not-ready
        2s   c1 calls 1001
        3s   ann rings
        4s   ann rings
        5s   ann answers
        9s   c1 hangs up
        ",
        expect![[r#"
            1s   ann in 8000: ready, available, by request
            1s   reply: 8000 ready
            1s   ann in 8000: not ready (lunch), by request
            1s   reply: 8000 not ready (lunch)
            2s   call 1 arrived
            2s   ann: dial 1001 from c1
            3s   c1: ring
            5s   call 1 connected to ann
            5s   ann in 8000: other call 1
            5s   c1: answer
            5s   c1 + ann: bridge
            9s   c1 + ann: unbridge
            9s   ann: end normal
            9s   ann in 8000: not ready (lunch)
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal
        "#]],
    );
}

#[test]
fn an_agent_calls_an_agent_and_both_are_on_another_call() {
    check(
        "
        queue 8000: ann bob; patient
        on ann bob
        1s   ann calls 1002
        2s   bob rings
        3s   c1 calls 8000
        4s   bob answers
        6s   bob hangs up
        7s   bob answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   bob in 8000: ready
            1s   ann in 8000: other call 1
            1s   bob: dial 1002 from ann
            2s   ann: ring
            3s   call 2 arrived
            3s   call 2 queued in 8000, position 1
            3s   c1: answer
            3s   c1: play music again and again
            4s   call 1 connected to bob
            4s   bob in 8000: other call 1
            4s   ann: answer
            4s   ann + bob: bridge
            6s   call 2 offered to bob
            6s   bob in 8000: ringing
            6s   bob + ann: unbridge
            6s   ann: end normal
            6s   bob: dial 1002 from c1 for q8000
            6s   ann in 8000: ready, available
            6s   call 1 ended, Internal normal: ann Answered normal, bob Answered normal
            7s   call 2 connected to bob by 8000 after 4000 ms
            7s   bob in 8000: queue call 2
            7s   c1 + bob: bridge
        "#]],
    );
}

#[test]
fn a_call_to_nobody_dnd_or_a_disabled_agent_is_refused() {
    check(
        "
        dnd 1090
        disabled cid
        up ann 1090 cid
        1s   c1 calls 1090
        2s   c1 calls 1002
        3s   c1 calls 1003
        4s   ann calls 1001
        5s   c1 calls 9999
        6s   ann calls 9999
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: refuse unreachable
            1s   call 1 ended, Inbound unreachable: c1 Failed unreachable
            2s   call 2 arrived
            2s   c1: refuse unreachable
            2s   call 2 ended, Inbound unreachable: c1 Failed unreachable
            3s   call 3 arrived
            3s   c1: refuse unreachable
            3s   call 3 ended, Inbound unreachable: c1 Failed unreachable
            4s   call 4 arrived
            4s   ann: refuse busy
            4s   call 4 ended, Internal busy: ann Busy busy
            5s   call 5 arrived
            5s   c1: refuse not_found
            5s   call 5 ended, Inbound not_found: c1 Failed not_found
            6s   call 6 arrived
            6s   ann: refuse not_found
            6s   call 6 ended, Internal not_found: ann Failed not_found
        "#]],
    );
}

#[test]
fn a_direct_call_rings_out() {
    check(
        "
        rings 1090 10
        up 1090
        1s   c1 calls 1090
        2s   1090 rings
        20s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   1090: dial 1090 from c1
            2s   c1: ring
            11s  c1: refuse no_answer
            11s  1090: end no_answer
            11s  call 1 ended, Inbound no_answer: c1 NoAnswer no_answer, 1090 NoAnswer no_answer
        "#]],
    );
}

#[test]
fn a_direct_call_passes_on_why_it_failed() {
    check(
        "
        up 1090
        1s   c1 calls 1090
        2s   1090 busy
        3s   c1 calls 1090
        4s   1090 rings
        5s   1090 busy
        6s   c1 calls 1090
        7s   1090 over no_common_codec
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   1090: dial 1090 from c1
            2s   c1: refuse busy
            2s   call 1 ended, Inbound busy: c1 Busy busy, 1090 Busy busy
            3s   call 2 arrived
            3s   1090: dial 1090 from c1
            4s   c1: ring
            5s   c1: refuse busy
            5s   call 2 ended, Inbound busy: c1 Busy busy, 1090 Declined busy
            6s   call 3 arrived
            6s   1090: dial 1090 from c1
            7s   c1: refuse no_common_codec
            7s   call 3 ended, Inbound no_common_codec: c1 Failed no_common_codec, 1090 Failed no_common_codec
        "#]],
    );
}

#[test]
fn a_caller_who_gives_up_stops_a_direct_call() {
    check(
        "
        up 1090
        slow
        1s   c1 calls 1090
        2s   1090 rings
        3s   c1 hangs up
        3s   1090 answers
        4s   1090 over normal
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   1090: dial 1090 from c1
            2s   c1: ring
            3s   1090: end caller_gone
            4s   call 1 ended, Inbound caller_gone: c1 Cancelled normal, 1090 Cancelled caller_gone
        "#]],
    );
}

#[test]
fn a_number_can_send_its_callers_away() {
    check(
        "
        number +49301 hangup
        number +49302 hangup:not-in-service
        1s   c1 calls +49301
        2s   c2 calls 49302
        4s   c2 heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: refuse declined
            1s   call 1 ended, Inbound declined: c1 Declined declined
            2s   call 2 arrived
            2s   c2: answer
            2s   c2: play not-in-service
            4s   c2: end normal
            4s   call 2 ended, Inbound normal: c2 Answered normal
        "#]],
    );
}

#[test]
fn a_phone_calls_out_through_a_trunk() {
    check(
        "
        up 1090
        1s   1090 calls +4940555
        2s   +4940555 rings
        3s   +4940555 answers
        9s   +4940555 hangs up
        10s  1090 calls +4940555
        300s .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +4940555: dial +4940555 by trunk 1 from 1090
            2s   1090: ring
            3s   call 1 connected
            3s   1090: answer
            3s   1090 + +4940555: bridge
            9s   +4940555 + 1090: unbridge
            9s   1090: end normal
            9s   call 1 ended, Outbound normal: 1090 Answered normal, +4940555 Answered normal
            10s  call 2 arrived
            10s  +4940555: dial +4940555 by trunk 1 from 1090
            190s 1090: refuse no_answer
            190s +4940555: end no_answer
            190s call 2 ended, Outbound no_answer: 1090 NoAnswer no_answer, +4940555 NoAnswer no_answer
        "#]],
    );
}

#[test]
fn an_agent_without_queues_shows_her_direct_call() {
    check(
        "
        up zed
        1s   c1 calls 1004
        2s   zed answers
        3s   zed hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   zed: dial 1004 from c1
            2s   call 1 connected to zed
            2s   c1: answer
            2s   c1 + zed: bridge
            3s   zed + c1: unbridge
            3s   c1: end normal
            3s   call 1 ended, Inbound normal: c1 Answered normal, zed Answered normal
        "#]],
    );
}
