//! Ring groups: who is rung, in which order, and who has the call.

use expect_test::expect;

use crate::story::check;

#[test]
fn the_first_of_all_who_ring_has_the_call_and_the_others_are_told_so() {
    check(
        "
        slow
        queue 8000: ann bob; patient
        group 7100 ring_all ann bob 1090
        on ann bob
        up 1090
        1s   c1 calls 7100
        2s   ann rings
        2s   bob rings
        3s   bob answers
        3s   ann answers
        3s   ann over normal
        3s   1090 over normal
        5s   c1 hangs up
        5s   bob over normal
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann in 8000: ready
            1s   bob in 8000: ready
            1s   ann: dial 1001 from c1
            1s   bob: dial 1002 from c1
            1s   1090: dial 1090 from c1
            2s   c1: ring
            2s   c1: ring
            3s   call 1 out of ring group 7100: Answered
            3s   call 1 connected to bob
            3s   bob in 8000: other call 1
            3s   ann: end answered_elsewhere
            3s   1090: end answered_elsewhere
            3s   c1: answer
            3s   c1 + bob: bridge
            3s   ann in 8000: ready, available
            5s   c1 + bob: unbridge
            5s   bob: end normal
            5s   bob in 8000: ready, available
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Cancelled answered_elsewhere, bob Answered normal, 1090 Cancelled answered_elsewhere
        "#]],
    );
}

#[test]
fn one_after_the_other_rings_in_order_and_the_round_begins_again() {
    check(
        "
        group 7100 linear ann bob ring=5 repeat=1 no_answer=hangup:nobody-there
        up ann bob
        1s   c1 calls 7100
        21s  c1 heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            6s   ann: end no_answer
            6s   bob: dial 1002 from c1
            11s  bob: end no_answer
            11s  ann: dial 1001 from c1
            16s  ann: end no_answer
            16s  bob: dial 1002 from c1
            21s  call 1 out of ring group 7100: NoAnswer
            21s  bob: end no_answer
            21s  c1: answer
            21s  c1: play nobody-there
            21s  c1: end normal
            21s  call 1 ended, Inbound normal: c1 Answered normal, ann NoAnswer no_answer, bob NoAnswer no_answer, ann NoAnswer no_answer, bob NoAnswer no_answer
        "#]],
    );
}

#[test]
fn in_a_cascade_those_before_go_on_ringing() {
    check(
        "
        group 7100 linear_cascade ann bob cid ring=5
        up ann bob cid
        1s   c1 calls 7100
        12s  ann answers
        13s  ann hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            6s   bob: dial 1002 from c1
            11s  cid: dial 1003 from c1
            12s  call 1 out of ring group 7100: Answered
            12s  call 1 connected to ann
            12s  bob: end answered_elsewhere
            12s  cid: end answered_elsewhere
            12s  c1: answer
            12s  c1 + ann: bridge
            13s  ann + c1: unbridge
            13s  c1: end normal
            13s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal, bob Cancelled answered_elsewhere, cid Cancelled answered_elsewhere
        "#]],
    );
}

#[test]
fn cyclic_begins_behind_the_one_who_was_rung_last() {
    check(
        "
        group 7100 cyclic ann bob cid ring=5
        up ann bob cid
        1s   c1 calls 7100
        2s   ann answers
        3s   c1 hangs up
        4s   c2 calls 7100
        5s   bob declines
        6s   cid answers
        7s   c2 hangs up
        8s   c3 calls 7100
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            2s   call 1 out of ring group 7100: Answered
            2s   call 1 connected to ann
            2s   c1: answer
            2s   c1 + ann: bridge
            3s   c1 + ann: unbridge
            3s   ann: end normal
            3s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal
            4s   call 2 arrived
            4s   call 2 in ring group 7100
            4s   bob: dial 1002 from c2
            5s   cid: dial 1003 from c2
            6s   call 2 out of ring group 7100: Answered
            6s   call 2 connected to cid
            6s   c2: answer
            6s   c2 + cid: bridge
            7s   c2 + cid: unbridge
            7s   cid: end normal
            7s   call 2 ended, Inbound normal: c2 Answered normal, bob Declined declined, cid Answered normal
            8s   call 3 arrived
            8s   call 3 in ring group 7100
            8s   ann: dial 1001 from c3
        "#]],
    );
}

#[test]
fn longest_idle_is_first_who_has_not_talked_and_then_who_talked_longest_ago() {
    check(
        "
        group 7100 longest_idle ann bob cid ring=5
        up ann bob cid
        1s   c1 calls 1001
        2s   ann answers
        3s   c1 hangs up
        4s   c2 calls 7100
        5s   bob answers
        6s   c2 hangs up
        7s   c3 calls 7100
        8s   cid answers
        9s   c3 hangs up
        10s  c4 calls 7100
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from c1
            2s   call 1 connected to ann
            2s   c1: answer
            2s   c1 + ann: bridge
            3s   c1 + ann: unbridge
            3s   ann: end normal
            3s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal
            4s   call 2 arrived
            4s   call 2 in ring group 7100
            4s   bob: dial 1002 from c2
            5s   call 2 out of ring group 7100: Answered
            5s   call 2 connected to bob
            5s   c2: answer
            5s   c2 + bob: bridge
            6s   c2 + bob: unbridge
            6s   bob: end normal
            6s   call 2 ended, Inbound normal: c2 Answered normal, bob Answered normal
            7s   call 3 arrived
            7s   call 3 in ring group 7100
            7s   cid: dial 1003 from c3
            8s   call 3 out of ring group 7100: Answered
            8s   call 3 connected to cid
            8s   c3: answer
            8s   c3 + cid: bridge
            9s   c3 + cid: unbridge
            9s   cid: end normal
            9s   call 3 ended, Inbound normal: c3 Answered normal, cid Answered normal
            10s  call 4 arrived
            10s  call 4 in ring group 7100
            10s  ann: dial 1001 from c4
        "#]],
    );
}

#[test]
fn who_cannot_be_rung_is_left_out_and_with_nobody_left_the_plan_is_taken_at_once() {
    check(
        "
        queue 8000: ann; patient
        group 7100 ring_all ann bob cid 1090 no_answer=hangup:nobody-there
        disabled cid
        dnd 1090
        hours bob 5-9
        up ann bob cid 1090
        1s   c1 calls 7100
        2s   ann answers
        3s   c2 calls 7100
        4s   c2 heard
        5s   bob calls 7100
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            2s   call 1 out of ring group 7100: Answered
            2s   call 1 connected to ann
            2s   c1: answer
            2s   c1 + ann: bridge
            3s   call 2 arrived
            3s   call 2 in ring group 7100
            3s   call 2 out of ring group 7100: Busy
            3s   c2: answer
            3s   c2: play nobody-there
            4s   c2: end normal
            4s   call 2 ended, Inbound normal: c2 Answered normal
            5s   call 3 arrived
            5s   call 3 in ring group 7100
            5s   call 3 out of ring group 7100: Busy
            5s   bob: answer
            5s   bob: play nobody-there
        "#]],
    );
}

#[test]
fn members_on_a_call_are_rung_where_the_group_says_so() {
    check(
        "
        group 7100 ring_all ann 1090 busy_too
        group 7101 ring_all ann 1090
        up ann 1090
        1s   c1 calls 1001
        2s   ann answers
        3s   c2 calls 1090
        4s   1090 answers
        5s   c3 calls 7100
        6s   c3 hangs up
        7s   c4 calls 7101
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from c1
            2s   call 1 connected to ann
            2s   c1: answer
            2s   c1 + ann: bridge
            3s   call 2 arrived
            3s   1090: dial 1090 from c2
            4s   call 2 connected
            4s   c2: answer
            4s   c2 + 1090: bridge
            5s   call 3 arrived
            5s   call 3 in ring group 7100
            5s   ann'2: dial 1001 from c3
            5s   1090'2: dial 1090 from c3
            6s   call 3 out of ring group 7100: CallerGone
            6s   ann'2: end caller_gone
            6s   1090'2: end caller_gone
            6s   call 3 ended, Inbound caller_gone: c3 Cancelled normal, ann'2 Cancelled caller_gone, 1090'2 Cancelled caller_gone
            7s   call 4 arrived
            7s   call 4 in ring group 7101
            7s   call 4 out of ring group 7101: Busy
            7s   c4: refuse busy
            7s   call 4 ended, Inbound busy: c4 Busy busy
        "#]],
    );
}

#[test]
fn who_declined_is_not_rung_again_and_when_all_did_the_plan_is_taken() {
    check(
        "
        group 7100 ring_all ann bob ring=5 repeat=3 no_answer=hangup:nobody-there
        up ann bob
        1s   c1 calls 7100
        2s   ann rings
        3s   ann busy
        7s   bob'2 declines
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            1s   bob: dial 1002 from c1
            2s   c1: ring
            6s   bob: end no_answer
            6s   bob'2: dial 1002 from c1
            7s   call 1 out of ring group 7100: Busy
            7s   c1: answer
            7s   c1: play nobody-there
        "#]],
    );
}

#[test]
fn the_limit_of_a_group_ends_it_whoever_still_rings() {
    check(
        "
        group 7100 linear ann bob ring=5 repeat=9 max=7 no_answer=queue:8000
        queue 8000: cid; patient
        up ann bob
        1s   c1 calls 7100
        9s   .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            6s   ann: end no_answer
            6s   bob: dial 1002 from c1
            8s   call 1 out of ring group 7100: NoAnswer
            8s   call 1 queued in 8000, position 1
            8s   bob: end no_answer
            8s   c1: answer
            8s   c1: play music again and again
        "#]],
    );
}

#[test]
fn a_personal_phone_in_a_group_must_accept_while_the_others_ring_on() {
    check(
        "
        group 7100 ring_all ann bob ring=20 no_answer=hangup
        personal ann +491701 always
        up bob
        1s   c1 calls 7100
        2s   +491701 answers
        3s   +491701 presses 1
        4s   c1 hangs up
        5s   c2 calls 7100
        6s   +491701 answers
        7s   bob answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   +491701: dial +491701 by trunk 1 from c1
            1s   bob: dial 1002 from c1
            2s   +491701: play press-one-to-accept again and again
            3s   call 1 out of ring group 7100: Answered
            3s   call 1 connected to ann
            3s   bob: end answered_elsewhere
            3s   c1: answer
            3s   c1 + +491701: bridge
            4s   c1 + +491701: unbridge
            4s   +491701: end normal
            4s   call 1 ended, Inbound normal: c1 Answered normal, +491701 Answered normal, bob Cancelled answered_elsewhere
            5s   call 2 arrived
            5s   call 2 in ring group 7100
            5s   +491701: dial +491701 by trunk 1 from c2
            5s   bob: dial 1002 from c2
            6s   +491701: play press-one-to-accept again and again
            7s   call 2 out of ring group 7100: Answered
            7s   call 2 connected to bob
            7s   +491701: end answered_elsewhere
            7s   c2: answer
            7s   c2 + bob: bridge
        "#]],
    );
}

#[test]
fn a_mailbox_that_answers_in_a_group_only_keeps_the_next_waiting() {
    check(
        "
        group 7100 linear ann bob ring=5 no_answer=hangup:nobody-there
        personal ann +491701 always
        up bob
        1s   c1 calls 7100
        2s   +491701 answers
        13s  bob answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   +491701: dial +491701 by trunk 1 from c1
            2s   +491701: play press-one-to-accept again and again
            12s  +491701: end no_answer
            12s  bob: dial 1002 from c1
            13s  call 1 out of ring group 7100: Answered
            13s  call 1 connected to bob
            13s  c1: answer
            13s  c1 + bob: bridge
        "#]],
    );
}

#[test]
fn a_personal_phone_that_was_answered_may_accept_after_the_others_rang_out() {
    check(
        "
        group 7100 ring_all ann bob ring=5 no_answer=hangup:nobody-there
        personal ann +491701 always
        up bob
        1s   c1 calls 7100
        4s   +491701 answers
        8s   +491701 presses 1
        9s   c1 hangs up
        10s  c2 calls 7100
        13s  +491701 answers
        24s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   +491701: dial +491701 by trunk 1 from c1
            1s   bob: dial 1002 from c1
            4s   +491701: play press-one-to-accept again and again
            6s   bob: end no_answer
            8s   call 1 out of ring group 7100: Answered
            8s   call 1 connected to ann
            8s   c1: answer
            8s   c1 + +491701: bridge
            9s   c1 + +491701: unbridge
            9s   +491701: end normal
            9s   call 1 ended, Inbound normal: c1 Answered normal, +491701 Answered normal, bob NoAnswer no_answer
            10s  call 2 arrived
            10s  call 2 in ring group 7100
            10s  +491701: dial +491701 by trunk 1 from c2
            10s  bob: dial 1002 from c2
            13s  +491701: play press-one-to-accept again and again
            15s  bob: end no_answer
            23s  call 2 out of ring group 7100: NoAnswer
            23s  +491701: end no_answer
            23s  c2: answer
            23s  c2: play nobody-there
        "#]],
    );
}

#[test]
fn a_caller_who_leaves_ends_the_ringing() {
    check(
        "
        group 7100 ring_all ann 1090
        up ann 1090
        1s   c1 calls 7100
        2s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            1s   1090: dial 1090 from c1
            2s   call 1 out of ring group 7100: CallerGone
            2s   ann: end caller_gone
            2s   1090: end caller_gone
            2s   call 1 ended, Inbound caller_gone: c1 Cancelled normal, ann Cancelled caller_gone, 1090 Cancelled caller_gone
        "#]],
    );
}

#[test]
fn the_message_of_a_group_goes_to_its_own_mailbox() {
    check(
        "
        group 7100 linear ann ring=5 no_answer=voicemail
        mailbox 7100
        mailbox 1001
        up ann
        1s   c1 calls 7100
        7s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            6s   call 1 out of ring group 7100: NoAnswer
            6s   ann: end no_answer
            6s   c1: answer
            6s   c1: play en/vm-leave-message
            7s   call 1 ended, Inbound normal: c1 Answered normal, ann NoAnswer no_answer
        "#]],
    );
}

#[test]
fn a_group_is_reached_from_a_queue_and_a_chain_of_them_ends() {
    check(
        "
        hops 2
        queue 8000: cid; on_no_agents=group:7100
        group 7100 linear ann ring=5 no_answer=group:7101
        group 7101 linear bob ring=5 no_answer=queue:8000
        up ann bob
        1s   c1 calls 8000
        12s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 left 8000: NoAgents
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            6s   call 1 out of ring group 7100: NoAnswer
            6s   call 1 in ring group 7101
            6s   ann: end no_answer
            6s   bob: dial 1002 from c1
            11s  call 1 out of ring group 7101: NoAnswer
            11s  bob: end no_answer
            11s  c1: refuse congestion
            11s  call 1 ended, Inbound congestion: c1 Failed congestion, ann NoAnswer no_answer, bob NoAnswer no_answer; 8000 NoAgents
        "#]],
    );
}

#[test]
fn a_flow_rings_a_group_and_goes_on_if_nobody_answers() {
    check(
        "
        group 7100 linear ann bob ring=8 no_answer=hangup:never-heard
        step 7000 ring transfer group:7100 away
        step 7000 away leave hangup:nobody-there
        up ann bob
        1s   c1 calls 7000
        12s  c1 hangs up
        13s  c2 calls 7000
        14s  ann answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at ring
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            9s   ann: end no_answer
            9s   bob: dial 1002 from c1
            11s  call 1 out of ring group 7100: NoAnswer
            11s  call 1 falls back: NoAnswer
            11s  call 1 at away
            11s  call 1 out of flow 7000: Left
            11s  bob: end no_answer
            11s  c1: answer
            11s  c1: play nobody-there
            12s  call 1 ended, Inbound normal: c1 Answered normal, ann NoAnswer no_answer, bob NoAnswer no_answer
            13s  call 2 arrived
            13s  call 2 in flow 7000
            13s  call 2 at ring
            13s  call 2 in ring group 7100
            13s  ann: dial 1001 from c2
            14s  call 2 out of ring group 7100: Answered
            14s  call 2 out of flow 7000: Answered
            14s  call 2 connected to ann
            14s  c2: answer
            14s  c2 + ann: bridge
        "#]],
    );
}

#[test]
fn a_group_that_is_changed_does_not_disturb_who_is_inside() {
    check(
        "
        group 7100 linear ann bob ring=5
        up ann bob
        1s   c1 calls 7100
        2s   provision group 7100 linear cid
        7s   bob answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann: dial 1001 from c1
            2s   provisioned
            6s   ann: end no_answer
            6s   bob: dial 1002 from c1
            7s   call 1 out of ring group 7100: Answered
            7s   call 1 connected to bob
            7s   c1: answer
            7s   c1 + bob: bridge
        "#]],
    );
}

#[test]
fn a_group_ends_with_a_restart_and_its_members_are_free_again() {
    check(
        "
        queue 8000: ann; patient
        group 7100 ring_all ann
        on ann
        1s   c1 calls 7100
        2s   restart
        3s   ann up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in ring group 7100
            1s   ann in 8000: ready
            1s   ann: dial 1001 from c1
            2s   call 1 out of ring group 7100: CallerGone
            2s   ann gone
            2s   call 1 ended, Inbound node_restart: c1 Cancelled node_restart, ann Cancelled node_restart
            2s   c1: refuse node_restart
            2s   ann: end node_restart
            3s   ann registered
            3s   ann in 8000: ready, available
        "#]],
    );
}
