//! Hold: two who talk are parted for a while.

use expect_test::expect;

use crate::story::check;

#[test]
fn the_caller_hears_music_and_the_agent_nothing_until_she_is_back() {
    check(
        "
        queue 8000: ann; patient wrap=5
        on ann
        1s   c1 calls 8000
        2s   ann holds 1
        3s   ann answers
        4s   ann holds 1
        5s   boss holds 1
        6s   ann presses 1
        7s   ann unholds 1
        8s   ann unholds 1
        9s   boss holds 1
        10s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   reply: NotTalking
            3s   call 1 connected to ann by 8000 after 2000 ms
            3s   ann in 8000: queue call 1
            3s   c1 + ann: bridge
            4s   call 1 is on hold
            4s   ann + c1: unbridge
            4s   c1: play music again and again
            4s   reply: as asked
            5s   reply: as asked
            7s   call 1 is off hold
            7s   ann + c1: bridge
            7s   reply: as asked
            8s   reply: as asked
            9s   call 1 is on hold
            9s   ann + c1: unbridge
            9s   c1: play music again and again
            9s   reply: as asked
            10s  ann: end normal
            10s  ann in 8000: wrap-up
            10s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn whom_she_has_called_hears_the_domains_music_and_goes_on_from_hold() {
    check(
        "
        queue 8000: bob; patient
        on bob
        up ann
        1s   ann asks for +494055
        2s   ann answers
        3s   ann holds 1
        4s   +494055 answers
        5s   bob holds 1
        6s   ann holds 1
        7s   ann transfers 1 8000
        8s   bob answers
        9s   bob holds 1
        10s  hang up 1
        11s  bob unholds 1
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from +494055
            1s   reply: call 1
            2s   ann: play tone-ringback again and again
            2s   +494055: dial +494055 by trunk 1 from 1001
            3s   reply: NotTalking
            4s   call 1 connected
            4s   ann + +494055: bridge
            5s   reply: NotHers
            6s   call 1 is on hold
            6s   ann + +494055: unbridge
            6s   +494055: play music again and again
            6s   reply: as asked
            7s   call 1 transferred to 8000 by ann
            7s   call 1 queued in 8000, position 1
            7s   call 1 offered to bob
            7s   bob in 8000: ringing
            7s   +494055: stop playing
            7s   ann: end transferred
            7s   +494055: play music again and again
            7s   bob: dial 1002 from +494055 for q8000
            7s   reply: transferred
            8s   call 1 connected to bob by 8000 after 1000 ms
            8s   bob in 8000: queue call 1
            8s   +494055 + bob: bridge
            9s   call 1 is on hold
            9s   bob + +494055: unbridge
            9s   +494055: play music again and again
            9s   reply: as asked
            10s  +494055: end administrative
            10s  bob: end administrative
            10s  reply: hanging up
            10s  bob in 8000: ready, available
            10s  call 1 ended, Outbound administrative: ann Answered transferred, +494055 Answered administrative, bob Answered administrative; 8000 Answered in time
            11s  reply: UnknownCall
        "#]],
    );
}

#[test]
fn keys_are_pressed_for_the_agent_and_not_into_music() {
    check(
        "
        queue 8000: ann bob; patient
        on ann
        1s   c1 calls 8000
        2s   ann sends 1 1
        3s   ann answers
        4s   ann sends 1 40#
        5s   bob sends 1 9
        6s   boss sends 1 *
        7s   ann holds 1
        8s   ann sends 1 2
        9s   ann sends 7 2
        10s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   reply: NotTalking
            3s   call 1 connected to ann by 8000 after 2000 ms
            3s   ann in 8000: queue call 1
            3s   c1 + ann: bridge
            4s   c1: press 40#
            4s   reply: pressed
            5s   reply: NotHers
            6s   c1: press *
            6s   reply: pressed
            7s   call 1 is on hold
            7s   ann + c1: unbridge
            7s   c1: play music again and again
            7s   reply: as asked
            8s   reply: NotTalking
            9s   reply: UnknownCall
            10s  ann: end normal
            10s  ann in 8000: ready, available
            10s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}
