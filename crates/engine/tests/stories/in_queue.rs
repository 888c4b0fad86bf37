//! What those who wait hear, and the key that leads out of the line. An answer cuts whatever plays.

use expect_test::expect;

use crate::story::check;

#[test]
fn an_introduction_is_cut_by_an_answer() {
    check(
        "
        queue 8000: ann; intro=welcome
        on ann
        1s   c1 calls 8000
        2s   ann rings
        3s   ann answers
        4s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play welcome
            1s   ann: dial 1001 from c1 for q8000
            3s   call 1 connected to ann by 8000 after 2000 ms
            3s   ann in 8000: queue call 1
            3s   c1 + ann: bridge
            4s   c1 + ann: unbridge
            4s   ann: end normal
            4s   ann in 8000: ready, available
            4s   call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn a_whole_introduction_is_heard_before_anybody_is_rung_and_costs_no_place() {
    check(
        "
        queue 8000: ann; whole=welcome wrap=1
        on ann
        1s   c1 calls 8000
        2s   c2 calls 8000
        3s   c2 heard
        4s   ann answers
        5s   c1 heard
        6s   c2 hangs up
        7s   .
        8s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play welcome
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   c2: answer
            2s   c2: play welcome
            3s   call 2 has heard the introduction
            3s   call 2 offered to ann
            3s   ann in 8000: ringing
            3s   c2: play music again and again
            3s   ann: dial 1001 from c2 for q8000
            4s   call 2 connected to ann by 8000 after 2000 ms
            4s   ann in 8000: queue call 2
            4s   c2 + ann: bridge
            5s   call 1 has heard the introduction
            5s   c1: play music again and again
            6s   c2 + ann: unbridge
            6s   ann: end normal
            6s   ann in 8000: wrap-up
            6s   call 2 ended, Inbound normal: c2 Answered normal, ann Answered normal; 8000 Answered in time
            7s   call 1 offered to ann
            7s   ann in 8000: ringing
            7s   ann: dial 1001 from c1 for q8000
            8s   call 1 not taken by ann: CallerGone
            8s   call 1 left 8000: Abandoned
            8s   ann in 8000: ready, available
            8s   ann: end caller_gone
            8s   call 1 ended, Inbound caller_gone: c1 Answered normal, ann Cancelled caller_gone; 8000 Abandoned
        "#]],
    );
}

#[test]
fn an_introduction_whose_end_is_never_told_holds_nobody_for_ever() {
    check(
        "
        queue 8000: ann; whole=welcome
        on ann
        1s   c1 calls 8000
        121s .
        122s ann answers
        123s c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play welcome
            121s call 1 has heard the introduction
            121s call 1 offered to ann
            121s ann in 8000: ringing
            121s c1: play music again and again
            121s ann: dial 1001 from c1 for q8000
            122s call 1 connected to ann by 8000 after 121000 ms
            122s ann in 8000: queue call 1
            122s c1 + ann: bridge
            123s c1 + ann: unbridge
            123s ann: end normal
            123s ann in 8000: ready, available
            123s call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered late
        "#]],
    );
}

#[test]
fn a_caller_who_is_held_counts_for_the_limits_of_the_line_and_may_leave() {
    check(
        "
        queue 8000: ann; whole=welcome full=1 wait=15 on_full=hangup:queue-full
        on ann
        1s   c1 calls 8000
        2s   c2 calls 8000
        3s   c2 hangs up
        16s  .
        17s  c3 calls 8000
        18s  c3 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play welcome
            2s   call 2 arrived
            2s   call 2 left 8000: Full
            2s   c2: answer
            2s   c2: play queue-full
            3s   call 2 ended, Inbound queue_rule: c2 Answered normal; 8000 Full
            16s  call 1 left 8000: OverflowTimeout
            16s  c1: end queue_rule
            16s  call 1 ended, Inbound queue_rule: c1 Answered queue_rule; 8000 OverflowTimeout
            17s  call 3 arrived
            17s  call 3 queued in 8000, position 1
            17s  c3: answer
            17s  c3: play welcome
            18s  call 3 left 8000: Abandoned
            18s  call 3 ended, Inbound caller_gone: c3 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn places_are_told_at_first_and_then_only_when_they_are_better() {
    check(
        "
        queue 8000: ann; place=10 patient wait=0
        1s   c1 calls 8000
        2s   c2 calls 8000
        3s   c2 heard
        4s   c1 heard
        25s  c1 hangs up
        40s  c2 heard
        60s  vip calls 8000
        61s  vip hangs up
        80s  c2 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            1s   c1: play en/you-are-next
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   c2: answer
            2s   c2: play music again and again
            2s   c2: play en/you-are-number en/n-2 en/in-line
            3s   c2: play music again and again
            4s   c1: play music again and again
            25s  call 1 left 8000: Abandoned
            25s  call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
            33s  c2: play en/you-are-next
            40s  c2: play music again and again
            60s  call 3 arrived
            60s  call 3 queued in 8000, position 2
            60s  vip: answer
            60s  vip: play music again and again
            60s  vip: play en/you-are-number en/n-2 en/in-line
            61s  call 3 left 8000: Abandoned
            61s  call 3 ended, Inbound caller_gone: vip Answered normal; 8000 Abandoned
            80s  call 2 left 8000: Abandoned
            80s  call 2 ended, Inbound caller_gone: c2 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn who_is_put_behind_a_caller_of_higher_priority_is_not_told() {
    check(
        "
        queue 8000: ann; place=10 patient wait=0
        vip +49999 9
        1s   c1 calls 8000
        1s   c2 calls 8000
        2s   c2 heard
        2s   c1 heard
        3s   +49999 calls 8000
        30s  .
        31s  c1 hangs up
        45s  .
        46s  +49999 hangs up
        60s  c2 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            1s   c1: play en/you-are-next
            1s   call 2 arrived
            1s   call 2 queued in 8000, position 2
            1s   c2: answer
            1s   c2: play music again and again
            1s   c2: play en/you-are-number en/n-2 en/in-line
            2s   c2: play music again and again
            2s   c1: play music again and again
            3s   call 3 arrived
            3s   call 3 queued in 8000, position 1
            3s   +49999: answer
            3s   +49999: play music again and again
            3s   +49999: play en/you-are-next
            31s  call 1 left 8000: Abandoned
            31s  call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
            46s  call 3 left 8000: Abandoned
            46s  call 3 ended, Inbound caller_gone: +49999 Answered normal; 8000 Abandoned
            52s  c2: play en/you-are-next
            60s  call 2 left 8000: Abandoned
            60s  call 2 ended, Inbound caller_gone: c2 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn a_wait_is_told_from_what_calls_took_and_what_came_of_it_is_counted() {
    check(
        "
        queue 8000: ann; place_wait=10 patient wait=0
        on ann
        1s   c1 calls 8000
        2s   ann answers
        182s c1 hangs up
        183s c2 calls 8000
        184s ann answers
        185s c3 calls 8000
        188s c3 heard
        250s c2 hangs up
        251s ann answers
        252s c3 hangs up
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
            182s c1 + ann: unbridge
            182s ann: end normal
            182s ann in 8000: ready, available
            182s call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered in time
            183s call 2 arrived
            183s call 2 queued in 8000, position 1
            183s call 2 offered to ann
            183s ann in 8000: ringing
            183s c2: answer
            183s c2: play music again and again
            183s ann: dial 1001 from c2 for q8000
            184s call 2 connected to ann by 8000 after 1000 ms
            184s ann in 8000: queue call 2
            184s c2 + ann: bridge
            185s call 3 arrived
            185s call 3 queued in 8000, position 1
            185s c3: answer
            185s c3: play music again and again
            185s c3: play en/you-are-next en/your-wait-is en/about en/n-3 en/minutes
            188s c3: play music again and again
            250s c2 + ann: unbridge
            250s ann: end normal
            250s call 3 offered to ann
            250s ann in 8000: ringing
            250s call 2 ended, Inbound normal: c2 Answered normal, ann Answered normal; 8000 Answered in time
            250s ann: dial 1001 from c3 for q8000
            251s call 3 connected to ann by 8000 after 66000 ms
            251s ann in 8000: queue call 3
            251s c3 + ann: bridge
            252s c3 + ann: unbridge
            252s ann: end normal
            252s ann in 8000: ready, available
            252s call 3 ended, Inbound normal: c3 Answered normal, ann Answered normal; 8000 Answered late
        "#]],
    );
}

#[test]
fn announcements_are_heard_in_turn_with_music_between_them() {
    check(
        "
        queue 8000: ann; every=20:patience,website patient
        1s   c1 calls 8000
        22s  .
        25s  c1 heard
        46s  c1 heard
        66s  .
        70s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            21s  c1: play patience
            25s  c1: play music again and again
            45s  c1: play website
            46s  c1: play music again and again
            66s  c1: play patience
            70s  call 1 left 8000: Abandoned
            70s  call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn an_answer_joins_the_two_in_the_midst_of_an_announcement() {
    check(
        "
        queue 8000: ann; every=20:patience patient
        1s   c1 calls 8000
        21s  .
        22s  ann up
        22s  ann login
        22s  ann ready
        23s  ann answers
        23s  c1 heard
        24s  ann hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            21s  c1: play patience
            22s  ann registered
            22s  ann in 8000: logged out
            22s  call 1 offered to ann
            22s  ann in 8000: ringing, by request
            22s  ann: dial 1001 from c1 for q8000
            22s  reply: 8000 ringing
            22s  reply: 8000 ringing
            23s  call 1 connected to ann by 8000 after 22000 ms
            23s  ann in 8000: queue call 1
            23s  c1 + ann: bridge
            24s  ann in 8000: ready, available
            24s  ann + c1: unbridge
            24s  c1: end normal
            24s  call 1 ended, Inbound normal: c1 Answered normal, ann Answered normal; 8000 Answered late
        "#]],
    );
}

#[test]
fn what_a_line_says_ends_with_the_stay_in_it() {
    check(
        "
        queue 8000: ann; every=20:patience patient wait=25 on_no_answer=queue:8001
        queue 8001: ann; patient
        1s   c1 calls 8000
        26s  .
        27s  c1 heard
        99s  .
        100s c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            21s  c1: play patience
            26s  call 1 left 8000: OverflowTimeout
            26s  call 1 queued in 8001, position 1
            26s  c1: play music again and again
            100s call 1 left 8001: Abandoned
            100s call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 OverflowTimeout; 8001 Abandoned
        "#]],
    );
}

#[test]
fn a_phone_that_a_plan_rings_is_waited_for_with_music_not_in_silence() {
    check(
        "
        queue 8000: ann; every=20:patience patient wait=25 on_no_answer=ext:1090
        up 1090
        1s   c1 calls 8000
        26s  1090 rings
        27s  1090 answers
        28s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            21s  c1: play patience
            26s  call 1 left 8000: OverflowTimeout
            26s  c1: play music again and again
            26s  1090: dial 1090 from c1
            27s  call 1 connected
            27s  c1 + 1090: bridge
            28s  c1 + 1090: unbridge
            28s  1090: end normal
            28s  call 1 ended, Inbound normal: c1 Answered normal, 1090 Answered normal; 8000 OverflowTimeout
        "#]],
    );
}

#[test]
fn the_key_leads_out_whoever_is_being_rung() {
    check(
        "
        queue 8000: ann; exit=8>hangup:goodbye
        on ann
        1s   c1 calls 8000
        2s   ann rings
        3s   c1 presses 7
        4s   c1 presses 8
        6s   c1 heard
        7s   ask 8000 0
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   call 1 offered to ann
            1s   ann in 8000: ringing
            1s   c1: answer
            1s   c1: play music again and again
            1s   ann: dial 1001 from c1 for q8000
            4s   call 1 not taken by ann: CallerGone
            4s   call 1 left 8000: Exited
            4s   ann in 8000: ready, available
            4s   ann: end caller_gone
            4s   c1: play goodbye
            6s   c1: end queue_rule
            6s   call 1 ended, Inbound queue_rule: c1 Answered queue_rule, ann Cancelled caller_gone; 8000 Exited
            no such number
        "#]],
    );
}

#[test]
fn the_key_means_nothing_to_who_talks_and_leads_to_a_queue_with_its_own_introduction() {
    check(
        "
        queue 8000: ann; whole=welcome exit=8>queue:8001 patient
        queue 8001: ann bob; intro=hello-again exit=9>ext:1090
        up 1090
        on bob
        1s   c1 calls 8000
        2s   c1 presses 8
        3s   bob answers
        4s   c1 presses 9
        5s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play welcome
            2s   call 1 left 8000: Exited
            2s   call 1 queued in 8001, position 1
            2s   call 1 offered to bob
            2s   bob in 8001: ringing
            2s   c1: play music again and again
            2s   c1: play hello-again
            2s   bob: dial 1002 from c1 for q8001
            3s   call 1 connected to bob by 8001 after 1000 ms
            3s   bob in 8001: queue call 1
            3s   c1 + bob: bridge
            5s   c1 + bob: unbridge
            5s   bob: end normal
            5s   bob in 8001: ready, available
            5s   call 1 ended, Inbound normal: c1 Answered normal, bob Answered normal; 8000 Exited; 8001 Answered in time
        "#]],
    );
}

#[test]
fn rules_that_change_while_a_caller_listens_are_those_of_what_comes_next() {
    check(
        "
        queue 8000: ann; every=20:patience,website place=20 patient wait=0
        1s   c1 calls 8000
        2s   c1 heard
        21s  .
        22s  provision queue 8000: ann; patient wait=0
        23s  c1 heard
        99s  .
        100s provision queue 8000: ann; every=10:website patient wait=0
        150s c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            1s   c1: play en/you-are-next
            2s   c1: play music again and again
            21s  c1: play patience
            22s  provisioned
            23s  c1: play music again and again
            100s provisioned
            150s call 1 left 8000: Abandoned
            150s call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn a_restart_ends_what_plays_and_who_comes_back_hears_it_anew() {
    check(
        "
        queue 8000: ann; whole=welcome place=10 patient
        1s   +491 calls 8000
        2s   +491 heard
        3s   restart
        4s   +491 calls 8000
        5s   +491 heard
        6s   +491 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +491: answer
            1s   +491: play welcome
            2s   call 1 has heard the introduction
            2s   +491: play en/you-are-next
            3s   call 1 left 8000: Removed
            3s   call 1 ended, Inbound node_restart: +491 Answered node_restart; 8000 Removed
            3s   +491: end node_restart
            4s   call 2 arrived
            4s   call 2 queued in 8000, position 1
            4s   +491: answer
            4s   +491: play welcome
            5s   call 2 has heard the introduction
            5s   +491: play en/you-are-next
            6s   call 2 left 8000: Abandoned
            6s   call 2 ended, Inbound caller_gone: +491 Answered normal; 8000 Abandoned
        "#]],
    );
}

#[test]
fn places_are_told_in_the_language_that_a_flow_has_chosen() {
    check(
        "
        queue 8000: ann; place=10 patient
        step 7000 german language de out
        step 7000 out leave queue:8000
        1s   c1 calls 7000
        2s   c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 in flow 7000
            1s   call 1 at german
            1s   call 1 at out
            1s   call 1 out of flow 7000: Left
            1s   call 1 queued in 8000, position 1
            1s   c1: answer
            1s   c1: play music again and again
            1s   c1: play de/you-are-next
            2s   call 1 left 8000: Abandoned
            2s   call 1 ended, Inbound caller_gone: c1 Answered normal; 8000 Abandoned
        "#]],
    );
}
