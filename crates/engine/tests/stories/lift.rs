//! Phones that are asked to lift by themselves.

use expect_test::expect;

use crate::story::check;

#[test]
fn the_phone_that_rings_is_asked_and_the_call_is_answered_when_it_lifts() {
    check(
        "
        queue 8000: ann; patient wrap=5
        on ann
        1s   ann lifts 1
        2s   c1 calls 8000
        3s   ann lifts 1
        4s   boss lifts 1
        5s   bob lifts 1
        6s   ann lifts 1 bob
        7s   ann answers
        8s   ann lifts 1
        9s   c1 hangs up
        ",
        expect![[r#"
            1s   reply: UnknownCall
            2s   call 1 arrived
            2s   call 1 queued in 8000, position 1
            2s   call 1 offered to ann
            2s   ann in 8000: ringing
            2s   c1: answer
            2s   c1: play music again and again
            2s   ann: dial 1001 from c1 for q8000
            3s   ann: lift
            3s   reply: asked to lift
            4s   ann: lift
            4s   reply: asked to lift
            5s   reply: NotHers
            6s   reply: NotHers
            7s   call 1 connected to ann by 8000 after 5000 ms
            7s   ann in 8000: queue call 1
            7s   c1 + ann: bridge
            8s   reply: NotRinging
            9s   c1 + ann: unbridge
            9s   ann: end normal
            9s   ann in 8000: wrap-up
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn of_several_phones_one_is_asked_by_who_says_which() {
    check(
        "
        queue 8000: ann bob; strategy=ring_all wrap=5
        on ann bob
        1s   c1 calls 8000
        2s   boss lifts 1
        3s   boss lifts 1 bob
        4s   ann lifts 1
        5s   boss lifts 1 cid
        6s   bob answers
        9s   c1 hangs up
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
            2s   reply: SeveralRing
            3s   bob: lift
            3s   reply: asked to lift
            4s   ann: lift
            4s   reply: asked to lift
            5s   reply: NotRinging
            6s   call 1 connected to bob by 8000 after 5000 ms
            6s   call 1 not taken by ann: AnsweredElsewhere
            6s   ann in 8000: ready, available
            6s   bob in 8000: queue call 1
            6s   c1 + bob: bridge
            6s   ann: end answered_elsewhere
            9s   c1 + bob: unbridge
            9s   bob: end normal
            9s   bob in 8000: wrap-up
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Cancelled answered_elsewhere, bob Answered normal; 8000 Answered in time
        "#]],
    );
}
