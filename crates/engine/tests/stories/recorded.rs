//! What of a call is recorded: what two say to each other, and nothing else.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_talk_is_recorded_from_when_two_hear_each_other_and_not_on_hold() {
    check(
        "
        queue 8000: ann; patient recorded
        on ann
        1s   c1 calls 8000
        3s   ann answers
        5s   ann holds 1
        7s   ann unholds 1
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
            3s   call 1 connected to ann by 8000 after 2000 ms
            3s   ann in 8000: queue call 1
            3s   c1 + ann: bridge
            3s   c1: record talk as 1
            3s   ann: record talk as 2
            5s   call 1 is on hold
            5s   ann + c1: unbridge
            5s   c1: stop recording
            5s   ann: stop recording
            5s   c1: play music again and again
            5s   reply: as asked
            7s   call 1 is off hold
            7s   ann + c1: bridge
            7s   c1: record talk as 3
            7s   ann: record talk as 4
            7s   reply: as asked
            9s   c1 + ann: unbridge
            9s   ann: stop recording
            9s   ann: end normal
            9s   ann in 8000: ready, available
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time; talk 1+2 of 2 s; talk 3+4 of 2 s
        "#]],
    );
}

#[test]
fn it_goes_on_with_whoever_the_caller_is_sent_to_and_ends_with_another_queue() {
    check(
        "
        queue 8000: ann; patient recorded
        queue 8001: bob; patient
        on ann bob
        up 1090
        1s   c1 calls 8000
        2s   ann answers
        3s   ann transfers 1 1090
        4s   1090 answers
        5s   boss transfers 1 8001
        6s   bob answers
        7s   bob holds 1
        8s   bob unholds 1
        9s   bob hangs up
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
            2s   c1: record talk as 1
            2s   ann: record talk as 2
            3s   call 1 transferred to 1090 by ann
            3s   ann in 8000: ready, available
            3s   ann + c1: unbridge
            3s   c1: stop recording
            3s   ann: stop recording
            3s   ann: end transferred
            3s   c1: play tone-ringback again and again
            3s   1090: dial 1090 from c1
            3s   reply: transferred
            4s   call 1 connected
            4s   c1 + 1090: bridge
            4s   c1: record talk as 3
            4s   1090: record talk as 4
            5s   call 1 transferred to 8001
            5s   call 1 queued in 8001, position 1
            5s   call 1 offered to bob
            5s   bob in 8001: ringing
            5s   1090 + c1: unbridge
            5s   c1: stop recording
            5s   1090: stop recording
            5s   1090: end transferred
            5s   c1: play music again and again
            5s   bob: dial 1002 from c1 for q8001
            5s   reply: transferred
            6s   call 1 connected to bob by 8001 after 1000 ms
            6s   bob in 8001: queue call 1
            6s   c1 + bob: bridge
            7s   call 1 is on hold
            7s   bob + c1: unbridge
            7s   c1: play music again and again
            7s   reply: as asked
            8s   call 1 is off hold
            8s   bob + c1: bridge
            8s   reply: as asked
            9s   bob in 8001: ready, available
            9s   bob + c1: unbridge
            9s   c1: end normal
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered transferred, 1090 Answered transferred, bob Answered normal; 8000 Answered in time; 8001 Answered in time; talk 1+2 of 1 s; talk 3+4 of 1 s
        "#]],
    );
}

#[test]
fn a_direct_call_is_not_and_one_cut_off_by_a_restart_keeps_what_there_was() {
    check(
        "
        queue 8000: ann; patient recorded
        on ann bob
        1s   bob calls 1001
        2s   ann answers
        3s   bob hangs up
        4s   ann ready
        5s   c1 calls 8000
        6s   ann answers
        7s   restart
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann in 8000: ready
            1s   ann: dial 1001 from bob
            2s   call 1 connected to ann
            2s   ann in 8000: other call 1
            2s   bob: answer
            2s   bob + ann: bridge
            3s   bob + ann: unbridge
            3s   ann: end normal
            3s   ann in 8000: ready, available
            3s   call 1 ended, Internal normal: bob Answered normal, ann Answered normal
            4s   reply: 8000 ready
            5s   call 2 arrived
            5s   call 2 queued in 8000, position 1
            5s   call 2 offered to ann
            5s   ann in 8000: ringing
            5s   c1: answer
            5s   c1: play music again and again
            5s   ann: dial 1001 from c1 for q8000
            6s   call 2 connected to ann by 8000 after 1000 ms
            6s   ann in 8000: queue call 2
            6s   c1 + ann: bridge
            6s   c1: record talk as 1
            6s   ann: record talk as 2
            7s   ann in 8000: ready
            7s   ann gone
            7s   bob gone
            7s   call 2 ended, Inbound node_restart: c1 Answered node_restart, ann Answered node_restart; 8000 Answered in time; talk 1+2 of 1 s
            7s   c1 + ann: unbridge
            7s   c1: stop recording
            7s   ann: stop recording
            7s   c1: end node_restart
            7s   ann: end node_restart
        "#]],
    );
}

#[test]
fn whom_a_phone_holds_by_its_own_key_is_not_recorded_meanwhile() {
    check(
        "
        queue 8000: ann; patient recorded
        on ann
        1s   c1 calls 8000
        2s   ann answers
        3s   ann keeps
        4s   c1 keeps
        5s   ann resumes
        6s   c1 resumes
        7s   ann hangs up
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
            2s   c1: record talk as 1
            2s   ann: record talk as 2
            3s   c1: stop recording
            3s   ann: stop recording
            6s   c1: record talk as 3
            6s   ann: record talk as 4
            7s   ann in 8000: ready, available
            7s   ann + c1: unbridge
            7s   c1: stop recording
            7s   c1: end normal
            7s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time; talk 1+2 of 1 s; talk 3+4 of 1 s
        "#]],
    );
}
