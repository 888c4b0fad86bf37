//! A waiting call that somebody chooses.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_chosen_call_rings_who_is_logged_out_and_no_longer_who_was_rung_and_is_answered_like_any_other() {
    check(
        "
        queue 8000: ann bob; patient wrap=5
        on ann
        up cid
        1s   c1 calls 8000
        2s   c2 calls 8000
        3s   ann rings
        4s   bob picks 1 8000
        5s   cid picks 1 8000
        6s   cid rings
        7s   cid picks 2 8000
        8s   cid'2 answers
        9s   cid picks 1 8000
        10s  ann answers
        20s  cid'2 hangs up
        21s  ann picks 1 8000
        22s  cid picks 9 8000
        23s  cid picks 2 8009
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   c2: answer
            2s   c2: play music again and again
            4s   reply: CannotTake(Unreachable)
            5s   call 1 not taken by ann: PickedUp
            5s   call 1 offered to cid
            5s   call 2 offered to ann
            5s   ann in 8000: ringing
            5s   ann: end answered_elsewhere
            5s   cid: dial 1003 from c1 for q8000
            5s   ann'2: dial 1001 from c2 for q8000
            5s   reply: rings
            7s   call 2 not taken by ann: PickedUp
            7s   call 1 not taken by cid: AgentLeft
            7s   call 2 offered to cid
            7s   call 1 offered to ann
            7s   ann in 8000: ringing
            7s   ann'2: end answered_elsewhere
            7s   cid: end queue_rule
            7s   cid'2: dial 1003 from c2 for q8000
            7s   ann: dial 1001 from c1 for q8000
            7s   reply: rings
            8s   call 2 connected to cid by 8000 after 6000 ms
            8s   c2 + cid'2: bridge
            9s   reply: CannotTake(OnCall)
            10s  call 1 connected to ann by 8000 after 9000 ms
            10s  ann in 8000: queue call 1
            10s  c1 + ann: bridge
            20s  cid'2 + c2: unbridge
            20s  c2: end normal
            20s  call 2 ended, Inbound normal: c2 Answered normal, ann'2 Cancelled answered_elsewhere, cid'2 Answered normal; 8000 Answered in time
            21s  reply: NotWaiting
            22s  reply: UnknownCall
            23s  reply: UnknownQueue
        "#]],
    );
}

#[test]
fn who_chose_a_call_and_misses_or_declines_it_leaves_it_at_its_place() {
    check(
        "
        queue 8000: ann bob; patient ring=5 retry=1
        up ann bob
        1s   c1 calls 8000
        2s   ann picks 1 8000
        8s   .
        9s   ann picks 1 8000
        10s  ann declines
        11s  bob login
        12s  bob ready
        13s  ann picks 1 8000
        14s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 1 offered to ann
            2s   ann: dial 1001 from c1 for q8000
            2s   reply: rings
            7s   call 1 not taken by ann: NoAnswer
            7s   ann: end no_answer
            9s   call 1 offered to ann
            9s   ann: dial 1001 from c1 for q8000
            9s   reply: rings
            10s  call 1 not taken by ann: Declined
            11s  call 1 offered to bob
            11s  bob in 8000: ringing, by request
            11s  bob: dial 1002 from c1 for q8000
            11s  reply: 8000 ringing
            12s  reply: 8000 ringing
            13s  call 1 not taken by bob: PickedUp
            13s  call 1 offered to ann
            13s  bob in 8000: ready, available
            13s  bob: end answered_elsewhere
            13s  ann: dial 1001 from c1 for q8000
            13s  reply: rings
            14s  call 1 not taken by ann: CallerGone
            14s  call 1 left 8000: Abandoned
            14s  ann: end caller_gone
            14s  call 1 ended, Inbound caller_gone: c1 Answered normal, ann NoAnswer no_answer, ann Declined declined, bob Cancelled answered_elsewhere, ann Cancelled caller_gone; 8000 Abandoned
        "#]],
    );
}

#[test]
fn a_callback_can_be_chosen_and_a_caller_who_still_hears_the_introduction() {
    check(
        "
        queue 8000: ann; callback= patient
        queue 8001: bob; whole=welcome patient
        up ann bob
        1s   +49301 calls 8000
        2s   +49301 presses 3
        3s   +49301 presses #
        4s   +49301 heard
        5s   ann picks 1 8000
        6s   ann answers
        7s   +49301 answers
        8s   c2 calls 8001
        9s   bob picks 2 8001
        10s  bob answers
        11s  c2 hangs up
        12s  ann hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            3s   call 1 left 8000: CallbackRequested
            3s   +49301: play en/callback-confirmed
            4s   +49301: end normal
            5s   call 1 offered to ann
            5s   ann: dial 1001 from +49301 for q8000 (callback)
            5s   reply: rings
            6s   +49301: dial +49301 by trunk 1 from 8000
            6s   ann: play tone-ringback again and again
            7s   call 1 left 8000: CallbackDone
            7s   call 1 connected to ann by 8000 after 6000 ms
            7s   +49301 + ann: bridge
            8s   call 2 arrived
            8s   call 2 queued in 8001, position 1
            8s   c2: answer
            8s   c2: play welcome
            9s   call 2 offered to bob
            9s   bob: dial 1002 from c2 for q8001
            9s   reply: rings
            10s  call 2 connected to bob by 8001 after 2000 ms
            10s  c2 + bob: bridge
            11s  c2 + bob: unbridge
            11s  bob: end normal
            11s  call 2 ended, Inbound normal: c2 Answered normal, bob Answered normal; 8001 Answered in time
            12s  ann + +49301: unbridge
            12s  +49301: end normal
            12s  call 1 ended, Inbound normal: +49301 Answered normal, ann Answered normal, +49301 Answered normal; 8000 CallbackRequested; 8000 CallbackDone
        "#]],
    );
}

#[test]
fn who_is_not_to_be_disturbed_or_has_no_phone_is_told_so() {
    check(
        "
        queue 8000: ann bob; patient
        up ann
        1s   c1 calls 8000
        2s   bob picks 1 8000
        3s   ann dnd on
        4s   ann picks 1 8000
        5s   ann dnd off
        6s   ann calls *36
        7s   ann picks 1 8000
        8s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   reply: CannotTake(Unreachable)
            3s   dnd of ann on, by request
            3s   reply: reach
            4s   reply: CannotTake(Dnd)
            5s   dnd of ann off, by request
            5s   reply: reach
            6s   call 2 arrived
            6s   ann: answer
            6s   ann: play not-logged-in
            7s   call 1 offered to ann
            7s   ann'2: dial 1001 from c1 for q8000
            7s   reply: rings
            8s   call 1 not taken by ann: CallerGone
            8s   call 1 left 8000: Abandoned
            8s   ann'2: end caller_gone
            8s   call 1 ended, Inbound caller_gone: c1 Answered normal, ann'2 Cancelled caller_gone; 8000 Abandoned
        "#]],
    );
}
