//! Calls that are asked for: the agent's phone rings first, then whom she wants.

use expect_test::expect;

use crate::story::check;

#[test]
fn her_phone_rings_first_then_the_number_outside_and_she_hears_it_ring() {
    check(
        "
        queue 8000: ann; patient
        on ann
        1s   ann asks for +494055
        2s   ann rings
        3s   c1 calls 8000
        4s   ann answers
        5s   +494055 rings
        6s   +494055 answers
        9s   +494055 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann in 8000: ready
            1s   ann: dial 1001 from +494055
            1s   reply: call 1
            3s   call 2 arrived
            3s   call 2 queued in 8000, position 1
            3s   c1: answer
            3s   c1: play music again and again
            4s   ann in 8000: other call 1
            4s   ann: play tone-ringback again and again
            4s   +494055: dial +494055 by trunk 1 from 1001
            6s   call 1 connected
            6s   ann + +494055: bridge
            9s   +494055 + ann: unbridge
            9s   ann: end normal
            9s   call 2 offered to ann
            9s   ann in 8000: ringing
            9s   call 1 ended, Outbound normal: ann Answered normal, +494055 Answered normal
            9s   ann: dial 1001 from c1 for q8000
        "#]],
    );
}

#[test]
fn inside_it_goes_to_whatever_the_number_is() {
    check(
        "
        queue 8000: bob; patient
        flow 7000 greeting=which-extension unavailable=hangup busy=hangup no_answer=hangup failed=hangup star=hangup
        group 7100 ring_all 1090
        on bob
        up ann 1090
        1s   ann asks for 8000
        2s   ann answers
        3s   bob answers
        4s   ann hangs up
        5s   ann asks for 7000
        6s   ann answers
        7s   ann presses 1002
        8s   bob answers
        9s   ann hangs up
        10s  ann asks for 7100
        11s  ann answers
        12s  1090 answers
        13s  1090 hangs up
        14s  ann asks for 1002
        15s  ann answers
        16s  bob busy
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from 8000
            1s   reply: call 1
            2s   call 1 queued in 8000, position 1
            2s   call 1 offered to bob
            2s   bob in 8000: ringing
            2s   ann: play music again and again
            2s   bob: dial 1002 from 1001 for q8000
            3s   call 1 connected to bob by 8000 after 1000 ms
            3s   bob in 8000: queue call 1
            3s   ann + bob: bridge
            4s   ann + bob: unbridge
            4s   bob: end normal
            4s   bob in 8000: ready, available
            4s   call 1 ended, Internal normal: ann Answered normal, bob Answered normal; 8000 Answered in time
            5s   call 2 arrived
            5s   ann: dial 1001 from 7000
            5s   reply: call 2
            6s   call 2 in flow 7000
            6s   call 2 at extension
            6s   ann: play which-extension
            7s   ann: stop playing
            7s   call 2 keyed 4 digits
            7s   bob in 8000: ready
            7s   ann: play tone-ringback again and again
            7s   bob: dial 1002 from 1001
            8s   call 2 out of flow 7000: Answered
            8s   call 2 connected to bob
            8s   bob in 8000: other call 2
            8s   ann + bob: bridge
            9s   ann + bob: unbridge
            9s   bob: end normal
            9s   bob in 8000: ready, available
            9s   call 2 ended, Internal normal: ann Answered normal, bob Answered normal
            10s  call 3 arrived
            10s  ann: dial 1001 from 7100
            10s  reply: call 3
            11s  call 3 in ring group 7100
            11s  ann: play tone-ringback again and again
            11s  1090: dial 1090 from 1001
            12s  call 3 out of ring group 7100: Answered
            12s  call 3 connected
            12s  ann + 1090: bridge
            13s  1090 + ann: unbridge
            13s  ann: end normal
            13s  call 3 ended, Internal normal: ann Answered normal, 1090 Answered normal
            14s  call 4 arrived
            14s  ann: dial 1001 from 1002
            14s  reply: call 4
            15s  bob in 8000: ready
            15s  ann: play tone-ringback again and again
            15s  bob: dial 1002 from 1001
            16s  bob in 8000: ready, available
            16s  ann: end busy
            16s  call 4 ended, Internal busy: ann Answered busy, bob Busy busy
        "#]],
    );
}

#[test]
fn a_call_that_comes_to_nothing_says_why() {
    check(
        "
        rings 1001 5
        up ann 1090
        1s   ann asks for 1090
        2s   ann busy
        3s   ann asks for 1090
        4s   ann rings
        9s   .
        10s  ann asks for 1090
        11s  ann declines
        12s  ann asks for 1090
        13s  hang up 4
        14s  ann asks for 1090
        15s  ann answers
        16s  1090 over no_answer
        17s  ann asks for +494055
        18s  ann answers
        19s  +494055 over unreachable
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from 1090
            1s   reply: call 1
            2s   call 1 ended, Internal busy: ann Busy busy
            3s   call 2 arrived
            3s   ann: dial 1001 from 1090
            3s   reply: call 2
            8s   ann: end no_answer
            8s   call 2 ended, Internal no_answer: ann NoAnswer no_answer
            10s  call 3 arrived
            10s  ann: dial 1001 from 1090
            10s  reply: call 3
            11s  call 3 ended, Internal declined: ann Declined declined
            12s  call 4 arrived
            12s  ann: dial 1001 from 1090
            12s  reply: call 4
            13s  ann: end administrative
            13s  reply: hanging up
            13s  call 4 ended, Internal administrative: ann Cancelled administrative
            14s  call 5 arrived
            14s  ann: dial 1001 from 1090
            14s  reply: call 5
            15s  ann: play tone-ringback again and again
            15s  1090: dial 1090 from 1001
            16s  ann: end no_answer
            16s  call 5 ended, Internal no_answer: ann Answered no_answer, 1090 NoAnswer no_answer
            17s  call 6 arrived
            17s  ann: dial 1001 from +494055
            17s  reply: call 6
            18s  ann: play tone-ringback again and again
            18s  +494055: dial +494055 by trunk 1 from 1001
            19s  ann: end unreachable
            19s  call 6 ended, Outbound unreachable: ann Answered unreachable, +494055 Failed unreachable
        "#]],
    );
}

#[test]
fn it_is_refused_where_it_could_come_to_nothing_only() {
    check(
        "
        queue 8000: ann; patient
        on ann
        1s   ann asks for 999
        2s   ann asks for *36
        3s   bob asks for 8000
        4s   zed asks for 8000
        5s   nobody asks for 8000
        6s   c1 calls 8000
        7s   ann asks for 1090
        8s   ann answers
        9s   ann asks for 1090
        10s  c1 hangs up
        11s  ann asks for +494055
        12s  ann asks for +494055
        13s  drain
        14s  ann hangs up
        15s  ann asks for +494055
        ",
        expect![[r#"
            1s   reply: UnknownDestination
            2s   reply: UnknownDestination
            3s   reply: CannotTake(Unreachable)
            4s   reply: CannotTake(Unreachable)
            5s   reply: UnknownAgent
            6s   call 1 arrived
            6s   call 1 queued in 8000, position 1
            6s   call 1 offered to ann
            6s   ann in 8000: ringing
            6s   c1: answer
            6s   c1: play music again and again
            6s   ann: dial 1001 from c1 for q8000
            7s   reply: CannotTake(Ringing)
            8s   call 1 connected to ann by 8000 after 2000 ms
            8s   ann in 8000: queue call 1
            8s   c1 + ann: bridge
            9s   reply: CannotTake(OnCall)
            10s  c1 + ann: unbridge
            10s  ann: end normal
            10s  ann in 8000: ready, available
            10s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            11s  call 2 arrived
            11s  ann in 8000: ready
            11s  ann: dial 1001 from +494055
            11s  reply: call 2
            12s  reply: CannotTake(Ringing)
            14s  ann in 8000: ready, available
            14s  call 2 ended, Outbound declined: ann Cancelled normal
            15s  reply: NoRoom
        "#]],
    );
}

#[test]
fn at_a_personal_phone_she_accepts_by_the_key() {
    check(
        "
        personal ann +491701 always
        up 1090
        1s   ann asks for 1090
        2s   +491701 answers
        3s   +491701 presses 21
        4s   1090 answers
        5s   1090 hangs up
        6s   ann asks for 1090
        7s   +491701 answers
        20s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +491701: dial +491701 by trunk 1 from 1090
            1s   reply: call 1
            2s   +491701: play press-one-to-accept again and again
            3s   +491701: play tone-ringback again and again
            3s   1090: dial 1090 from 1001
            4s   call 1 connected
            4s   +491701 + 1090: bridge
            5s   1090 + +491701: unbridge
            5s   +491701: end normal
            5s   call 1 ended, Internal normal: +491701 Answered normal, 1090 Answered normal
            6s   call 2 arrived
            6s   +491701: dial +491701 by trunk 1 from 1090
            6s   reply: call 2
            7s   +491701: play press-one-to-accept again and again
            17s  +491701: end no_answer
            17s  call 2 ended, Internal no_answer: +491701 NoAnswer no_answer
        "#]],
    );
}
