//! Business hours and night mode of numbers and queues: who reaches what, and when. Minutes of the day.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_number_takes_its_open_action_in_its_hours_and_its_closed_action_out_of_them() {
    check(
        "
        business day 1-2
        number +4930 ext:1090 hours=day closed=hangup:we-are-closed
        up 1090
        59s  c1 calls +4930
        59s  c1 heard
        60s  c2 calls +4930
        61s  c2 hangs up
        120s c3 calls +4930
        ",
        expect![[r#"
            59s  call 1 arrived
            59s  c1: answer
            59s  c1: play we-are-closed
            59s  c1: end normal
            59s  call 1 ended, Inbound normal: c1 Answered normal
            60s  call 2 arrived
            60s  1090: dial 1090 from c2
            61s  1090: end caller_gone
            61s  call 2 ended, Inbound caller_gone: c2 Cancelled normal, 1090 Cancelled caller_gone
            120s call 3 arrived
            120s c3: answer
            120s c3: play we-are-closed
        "#]],
    );
}

#[test]
fn a_holiday_is_stronger_than_the_hours_and_without_an_action_of_its_own_it_is_closed() {
    check(
        "
        business day 0-9 holiday:new-year
        number +4930 ext:1090 hours=day closed=hangup:we-are-closed holiday=hangup:happy-new-year
        number +4931 ext:1090 hours=day closed=hangup:we-are-closed
        number +4932 ext:1090 hours=day
        up 1090
        1s   c1 calls +4930
        2s   c2 calls +4931
        3s   c3 calls +4932
        4s   c4 calls +4933
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: answer
            1s   c1: play happy-new-year
            2s   call 2 arrived
            2s   c2: answer
            2s   c2: play we-are-closed
            3s   call 3 arrived
            3s   1090: dial 1090 from c3
            4s   call 4 arrived
            4s   c4: refuse not_found
            4s   call 4 ended, Inbound not_found: c4 Failed not_found
        "#]],
    );
}

#[test]
fn a_queue_out_of_its_hours_lets_nobody_in_and_counts_it() {
    check(
        "
        business day 1-2
        queue 8000: ann; hours=day on_closed=queue:8001
        queue 8001: ann; hours=day on_no_answer=hangup:goodbye
        on ann
        1s   c1 calls 8000
        2s   c1 heard
        60s  c2 calls 8000
        60s  ann answers
        120s c2 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 left 8000: Closed
            1s   call 1 left 8001: Closed
            1s   c1: answer
            1s   c1: play goodbye
            2s   c1: end queue_rule
            2s   call 1 ended, Inbound queue_rule: c1 Answered queue_rule; 8000 Closed; 8001 Closed
            60s  call 2 arrived
            60s  call 2 queued in 8000, position 1
            60s  call 2 offered to ann
            60s  ann in 8000: ringing
            60s  ann in 8001: ringing
            60s  c2: answer
            60s  c2: play music again and again
            60s  ann: dial 1001 from c2 for q8000
            60s  call 2 connected to ann by 8000 after 0 ms
            60s  ann in 8000: queue call 2
            60s  ann in 8001: other call 2
            60s  c2 + ann: bridge
            120s c2 + ann: unbridge
            120s ann: end normal
            120s ann in 8000: ready, available
            120s ann in 8001: ready, available
            120s call 2 ended, Inbound normal: c2 Answered normal, ann Answered normal; 8000 Answered in time
        "#]],
    );
}

#[test]
fn who_waits_when_the_hours_of_the_queue_end_stays_in_the_line() {
    check(
        "
        business day 0-1
        queue 8000: ann; hours=day patient on_closed=hangup:we-are-closed
        50s  c1 calls 8000
        70s  ann up
        70s  ann login
        71s  ann answers
        ",
        expect![[r#"
            50s  call 1 arrived
            50s  call 1 queued in 8000, position 1
            50s  c1: answer
            50s  c1: play music again and again
            70s  ann registered
            70s  ann in 8000: logged out
            70s  call 1 offered to ann
            70s  ann in 8000: ringing, by request
            70s  ann: dial 1001 from c1 for q8000
            70s  reply: 8000 ringing
            71s  call 1 connected to ann by 8000 after 21000 ms
            71s  ann in 8000: queue call 1
            71s  c1 + ann: bridge
        "#]],
    );
}

#[test]
fn night_mode_of_the_domain_changes_what_a_number_reaches_and_only_queues_with_a_plan_for_it() {
    check(
        "
        queue 8000: ann; patient on_night=hangup:good-night
        queue 8009: ann; patient
        number +4930 queue:8000 night=queue:8009
        number +4931 queue:8000
        on ann
        1s   night on
        2s   c1 calls +4930
        3s   c2 calls +4931
        4s   c3 calls 8000
        5s   night on
        6s   night off
        7s   c4 calls +4931
        ",
        expect![[r#"
            1s   night mode of the domain on, by request
            1s   reply: night mode
            2s   call 1 arrived
            2s   call 1 queued in 8009, position 1
            2s   call 1 offered to ann
            2s   ann in 8000: ringing
            2s   ann in 8009: ringing
            2s   c1: answer
            2s   c1: play music again and again
            2s   ann: dial 1001 from c1 for q8009
            3s   call 2 arrived
            3s   call 2 left 8000: Night
            3s   c2: answer
            3s   c2: play good-night
            4s   call 3 arrived
            4s   call 3 left 8000: Night
            4s   c3: answer
            4s   c3: play good-night
            5s   reply: night mode
            6s   night mode of the domain off, by request
            6s   reply: night mode
            7s   call 4 arrived
            7s   call 4 queued in 8000, position 1
            7s   c4: answer
            7s   c4: play music again and again
        "#]],
    );
}

#[test]
fn night_mode_of_a_queue_without_a_plan_of_its_own_is_as_nobody_answering() {
    check(
        "
        queue 8000: ann; patient on_no_answer=hangup:goodbye
        on ann
        1s   night on 8000
        2s   c1 calls 8000
        3s   night off 8000
        4s   c2 calls 8000
        5s   night on 8888
        ",
        expect![[r#"
            1s   night mode of 8000 on, by request
            1s   reply: night mode
            2s   call 1 arrived
            2s   call 1 left 8000: Night
            2s   c1: answer
            2s   c1: play goodbye
            3s   night mode of 8000 off, by request
            3s   reply: night mode
            4s   call 2 arrived
            4s   call 2 queued in 8000, position 1
            4s   call 2 offered to ann
            4s   ann in 8000: ringing
            4s   c2: answer
            4s   c2: play music again and again
            4s   ann: dial 1001 from c2 for q8000
            5s   reply: UnknownQueue
        "#]],
    );
}

#[test]
fn two_queues_in_night_mode_that_send_to_each_other_end_at_the_hop_limit() {
    check(
        "
        hops 2
        queue 8000: ann; on_night=queue:8001
        queue 8001: ann; on_night=queue:8000
        1s   night on
        2s   c1 calls 8000
        ",
        expect![[r#"
            1s   night mode of the domain on, by request
            1s   reply: night mode
            2s   call 1 arrived
            2s   call 1 left 8000: Night
            2s   call 1 left 8001: Night
            2s   call 1 left 8000: Night
            2s   c1: refuse congestion
            2s   call 1 ended, Inbound congestion: c1 Failed congestion; 8000 Night; 8001 Night; 8000 Night
        "#]],
    );
}

#[test]
fn a_supervisors_phone_turns_night_mode_over_and_hears_how_it_stands() {
    check(
        "
        queue 8000: ann; patient
        role ann supervisor
        up ann bob 1090
        1s   ann calls *16
        2s   ann heard
        3s   ann calls *168000
        4s   ann heard
        5s   ann calls *16
        6s   ann heard
        7s   bob calls *16
        8s   bob heard
        9s   1090 calls *16
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   night mode of the domain on, by code
            1s   ann: answer
            1s   ann: play night-mode-on
            2s   ann: end normal
            2s   call 1 ended, Internal normal: ann Answered normal
            3s   call 2 arrived
            3s   night mode of 8000 on, by code
            3s   ann: answer
            3s   ann: play night-mode-on in-queue digit-8 digit-0 digit-0 digit-0
            4s   ann: end normal
            4s   call 2 ended, Internal normal: ann Answered normal
            5s   call 3 arrived
            5s   night mode of the domain off, by code
            5s   ann: answer
            5s   ann: play night-mode-off
            6s   ann: end normal
            6s   call 3 ended, Internal normal: ann Answered normal
            7s   call 4 arrived
            7s   bob: answer
            7s   bob: play failed
            8s   bob: end normal
            8s   call 4 ended, Internal normal: bob Answered normal
            9s   call 5 arrived
            9s   1090: answer
            9s   1090: play failed
        "#]],
    );
}

#[test]
fn who_supervises_a_group_switches_its_queues_only_and_a_role_switches_by_its_right() {
    check(
        "
        queue 8000: ann; patient
        queue 8001: bob; patient
        queue 8002: zed; patient
        role ann supervisor
        group bob sales
        supervises ann sales
        role cid night-watch of night_mode
        role zed reader of read
        up ann cid zed
        1s   ann calls *16
        2s   ann heard
        3s   ann calls *168001
        4s   ann heard
        5s   ann calls *168000
        6s   ann heard
        7s   cid calls *16
        8s   cid heard
        9s   zed calls *16
        10s  zed heard
        11s  ann calls *65
        12s  ann heard
        13s  cid calls *65
        14s  cid heard
        15s  ann calls *168002
        16s  ann heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play failed
            2s   ann: end normal
            2s   call 1 ended, Internal normal: ann Answered normal
            3s   call 2 arrived
            3s   night mode of 8001 on, by code
            3s   ann: answer
            3s   ann: play night-mode-on in-queue digit-8 digit-0 digit-0 digit-1
            4s   ann: end normal
            4s   call 2 ended, Internal normal: ann Answered normal
            5s   call 3 arrived
            5s   night mode of 8000 on, by code
            5s   ann: answer
            5s   ann: play night-mode-on in-queue digit-8 digit-0 digit-0 digit-0
            6s   ann: end normal
            6s   call 3 ended, Internal normal: ann Answered normal
            7s   call 4 arrived
            7s   night mode of the domain on, by code
            7s   cid: answer
            7s   cid: play night-mode-on
            8s   cid: end normal
            8s   call 4 ended, Internal normal: cid Answered normal
            9s   call 5 arrived
            9s   zed: answer
            9s   zed: play failed
            10s  zed: end normal
            10s  call 5 ended, Internal normal: zed Answered normal
            11s  call 6 arrived
            11s  ann: answer
            11s  ann: play failed
            12s  ann: end normal
            12s  call 6 ended, Internal normal: ann Answered normal
            13s  call 7 arrived
            13s  cid: answer
            13s  cid: play failed
            14s  cid: end normal
            14s  call 7 ended, Internal normal: cid Answered normal
            15s  call 8 arrived
            15s  ann: answer
            15s  ann: play failed
            16s  ann: end normal
            16s  call 8 ended, Internal normal: ann Answered normal
        "#]],
    );
}

#[test]
fn night_mode_survives_a_restart_and_goes_with_its_queue() {
    check(
        "
        queue 8000: ann; patient on_night=hangup:good-night
        queue 8001: ann; patient on_night=hangup:good-night
        on ann
        1s   night on 8000
        2s   restart
        3s   c1 calls 8000
        4s   provision without queue 8000
        5s   provision queue 8000: ann; patient
        6s   c2 calls 8000
        ",
        expect![[r#"
            1s   night mode of 8000 on, by request
            1s   reply: night mode
            2s   ann gone
            2s   ann in 8000: ready
            2s   ann in 8001: ready
            3s   call 1 arrived
            3s   call 1 left 8000: Night
            3s   c1: answer
            3s   c1: play good-night
            4s   provisioned
            5s   ann in 8000: logged out
            5s   provisioned
            6s   call 2 arrived
            6s   call 2 queued in 8000, position 1
            6s   c2: answer
            6s   c2: play music again and again
        "#]],
    );
}

#[test]
fn what_if_says_each_step_and_what_follows_if_nobody_answers() {
    check(
        "
        business day 1-2 5-6
        queue 8000: ann bob; hours=day wait=60 on_no_answer=ext:1090 on_closed=queue:8001 full=3
        queue 8001: ann; patient wait=0
        hours ann day
        flow 7000 unavailable=queue:8000
        number +4930 queue:8000 hours=day closed=hangup:we-are-closed night=flow:7000
        number +4931 queue:8000
        number +4932 ext:4444
        1s   ask 4930 1
        1s   ask +4930 3
        1s   ask +4931 3
        1s   ask +4932 3
        1s   ask +4939 3
        2s   night on
        3s   ask +4930 1
        ",
        expect![[r#"
            60s: Number("+4930")
            60s: NightMode { queue: None, on: false }
            60s: Hours { hours: "day", opening: Open, until: Some(Timestamp(120000000)) }
            60s: Rule { rule: Open, action: Queue(ExtensionNumber("8000")) }
            60s: Queue(QueueId(8000))
            60s: NightMode { queue: Some(QueueId(8000)), on: false }
            60s: Hours { hours: "day", opening: Open, until: Some(Timestamp(120000000)) }
            60s: Waits { queue: QueueId(8000), longest: 60, working: (2, 2), waits_for_nobody: false }
            60s: Plan { outcome: NoAgents, action: Extension(ExtensionNumber("1090")), taken: false }
            60s: Plan { outcome: Full, action: Extension(ExtensionNumber("1090")), taken: false }
            120s: Plan { outcome: OverflowTimeout, action: Extension(ExtensionNumber("1090")), taken: true }
            120s: Rings { extension: ExtensionNumber("1090"), agent: None, works: None, longest: 30, forward_when: Never }
            150s: Ends { message: None }
            180s: Number("+4930")
            180s: NightMode { queue: None, on: false }
            180s: Hours { hours: "day", opening: Closed, until: Some(Timestamp(300000000)) }
            180s: Rule { rule: Closed, action: Hangup { message: Some("we-are-closed") } }
            180s: Ends { message: Some("we-are-closed") }
            180s: Number("+4931")
            180s: NightMode { queue: None, on: false }
            180s: Rule { rule: Open, action: Queue(ExtensionNumber("8000")) }
            180s: Queue(QueueId(8000))
            180s: NightMode { queue: Some(QueueId(8000)), on: false }
            180s: Hours { hours: "day", opening: Closed, until: Some(Timestamp(300000000)) }
            180s: Plan { outcome: Closed, action: Queue(ExtensionNumber("8001")), taken: true }
            180s: Queue(QueueId(8001))
            180s: NightMode { queue: Some(QueueId(8001)), on: false }
            180s: Waits { queue: QueueId(8001), longest: 0, working: (0, 1), waits_for_nobody: true }
            180s: Number("+4932")
            180s: NightMode { queue: None, on: false }
            180s: Rule { rule: Open, action: Extension(ExtensionNumber("4444")) }
            180s: Nowhere(ExtensionNumber("4444"))
            no such number
            2s   night mode of the domain on, by request
            2s   reply: night mode
            60s: Number("+4930")
            60s: NightMode { queue: None, on: true }
            60s: Rule { rule: Night, action: Flow(ExtensionNumber("7000")) }
            60s: Flow(FlowId(7000))
        "#]],
    );
}

#[test]
fn what_if_ends_where_plans_go_round_in_circles() {
    check(
        "
        hops 2
        queue 8000: ann; wait=15 patient on_no_answer=queue:8001
        queue 8001: ann; wait=15 patient on_no_answer=queue:8000
        number +4930 queue:8000
        1s   ask +4930 1
        ",
        expect![[r#"
            60s: Number("+4930")
            60s: NightMode { queue: None, on: false }
            60s: Rule { rule: Open, action: Queue(ExtensionNumber("8000")) }
            60s: Queue(QueueId(8000))
            60s: NightMode { queue: Some(QueueId(8000)), on: false }
            60s: Waits { queue: QueueId(8000), longest: 15, working: (1, 1), waits_for_nobody: true }
            75s: Plan { outcome: OverflowTimeout, action: Queue(ExtensionNumber("8001")), taken: true }
            75s: Queue(QueueId(8001))
            75s: NightMode { queue: Some(QueueId(8001)), on: false }
            75s: Waits { queue: QueueId(8001), longest: 15, working: (1, 1), waits_for_nobody: true }
            90s: Plan { outcome: OverflowTimeout, action: Queue(ExtensionNumber("8000")), taken: true }
            90s: Queue(QueueId(8000))
            90s: NightMode { queue: Some(QueueId(8000)), on: false }
            90s: Waits { queue: QueueId(8000), longest: 15, working: (1, 1), waits_for_nobody: true }
            105s: Plan { outcome: OverflowTimeout, action: Queue(ExtensionNumber("8001")), taken: true }
            105s: HopLimit(2)
        "#]],
    );
}
