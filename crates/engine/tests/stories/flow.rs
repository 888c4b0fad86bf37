//! Callers in flows: who rings, what state she is in meanwhile, where a caller goes who reaches nobody.

use expect_test::expect;

use crate::story::check;

const WORLD: &str = "
    queue 8000: ann bob; moh=music patient
    queue 8001: bob; patient
    flow 7000 greeting=which-extension unavailable=hangup:away busy=queue:8000 no_answer=voicemail:leave failed=hangup:goodbye star=queue:8001 ring=15
    number +4930123 flow:7000
";

fn story(lines: &str) -> String {
    format!("{WORLD}{lines}")
}

#[test]
fn a_caller_dials_an_agent_through_a_flow_and_she_is_on_another_call() {
    check(
        &story(
            "on ann
             1s c1 calls +4930123
             3s c1 heard
             4s c1 presses 1001
             5s ann rings
             8s ann answers
             20s ann hangs up",
        ),
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at extension
            1s   c1: answer
            1s   c1: play which-extension
            4s   call 1 keyed 4 digits
            4s   ann in 8000: ready
            4s   c1: play tone-ringback again and again
            4s   ann: dial 1001 from c1
            8s   call 1 out of flow 7000: Answered
            8s   call 1 connected to ann
            8s   ann in 8000: other call 1
            8s   c1 + ann: bridge
            20s  ann in 8000: ready, available
            20s  ann + c1: unbridge
            20s  c1: end normal
            20s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal
        "#]],
    );
}

#[test]
fn an_agent_who_does_not_answer_leads_to_the_next_plan_and_is_free_again() {
    check(
        &story(
            "on ann
             1s c1 calls +4930123
             2s c1 presses 1001
             30s c1 heard",
        ),
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at extension
            1s   c1: answer
            1s   c1: play which-extension
            2s   c1: stop playing
            2s   call 1 keyed 4 digits
            2s   ann in 8000: ready
            2s   c1: play tone-ringback again and again
            2s   ann: dial 1001 from c1
            17s  call 1 falls back: NoAnswer
            17s  call 1 out of flow 7000: Left
            17s  c1: play leave
            17s  ann: end no_answer
            17s  ann in 8000: ready, available
            30s  c1: end normal
            30s  call 1 ended, Inbound normal: c1 Answered normal, ann NoAnswer no_answer
        "#]],
    );
}

#[test]
fn an_agent_who_declines_is_offered_the_call_by_the_queue_all_the_same() {
    check(
        &story(
            "on ann
             1s c1 calls +4930123
             2s c1 presses 1001
             5s ann declines
             8s ann answers
             9s c1 hangs up",
        ),
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at extension
            1s   c1: answer
            1s   c1: play which-extension
            2s   c1: stop playing
            2s   call 1 keyed 4 digits
            2s   ann in 8000: ready
            2s   c1: play tone-ringback again and again
            2s   ann: dial 1001 from c1
            5s   call 1 falls back: Busy
            5s   call 1 out of flow 7000: Left
            5s   ann in 8000: ready, available
            5s   call 1 queued in 8000, position 1
            5s   call 1 offered to ann
            5s   ann in 8000: ringing
            5s   c1: play music again and again
            5s   ann: dial 1001 from c1 for q8000
            8s   call 1 connected to ann by 8000 after 3000 ms
            8s   ann in 8000: queue call 1
            8s   c1 + ann: bridge
            9s   c1 + ann: unbridge
            9s   ann: end normal
            9s   ann in 8000: ready, available
            9s   call 1 ended, Inbound normal: c1 Answered normal, ann Declined declined, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn an_agent_is_reached_by_what_she_does() {
    // Talks, in wrap-up: busy. Not ready everywhere, no phone: away. Logged out with a phone: rung.
    check(
        &story(
            "on ann
             1s c1 calls 8000
             2s ann answers
             3s c2 calls +4930123
             4s c2 presses 1001
             5s c2 hangs up
             6s ann hangs up
             7s ann not-ready
             8s c3 calls +4930123
             9s c3 presses 1001
             10s c3 hangs up
             11s ann logout
             12s c4 calls +4930123
             13s c4 presses 1001
             14s c4 hangs up
             15s c5 calls +4930123
             16s c5 presses 1002
             17s c5 hangs up",
        ),
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
            3s   call 2 in flow 7000
            3s   call 2 at extension
            3s   c2: answer
            3s   c2: play which-extension
            4s   c2: stop playing
            4s   call 2 keyed 4 digits
            4s   call 2 falls back: Busy
            4s   call 2 out of flow 7000: Left
            4s   call 2 queued in 8000, position 1
            4s   c2: play music again and again
            5s   call 2 left 8000: Abandoned
            5s   call 2 ended, Inbound caller_gone: c2 Answered normal; 8000 Abandoned
            6s   ann in 8000: ready, available
            6s   ann + c1: unbridge
            6s   c1: end normal
            6s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            7s   ann in 8000: not ready (lunch), by request
            7s   reply: 8000 not ready (lunch)
            8s   call 3 arrived
            8s   call 3 in flow 7000
            8s   call 3 at extension
            8s   c3: answer
            8s   c3: play which-extension
            9s   c3: stop playing
            9s   call 3 keyed 4 digits
            9s   call 3 falls back: Unavailable
            9s   call 3 out of flow 7000: Left
            9s   c3: play away
            10s  call 3 ended, Inbound normal: c3 Answered normal
            11s  ann in 8000: logged out, by request
            11s  reply: 8000 logged out
            12s  call 4 arrived
            12s  call 4 in flow 7000
            12s  call 4 at extension
            12s  c4: answer
            12s  c4: play which-extension
            13s  c4: stop playing
            13s  call 4 keyed 4 digits
            13s  c4: play tone-ringback again and again
            13s  ann: dial 1001 from c4
            14s  call 4 out of flow 7000: CallEnded
            14s  ann: end caller_gone
            14s  call 4 ended, Inbound caller_gone: c4 Answered normal, ann Cancelled caller_gone
            15s  call 5 arrived
            15s  call 5 in flow 7000
            15s  call 5 at extension
            15s  c5: answer
            15s  c5: play which-extension
            16s  c5: stop playing
            16s  call 5 keyed 4 digits
            16s  call 5 falls back: Unavailable
            16s  call 5 out of flow 7000: Left
            16s  c5: play away
            17s  call 5 ended, Inbound normal: c5 Answered normal
        "#]],
    );
}

#[test]
fn star_and_too_many_failures_take_their_own_ways() {
    check(
        &story("on bob\n1s c1 calls +4930123\n2s c1 presses *\n3s bob answers\n4s c1 hangs up"),
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at extension
            1s   c1: answer
            1s   c1: play which-extension
            2s   call 1 falls back: Star
            2s   call 1 out of flow 7000: Left
            2s   call 1 queued in 8001, position 1
            2s   call 1 offered to bob
            2s   bob in 8000: ringing
            2s   bob in 8001: ringing
            2s   c1: stop playing
            2s   c1: play music again and again
            2s   bob: dial 1002 from c1 for q8001
            3s   call 1 connected to bob by 8001 after 1000 ms
            3s   bob in 8000: other call 1
            3s   bob in 8001: queue call 1
            3s   c1 + bob: bridge
            4s   c1 + bob: unbridge
            4s   bob: end normal
            4s   bob in 8000: ready, available
            4s   bob in 8001: ready, available
            4s   call 1 ended, Inbound normal: c1 Answered normal, bob Answered normal; 8001 Answered in time
        "#]],
    );
    check(
        &story("1s c1 calls +4930123\n3s c1 heard\n10s c1 heard\n17s c1 heard\n24s c1 heard\n31s c1 heard"),
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at extension
            1s   c1: answer
            1s   c1: play which-extension
            8s   c1: play which-extension
            15s  c1: play which-extension
            22s  c1: play which-extension
            29s  call 1 falls back: RepeatsExhausted
            29s  call 1 out of flow 7000: Left
            29s  c1: play goodbye
            31s  c1: end normal
            31s  call 1 ended, Inbound normal: c1 Answered normal
        "#]],
    );
}

#[test]
fn a_caller_who_hangs_up_while_the_flow_rings_leaves_nobody_ringing() {
    check(
        &story("on ann\n1s c1 calls +4930123\n2s c1 presses 1001\n3s ann rings\n4s c1 hangs up"),
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at extension
            1s   c1: answer
            1s   c1: play which-extension
            2s   c1: stop playing
            2s   call 1 keyed 4 digits
            2s   ann in 8000: ready
            2s   c1: play tone-ringback again and again
            2s   ann: dial 1001 from c1
            4s   call 1 out of flow 7000: CallEnded
            4s   ann: end caller_gone
            4s   ann in 8000: ready, available
            4s   call 1 ended, Inbound caller_gone: c1 Answered normal, ann Cancelled caller_gone
        "#]],
    );
}

#[test]
fn an_agent_who_calls_a_flow_is_on_a_call_and_cannot_ring_herself() {
    check(
        &story("on ann\n1s ann calls 7000\n2s ann presses 1001\n4s ann hangs up"),
        expect![[r#"
        1s   call 1 arrived
        1s   call 1 in flow 7000
        1s   call 1 at extension
        1s   ann in 8000: other call 1
        1s   ann: answer
        1s   ann: play which-extension
        2s   ann: stop playing
        2s   call 1 keyed 4 digits
        2s   call 1 falls back: Busy
        2s   call 1 out of flow 7000: Left
        2s   call 1 queued in 8000, position 1
        2s   ann: play music again and again
        4s   call 1 left 8000: Abandoned
        4s   ann in 8000: ready, available
        4s   call 1 ended, Internal caller_gone: ann Answered normal; 8000 Abandoned
    "#]],
    );
}

#[test]
fn a_flow_that_is_changed_does_not_disturb_who_is_inside() {
    check(
        "
        queue 8000: ann; patient
        queue 8001: bob; patient
        step 7001 hello play hello end
        step 7001 end leave queue:8000
        1s c1 calls 7001
        2s provision step 7001 end leave queue:8001
        3s c2 calls 7001
        4s c1 heard
        5s c2 heard
        6s c1 hangs up
        7s c2 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7001
            1s   call 1 at hello
            1s   c1: answer
            1s   c1: play hello
            2s   provisioned
            3s   call 2 arrived
            3s   call 2 in flow 7001
            3s   call 2 at hello
            3s   c2: answer
            3s   c2: play hello
            4s   call 1 at end
            4s   call 1 out of flow 7001: Left
            4s   call 1 queued in 8000, position 1
            4s   c1: play music again and again
            5s   call 2 at end
            5s   call 2 out of flow 7001: Left
            5s   call 2 queued in 8001, position 1
            5s   c2: play music again and again
            6s   call 1 left 8000: Abandoned
            6s   call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
            7s   call 2 left 8001: Abandoned
            7s   call 2 ended, Inbound caller_gone: c2 Answered normal; 8001 Abandoned
        "#]],
    );
}

#[test]
fn a_flow_may_ring_first_and_lead_on_without_a_word() {
    check(
        "
        queue 8000: ann; moh=music
        step 7001 ring ring 3 go
        step 7001 go enqueue 8000 4
        1s c1 calls 7001
        2s c2 calls 7001
        2s c2 hangs up
        5s .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7001
            1s   call 1 at ring
            1s   c1: ring
            2s   call 2 arrived
            2s   call 2 in flow 7001
            2s   call 2 at ring
            2s   c2: ring
            2s   call 2 out of flow 7001: CallEnded
            2s   call 2 ended, Inbound caller_gone: c2 Cancelled normal
            4s   call 1 at go
            4s   call 1 out of flow 7001: Left
            4s   call 1 left 8000: NoAgents
            4s   c1: refuse unreachable
            4s   call 1 ended, Inbound unreachable: c1 Failed unreachable; 8000 NoAgents
        "#]],
    );
}

#[test]
fn what_is_secret_is_hidden_from_the_first_key_and_seen_again_when_the_flow_is_left() {
    check(
        "
        queue 8000: ann; patient
        step 7001 pin secret pin ask
        step 7001 ask ask gold bye
        step 7001 gold enqueue 8000 5
        step 7001 bye leave hangup
        1s c1 calls 7001
        2s c1 presses ????
        3s service answers tier=gold pin=1
        4s c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7001
            1s   call 1 at pin
            1s   c1: answer
            1s   c1: keys KeptAs("pin")
            1s   c1: play secret
            2s   c1: stop playing
            2s   call 1 keyed 4 digits pin
            2s   call 1 at ask
            2s   c1: keys Dropped
            2s   call 1: ask https://crm.example with pin
            3s   call 1 at gold
            3s   call 1 out of flow 7001: Left
            3s   call 1 queued in 8000, position 1
            3s   c1: keys Open
            3s   c1: play music again and again
            4s   call 1 left 8000: Abandoned
            4s   call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn a_service_that_does_not_answer_in_time_has_failed_and_its_late_answer_means_nothing() {
    check(
        "
        step 7001 ask ask gold bye
        step 7001 gold leave ext:1001
        step 7001 bye play bye end
        step 7001 end leave hangup
        1s c1 calls 7001
        9s service answers tier=gold
        10s c1 heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7001
            1s   call 1 at ask
            1s   call 1: ask https://crm.example with pin
            5s   call 1 at bye
            5s   c1: answer
            5s   c1: play bye
            10s  call 1 at end
            10s  call 1 out of flow 7001: Left
            10s  c1: end normal
            10s  call 1 ended, Inbound normal: c1 Answered normal
        "#]],
    );
}

#[test]
fn a_transfer_that_fails_goes_on_in_the_flow_in_the_language_that_was_chosen() {
    check(
        "
        queue 8000: bob; patient moh=music
        step 7001 lang language de ring
        step 7001 ring transfer ann sorry
        step 7001 sorry play sorry queue
        step 7001 queue leave queue:8000
        on ann
        1s c1 calls 7001
        3s ann over unreachable
        4s c1 heard
        5s c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7001
            1s   call 1 at lang
            1s   call 1 at ring
            1s   ann: dial 1001 from c1
            3s   call 1 falls back: Unavailable
            3s   call 1 at sorry
            3s   c1: answer
            3s   c1: play de/sorry
            4s   call 1 at queue
            4s   call 1 out of flow 7001: Left
            4s   call 1 queued in 8000, position 1
            4s   c1: play music again and again
            5s   call 1 left 8000: Abandoned
            5s   call 1 ended, Inbound caller_gone: c1 Answered normal, ann Failed unreachable; 8000 Abandoned
        "#]],
    );
}

#[test]
fn flows_that_lead_to_each_other_end_at_the_hop_limit() {
    check(
        "
        hops 3
        step 7001 a leave flow:7002
        step 7002 b leave flow:7001
        1s c1 calls 7001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7001
            1s   call 1 at a
            1s   call 1 out of flow 7001: Left
            1s   call 1 in flow 7002
            1s   call 1 at b
            1s   call 1 out of flow 7002: Left
            1s   call 1 in flow 7001
            1s   call 1 at a
            1s   call 1 out of flow 7001: Left
            1s   call 1 in flow 7002
            1s   call 1 at b
            1s   call 1 out of flow 7002: Left
            1s   c1: refuse congestion
            1s   call 1 ended, Inbound congestion: c1 Failed congestion
        "#]],
    );
}

#[test]
fn a_flow_calls_a_number_outside() {
    check(
        "
        step 7001 out leave out:+4930999
        1s c1 calls 7001
        2s +4930999 answers
        3s c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7001
            1s   call 1 at out
            1s   call 1 out of flow 7001: Left
            1s   +4930999: dial +4930999 by trunk 1 from c1
            2s   call 1 connected
            2s   c1: answer
            2s   c1 + +4930999: bridge
            3s   c1 + +4930999: unbridge
            3s   +4930999: end normal
            3s   call 1 ended, Inbound normal: c1 Answered normal, +4930999 Answered normal
        "#]],
    );
}

#[test]
fn a_restart_ends_callers_in_flows_with_their_records() {
    check(
        &story("on ann\n1s c1 calls +4930123\n2s c2 calls +4930123\n3s c2 presses 1001\n4s restart"),
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at extension
            1s   c1: answer
            1s   c1: play which-extension
            2s   call 2 arrived
            2s   call 2 in flow 7000
            2s   call 2 at extension
            2s   c2: answer
            2s   c2: play which-extension
            3s   c2: stop playing
            3s   call 2 keyed 4 digits
            3s   ann in 8000: ready
            3s   c2: play tone-ringback again and again
            3s   ann: dial 1001 from c2
            4s   call 1 out of flow 7000: CallEnded
            4s   call 2 out of flow 7000: CallEnded
            4s   ann gone
            4s   call 1 ended, Inbound node_restart: c1 Answered node_restart
            4s   call 2 ended, Inbound node_restart: c2 Answered node_restart, ann Cancelled node_restart
            4s   c1: end node_restart
            4s   c2: end node_restart
            4s   ann: end node_restart
        "#]],
    );
}
