//! Callbacks: asked for, kept in line, carried out; and every race on the way.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_caller_keeps_his_place_hangs_up_and_is_called_when_it_is_his_turn() {
    check(
        "
        queue 8000: ann; callback= patient wrap=5 wait=0
        1s   +49301 calls 8000
        2s   c2 calls 8000
        3s   +49301 presses 3
        4s   +49301 presses #
        5s   +49301 heard
        6s   .
        60s  ann up
        60s  ann login
        61s  ann rings
        62s  ann answers
        63s  +49301 rings
        64s  +49301 answers
        70s  ann hangs up
        76s  ann answers
        77s  c2 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   c2: answer
            2s   c2: play music again and again
            3s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            4s   call 1 left 8000: CallbackRequested
            4s   +49301: play en/callback-confirmed
            5s   +49301: end normal
            60s  ann registered
            60s  ann in 8000: logged out
            60s  call 1 offered to ann
            60s  ann in 8000: ringing, by request
            60s  ann: dial 1001 from +49301 for q8000 (callback)
            60s  reply: 8000 ringing
            62s  ann in 8000: queue call 1
            62s  +49301: dial +49301 by trunk 1 from 8000
            62s  ann: play tone-ringback again and again
            64s  call 1 left 8000: CallbackDone
            64s  call 1 connected to ann by 8000 after 63000 ms
            64s  +49301 + ann: bridge
            70s  ann in 8000: wrap-up
            70s  ann + +49301: unbridge
            70s  +49301: end normal
            70s  call 1 ended, Inbound normal: +49301 Answered normal, ann Answered normal, +49301 Answered normal; 8000 CallbackRequested; 8000 CallbackDone
            75s  call 2 offered to ann
            75s  ann in 8000: ringing
            75s  ann: dial 1001 from c2 for q8000
            76s  call 2 connected to ann by 8000 after 74000 ms
            76s  ann in 8000: queue call 2
            76s  c2 + ann: bridge
            77s  c2 + ann: unbridge
            77s  ann: end normal
            77s  ann in 8000: wrap-up
            77s  call 2 ended, Inbound normal: c2 Answered normal, ann Answered normal; 8000 Answered late
        "#]],
    );
}

#[test]
fn another_number_is_read_back_and_the_prefix_goes_before_it() {
    check(
        "
        queue 8000: ann; callback=prefix:0 patient
        1s   anonymous calls 8000
        2s   anonymous presses 3
        3s   anonymous presses 030
        4s   anonymous presses 1234#
        5s   anonymous heard
        6s   anonymous presses #
        7s   anonymous hangs up
        8s   ann up
        8s   ann login
        9s   ann answers
        10s  00301234 answers
        11s  00301234 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   anonymous: answer
            1s   anonymous: play music again and again
            2s   anonymous: play en/callback-enter-number
            3s   anonymous: stop playing
            4s   anonymous: play en/callback-your-number en/digit-0 en/digit-3 en/digit-0 en/digit-1 en/digit-2 en/digit-3 en/digit-4 en/callback-confirm
            6s   call 1 left 8000: CallbackRequested
            6s   anonymous: play en/callback-confirmed
            8s   ann registered
            8s   ann in 8000: logged out
            8s   call 1 offered to ann
            8s   ann in 8000: ringing, by request
            8s   ann: dial 1001 from 0301234 for q8000 (callback)
            8s   reply: 8000 ringing
            9s   ann in 8000: queue call 1
            9s   00301234: dial 00301234 by trunk 1 from 8000
            9s   ann: play tone-ringback again and again
            10s  call 1 left 8000: CallbackDone
            10s  call 1 connected to ann by 8000 after 9000 ms
            10s  00301234 + ann: bridge
            11s  00301234 + ann: unbridge
            11s  ann: end normal
            11s  ann in 8000: ready, available
            11s  call 1 ended, Inbound normal: anonymous Answered normal, ann Answered normal, 00301234 Answered normal; 8000 CallbackRequested; 8000 CallbackDone
        "#]],
    );
}

#[test]
fn star_declines_silence_declines_and_the_music_goes_on() {
    check(
        "
        queue 8000: ann; callback= patient wait=0
        1s   +49301 calls 8000
        2s   +49301 presses 3
        3s   +49301 presses 12*
        4s   +49301 presses 3
        5s   +49301 heard
        15s  +49301 heard
        30s  +49301 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            3s   +49301: stop playing
            3s   +49301: play music again and again
            4s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            15s  +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            25s  +49301: play music again and again
            30s  call 1 left 8000: Abandoned
            30s  call 1 ended, Inbound caller_gone: +49301 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn the_offer_comes_after_a_time_and_the_key_means_nothing_before() {
    check(
        "
        queue 8000: ann; callback=after:30 patient wait=0
        1s   +49301 calls 8000
        2s   +49301 presses 3
        32s  +49301 presses 3
        33s  +49301 presses #
        34s  +49301 hangs up
        35s  hang up 1
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            31s  +49301: play en/callback-offer en/digit-3
            32s  +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            33s  call 1 left 8000: CallbackRequested
            33s  +49301: play en/callback-confirmed
            35s  call 1 left 8000: Removed
            35s  call 1 ended, Inbound administrative: +49301 Answered normal; 8000 CallbackRequested; 8000 Removed
            35s  reply: hanging up
        "#]],
    );
}

#[test]
fn a_caller_who_hangs_up_amid_the_question_has_abandoned_the_line() {
    check(
        "
        queue 8000: ann; callback= patient
        1s   +49301 calls 8000
        2s   +49301 presses 3030
        3s   +49301 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   +49301: stop playing
            3s   call 1 left 8000: Abandoned
            3s   call 1 ended, Inbound caller_gone: +49301 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn an_answer_amid_the_question_joins_the_two() {
    check(
        "
        queue 8000: ann; callback= patient
        on ann
        1s   +49301 calls 8000
        2s   +49301 presses 3
        3s   ann answers
        4s   +49301 presses #
        5s   +49301 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   +49301: answer
            1s   +49301: play music again and again
            1s   ann: dial 1001 from +49301 for q8000
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            3s   call 1 connected to ann by 8000 after 2000 ms
            3s   ann in 8000: queue call 1
            3s   +49301 + ann: bridge
            5s   +49301 + ann: unbridge
            5s   ann: end normal
            5s   ann in 8000: ready, available
            5s   call 1 ended, Inbound normal: +49301 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn an_answer_amid_the_goodbye_joins_him_who_is_still_there() {
    check(
        "
        queue 8000: ann; callback= patient
        on ann
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   ann answers
        4s   +49301 heard
        5s   +49301 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   +49301: answer
            1s   +49301: play music again and again
            1s   ann: dial 1001 from +49301 for q8000
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            3s   call 1 left 8000: CallbackDone
            3s   call 1 connected to ann by 8000 after 2000 ms
            3s   ann in 8000: queue call 1
            3s   +49301 + ann: bridge
            5s   +49301 + ann: unbridge
            5s   ann: end normal
            5s   ann in 8000: ready, available
            5s   call 1 ended, Inbound normal: +49301 Answered normal, ann Answered normal; 8000 CallbackRequested; 8000 CallbackDone
        "#]],
    );
}

#[test]
fn an_agent_who_declines_leaves_the_callback_at_its_place() {
    check(
        "
        queue 8000: ann bob; strategy=linear callback= patient
        on ann bob
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   +49301 hangs up
        4s   ann declines
        5s   bob answers
        6s   +49301 answers
        7s   +49301 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   +49301: answer
            1s   +49301: play music again and again
            1s   ann: dial 1001 from +49301 for q8000
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            4s   call 1 not taken by ann: Declined
            4s   call 1 offered to bob
            4s   ann in 8000: ready, available
            4s   bob in 8000: ringing
            4s   bob: dial 1002 from +49301 for q8000 (callback)
            5s   bob in 8000: queue call 1
            5s   +49301: dial +49301 by trunk 1 from 8000
            5s   bob: play tone-ringback again and again
            6s   call 1 left 8000: CallbackDone
            6s   call 1 connected to bob by 8000 after 5000 ms
            6s   +49301 + bob: bridge
            7s   +49301 + bob: unbridge
            7s   bob: end normal
            7s   bob in 8000: ready, available
            7s   call 1 ended, Inbound normal: +49301 Answered normal, ann Declined declined, bob Answered normal, +49301 Answered normal; 8000 CallbackRequested; 8000 CallbackDone
        "#]],
    );
}

#[test]
fn a_caller_who_does_not_answer_is_a_failed_callback_and_the_agent_goes_to_wrap_up() {
    check(
        "
        queue 8000: ann; callback= patient wrap=10
        on ann
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   +49301 hangs up
        4s   ann answers
        5s   +49301 rings
        34s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   +49301: answer
            1s   +49301: play music again and again
            1s   ann: dial 1001 from +49301 for q8000
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            4s   ann in 8000: queue call 1
            4s   +49301: dial +49301 by trunk 1 from 8000
            4s   ann: play tone-ringback again and again
            34s  call 1 left 8000: CallbackFailed
            34s  ann: end no_answer
            34s  +49301: end no_answer
            34s  ann in 8000: wrap-up
            34s  call 1 ended, Inbound no_answer: +49301 Answered normal, ann Answered no_answer, +49301 NoAnswer no_answer; 8000 CallbackRequested; 8000 CallbackFailed
        "#]],
    );
}

#[test]
fn who_is_busy_is_tried_again_after_a_pause_and_fails_at_last() {
    check(
        "
        queue 8000: ann; callback=retries:1,pause:60 patient
        on ann
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   +49301 hangs up
        4s   ann answers
        5s   +49301 busy
        65s  ann answers
        66s  +49301 busy
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   +49301: answer
            1s   +49301: play music again and again
            1s   ann: dial 1001 from +49301 for q8000
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            4s   ann in 8000: queue call 1
            4s   +49301: dial +49301 by trunk 1 from 8000
            4s   ann: play tone-ringback again and again
            5s   ann: end busy
            5s   ann in 8000: ready, available
            65s  call 1 queued in 8000, position 1
            65s  call 1 offered to ann
            65s  ann in 8000: ringing
            65s  ann: dial 1001 from +49301 for q8000 (callback)
            65s  ann in 8000: queue call 1
            65s  +49301: dial +49301 by trunk 1 from 8000
            65s  ann: play tone-ringback again and again
            66s  call 1 left 8000: CallbackFailed
            66s  ann: end busy
            66s  ann in 8000: ready, available
            66s  call 1 ended, Inbound busy: +49301 Answered normal, ann Answered busy, +49301 Busy busy, ann Answered busy, +49301 Busy busy; 8000 CallbackRequested; 8000 CallbackFailed
        "#]],
    );
}

#[test]
fn an_agent_who_hangs_up_before_he_answers_sends_him_back_three_times_at_most() {
    check(
        "
        queue 8000: ann; callback= patient
        on ann
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   +49301 hangs up
        4s   ann answers
        5s   ann hangs up
        6s   ann answers
        7s   ann hangs up
        8s   ann answers
        9s   ann hangs up
        10s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   +49301: answer
            1s   +49301: play music again and again
            1s   ann: dial 1001 from +49301 for q8000
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            4s   ann in 8000: queue call 1
            4s   +49301: dial +49301 by trunk 1 from 8000
            4s   ann: play tone-ringback again and again
            5s   call 1 queued in 8000, position 1
            5s   call 1 offered to ann
            5s   ann in 8000: ringing
            5s   +49301: end caller_gone
            5s   ann: dial 1001 from +49301 for q8000 (callback)
            6s   ann in 8000: queue call 1
            6s   +49301: dial +49301 by trunk 1 from 8000
            6s   ann: play tone-ringback again and again
            7s   call 1 queued in 8000, position 1
            7s   call 1 offered to ann
            7s   ann in 8000: ringing
            7s   +49301: end caller_gone
            7s   ann: dial 1001 from +49301 for q8000 (callback)
            8s   ann in 8000: queue call 1
            8s   +49301: dial +49301 by trunk 1 from 8000
            8s   ann: play tone-ringback again and again
            9s   call 1 left 8000: CallbackFailed
            9s   ann in 8000: ready, available
            9s   +49301: end normal
            9s   call 1 ended, Inbound normal: +49301 Answered normal, ann Answered normal, +49301 Cancelled caller_gone, ann Answered normal, +49301 Cancelled caller_gone, ann Answered normal, +49301 Cancelled normal; 8000 CallbackRequested; 8000 CallbackFailed
        "#]],
    );
}

#[test]
fn without_a_trunk_nothing_is_offered_and_a_callback_that_waits_fails() {
    check(
        "
        queue 8000: ann; callback= patient
        1s   +49301 calls 8000
        2s   +49302 calls 8000
        3s   +49301 presses 3#
        4s   +49301 hangs up
        5s   provision without trunk
        6s   +49302 presses 3
        7s   +49302 hangs up
        8s   ann up
        8s   ann login
        9s   ann answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   +49302: answer
            2s   +49302: play music again and again
            3s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            3s   call 1 left 8000: CallbackRequested
            3s   +49301: play en/callback-confirmed
            5s   provisioned
            7s   call 2 left 8000: Abandoned
            7s   call 2 ended, Inbound caller_gone: +49302 Answered normal; 8000 Abandoned
            8s   ann registered
            8s   ann in 8000: logged out
            8s   call 1 offered to ann
            8s   ann in 8000: ringing, by request
            8s   ann: dial 1001 from +49301 for q8000 (callback)
            8s   reply: 8000 ringing
            9s   call 1 left 8000: CallbackFailed
            9s   ann in 8000: queue call 1
            9s   ann: end not_found
            9s   ann in 8000: ready, available
            9s   call 1 ended, Inbound not_found: +49301 Answered normal, ann Answered not_found; 8000 CallbackRequested; 8000 CallbackFailed
        "#]],
    );
}

#[test]
fn a_newer_call_of_the_same_number_cancels_the_callback_of_this_queue_only() {
    check(
        "
        queue 8000: ann; callback= patient
        queue 8001: ann; callback= patient
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   +49301 hangs up
        4s   +49301 calls 8001
        5s   +49301 hangs up
        6s   +49301 calls 8000
        7s   +49301 presses 3#
        8s   +49301 hangs up
        9s   +49301 calls 8000
        10s  +49301 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            4s   call 2 arrived
            4s   call 2 queued in 8001, position 1
            4s   +49301: answer
            4s   +49301: play music again and again
            5s   call 2 left 8001: Abandoned
            5s   call 2 ended, Inbound caller_gone: +49301 Answered normal; 8001 Abandoned
            6s   call 3 arrived
            6s   call 1 left 8000: Removed
            6s   call 3 queued in 8000, position 1
            6s   call 1 ended, Inbound queue_rule: +49301 Answered normal; 8000 CallbackRequested; 8000 Removed
            6s   +49301: answer
            6s   +49301: play music again and again
            7s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            7s   call 3 left 8000: CallbackRequested
            7s   +49301: play en/callback-confirmed
            9s   call 4 arrived
            9s   call 3 left 8000: Removed
            9s   call 4 queued in 8000, position 1
            9s   call 3 ended, Inbound queue_rule: +49301 Answered normal; 8000 CallbackRequested; 8000 Removed
            9s   +49301: answer
            9s   +49301: play music again and again
            10s  call 4 left 8000: Abandoned
            10s  call 4 ended, Inbound caller_gone: +49301 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn after_its_hours_a_callback_has_failed() {
    check(
        "
        queue 8000: ann; callback=hours:1 patient
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   +49301 hangs up
        3700s .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            3602s call 1 left 8000: CallbackFailed
            3602s call 1 ended, Inbound queue_rule: +49301 Answered normal; 8000 CallbackRequested; 8000 CallbackFailed
        "#]],
    );
}

#[test]
fn a_queue_that_goes_away_takes_its_callbacks_with_it() {
    check(
        "
        queue 8000: ann; callback= patient on_no_answer=queue:8001
        queue 8001: ann; patient
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   +49301 hangs up
        4s   provision without queue 8000
        5s   .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            4s   call 1 left 8000: QueueGone
            4s   provisioned
            4s   call 1 ended, Inbound queue_rule: +49301 Answered normal; 8000 CallbackRequested; 8000 QueueGone
        "#]],
    );
}

#[test]
fn a_restart_in_every_state_leaves_it_in_its_line() {
    check(
        "
        queue 8000: ann; callback=retries:1,pause:60 patient
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   restart
        4s   ann up
        4s   ann login
        5s   restart
        6s   ann up
        7s   ann answers
        8s   restart
        9s   ann up
        10s  ann answers
        11s  +49301 busy
        12s  restart
        13s  ann up
        71s  ann answers
        72s  +49301 answers
        73s  restart
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            4s   ann registered
            4s   ann in 8000: logged out
            4s   call 1 offered to ann
            4s   ann in 8000: ringing, by request
            4s   ann: dial 1001 from +49301 for q8000 (callback)
            4s   reply: 8000 ringing
            5s   call 1 not taken by ann: Unreachable
            5s   ann in 8000: ready
            5s   ann gone
            6s   ann registered
            6s   call 1 offered to ann
            6s   ann in 8000: ringing
            6s   ann: dial 1001 from +49301 for q8000 (callback)
            7s   ann in 8000: queue call 1
            7s   +49301: dial +49301 by trunk 1 from 8000
            7s   ann: play tone-ringback again and again
            8s   call 1 queued in 8000, position 1
            8s   ann in 8000: ready
            8s   ann gone
            8s   +49301: end caller_gone
            9s   ann registered
            9s   call 1 offered to ann
            9s   ann in 8000: ringing
            9s   ann: dial 1001 from +49301 for q8000 (callback)
            10s  ann in 8000: queue call 1
            10s  +49301: dial +49301 by trunk 1 from 8000
            10s  ann: play tone-ringback again and again
            11s  ann: end busy
            11s  ann in 8000: ready, available
            12s  ann gone
            12s  ann in 8000: ready
            13s  ann registered
            13s  ann in 8000: ready, available
            71s  call 1 queued in 8000, position 1
            71s  call 1 offered to ann
            71s  ann in 8000: ringing
            71s  ann: dial 1001 from +49301 for q8000 (callback)
            71s  ann in 8000: queue call 1
            71s  +49301: dial +49301 by trunk 1 from 8000
            71s  ann: play tone-ringback again and again
            72s  call 1 left 8000: CallbackDone
            72s  call 1 connected to ann by 8000 after 71000 ms
            72s  +49301 + ann: bridge
            73s  ann in 8000: ready
            73s  ann gone
            73s  call 1 ended, Inbound node_restart: +49301 Answered node_restart, ann Cancelled node_restart, ann Answered node_restart, +49301 Cancelled caller_gone, ann Answered busy, +49301 Busy busy, ann Answered node_restart, +49301 Answered node_restart; 8000 CallbackRequested; 8000 CallbackDone
            73s  ann + +49301: unbridge
            73s  ann: end node_restart
            73s  +49301: end node_restart
        "#]],
    );
}

#[test]
fn a_supervisor_ends_a_callback_in_whatever_state_it_is() {
    check(
        "
        queue 8000: ann; callback=retries:1,pause:60 patient
        1s   +49301 calls 8000
        2s   +49301 presses 3#
        3s   +49301 hangs up
        4s   hang up 1
        5s   +49302 calls 8000
        6s   +49302 presses 3#
        7s   +49302 hangs up
        8s   ann up
        8s   ann login
        9s   ann answers
        10s  hang up 2
        11s  +49303 calls 8000
        12s  +49303 presses 3#
        13s  +49303 hangs up
        14s  ann answers
        15s  +49303 busy
        16s  hang up 3
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +49301: answer
            1s   +49301: play music again and again
            2s   +49301: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-1 en/callback-confirm
            2s   call 1 left 8000: CallbackRequested
            2s   +49301: play en/callback-confirmed
            4s   call 1 left 8000: Removed
            4s   call 1 ended, Inbound administrative: +49301 Answered normal; 8000 CallbackRequested; 8000 Removed
            4s   reply: hanging up
            5s   call 2 arrived
            5s   call 2 queued in 8000, position 1
            5s   +49302: answer
            5s   +49302: play music again and again
            6s   +49302: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-2 en/callback-confirm
            6s   call 2 left 8000: CallbackRequested
            6s   +49302: play en/callback-confirmed
            8s   ann registered
            8s   ann in 8000: logged out
            8s   call 2 offered to ann
            8s   ann in 8000: ringing, by request
            8s   ann: dial 1001 from +49302 for q8000 (callback)
            8s   reply: 8000 ringing
            9s   ann in 8000: queue call 2
            9s   +49302: dial +49302 by trunk 1 from 8000
            9s   ann: play tone-ringback again and again
            10s  call 2 left 8000: CallbackFailed
            10s  ann: end administrative
            10s  +49302: end administrative
            10s  reply: hanging up
            10s  ann in 8000: ready, available
            10s  call 2 ended, Inbound administrative: +49302 Answered normal, ann Answered administrative, +49302 Cancelled administrative; 8000 CallbackRequested; 8000 CallbackFailed
            11s  call 3 arrived
            11s  call 3 queued in 8000, position 1
            11s  call 3 offered to ann
            11s  ann in 8000: ringing
            11s  +49303: answer
            11s  +49303: play music again and again
            11s  ann: dial 1001 from +49303 for q8000
            12s  +49303: play en/callback-your-number en/digit-4 en/digit-9 en/digit-3 en/digit-0 en/digit-3 en/callback-confirm
            12s  call 3 left 8000: CallbackRequested
            12s  +49303: play en/callback-confirmed
            14s  ann in 8000: queue call 3
            14s  +49303: dial +49303 by trunk 1 from 8000
            14s  ann: play tone-ringback again and again
            15s  ann: end busy
            15s  ann in 8000: ready, available
            16s  call 3 left 8000: Removed
            16s  call 3 ended, Inbound administrative: +49303 Answered normal, ann Answered busy, +49303 Busy busy; 8000 CallbackRequested; 8000 Removed
            16s  reply: hanging up
        "#]],
    );
}
