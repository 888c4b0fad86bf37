//! The agent's side of an offer between her answer and the bridge.

use expect_test::expect;

use crate::story::check;

#[test]
fn an_agent_hears_the_announcement_before_she_is_joined_with_the_caller() {
    check(
        "
        queue 8000: ann; announce=your-queue-call
        on ann
        1s   c1 calls 8000
        2s   ann rings
        3s   ann answers
        5s   ann heard
        9s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   ann: play your-queue-call
            5s   call 1 connected to ann by 8000 after 4000 ms
            5s   ann in 8000: queue call 1
            5s   c1 + ann: bridge
            9s   c1 + ann: unbridge
            9s   ann: end normal
            9s   ann in 8000: ready, available
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn a_caller_who_hangs_up_during_the_announcement_leaves_her_nothing_missed() {
    check(
        "
        queue 8000: ann; announce=your-queue-call manual
        on ann
        1s   c1 calls 8000
        3s   ann answers
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
            3s   ann: play your-queue-call
            4s   call 1 not taken by ann: CallerGone
            4s   call 1 left 8000: Abandoned
            4s   ann in 8000: ready, available
            4s   ann: end caller_gone
            4s   call 1 ended, Inbound caller_gone: c1 Answered normal, ann Cancelled caller_gone; 8000 Abandoned
        "#]],
    );
}

#[test]
fn an_agent_who_hangs_up_during_the_announcement_has_declined_and_the_caller_keeps_his_place() {
    check(
        "
        queue 8000: ann bob; announce=your-queue-call strategy=linear
        on ann bob
        1s   c1 calls 8000
        3s   ann answers
        4s   ann hangs up
        5s   bob answers
        6s   bob presses 1
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   ann: play your-queue-call
            4s   call 1 not taken by ann: Declined
            4s   call 1 offered to bob
            4s   ann in 8000: ready, available
            4s   bob in 8000: ringing
            4s   bob: dial 1002 from c1 for q8000
            5s   bob: play your-queue-call
            6s   call 1 connected to bob by 8000 after 5000 ms
            6s   bob in 8000: queue call 1
            6s   c1 + bob: bridge
        "#]],
    );
}

#[test]
fn an_announcement_that_never_ends_counts_as_heard() {
    check(
        "
        queue 8000: ann; announce=your-queue-call
        on ann
        1s   c1 calls 8000
        3s   ann answers
        40s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            3s   ann: play your-queue-call
            33s  call 1 connected to ann by 8000 after 32000 ms
            33s  ann in 8000: queue call 1
            33s  c1 + ann: bridge
        "#]],
    );
}

#[test]
fn an_agent_who_must_accept_is_joined_when_she_presses_1() {
    check(
        "
        queue 8000: ann; patient
        confirms ann 8000
        on ann
        1s   c1 calls 8000
        2s   ann answers
        3s   ann presses 5
        4s   c2 calls 8000
        5s   ann presses 1
        6s   ann presses 1
        7s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   ann: play press-one-to-accept again and again
            4s   call 2 arrived
            4s   call 2 queued in 8000, position 2
            4s   c2: answer
            4s   c2: play music again and again
            5s   call 1 connected to ann by 8000 after 4000 ms
            5s   ann in 8000: queue call 1
            5s   c1 + ann: bridge
            7s   c1 + ann: unbridge
            7s   ann: end normal
            7s   call 2 offered to ann
            7s   ann in 8000: ringing
            7s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            7s   ann: dial 1001 from c2 for q8000
        "#]],
    );
}

#[test]
fn a_mailbox_that_presses_nothing_has_missed_the_call() {
    check(
        "
        queue 8000: ann bob; strategy=linear retry=30
        confirms ann 8000
        on ann bob
        1s   c1 calls 8000
        2s   ann answers
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
            2s   ann: play press-one-to-accept again and again
            12s  call 1 not taken by ann: NoAnswer
            12s  call 1 offered to bob
            12s  ann in 8000: ready
            12s  bob in 8000: ringing
            12s  ann: end no_answer
            12s  bob: dial 1002 from c1 for q8000
            13s  call 1 connected to bob by 8000 after 12000 ms
            13s  bob in 8000: queue call 1
            13s  c1 + bob: bridge
        "#]],
    );
}

#[test]
fn an_agent_who_does_not_accept_misses_it_as_the_policy_says() {
    check(
        "
        queue 8000: ann; manual patient
        confirms ann 8000
        on ann
        1s   c1 calls 8000
        2s   ann answers
        13s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   ann: play press-one-to-accept again and again
            12s  call 1 not taken by ann: NoAnswer
            12s  ann in 8000: not ready (rna)
            12s  ann: end no_answer
        "#]],
    );
}

#[test]
fn a_call_not_accepted_is_decided_upon_with_whatever_else_is_due_at_that_moment() {
    // The first caller's ring and the second's key have run out: the first caller comes first.
    check(
        "
        queue 8000: ann bob; strategy=linear ring=20 retry=0
        confirms ann 8000
        up ann
        on bob
        1s   c1 calls 8000
        2s   c2 calls 8000
        3s   ann login
        11s  ann answers
        21s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to bob
            1s   bob in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   bob: dial 1002 from c1 for q8000
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   c2: answer
            2s   c2: play music again and again
            3s   call 2 offered to ann
            3s   ann in 8000: ringing, by request
            3s   ann: dial 1001 from c2 for q8000
            3s   reply: 8000 ringing
            11s  ann: play press-one-to-accept again and again
            21s  call 1 not taken by bob: NoAnswer
            21s  call 2 not taken by ann: NoAnswer
            21s  call 1 offered to ann
            21s  call 2 offered to bob
            21s  ann in 8000: ringing
            21s  bob in 8000: ringing
            21s  bob: end no_answer
            21s  ann: end no_answer
            21s  ann'2: dial 1001 from c1 for q8000
            21s  bob'2: dial 1002 from c2 for q8000
        "#]],
    );
}

#[test]
fn the_longest_wait_does_not_cut_off_an_agent_who_is_asked_to_accept() {
    check(
        "
        queue 8000: ann; wait=15 on_no_answer=hangup:goodbye
        confirms ann 8000
        on ann
        1s   c1 calls 8000
        12s  ann answers
        18s  ann presses 1
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            12s  ann: play press-one-to-accept again and again
            18s  call 1 connected to ann by 8000 after 17000 ms
            18s  ann in 8000: queue call 1
            18s  c1 + ann: bridge
        "#]],
    );
}

#[test]
fn the_longest_wait_that_passed_while_she_was_asked_ends_when_she_does_not_accept() {
    check(
        "
        queue 8000: ann bob; wait=15 on_no_answer=hangup:goodbye strategy=linear
        confirms ann 8000
        on ann bob
        1s   c1 calls 8000
        12s  ann answers
        23s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            12s  ann: play press-one-to-accept again and again
            22s  call 1 not taken by ann: NoAnswer
            22s  call 1 left 8000: OverflowTimeout
            22s  ann in 8000: ready
            22s  ann: end no_answer
            22s  c1: play goodbye
        "#]],
    );
}

#[test]
fn of_several_who_have_answered_the_first_to_accept_has_the_call() {
    check(
        "
        queue 8000: ann bob cid; strategy=ring_all
        confirms ann 8000
        confirms bob 8000
        slow
        on ann bob cid
        1s   c1 calls 8000
        2s   ann answers
        3s   bob answers
        4s   bob presses 1
        5s   ann presses 1
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
            2s   ann: play press-one-to-accept again and again
            3s   bob: play press-one-to-accept again and again
            4s   call 1 connected to bob by 8000 after 3000 ms
            4s   call 1 not taken by ann: AnsweredElsewhere
            4s   call 1 not taken by cid: AnsweredElsewhere
            4s   ann in 8000: ready, available
            4s   bob in 8000: queue call 1
            4s   cid in 8000: ready, available
            4s   c1 + bob: bridge
            4s   ann: end answered_elsewhere
            4s   cid: end answered_elsewhere
        "#]],
    );
}

#[test]
fn one_who_need_not_accept_is_before_those_who_are_still_asked() {
    check(
        "
        queue 8000: ann bob; strategy=ring_all
        confirms ann 8000
        on ann bob
        1s   c1 calls 8000
        2s   ann answers
        3s   bob answers
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
            2s   ann: play press-one-to-accept again and again
            3s   call 1 connected to bob by 8000 after 2000 ms
            3s   call 1 not taken by ann: AnsweredElsewhere
            3s   ann in 8000: ready, available
            3s   bob in 8000: queue call 1
            3s   c1 + bob: bridge
            3s   ann: end answered_elsewhere
        "#]],
    );
}

#[test]
fn the_announcement_comes_before_the_question_and_1_cuts_it() {
    check(
        "
        queue 8000: ann; announce=your-queue-call
        confirms ann 8000
        on ann
        1s   c1 calls 8000
        2s   ann answers
        4s   ann heard
        6s   ann presses 1
        7s   c1 hangs up
        8s   c2 calls 8000
        9s   ann answers
        10s  ann presses 1
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   ann: play your-queue-call
            4s   ann: play press-one-to-accept again and again
            6s   call 1 connected to ann by 8000 after 5000 ms
            6s   ann in 8000: queue call 1
            6s   c1 + ann: bridge
            7s   c1 + ann: unbridge
            7s   ann: end normal
            7s   ann in 8000: ready, available
            7s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            8s   call 2 arrived
            8s   call 2 queued in 8000, position 1
            8s   call 2 offered to ann
            8s   ann in 8000: ringing
            8s   c2: answer
            8s   c2: play music again and again
            8s   ann: dial 1001 from c2 for q8000
            9s   ann: play your-queue-call
            10s  call 2 connected to ann by 8000 after 2000 ms
            10s  ann in 8000: queue call 2
            10s  c2 + ann: bridge
        "#]],
    );
}

#[test]
fn an_agent_who_leaves_ready_while_she_is_asked_is_asked_no_longer() {
    check(
        "
        queue 8000: ann; patient
        confirms ann 8000
        on ann
        1s   c1 calls 8000
        2s   ann answers
        3s   ann not-ready
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   ann: play press-one-to-accept again and again
            3s   call 1 not taken by ann: AgentLeft
            3s   ann in 8000: not ready (lunch), by request
            3s   ann: end queue_rule
            3s   reply: 8000 not ready (lunch)
        "#]],
    );
}

#[test]
fn a_silent_phone_that_was_lifted_is_not_there_and_the_caller_goes_on_waiting() {
    check(
        "
        queue 8000: ann bob; strategy=linear announce=your-queue-call
        on ann bob
        1s   c1 calls 8000
        2s   ann answers
        12s  ann silent
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   ann: play your-queue-call
            12s  call 1 not taken by ann: Unreachable
            12s  call 1 offered to bob
            12s  ann in 8000: offline
            12s  bob in 8000: ringing
            12s  ann: end media_timeout
            12s  bob: dial 1002 from c1 for q8000
        "#]],
    );
}

#[test]
fn a_phone_that_answers_by_itself_is_told_so() {
    check(
        "
        queue 8000: ann
        auto-answers ann 8000
        on ann
        1s   c1 calls 8000
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000, answered by itself
        "#]],
    );
}
