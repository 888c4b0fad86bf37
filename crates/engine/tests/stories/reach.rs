//! How people are reached: do not disturb, and their personal phones.

use engine::Limits;
use expect_test::expect;

use crate::story::{check, check_with};

#[test]
fn a_phone_sets_do_not_disturb_and_takes_it_back_by_a_code() {
    check(
        "
        up ann 1090
        1s   ann calls *78
        2s   ann heard
        3s   c1 calls 1001
        4s   1090 calls *78
        5s   1090 heard
        6s   c2 calls 1090
        7s   ann calls *79
        8s   ann heard
        9s   c3 calls 1001
        10s  ann calls *788000
        11s  c9 calls *78
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   dnd of ann on, by code
            1s   ann: answer
            1s   ann: play dnd-on
            2s   ann: end normal
            2s   call 1 ended, Internal normal: ann Answered normal
            3s   call 2 arrived
            3s   c1: refuse unreachable
            3s   call 2 ended, Inbound unreachable: c1 Failed unreachable
            4s   call 3 arrived
            4s   dnd of 1090 on
            4s   1090: answer
            4s   1090: play dnd-on
            5s   1090: end normal
            5s   call 3 ended, Internal normal: 1090 Answered normal
            6s   call 4 arrived
            6s   c2: refuse unreachable
            6s   call 4 ended, Inbound unreachable: c2 Failed unreachable
            7s   call 5 arrived
            7s   dnd of ann off, by code
            7s   ann: answer
            7s   ann: play dnd-off
            8s   ann: end normal
            8s   call 5 ended, Internal normal: ann Answered normal
            9s   call 6 arrived
            9s   ann: dial 1001 from c3
            10s  call 7 arrived
            10s  ann'2: answer
            10s  ann'2: play invalid-code
            11s  call 8 arrived
            11s  c9: refuse not_found
            11s  call 8 ended, Inbound not_found: c9 Failed not_found
        "#]],
    );
}

#[test]
fn what_rings_her_goes_on_to_others_when_she_is_not_to_be_disturbed() {
    check(
        "
        queue 8000: ann bob; patient
        on ann bob
        1s   c1 calls 8000
        2s   ann dnd on
        3s   ann dnd on
        4s   bob declines
        5s   ann dnd off
        6s   ann answers
        7s   cid dnd on
        8s   nobody dnd on
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            2s   dnd of ann on, by request
            2s   call 1 not taken by ann: AgentLeft
            2s   call 1 offered to bob
            2s   ann in 8000: ready
            2s   bob in 8000: ringing
            2s   ann: end queue_rule
            2s   bob: dial 1002 from c1 for q8000
            2s   reply: reach
            3s   reply: reach
            4s   call 1 not taken by bob: Declined
            4s   bob in 8000: ready, available
            5s   dnd of ann off, by request
            5s   call 1 offered to ann
            5s   ann in 8000: ringing
            5s   ann: dial 1001 from c1 for q8000
            5s   reply: reach
            6s   call 1 connected to ann by 8000 after 5000 ms
            6s   ann in 8000: queue call 1
            6s   c1 + ann: bridge
            7s   dnd of cid on, by request
            7s   reply: reach
            8s   reply: UnknownAgent
        "#]],
    );
}

#[test]
fn what_she_set_holds_until_provisioning_says_something_new_and_over_a_restart() {
    check(
        "
        dnd ann
        up ann bob
        1s   ann dnd off
        2s   c1 calls 1001
        3s   c1 hangs up
        4s   provision rings 1090 20
        5s   restart
        6s   ann up
        7s   c2 calls 1001
        8s   c2 hangs up
        9s   provision disturb ann
        10s  provision dnd ann
        11s  c3 calls 1001
        ",
        expect![[r#"
            1s   dnd of ann off, by request
            1s   reply: reach
            2s   call 1 arrived
            2s   ann: dial 1001 from c1
            3s   ann: end caller_gone
            3s   call 1 ended, Inbound caller_gone: c1 Cancelled normal, ann Cancelled caller_gone
            4s   provisioned
            5s   ann gone
            5s   bob gone
            6s   ann registered
            7s   call 2 arrived
            7s   ann: dial 1001 from c2
            8s   ann: end caller_gone
            8s   call 2 ended, Inbound caller_gone: c2 Cancelled normal, ann Cancelled caller_gone
            9s   provisioned
            10s  provisioned
            11s  call 3 arrived
            11s  c3: refuse unreachable
            11s  call 3 ended, Inbound unreachable: c3 Failed unreachable
        "#]],
    );
}

#[test]
fn a_flow_takes_one_who_is_not_to_be_disturbed_for_unavailable() {
    check(
        "
        flow 7000 unavailable=hangup:nobody-there
        up ann
        1s   ann dnd on
        2s   c1 calls 7000
        3s   c1 presses 1001
        ",
        expect![[r#"
            1s   dnd of ann on, by request
            1s   reply: reach
            2s   call 1 arrived
            2s   call 1 in flow 7000
            2s   call 1 at extension
            2s   c1: answer
            3s   call 1 keyed 4 digits
            3s   call 1 falls back: Unavailable
            3s   call 1 out of flow 7000: Left
            3s   c1: play nobody-there
        "#]],
    );
}

#[test]
fn what_answers_at_a_personal_phone_has_the_call_only_after_it_pressed_one() {
    check(
        "
        personal ann +491701 always
        up ann
        1s   c1 calls 1001
        2s   +491701 rings
        3s   +491701 answers
        4s   +491701 presses 59
        5s   +491701 presses 1
        6s   +491701 presses 1
        9s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +491701: dial +491701 by trunk 1 from c1
            2s   c1: ring
            3s   +491701: play press-one-to-accept again and again
            5s   call 1 connected to ann
            5s   c1: answer
            5s   c1 + +491701: bridge
            9s   c1 + +491701: unbridge
            9s   +491701: end normal
            9s   call 1 ended, Inbound normal: c1 Answered normal, +491701 Answered normal
        "#]],
    );
}

#[test]
fn a_mailbox_that_answers_at_a_personal_phone_never_has_the_call() {
    check(
        "
        mailbox 1001 no_answer=ann-is-out
        personal ann +491701 offline
        1s   c1 calls 1001
        2s   +491701 answers
        13s  c1 hangs up
        14s  c2 calls 1001
        15s  +491701 answers
        16s  +491701 hangs up
        17s  c2 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +491701: dial +491701 by trunk 1 from c1
            2s   +491701: play press-one-to-accept again and again
            12s  +491701: end no_answer
            12s  c1: answer
            12s  c1: play ann-is-out
            13s  call 1 ended, Inbound normal: c1 Answered normal, +491701 NoAnswer no_answer
            14s  call 2 arrived
            14s  +491701: dial +491701 by trunk 1 from c2
            15s  +491701: play press-one-to-accept again and again
            16s  c2: answer
            16s  c2: play ann-is-out
            17s  call 2 ended, Inbound normal: c2 Answered normal, +491701 NoAnswer no_answer
        "#]],
    );
}

#[test]
fn who_forwards_when_offline_is_called_there_only_without_a_registered_phone() {
    check(
        "
        personal ann +491701 offline
        1s   c1 calls 1001
        2s   c1 hangs up
        3s   ann up
        4s   c2 calls 1001
        5s   c2 hangs up
        6s   ann down
        7s   c3 calls 1001
        8s   +491701 busy
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +491701: dial +491701 by trunk 1 from c1
            2s   +491701: end caller_gone
            2s   call 1 ended, Inbound caller_gone: c1 Cancelled normal, +491701 Cancelled caller_gone
            3s   ann registered
            4s   call 2 arrived
            4s   ann: dial 1001 from c2
            5s   ann: end caller_gone
            5s   call 2 ended, Inbound caller_gone: c2 Cancelled normal, ann Cancelled caller_gone
            6s   ann gone
            7s   call 3 arrived
            7s   +491701: dial +491701 by trunk 1 from c3
            8s   c3: refuse busy
            8s   call 3 ended, Inbound busy: c3 Busy busy, +491701 Busy busy
        "#]],
    );
}

#[test]
fn a_call_that_nobody_answered_goes_on_to_the_personal_phone() {
    check(
        "
        mailbox 1001
        rings ann 5
        personal ann +491701 no_answer
        up ann
        1s   c1 calls 1001
        2s   ann rings
        8s   +491701 answers
        9s   +491701 presses 1
        10s  c1 hangs up
        11s  c2 calls 1001
        12s  ann declines
        13s  c2 hangs up
        14s  c3 calls 1001
        24s  c3 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from c1
            2s   c1: ring
            6s   ann: end no_answer
            6s   +491701: dial +491701 by trunk 1 from c1
            8s   +491701: play press-one-to-accept again and again
            9s   call 1 connected to ann
            9s   c1: answer
            9s   c1 + +491701: bridge
            10s  c1 + +491701: unbridge
            10s  +491701: end normal
            10s  call 1 ended, Inbound normal: c1 Answered normal, ann NoAnswer no_answer, +491701 Answered normal
            11s  call 2 arrived
            11s  ann: dial 1001 from c2
            12s  c2: answer
            12s  c2: play en/vm-leave-message
            13s  call 2 ended, Inbound normal: c2 Answered normal, ann Declined declined
            14s  call 3 arrived
            14s  ann: dial 1001 from c3
            19s  ann: end no_answer
            19s  +491701: dial +491701 by trunk 1 from c3
            24s  +491701: end no_answer
            24s  c3: answer
            24s  c3: play en/vm-leave-message
            24s  call 3 ended, Inbound normal: c3 Answered normal, ann NoAnswer no_answer, +491701 NoAnswer no_answer
        "#]],
    );
}

#[test]
fn an_answer_at_the_phone_that_crosses_the_forwarding_is_too_late() {
    check(
        "
        slow
        rings ann 5
        personal ann +491701 no_answer
        up ann
        1s   c1 calls 1001
        6s   ann answers
        6s   ann over normal
        7s   +491701 answers
        8s   c1 hangs up
        9s   +491701 presses 1
        9s   +491701 over normal
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from c1
            6s   ann: end no_answer
            6s   +491701: dial +491701 by trunk 1 from c1
            7s   +491701: play press-one-to-accept again and again
            8s   +491701: end caller_gone
            9s   call 1 ended, Inbound caller_gone: c1 Cancelled normal, ann NoAnswer no_answer, +491701 Cancelled caller_gone
        "#]],
    );
}

#[test]
fn a_queue_offers_calls_at_the_personal_phone_and_she_is_on_a_call_then() {
    check(
        "
        queue 8000: ann; patient ring=20 retry=3
        personal ann +491701 offline
        1s   ann login
        1s   ann ready
        2s   c1 calls 8000
        3s   +491701 answers
        13s  .
        17s  +491701 answers
        18s  +491701 presses 1
        20s  c1 hangs up
        21s  ann up
        22s  c2 calls 8000
        23s  ann answers
        ",
        expect![[r#"
            1s   ann in 8000: ready, available, by request
            1s   reply: 8000 ready
            1s   reply: 8000 ready
            2s   call 1 arrived
            2s   call 1 queued in 8000, position 1
            2s   call 1 offered to ann
            2s   ann in 8000: ringing
            2s   c1: answer
            2s   c1: play music again and again
            2s   +491701: dial +491701 by trunk 1 from c1 for q8000
            3s   +491701: play press-one-to-accept again and again
            13s  call 1 not taken by ann: NoAnswer
            13s  ann in 8000: ready
            13s  +491701: end no_answer
            16s  call 1 offered to ann
            16s  ann in 8000: ringing
            16s  +491701: dial +491701 by trunk 1 from c1 for q8000
            17s  +491701: play press-one-to-accept again and again
            18s  call 1 connected to ann by 8000 after 16000 ms
            18s  ann in 8000: queue call 1
            18s  c1 + +491701: bridge
            20s  c1 + +491701: unbridge
            20s  +491701: end normal
            20s  ann in 8000: ready, available
            20s  call 1 ended, Inbound normal: c1 Answered normal, +491701 NoAnswer no_answer, +491701 Answered normal; 8000 Answered in time
            21s  ann registered
            22s  call 2 arrived
            22s  call 2 queued in 8000, position 1
            22s  call 2 offered to ann
            22s  ann in 8000: ringing
            22s  c2: answer
            22s  c2: play music again and again
            22s  ann: dial 1001 from c2 for q8000
            23s  call 2 connected to ann by 8000 after 1000 ms
            23s  ann in 8000: queue call 2
            23s  c2 + ann: bridge
        "#]],
    );
}

#[test]
fn a_personal_phone_that_cannot_be_reached_is_left_alone_for_a_while() {
    check(
        "
        queue 8000: ann; patient
        personal ann +491701 always
        1s   ann login
        1s   ann ready
        2s   c1 calls 8000
        3s   +491701 over unreachable
        64s  +491701 answers
        65s  +491701 hangs up
        ",
        expect![[r#"
            1s   ann in 8000: ready, available, by request
            1s   reply: 8000 ready
            1s   reply: 8000 ready
            2s   call 1 arrived
            2s   call 1 queued in 8000, position 1
            2s   call 1 offered to ann
            2s   ann in 8000: ringing
            2s   c1: answer
            2s   c1: play music again and again
            2s   +491701: dial +491701 by trunk 1 from c1 for q8000
            3s   call 1 not taken by ann: Busy
            3s   ann in 8000: ready
            63s  call 1 offered to ann
            63s  ann in 8000: ringing
            63s  +491701: dial +491701 by trunk 1 from c1 for q8000
            64s  +491701: play press-one-to-accept again and again
            65s  call 1 not taken by ann: NoAnswer
            65s  ann in 8000: ready
        "#]],
    );
}

#[test]
fn do_not_disturb_is_stronger_than_forwarding() {
    check(
        "
        queue 8000: ann; patient
        personal ann +491701 always
        1s   ann login
        1s   ann ready
        2s   ann dnd on
        3s   c1 calls 1001
        4s   c2 calls 8000
        5s   ann dnd off
        ",
        expect![[r#"
            1s   ann in 8000: ready, available, by request
            1s   reply: 8000 ready
            1s   reply: 8000 ready
            2s   dnd of ann on, by request
            2s   ann in 8000: ready
            2s   reply: reach
            3s   call 1 arrived
            3s   c1: refuse unreachable
            3s   call 1 ended, Inbound unreachable: c1 Failed unreachable
            4s   call 2 arrived
            4s   call 2 queued in 8000, position 1
            4s   c2: answer
            4s   c2: play music again and again
            5s   dnd of ann off, by request
            5s   call 2 offered to ann
            5s   ann in 8000: ringing
            5s   +491701: dial +491701 by trunk 1 from c2 for q8000
            5s   reply: reach
        "#]],
    );
}

#[test]
fn an_agent_sets_forwarding_herself_and_it_holds_over_a_restart() {
    check(
        "
        queue 8000: ann; patient
        1s   ann login
        2s   ann forwards always
        3s   ann forwards offline +491701
        4s   ann login
        5s   restart
        6s   c1 calls 1001
        7s   c1 hangs up
        8s   ann forwards never none
        9s   c2 calls 1001
        10s  ann forwards never +49
        11s  nobody forwards never
        ",
        expect![[r#"
            1s   reply: 8000 offline
            2s   reply: NoPersonalPhone
            3s   ann forwards: Offline, by request
            3s   ann in 8000: ready, available
            3s   reply: reach
            4s   reply: 8000 ready
            5s   ann in 8000: ready
            5s   ann in 8000: ready, available
            6s   call 1 arrived
            6s   ann in 8000: ready
            6s   +491701: dial +491701 by trunk 1 from c1
            7s   +491701: end caller_gone
            7s   ann in 8000: ready, available
            7s   call 1 ended, Inbound caller_gone: c1 Cancelled normal, +491701 Cancelled caller_gone
            8s   ann forwards: Never, by request
            8s   ann in 8000: offline
            8s   reply: reach
            9s   call 2 arrived
            9s   c2: refuse unreachable
            9s   call 2 ended, Inbound unreachable: c2 Failed unreachable
            10s  reply: NoOutsideNumber
            11s  reply: UnknownAgent
        "#]],
    );
}

#[test]
fn a_personal_phone_that_is_a_number_of_the_domain_is_refused_and_never_called() {
    check(
        "
        number +493012 ext:1001
        1s   ann forwards always 493012
        2s   ann forwards always +491701
        3s   provision number +491701 ext:1001
        4s   c1 calls +491701
        5s   provision without trunk
        6s   ann forwards always +491702
        7s   c1 calls 1001
        ",
        expect![[r#"
            1s   reply: OwnNumber
            2s   ann forwards: Always, by request
            2s   reply: reach
            3s   provisioned
            4s   call 1 arrived
            4s   c1: refuse unreachable
            4s   call 1 ended, Inbound unreachable: c1 Failed unreachable
            5s   provisioned
            6s   ann forwards: Always, by request
            6s   reply: reach
            7s   call 2 arrived
            7s   c1: refuse forbidden
            7s   call 2 ended, Inbound forbidden: c1 Failed forbidden
        "#]],
    );
}

#[test]
fn forwarding_counts_as_a_hop() {
    check(
        "
        hops 1
        flow 7000 star=ext:1001
        personal ann +491701 always
        1s   c1 calls 7000
        2s   c1 presses *
        3s   c2 calls 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at extension
            1s   c1: answer
            2s   call 1 falls back: Star
            2s   call 1 out of flow 7000: Left
            2s   c1: end unreachable
            2s   call 1 ended, Inbound unreachable: c1 Answered unreachable
            3s   call 2 arrived
            3s   +491701: dial +491701 by trunk 1 from c2
        "#]],
    );
}

#[test]
fn a_flow_rings_the_personal_phone_and_goes_on_if_nobody_accepts() {
    check(
        "
        flow 7000 no_answer=hangup:goodbye ring=20
        personal ann +491701 offline
        1s   c1 calls 7000
        2s   c1 presses 1001
        3s   +491701 answers
        14s  c1 heard
        15s  c2 calls 7000
        16s  c2 presses 1001
        17s  +491701 answers
        18s  +491701 presses 1
        19s  +491701 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at extension
            1s   c1: answer
            2s   call 1 keyed 4 digits
            2s   c1: play tone-ringback again and again
            2s   +491701: dial +491701 by trunk 1 from c1
            3s   +491701: play press-one-to-accept again and again
            13s  call 1 falls back: NoAnswer
            13s  call 1 out of flow 7000: Left
            13s  +491701: end no_answer
            13s  c1: play goodbye
            14s  c1: end normal
            14s  call 1 ended, Inbound normal: c1 Answered normal, +491701 NoAnswer no_answer
            15s  call 2 arrived
            15s  call 2 in flow 7000
            15s  call 2 at extension
            15s  c2: answer
            16s  call 2 keyed 4 digits
            16s  c2: play tone-ringback again and again
            16s  +491701: dial +491701 by trunk 1 from c2
            17s  +491701: play press-one-to-accept again and again
            18s  call 2 out of flow 7000: Answered
            18s  call 2 connected to ann
            18s  c2 + +491701: bridge
            19s  +491701 + c2: unbridge
            19s  c2: end normal
            19s  call 2 ended, Inbound normal: c2 Answered normal, +491701 Answered normal
        "#]],
    );
}

#[test]
fn a_caller_who_leaves_while_the_personal_phone_is_asked_ends_it() {
    check(
        "
        personal ann +491701 always
        1s   c1 calls 1001
        2s   +491701 answers
        3s   c1 hangs up
        4s   c2 calls 1001
        5s   +491701 answers
        6s   +491701 silent
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   +491701: dial +491701 by trunk 1 from c1
            2s   +491701: play press-one-to-accept again and again
            3s   +491701: end caller_gone
            3s   call 1 ended, Inbound caller_gone: c1 Cancelled normal, +491701 Cancelled caller_gone
            4s   call 2 arrived
            4s   +491701: dial +491701 by trunk 1 from c2
            5s   +491701: play press-one-to-accept again and again
            6s   +491701: end no_answer
            6s   c2: refuse no_answer
            6s   call 2 ended, Inbound no_answer: c2 NoAnswer no_answer, +491701 NoAnswer no_answer
        "#]],
    );
}

#[test]
fn a_guest_rings_the_agent_of_the_link_and_nobody_else() {
    check(
        "
        mailbox 1001
        link ann
        up ann
        1s   g1 follows link ann
        2s   ann rings
        3s   ann answers
        4s   g1 hangs up
        5s   g2 follows link bob
        6s   bob opens link
        7s   ann shuts link
        8s   g3 follows link ann
        9s   ann opens link
        10s  ann down
        11s  g4 follows link ann
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from g1
            2s   g1: ring
            3s   call 1 connected to ann
            3s   g1: answer
            3s   g1 + ann: bridge
            4s   g1 + ann: unbridge
            4s   ann: end normal
            4s   call 1 ended, Inbound normal: g1 Answered normal, ann Answered normal
            5s   call 2 arrived
            5s   g2: refuse not_found
            5s   call 2 ended, Inbound not_found: g2 Failed not_found
            6s   reply: NoCallLink
            7s   call link of ann shut, by request
            7s   reply: reach
            8s   call 3 arrived
            8s   g3: refuse not_found
            8s   call 3 ended, Inbound not_found: g3 Failed not_found
            9s   call link of ann open, by request
            9s   reply: reach
            10s  ann gone
            11s  call 4 arrived
            11s  g4: answer
            11s  g4: play en/vm-leave-message
        "#]],
    );
}

#[test]
fn a_link_that_was_shut_stays_shut_until_provisioning_says_otherwise() {
    check(
        "
        link ann private
        up ann
        1s   g1 follows link ann
        2s   ann opens link
        3s   g2 follows link ann
        4s   g2 hangs up
        5s   provision unlink ann
        6s   g3 follows link ann
        7s   provision link ann private
        8s   g4 follows link ann
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   g1: refuse not_found
            1s   call 1 ended, Inbound not_found: g1 Failed not_found
            2s   call link of ann open, by request
            2s   reply: reach
            3s   call 2 arrived
            3s   ann: dial 1001 from g2
            4s   ann: end caller_gone
            4s   call 2 ended, Inbound caller_gone: g2 Cancelled normal, ann Cancelled caller_gone
            5s   provisioned
            6s   call 3 arrived
            6s   g3: refuse not_found
            6s   call 3 ended, Inbound not_found: g3 Failed not_found
            7s   provisioned
            8s   call 4 arrived
            8s   g4: refuse not_found
            8s   call 4 ended, Inbound not_found: g4 Failed not_found
        "#]],
    );
}

#[test]
fn from_a_mailbox_that_answers_a_guest_comes_to_no_other() {
    check(
        "
        mailbox 1001 pin=1234
        link ann
        1s   g1 follows link ann
        2s   g1 presses *
        3s   g1 presses #
        4s   g1 presses *
        5s   g1 hangs up
        6s   c1 calls 1001
        7s   c1 presses *
        8s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   g1: answer
            1s   g1: play en/vm-leave-message
            3s   g1: play tone-beep
            5s   call 1 ended, Inbound normal: g1 Answered normal
            6s   call 2 arrived
            6s   c1: answer
            6s   c1: play en/vm-leave-message
            7s   c1: play en/vm-enter-pin
            8s   call 2 ended, Inbound normal: c1 Answered normal
        "#]],
    );
}

#[test]
fn so_many_guests_of_one_link_and_no_more_and_others_come_through() {
    let limits = Limits { alert_max: None, guests_per_link_max: 2, ..Limits::default() };
    check_with(
        limits,
        "
        mailbox 1001
        link ann
        link bob
        up bob
        1s   g1 follows link ann
        2s   g2 follows link ann
        3s   g3 follows link ann
        4s   g4 follows link bob
        5s   c1 calls 1001
        6s   g1 hangs up
        7s   g5 follows link ann
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   g1: answer
            1s   g1: play en/vm-leave-message
            2s   call 2 arrived
            2s   g2: answer
            2s   g2: play en/vm-leave-message
            3s   call 3 arrived
            3s   g3: refuse congestion
            3s   call 3 ended, Inbound congestion: g3 Failed congestion
            4s   call 4 arrived
            4s   bob: dial 1002 from g4
            5s   call 5 arrived
            5s   c1: answer
            5s   c1: play en/vm-leave-message
            6s   call 1 ended, Inbound normal: g1 Answered normal
            7s   call 6 arrived
            7s   g5: answer
            7s   g5: play en/vm-leave-message
        "#]],
    );
}
