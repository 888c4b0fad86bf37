//! Blind transfers: the agent's side leaves, and the other goes on.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_caller_goes_from_queue_to_agent_to_queue_and_the_record_keeps_all_of_it() {
    check(
        "
        queue 8000: ann; patient wrap=5
        queue 8001: bob; patient sla=5
        on ann bob
        up cid
        1s   c1 calls 8000
        2s   ann answers
        10s  ann transfers 1 1003
        11s  cid rings
        12s  cid answers
        13s  ann transfers 1 8001
        20s  cid transfers 1 8001
        21s  bob answers
        30s  c1 hangs up
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
            10s  call 1 transferred to 1003 by ann
            10s  ann in 8000: wrap-up
            10s  ann + c1: unbridge
            10s  ann: end transferred
            10s  c1: play tone-ringback again and again
            10s  cid: dial 1003 from c1
            10s  reply: transferred
            12s  call 1 connected to cid
            12s  c1 + cid: bridge
            13s  reply: NotHers
            15s  ann in 8000: ready, available
            20s  call 1 transferred to 8001 by cid
            20s  call 1 queued in 8001, position 1
            20s  call 1 offered to bob
            20s  bob in 8001: ringing
            20s  cid + c1: unbridge
            20s  cid: end transferred
            20s  c1: play music again and again
            20s  bob: dial 1002 from c1 for q8001
            20s  reply: transferred
            21s  call 1 connected to bob by 8001 after 1000 ms
            21s  bob in 8001: queue call 1
            21s  c1 + bob: bridge
            30s  c1 + bob: unbridge
            30s  bob: end normal
            30s  bob in 8001: ready, available
            30s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered transferred, cid Answered transferred, bob Answered normal; 8000 Answered in time; 8001 Answered in time
        "#]],
    );
}

#[test]
fn whoever_is_called_from_here_is_the_caller_after_a_transfer() {
    check(
        "
        queue 8000: bob; patient
        on bob
        up ann
        1s   ann asks for +494055
        2s   ann answers
        3s   +494055 answers
        4s   ann transfers 1 8000
        5s   bob answers
        6s   boss transfers 1 +494066
        7s   +494066 rings
        8s   +494066 answers
        9s   boss transfers 1 1001
        10s  ann answers
        11s  +494055 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from +494055
            1s   reply: call 1
            2s   ann: play tone-ringback again and again
            2s   +494055: dial +494055 by trunk 1 from 1001
            3s   call 1 connected
            3s   ann + +494055: bridge
            4s   call 1 transferred to 8000 by ann
            4s   call 1 queued in 8000, position 1
            4s   call 1 offered to bob
            4s   bob in 8000: ringing
            4s   ann + +494055: unbridge
            4s   ann: end transferred
            4s   +494055: play music again and again
            4s   bob: dial 1002 from +494055 for q8000
            4s   reply: transferred
            5s   call 1 connected to bob by 8000 after 1000 ms
            5s   bob in 8000: queue call 1
            5s   +494055 + bob: bridge
            6s   call 1 transferred to +494066 by bob
            6s   bob in 8000: ready, available
            6s   bob + +494055: unbridge
            6s   bob: end transferred
            6s   +494055: play tone-ringback again and again
            6s   +494066: dial +494066 by trunk 1 from +494055
            6s   reply: transferred
            8s   call 1 connected
            8s   +494055 + +494066: bridge
            9s   call 1 transferred to 1001
            9s   +494066 + +494055: unbridge
            9s   +494066: end transferred
            9s   +494055: play tone-ringback again and again
            9s   ann: dial 1001 from +494055
            9s   reply: transferred
            10s  call 1 connected to ann
            10s  +494055 + ann: bridge
            11s  +494055 + ann: unbridge
            11s  ann: end normal
            11s  call 1 ended, Outbound normal: ann Answered transferred, +494055 Answered normal, bob Answered transferred, +494066 Answered transferred, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn who_cannot_be_reached_leads_on_as_for_anybody_who_calls_there() {
    check(
        "
        queue 8000: ann; patient
        queue 8001: zed; on_no_agents=hangup:goodbye
        mailbox 1002
        on ann
        up 1090
        1s   c1 calls 8000
        2s   ann answers
        3s   ann transfers 1 1002
        4s   c1 hangs up
        5s   c2 calls 8000
        6s   ann answers
        7s   ann transfers 2 8001
        8s   c2 heard
        9s   c3 calls 8000
        10s  ann answers
        11s  ann transfers 3 1003
        12s  c4 calls 8000
        13s  ann answers
        14s  ann transfers 4 1090
        15s  1090 busy
        16s  c5 calls 8000
        17s  ann answers
        18s  ann transfers 5 1090
        19s  c5 hangs up
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
            3s   call 1 transferred to 1002 by ann
            3s   ann in 8000: ready, available
            3s   ann + c1: unbridge
            3s   ann: end transferred
            3s   c1: play tone-ringback again and again
            3s   c1: play en/vm-leave-message
            3s   reply: transferred
            4s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered transferred; 8000 Answered in time
            5s   call 2 arrived
            5s   call 2 queued in 8000, position 1
            5s   call 2 offered to ann
            5s   ann in 8000: ringing
            5s   c2: answer
            5s   c2: play music again and again
            5s   ann: dial 1001 from c2 for q8000
            6s   call 2 connected to ann by 8000 after 1000 ms
            6s   ann in 8000: queue call 2
            6s   c2 + ann: bridge
            7s   call 2 transferred to 8001 by ann
            7s   call 2 left 8001: NoAgents
            7s   ann in 8000: ready, available
            7s   ann + c2: unbridge
            7s   ann: end transferred
            7s   c2: play goodbye
            7s   reply: transferred
            8s   c2: end queue_rule
            8s   call 2 ended, Inbound queue_rule: c2 Answered queue_rule, ann Answered transferred; 8000 Answered in time; 8001 NoAgents
            9s   call 3 arrived
            9s   call 3 queued in 8000, position 1
            9s   call 3 offered to ann
            9s   ann in 8000: ringing
            9s   c3: answer
            9s   c3: play music again and again
            9s   ann: dial 1001 from c3 for q8000
            10s  call 3 connected to ann by 8000 after 1000 ms
            10s  ann in 8000: queue call 3
            10s  c3 + ann: bridge
            11s  call 3 transferred to 1003 by ann
            11s  ann in 8000: ready, available
            11s  ann + c3: unbridge
            11s  ann: end transferred
            11s  c3: play tone-ringback again and again
            11s  c3: end unreachable
            11s  reply: transferred
            11s  call 3 ended, Inbound unreachable: c3 Answered unreachable, ann Answered transferred; 8000 Answered in time
            12s  call 4 arrived
            12s  call 4 queued in 8000, position 1
            12s  call 4 offered to ann
            12s  ann in 8000: ringing
            12s  c4: answer
            12s  c4: play music again and again
            12s  ann: dial 1001 from c4 for q8000
            13s  call 4 connected to ann by 8000 after 1000 ms
            13s  ann in 8000: queue call 4
            13s  c4 + ann: bridge
            14s  call 4 transferred to 1090 by ann
            14s  ann in 8000: ready, available
            14s  ann + c4: unbridge
            14s  ann: end transferred
            14s  c4: play tone-ringback again and again
            14s  1090: dial 1090 from c4
            14s  reply: transferred
            15s  c4: end busy
            15s  call 4 ended, Inbound busy: c4 Answered busy, ann Answered transferred, 1090 Busy busy; 8000 Answered in time
            16s  call 5 arrived
            16s  call 5 queued in 8000, position 1
            16s  call 5 offered to ann
            16s  ann in 8000: ringing
            16s  c5: answer
            16s  c5: play music again and again
            16s  ann: dial 1001 from c5 for q8000
            17s  call 5 connected to ann by 8000 after 1000 ms
            17s  ann in 8000: queue call 5
            17s  c5 + ann: bridge
            18s  call 5 transferred to 1090 by ann
            18s  ann in 8000: ready, available
            18s  ann + c5: unbridge
            18s  ann: end transferred
            18s  c5: play tone-ringback again and again
            18s  1090: dial 1090 from c5
            18s  reply: transferred
            19s  1090: end caller_gone
            19s  call 5 ended, Inbound caller_gone: c5 Answered normal, ann Answered transferred, 1090 Cancelled caller_gone; 8000 Answered in time
        "#]],
    );
}

#[test]
fn of_two_agents_it_is_the_one_who_asks_and_else_the_one_who_was_called() {
    check(
        "
        up ann bob cid 1090
        1s   ann calls 1002
        2s   bob answers
        3s   bob transfers 1 1003
        4s   cid answers
        5s   ann transfers 1 1090
        6s   1090 answers
        7s   boss transfers 1 1001
        8s   ann answers
        9s   ann hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   bob: dial 1002 from ann
            2s   call 1 connected to bob
            2s   ann: answer
            2s   ann + bob: bridge
            3s   call 1 transferred to 1003 by bob
            3s   bob + ann: unbridge
            3s   bob: end transferred
            3s   ann: play tone-ringback again and again
            3s   cid: dial 1003 from ann
            3s   reply: transferred
            4s   call 1 connected to cid
            4s   ann + cid: bridge
            5s   call 1 transferred to 1090 by ann
            5s   ann + cid: unbridge
            5s   ann: end transferred
            5s   cid: play tone-ringback again and again
            5s   1090: dial 1090 from 1003
            5s   reply: transferred
            6s   call 1 connected
            6s   cid + 1090: bridge
            7s   call 1 transferred to 1001 by cid
            7s   cid + 1090: unbridge
            7s   cid: end transferred
            7s   1090: play tone-ringback again and again
            7s   ann: dial 1001 from 1090
            7s   reply: transferred
            8s   call 1 connected to ann
            8s   1090 + ann: bridge
            9s   ann + 1090: unbridge
            9s   1090: end normal
            9s   call 1 ended, Internal normal: ann Answered transferred, bob Answered transferred, cid Answered transferred, 1090 Answered normal, ann Answered normal
        "#]],
    );
}

#[test]
fn it_is_refused_while_nobody_talks_to_nowhere_by_others_and_for_ever() {
    check(
        "
        hops 3
        queue 8000: ann; patient
        up ann bob cid
        1s   c1 calls 8000
        2s   ann transfers 1 1002
        3s   boss transfers 1 1002
        4s   ann picks 1 8000
        5s   ann answers
        6s   bob transfers 1 1002
        7s   ann transfers 1 999
        8s   ann transfers 1 *36
        9s   ann transfers 9 1002
        10s  ann transfers 1 1002
        11s  bob answers
        12s  bob transfers 1 1003
        13s  cid answers
        14s  cid transfers 1 1001
        15s  ann answers
        16s  ann transfers 1 1002
        17s  ann hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            2s   reply: NotHers
            3s   reply: NotTalking
            4s   call 1 offered to ann
            4s   ann: dial 1001 from c1 for q8000
            4s   reply: rings
            5s   call 1 connected to ann by 8000 after 4000 ms
            5s   c1 + ann: bridge
            6s   reply: NotHers
            7s   reply: UnknownDestination
            8s   reply: UnknownDestination
            9s   reply: UnknownCall
            10s  call 1 transferred to 1002 by ann
            10s  ann + c1: unbridge
            10s  ann: end transferred
            10s  c1: play tone-ringback again and again
            10s  bob: dial 1002 from c1
            10s  reply: transferred
            11s  call 1 connected to bob
            11s  c1 + bob: bridge
            12s  call 1 transferred to 1003 by bob
            12s  bob + c1: unbridge
            12s  bob: end transferred
            12s  c1: play tone-ringback again and again
            12s  cid: dial 1003 from c1
            12s  reply: transferred
            13s  call 1 connected to cid
            13s  c1 + cid: bridge
            14s  call 1 transferred to 1001 by cid
            14s  cid + c1: unbridge
            14s  cid: end transferred
            14s  c1: play tone-ringback again and again
            14s  ann: dial 1001 from c1
            14s  reply: transferred
            15s  call 1 connected to ann
            15s  c1 + ann: bridge
            16s  reply: TooManyHops
            17s  ann + c1: unbridge
            17s  c1: end normal
            17s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered transferred, bob Answered transferred, cid Answered transferred, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn a_called_back_caller_can_be_led_to_another_line() {
    check(
        "
        queue 8000: ann; callback= patient
        queue 8001: bob; patient callback=
        up bob
        1s   +49301 calls 8000
        2s   +49301 presses 3
        3s   +49301 presses #
        4s   +49301 heard
        5s   ann up
        5s   ann login
        6s   ann answers
        7s   +49301 answers
        8s   ann transfers 1 8001
        9s   bob login
        10s  bob ready
        11s  bob answers
        12s  bob hangs up
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
            5s   ann registered
            5s   ann in 8000: logged out
            5s   call 1 offered to ann
            5s   ann in 8000: ringing, by request
            5s   ann: dial 1001 from +49301 for q8000 (callback)
            5s   reply: 8000 ringing
            6s   ann in 8000: queue call 1
            6s   +49301: dial +49301 by trunk 1 from 8000
            6s   ann: play tone-ringback again and again
            7s   call 1 left 8000: CallbackDone
            7s   call 1 connected to ann by 8000 after 6000 ms
            7s   +49301 + ann: bridge
            8s   call 1 transferred to 8001 by ann
            8s   call 1 queued in 8001, position 1
            8s   ann in 8000: ready, available
            8s   ann + +49301: unbridge
            8s   ann: end transferred
            8s   +49301: play music again and again
            8s   reply: transferred
            9s   call 1 offered to bob
            9s   bob in 8001: ringing, by request
            9s   bob: dial 1002 from +49301 for q8001
            9s   reply: 8001 ringing
            10s  reply: 8001 ringing
            11s  call 1 connected to bob by 8001 after 3000 ms
            11s  bob in 8001: queue call 1
            11s  +49301 + bob: bridge
            12s  bob in 8001: ready, available
            12s  bob + +49301: unbridge
            12s  +49301: end normal
            12s  call 1 ended, Inbound normal: +49301 Answered normal, ann Answered transferred, +49301 Answered normal, bob Answered normal; 8000 CallbackRequested; 8000 CallbackDone; 8001 Answered in time
        "#]],
    );
}
