//! Agents who take several calls at a time.

use expect_test::expect;

use crate::story::check;

#[test]
fn an_agent_of_two_calls_is_given_a_second_one_while_she_talks_and_no_third() {
    check(
        "
        queue 8000: ann; wrap=5
        calls ann 2
        on ann
        1s   c1 calls 8000
        2s   ann answers
        3s   c2 calls 8000
        4s   ann'2 answers
        5s   c3 calls 8000
        6s   c1 hangs up
        7s   ann answers
        8s   c2 hangs up
        9s   c3 hangs up
        20s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing, available
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   call 1 connected to ann by 8000 after 1000 ms
            2s   ann in 8000: queue call 1, available
            2s   c1 + ann: bridge
            3s   call 2 arrived
            3s   call 2 queued in 8000, position 1
            3s   call 2 offered to ann
            3s   ann in 8000: queue call 1
            3s   c2: answer
            3s   c2: play music again and again
            3s   ann'2: dial 1001 from c2 for q8000
            4s   call 2 connected to ann by 8000 after 1000 ms
            4s   c2 + ann'2: bridge
            5s   call 3 arrived
            5s   call 3 queued in 8000, position 1
            5s   c3: answer
            5s   c3: play music again and again
            6s   c1 + ann: unbridge
            6s   ann: end normal
            6s   call 3 offered to ann
            6s   ann in 8000: queue call 2
            6s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            6s   ann: dial 1001 from c3 for q8000
            7s   call 3 connected to ann by 8000 after 2000 ms
            7s   c3 + ann: bridge
            8s   c2 + ann'2: unbridge
            8s   ann'2: end normal
            8s   ann in 8000: queue call 3, available
            8s   call 2 ended, Inbound normal: c2 Answered normal, ann'2 Answered normal; 8000 Answered in time
            9s   c3 + ann: unbridge
            9s   ann: end normal
            9s   ann in 8000: wrap-up
            9s   call 3 ended, Inbound normal: c3 Answered normal, ann Answered normal; 8000 Answered in time
            14s  ann in 8000: ready, available
        "#]],
    );
}

#[test]
fn wrap_up_begins_when_her_last_queue_call_ends() {
    check(
        "
        queue 8000: ann; wrap=5
        calls ann 2
        on ann
        1s   c1 calls 8000
        2s   c2 calls 8000
        3s   ann answers
        4s   c1 hangs up
        20s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing, available
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   call 2 offered to ann
            2s   ann in 8000: ringing
            2s   c2: answer
            2s   c2: play music again and again
            2s   ann'2: dial 1001 from c2 for q8000
            3s   call 1 connected to ann by 8000 after 2000 ms
            3s   ann in 8000: queue call 1
            3s   c1 + ann: bridge
            4s   c1 + ann: unbridge
            4s   ann: end normal
            4s   call 2 not taken by ann: AgentLeft
            4s   ann in 8000: wrap-up
            4s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            4s   ann'2: end queue_rule
            9s   call 2 offered to ann
            9s   ann in 8000: ringing, available
            9s   ann: dial 1001 from c2 for q8000
        "#]],
    );
}
