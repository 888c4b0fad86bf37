//! Offers: every way in which an agent does not take a call.

use expect_test::expect;

use crate::story::check;

#[test]
fn an_offer_that_rings_out_goes_to_the_next_agent_at_the_callers_old_place() {
    check(
        "
        queue 8000: ann bob; strategy=linear ring=10
        on ann bob
        1s   c1 calls 8000
        2s   ann rings
        5s   bob not-ready
        6s   c2 calls 8000
        12s  bob ready
        13s  bob answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            5s   bob in 8000: not ready (lunch), by request
            5s   reply: 8000 not ready (lunch)
            6s   call 2 arrived
            6s   call 2 queued in 8000, position 2
            6s   c2: answer
            6s   c2: play music again and again
            11s  call 1 not taken by ann: NoAnswer
            11s  ann in 8000: ready
            11s  ann: end no_answer
            12s  call 1 offered to bob
            12s  bob in 8000: ringing, by request
            12s  bob: dial 1002 from c1 for q8000
            12s  reply: 8000 ringing
            13s  call 1 connected to bob by 8000 after 12000 ms
            13s  bob in 8000: queue call 1
            13s  c1 + bob: bridge
        "#]],
    );
}

#[test]
fn an_agent_who_missed_a_call_is_not_ready_where_the_queue_does_not_make_her_so() {
    check(
        "
        queue 8000: ann; manual ring=10 patient
        on ann
        1s   c1 calls 8000
        2s   ann rings
        12s  .
        20s  ann ready
        21s  ann answers
        22s  c1 hangs up
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
            11s  ann in 8000: not ready (rna)
            11s  ann: end no_answer
            20s  call 1 offered to ann
            20s  ann in 8000: ringing, by request
            20s  ann: dial 1001 from c1 for q8000
            20s  reply: 8000 ringing
            21s  call 1 connected to ann by 8000 after 20000 ms
            21s  ann in 8000: queue call 1
            21s  c1 + ann: bridge
            22s  c1 + ann: unbridge
            22s  ann: end normal
            22s  ann in 8000: wrap-up without end
            22s  call 1 ended, Inbound normal: c1 Answered normal, ann NoAnswer no_answer, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn a_declined_call_is_not_offered_to_her_again() {
    check(
        "
        queue 8000: ann bob; strategy=linear
        on ann bob
        1s   c1 calls 8000
        2s   ann rings
        3s   ann declines
        4s   bob answers
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
            3s   call 1 not taken by ann: Declined
            3s   call 1 offered to bob
            3s   ann in 8000: ready, available
            3s   bob in 8000: ringing
            3s   bob: dial 1002 from c1 for q8000
            4s   call 1 connected to bob by 8000 after 3000 ms
            4s   bob in 8000: queue call 1
            4s   c1 + bob: bridge
            5s   c1 + bob: unbridge
            5s   bob: end normal
            5s   bob in 8000: ready, available
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Declined declined, bob Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn busy_after_ringing_is_a_decline_and_before_it_is_busy() {
    check(
        "
        queue 8000: ann bob; strategy=linear
        on ann bob
        1s   c1 calls 8000
        2s   ann busy
        3s   bob rings
        4s   bob busy
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   call 1 not taken by ann: Busy
            2s   call 1 offered to bob
            2s   ann in 8000: ready
            2s   bob in 8000: ringing
            2s   bob: dial 1002 from c1 for q8000
            4s   call 1 not taken by bob: Declined
            4s   bob in 8000: ready, available
        "#]],
    );
}

#[test]
fn a_phone_that_cannot_be_reached_fails_its_offer() {
    check(
        "
        queue 8000: ann bob; strategy=linear
        on ann bob
        1s   c1 calls 8000
        2s   ann over unreachable
        3s   bob answers
        4s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   call 1 not taken by ann: Unreachable
            2s   call 1 offered to bob
            2s   ann in 8000: offline
            2s   bob in 8000: ringing
            2s   bob: dial 1002 from c1 for q8000
            3s   call 1 connected to bob by 8000 after 2000 ms
            3s   bob in 8000: queue call 1
            3s   c1 + bob: bridge
            4s   c1 + bob: unbridge
            4s   bob: end normal
            4s   bob in 8000: ready, available
            4s   call 1 ended, Inbound normal: c1 Answered normal, ann Failed unreachable, bob Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn a_device_lost_while_it_rings_fails_the_offer_and_ends_the_leg() {
    check(
        "
        queue 8000: ann bob; strategy=linear
        on ann bob
        1s   c1 calls 8000
        2s   ann rings
        3s   ann down
        4s   bob answers
        5s   bob hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   ann gone
            3s   call 1 not taken by ann: Unreachable
            3s   call 1 offered to bob
            3s   ann in 8000: offline
            3s   bob in 8000: ringing
            3s   ann: end unreachable
            3s   bob: dial 1002 from c1 for q8000
            4s   call 1 connected to bob by 8000 after 3000 ms
            4s   bob in 8000: queue call 1
            4s   c1 + bob: bridge
            5s   bob in 8000: ready, available
            5s   bob + c1: unbridge
            5s   c1: end normal
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Failed unreachable, bob Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn an_agent_who_leaves_ready_while_it_rings_is_rung_no_longer() {
    check(
        "
        queue 8000: ann bob; strategy=linear
        on ann bob
        1s   c1 calls 8000
        2s   ann rings
        3s   ann not-ready 8000
        4s   bob answers
        5s   bob hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   call 1 not taken by ann: AgentLeft
            3s   call 1 offered to bob
            3s   ann in 8000: not ready (lunch), by request
            3s   bob in 8000: ringing
            3s   ann: end queue_rule
            3s   bob: dial 1002 from c1 for q8000
            3s   reply: 8000 not ready (lunch)
            4s   call 1 connected to bob by 8000 after 3000 ms
            4s   bob in 8000: queue call 1
            4s   c1 + bob: bridge
            5s   bob in 8000: ready, available
            5s   bob + c1: unbridge
            5s   c1: end normal
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Cancelled queue_rule, bob Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn the_first_of_a_ring_all_offer_has_the_call_and_the_others_miss_nothing() {
    check(
        "
        queue 8000: ann bob cid; strategy=ring_all
        on ann bob cid
        1s   c1 calls 8000
        2s   ann rings
        2s   bob rings
        3s   bob answers
        5s   bob hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   call 1 offered to bob
            1s   call 1 offered to cid
            1s   ann in 8000: ringing
            1s   bob in 8000: ringing
            1s   cid in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            1s   bob: dial 1002 from c1 for q8000
            1s   cid: dial 1003 from c1 for q8000
            3s   call 1 connected to bob by 8000 after 2000 ms
            3s   call 1 not taken by ann: AnsweredElsewhere
            3s   call 1 not taken by cid: AnsweredElsewhere
            3s   ann in 8000: ready, available
            3s   bob in 8000: queue call 1
            3s   cid in 8000: ready, available
            3s   c1 + bob: bridge
            3s   ann: end answered_elsewhere
            3s   cid: end answered_elsewhere
            5s   bob in 8000: ready, available
            5s   bob + c1: unbridge
            5s   c1: end normal
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Cancelled answered_elsewhere, bob Answered normal, cid Cancelled answered_elsewhere; 8000 Answered in time
        "#]],
    );
}

#[test]
fn two_who_answer_a_ring_all_offer_in_the_same_moment_one_is_bridged() {
    check(
        "
        queue 8000: ann bob; strategy=ring_all
        on ann bob
        slow
        1s   c1 calls 8000
        2s   ann answers
        2s   bob answers
        3s   bob over normal
        4s   c1 hangs up
        4s   ann over normal
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   call 1 offered to bob
            1s   ann in 8000: ringing
            1s   bob in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            1s   bob: dial 1002 from c1 for q8000
            2s   call 1 connected to ann by 8000 after 1000 ms
            2s   call 1 not taken by bob: AnsweredElsewhere
            2s   ann in 8000: queue call 1
            2s   bob in 8000: ready, available
            2s   c1 + ann: bridge
            2s   bob: end answered_elsewhere
            4s   c1 + ann: unbridge
            4s   ann: end normal
            4s   ann in 8000: ready, available
            4s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal, bob Cancelled answered_elsewhere; 8000 Answered in time
        "#]],
    );
}

#[test]
fn an_agent_who_logs_out_during_a_call_is_logged_out_when_it_ends() {
    check(
        "
        queue 8000: ann; wrap=10 patient
        on ann
        1s   c1 calls 8000
        2s   ann answers
        3s   ann logout
        4s   c1 hangs up
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
            3s   ann in 8000: queue call 1, then logged out, by request
            3s   reply: 8000 queue call 1, then logged out
            4s   c1 + ann: unbridge
            4s   ann: end normal
            4s   ann in 8000: logged out
            4s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn a_phone_that_rang_and_then_gave_up_by_itself_declined() {
    check(
        "
        queue 8000: ann bob; strategy=linear
        on ann bob
        1s   c1 calls 8000
        2s   ann rings
        3s   ann over unreachable
        4s   bob answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   call 1 not taken by ann: Declined
            3s   call 1 offered to bob
            3s   ann in 8000: ready, available
            3s   bob in 8000: ringing
            3s   bob: dial 1002 from c1 for q8000
            4s   call 1 connected to bob by 8000 after 3000 ms
            4s   bob in 8000: queue call 1
            4s   c1 + bob: bridge
        "#]],
    );
}

#[test]
fn an_agent_in_doubt_is_offered_calls_again_when_her_phone_shows_itself() {
    check(
        "
        queue 8000: ann; patient
        on ann
        1s   c1 calls 8000
        2s   ann over unreachable
        3s   ann up
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
            2s   call 1 not taken by ann: Unreachable
            2s   ann in 8000: offline
            3s   call 1 offered to ann
            3s   ann in 8000: ringing
            3s   ann: dial 1001 from c1 for q8000
            4s   call 1 connected to ann by 8000 after 3000 ms
            4s   ann in 8000: queue call 1
            4s   c1 + ann: bridge
            5s   c1 + ann: unbridge
            5s   ann: end normal
            5s   ann in 8000: ready, available
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Failed unreachable, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn an_agent_who_calls_another_while_a_queue_rings_her_does_not_pass_that_call_on_to_the_one_she_calls() {
    check(
        "
        queue 8000: ann bob; strategy=linear patient
        on ann bob
        1s   c1 calls 8000
        2s   ann rings
        3s   ann calls 1002
        4s   bob answers
        5s   bob hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   call 2 arrived
            3s   bob in 8000: ready
            3s   call 1 not taken by ann: AgentLeft
            3s   ann in 8000: other call 2
            3s   bob: dial 1002 from ann
            3s   ann: end queue_rule
            4s   call 2 connected to bob
            4s   bob in 8000: other call 2
            4s   ann'2: answer
            4s   ann'2 + bob: bridge
            5s   call 1 offered to bob
            5s   bob in 8000: ringing
            5s   bob + ann'2: unbridge
            5s   ann'2: end normal
            5s   bob: dial 1002 from c1 for q8000
            5s   ann in 8000: ready, available
            5s   call 2 ended, Internal normal: ann'2 Answered normal, bob Answered normal
        "#]],
    );
}
