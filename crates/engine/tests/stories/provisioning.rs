//! Provisioning changes while calls live.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_queue_that_goes_away_sends_its_callers_away_and_leaves_talk_alone() {
    check(
        "
        queue 8000: ann; patient
        on ann
        1s   c1 calls 8000
        2s   ann answers
        3s   c2 calls 8000
        4s   provision without queue 8000
        5s   c3 calls 8000
        6s   c1 hangs up
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
            4s   call 2 left 8000: QueueGone
            4s   provisioned
            4s   c2: end queue_rule
            4s   call 2 ended, Inbound queue_rule: c2 Answered queue_rule; 8000 QueueGone
            5s   call 3 arrived
            5s   c3: refuse not_found
            5s   call 3 ended, Inbound not_found: c3 Failed not_found
            6s   c1 + ann: unbridge
            6s   ann: end normal
            6s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn an_agent_who_goes_away_finishes_her_call() {
    check(
        "
        queue 8000: ann bob; patient
        on ann
        1s   c1 calls 8000
        2s   ann answers
        3s   provision without agent ann
        5s   ann hangs up
        6s   c2 calls 8000
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
            3s   provisioned
            5s   ann + c1: unbridge
            5s   c1: end normal
            5s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            6s   call 2 arrived
            6s   call 2 queued in 8000, position 1
            6s   c2: answer
            6s   c2: play music again and again
        "#]],
    );
}

#[test]
fn a_queue_that_is_new_takes_calls_at_once() {
    check(
        "
        up ann
        1s   c1 calls 8000
        2s   provision queue 8000: ann
        3s   ann login
        4s   c2 calls 8000
        5s   ann answers
        6s   c2 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: refuse not_found
            1s   call 1 ended, Inbound not_found: c1 Failed not_found
            2s   ann in 8000: logged out
            2s   provisioned
            3s   ann in 8000: ready, available, by request
            3s   reply: 8000 ready
            4s   call 2 arrived
            4s   call 2 queued in 8000, position 1
            4s   call 2 offered to ann
            4s   ann in 8000: ringing
            4s   c2: answer
            4s   c2: play music again and again
            4s   ann: dial 1001 from c2 for q8000
            5s   call 2 connected to ann by 8000 after 1000 ms
            5s   ann in 8000: queue call 2
            5s   c2 + ann: bridge
            6s   c2 + ann: unbridge
            6s   ann: end normal
            6s   ann in 8000: ready, available
            6s   call 2 ended, Inbound normal: c2 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn a_change_of_settings_leaves_the_line_as_it_is() {
    check(
        "
        queue 8000: ann; patient
        1s   c1 calls 8000
        2s   c2 calls 8000
        3s   provision queue 8000: ann bob; patient moh=jazz sla=1
        4s   bob up
        5s   bob login
        6s   bob answers
        7s   c1 hangs up
        8s   bob answers
        9s   bob hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   c2: answer
            2s   c2: play music again and again
            3s   bob in 8000: offline
            3s   provisioned
            4s   bob registered
            4s   bob in 8000: logged out
            5s   call 1 offered to bob
            5s   bob in 8000: ringing, by request
            5s   bob: dial 1002 from c1 for q8000
            5s   reply: 8000 ringing
            6s   call 1 connected to bob by 8000 after 5000 ms
            6s   bob in 8000: queue call 1
            6s   c1 + bob: bridge
            7s   c1 + bob: unbridge
            7s   bob: end normal
            7s   call 2 offered to bob
            7s   bob in 8000: ringing
            7s   call 1 ended, Inbound normal: c1 Answered normal, bob Answered normal; 8000 Answered in time
            7s   bob: dial 1002 from c2 for q8000
            8s   call 2 connected to bob by 8000 after 6000 ms
            8s   bob in 8000: queue call 2
            8s   c2 + bob: bridge
            9s   bob in 8000: ready, available
            9s   bob + c2: unbridge
            9s   c2: end normal
            9s   call 2 ended, Inbound normal: c2 Answered normal, bob Answered normal; 8000 Answered in time
        "#]],
    );
}
