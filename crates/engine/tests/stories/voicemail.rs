//! Mailboxes: messages left, heard, deleted; who gets in; what a crash and a full disk do.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_caller_whom_nobody_answers_leaves_a_message() {
    check(
        "
        mailbox 1001
        up ann
        1s   c1 calls 1001
        2s   ann rings
        62s  c1 heard
        63s  c1 heard
        70s  c1 presses #
        70s  recorded 1 7200
        71s  c1 heard
        71s  box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from c1
            2s   c1: ring
            61s  ann: end no_answer
            61s  c1: answer
            61s  c1: play en/vm-leave-message
            62s  c1: play tone-beep
            63s  c1: record 1 into 1001, 180 s, silence 10 s
            70s  c1: stop recording
            70s  call 1 left message 1 in 1001, 8 s
            70s  lamp of 1001: 1 new, 0 old
            70s  c1: play en/vm-saved
            71s  c1: end normal
            71s  call 1 ended, Inbound normal: c1 Answered normal, ann NoAnswer no_answer
                 box 1001: 1 new, 0 old, 1 8 s new; owed []
        "#]],
    );
}

#[test]
fn who_hangs_up_while_speaking_has_left_a_message_too() {
    check(
        "
        mailbox 1001
        1s   c1 calls 1001
        2s   c1 presses #
        3s   c1 heard
        9s   c1 hangs up
        9s   recorded 1 5000
        9s   box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: answer
            1s   c1: play en/vm-leave-message
            2s   c1: play tone-beep
            3s   c1: record 1 into 1001, 180 s, silence 10 s
            9s   call 1 ended, Inbound normal: c1 Answered normal
            9s   call 1 left message 1 in 1001, 5 s
            9s   lamp of 1001: 1 new, 0 old
                 box 1001: 1 new, 0 old, 1 5 s new; owed []
        "#]],
    );
}

#[test]
fn a_queues_next_plan_leads_to_its_own_box_and_to_a_named_one() {
    check(
        "
        queue 8000: ann; on_no_agents=voicemail:leave-a-message
        queue 8001: ann; on_no_agents=box:8900
        queue 8002: ann; on_no_agents=voicemail:leave-a-message
        mailbox 8000
        mailbox 8900
        1s   c1 calls 8000
        2s   c1 hangs up
        3s   c2 calls 8001
        4s   c2 hangs up
        5s   c3 calls 8002
        6s   c3 heard
        7s   c4 calls 8900
        8s   c4 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 left 8000: NoAgents
            1s   c1: answer
            1s   c1: play leave-a-message
            2s   call 1 ended, Inbound normal: c1 Answered normal; 8000 NoAgents
            3s   call 2 arrived
            3s   call 2 left 8001: NoAgents
            3s   c2: answer
            3s   c2: play en/vm-leave-message
            4s   call 2 ended, Inbound normal: c2 Answered normal; 8001 NoAgents
            5s   call 3 arrived
            5s   call 3 left 8002: NoAgents
            5s   c3: answer
            5s   c3: play leave-a-message
            6s   c3: end queue_rule
            6s   call 3 ended, Inbound queue_rule: c3 Answered queue_rule; 8002 NoAgents
            7s   call 4 arrived
            7s   c4: answer
            7s   c4: play en/vm-leave-message
            8s   call 4 ended, Inbound normal: c4 Answered normal
        "#]],
    );
}

#[test]
fn the_greeting_is_that_of_the_reason_then_the_recorded_one_then_the_programs() {
    check(
        "
        mailbox 1001 busy=i-am-busy language=de
        up ann
        1s   c1 calls 1001
        2s   ann busy
        3s   c1 hangs up
        4s   c2 calls 1001
        5s   ann rings
        65s  c2 hangs up
        66s  ann calls *57
        67s  ann presses 0
        68s  ann presses 1
        69s  ann heard
        72s  ann presses #
        72s  recorded 1 3000
        73s  ann presses *
        73s  ann presses *
        74s  ann heard
        75s  c3 calls 1001
        76s  c3 over signalling_timeout
        76s  box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: dial 1001 from c1
            2s   c1: answer
            2s   c1: play i-am-busy
            3s   call 1 ended, Inbound normal: c1 Answered normal, ann Busy busy
            4s   call 2 arrived
            4s   ann: dial 1001 from c2
            5s   c2: ring
            64s  ann: end no_answer
            64s  c2: answer
            64s  c2: play de/vm-leave-message
            65s  call 2 ended, Inbound normal: c2 Answered normal, ann NoAnswer no_answer
            66s  call 3 arrived
            66s  ann: answer
            66s  ann: play de/vm-no-messages de/vm-main-menu
            67s  ann: play de/vm-greeting-menu
            68s  ann: play tone-beep
            69s  ann: record 1 into 1001, 180 s, silence 10 s
            72s  ann: stop recording
            72s  ann: play de/vm-greeting-saved de/vm-greeting-menu
            73s  ann: play de/vm-no-messages de/vm-main-menu
            73s  ann: play de/goodbye
            74s  ann: end normal
            74s  call 3 ended, Internal normal: ann Answered normal
            75s  call 4 arrived
            75s  ann: dial 1001 from c3
            76s  ann: end caller_gone
            76s  call 4 ended, Inbound signalling_timeout: c3 Failed signalling_timeout, ann Cancelled caller_gone
                 box 1001: 0 new, 0 old, greeting 1; owed []
        "#]],
    );
}

#[test]
fn too_short_a_message_is_none_and_a_star_begins_it_anew() {
    check(
        "
        mailbox 1001
        1s   c1 calls 1001
        2s   c1 heard
        3s   c1 heard
        4s   c1 presses *
        4s   recorded 1 1500
        4s   erased 1
        5s   c1 heard
        6s   recorded 2 900 silence
        6s   erased 2
        7s   c1 heard
        7s   box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: answer
            1s   c1: play en/vm-leave-message
            2s   c1: play tone-beep
            3s   c1: record 1 into 1001, 180 s, silence 10 s
            4s   c1: stop recording
            4s   c1: play tone-beep
            4s   erase 1 of 1001
            5s   c1: record 2 into 1001, 180 s, silence 10 s
            6s   erase 2 of 1001
            6s   c1: play en/vm-nothing-recorded
            7s   c1: end normal
            7s   call 1 ended, Inbound normal: c1 Answered normal
                 box 1001: 0 new, 0 old; owed []
        "#]],
    );
}

#[test]
fn a_full_disk_is_told_to_the_caller_and_costs_no_message_that_was_kept() {
    check(
        "
        mailbox 1001
        1s   c1 calls 1001
        2s   c1 heard
        3s   c1 heard
        9s   recorded 1 6000 silence
        10s  c1 heard
        11s  c2 calls 1001
        12s  c2 heard
        13s  c2 heard
        14s  recorded 2 0 failed
        15s  c2 heard
        15s  box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: answer
            1s   c1: play en/vm-leave-message
            2s   c1: play tone-beep
            3s   c1: record 1 into 1001, 180 s, silence 10 s
            9s   call 1 left message 1 in 1001, 6 s
            9s   lamp of 1001: 1 new, 0 old
            9s   c1: play en/vm-saved
            10s  c1: end normal
            10s  call 1 ended, Inbound normal: c1 Answered normal
            11s  call 2 arrived
            11s  c2: answer
            11s  c2: play en/vm-leave-message
            12s  c2: play tone-beep
            13s  c2: record 2 into 1001, 180 s, silence 10 s
            14s  call 2 could not leave its message in 1001
            14s  c2: play en/vm-failed
            15s  c2: end normal
            15s  call 2 ended, Inbound normal: c2 Answered normal
                 box 1001: 1 new, 0 old, 1 6 s new; owed []
        "#]],
    );
}

#[test]
fn a_full_box_takes_nothing_more_and_those_who_speak_count() {
    check(
        "
        mailbox 1001 max=1
        1s   c1 calls 1001
        2s   c1 heard
        3s   c1 heard
        4s   c2 calls 1001
        5s   c2 heard
        9s   recorded 1 6000 max
        10s  c1 heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: answer
            1s   c1: play en/vm-leave-message
            2s   c1: play tone-beep
            3s   c1: record 1 into 1001, 180 s, silence 10 s
            4s   call 2 arrived
            4s   c2: answer
            4s   c2: play en/vm-full
            5s   c2: end normal
            5s   call 2 ended, Inbound normal: c2 Answered normal
            9s   call 1 left message 1 in 1001, 6 s
            9s   lamp of 1001: 1 new, 0 old
            9s   c1: play en/vm-saved
            10s  c1: end normal
            10s  call 1 ended, Inbound normal: c1 Answered normal
        "#]],
    );
}

#[test]
fn the_keys_of_the_menu_do_what_they_say_and_the_lamp_follows() {
    check(
        "
        mailbox 1001
        1s   c1 calls 1001
        1s   c1 heard
        1s   c1 heard
        2s   c1 hangs up
        2s   recorded 1 2000
        3s   c2 calls 1001
        3s   c2 heard
        3s   c2 heard
        4s   c2 hangs up
        4s   recorded 2 2000
        60s  ann calls *57
        61s  ann heard
        62s  ann presses 1
        63s  ann heard
        64s  ann heard
        65s  ann heard
        66s  ann presses 9
        67s  ann presses 5
        68s  ann heard
        69s  ann heard
        70s  ann presses 1
        71s  ann presses 4
        72s  ann presses 6
        73s  ann presses 7
        74s  ann presses 2
        75s  ann presses 1
        76s  ann presses *
        77s  ann presses *
        78s  ann heard
        78s  erased 2
        78s  box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: answer
            1s   c1: play en/vm-leave-message
            1s   c1: play tone-beep
            1s   c1: record 1 into 1001, 180 s, silence 10 s
            2s   call 1 ended, Inbound normal: c1 Answered normal
            2s   call 1 left message 1 in 1001, 2 s
            2s   lamp of 1001: 1 new, 0 old
            3s   call 2 arrived
            3s   c2: answer
            3s   c2: play en/vm-leave-message
            3s   c2: play tone-beep
            3s   c2: record 2 into 1001, 180 s, silence 10 s
            4s   call 2 ended, Inbound normal: c2 Answered normal
            4s   call 2 left message 2 in 1001, 2 s
            4s   lamp of 1001: 2 new, 0 old
            60s  call 3 arrived
            60s  ann: answer
            60s  ann: play en/vm-you-have en/n-2 en/vm-new-messages en/vm-main-menu
            62s  ann: play en/vm-message en/n-1
            63s  ann: play recording 1 of 1001
            64s  message 1 in 1001 is old
            64s  lamp of 1001: 1 new, 1 old
            64s  ann: play en/vm-message-menu
            66s  message 1 in 1001 is new
            66s  lamp of 1001: 2 new, 0 old
            66s  ann: play en/vm-kept en/vm-message en/n-2
            67s  ann: play en/vm-from en/digit-2 en/vm-today en/midnight
            68s  ann: play recording 2 of 1001
            69s  message 2 in 1001 is old
            69s  lamp of 1001: 1 new, 1 old
            69s  ann: play en/vm-message-menu
            70s  ann: play recording 2 of 1001
            71s  ann: play en/vm-message en/n-1
            72s  ann: play en/vm-message en/n-2
            73s  message 2 in 1001 is gone: Deleted
            73s  erase 2 of 1001
            73s  lamp of 1001: 1 new, 0 old
            73s  ann: play en/vm-deleted en/vm-no-more-messages en/vm-you-have en/n-1 en/vm-new-message en/vm-main-menu
            74s  ann: play en/vm-no-saved-messages en/vm-you-have en/n-1 en/vm-new-message en/vm-main-menu
            75s  ann: play en/vm-message en/n-1
            76s  ann: play en/vm-you-have en/n-1 en/vm-new-message en/vm-main-menu
            77s  ann: play en/goodbye
            78s  ann: end normal
            78s  call 3 ended, Internal normal: ann Answered normal
                 box 1001: 1 new, 0 old, 1 2 s new; owed []
        "#]],
    );
}

#[test]
fn a_pin_is_asked_for_and_too_many_wrong_ones_lock_the_box_over_calls_and_a_restart() {
    check(
        "
        mailbox 1001 pin=4711
        1s   ann calls *57
        2s   ann presses 1
        2s   ann presses #
        3s   ann presses 2
        3s   ann presses #
        4s   ann presses 3
        4s   ann presses #
        5s   ann heard
        6s   ann calls *57
        7s   ann presses 4
        7s   ann presses #
        8s   ann presses 5
        8s   ann presses #
        9s   ann heard
        10s  restart
        11s  ann calls *57
        12s  ann presses 4
        12s  ann presses 7
        12s  ann presses 1
        12s  ann presses 1
        12s  ann presses #
        13s  ann heard
        909s ann calls *57
        910s ann presses 4
        910s ann presses 7
        910s ann presses 1
        910s ann presses 1
        910s ann presses #
        911s ann hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play en/vm-enter-pin
            2s   ann: stop playing
            2s   ann: play en/vm-wrong-pin en/vm-enter-pin
            3s   ann: stop playing
            3s   ann: play en/vm-wrong-pin en/vm-enter-pin
            4s   ann: stop playing
            4s   ann: play en/vm-wrong-pin en/goodbye
            5s   ann: end normal
            5s   call 1 ended, Internal normal: ann Answered normal
            6s   call 2 arrived
            6s   ann: answer
            6s   ann: play en/vm-enter-pin
            7s   ann: stop playing
            7s   ann: play en/vm-wrong-pin en/vm-enter-pin
            8s   ann: stop playing
            8s   1001 is locked until 908s
            8s   ann: play en/vm-locked
            9s   ann: end normal
            9s   call 2 ended, Internal normal: ann Answered normal
            11s  call 3 arrived
            11s  ann: answer
            11s  ann: play en/vm-enter-pin
            12s  ann: stop playing
            12s  ann: play en/vm-locked
            13s  ann: end normal
            13s  call 3 ended, Internal normal: ann Answered normal
            909s call 4 arrived
            909s ann: answer
            909s ann: play en/vm-enter-pin
            910s ann: stop playing
            910s ann: play en/vm-no-messages en/vm-main-menu
            911s call 4 ended, Internal normal: ann Answered normal
        "#]],
    );
}

#[test]
fn from_another_phone_the_number_is_asked_for_and_a_box_without_pin_stays_shut() {
    check(
        "
        mailbox 1001 pin=4711
        mailbox 1002
        1s   1090 calls *57
        2s   1090 presses 9
        2s   1090 presses 9
        2s   1090 presses 9
        2s   1090 presses #
        3s   1090 presses 1
        3s   1090 presses 0
        3s   1090 presses 0
        3s   1090 presses 1
        3s   1090 presses #
        4s   1090 presses 4
        4s   1090 presses 7
        4s   1090 presses 1
        4s   1090 presses 1
        14s  1090 hangs up
        15s  1090 calls *57
        16s  1090 presses 1
        16s  1090 presses 0
        16s  1090 presses 0
        16s  1090 presses 2
        16s  1090 presses #
        17s  1090 presses 0
        17s  1090 presses #
        18s  1090 hangs up
        19s  c1 calls 1001
        20s  c1 presses *
        21s  c1 hangs up
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   1090: answer
            1s   1090: play vm-enter-number
            2s   1090: stop playing
            2s   1090: play vm-no-mailbox vm-enter-number
            3s   1090: stop playing
            3s   1090: play en/vm-enter-pin
            4s   1090: stop playing
            14s  1090: play en/vm-no-messages en/vm-main-menu
            14s  call 1 ended, Internal normal: 1090 Answered normal
            15s  call 2 arrived
            15s  1090: answer
            15s  1090: play vm-enter-number
            16s  1090: stop playing
            16s  1090: play en/vm-enter-pin
            17s  1090: stop playing
            17s  1090: play en/vm-wrong-pin en/vm-enter-pin
            18s  call 2 ended, Internal normal: 1090 Answered normal
            19s  call 3 arrived
            19s  c1: answer
            19s  c1: play en/vm-leave-message
            20s  c1: play en/vm-enter-pin
            21s  call 3 ended, Inbound normal: c1 Answered normal
        "#]],
    );
}

#[test]
fn who_presses_nothing_is_asked_again_and_then_sent_home() {
    check(
        "
        mailbox 1001
        1s   ann calls *57
        2s   ann heard
        13s  ann heard
        24s  ann heard
        40s  ann heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play en/vm-no-messages en/vm-main-menu
            12s  ann: play en/vm-no-messages en/vm-main-menu
            23s  ann: play en/vm-no-messages en/vm-main-menu
            34s  ann: play goodbye
            40s  ann: end normal
            40s  call 1 ended, Internal normal: ann Answered normal
        "#]],
    );
}

#[test]
fn messages_lapse_after_the_days_of_their_box_and_go_with_it() {
    check(
        "
        mailbox 1001 days=1
        mailbox 1002
        1s   c1 calls 1001
        1s   c1 heard
        1s   c1 heard
        2s   c1 hangs up
        2s   recorded 1 2000
        3s   c2 calls 1002
        3s   c2 heard
        3s   c2 heard
        4s   c2 hangs up
        4s   recorded 2 2000
        5s   message 1002 2 read
        5s   message 1002 2 unread
        5s   message 1002 2 transcribed
        5s   message 1002 9 transcribed
        5s   message 1002 9 read
        5s   message 1009 1 delete
        86401s .
        86402s provision without mailbox 1002
        86403s erased 1
        86403s erased 2
        86403s box 1002
        86403s box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: answer
            1s   c1: play en/vm-leave-message
            1s   c1: play tone-beep
            1s   c1: record 1 into 1001, 180 s, silence 10 s
            2s   call 1 ended, Inbound normal: c1 Answered normal
            2s   call 1 left message 1 in 1001, 2 s
            2s   lamp of 1001: 1 new, 0 old
            3s   call 2 arrived
            3s   c2: answer
            3s   c2: play en/vm-leave-message
            3s   c2: play tone-beep
            3s   c2: record 2 into 1002, 180 s, silence 10 s
            4s   call 2 ended, Inbound normal: c2 Answered normal
            4s   call 2 left message 2 in 1002, 2 s
            4s   lamp of 1002: 1 new, 0 old
            5s   message 2 in 1002 is old
            5s   lamp of 1002: 0 new, 1 old
            5s   reply: done
            5s   message 2 in 1002 is new
            5s   lamp of 1002: 1 new, 0 old
            5s   reply: done
            5s   message 2 in 1002 was put into text
            5s   reply: done
            5s   reply: UnknownMessage
            5s   reply: UnknownMessage
            5s   reply: UnknownMailbox
            86401s message 1 in 1001 is gone: Lapsed
            86401s erase 1 of 1001
            86401s lamp of 1001: 0 new, 0 old
            86402s message 2 in 1002 is gone: MailboxGone
            86402s provisioned
            86402s erase 2 of 1002
                 box 1002: none; owed []
                 box 1001: 0 new, 0 old; owed []
        "#]],
    );
}

#[test]
fn what_was_being_recorded_when_the_process_ended_is_looked_for_afterwards() {
    check(
        "
        mailbox 1001
        1s   c1 calls 1001
        2s   c1 heard
        3s   c1 heard
        9s   restart
        9s   box 1001
        10s  recorded 1 6000
        10s  box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   c1: answer
            1s   c1: play en/vm-leave-message
            2s   c1: play tone-beep
            3s   c1: record 1 into 1001, 180 s, silence 10 s
            9s   call 1 ended, Inbound node_restart: c1 Answered node_restart
            9s   c1: end node_restart
                 box 1001: 0 new, 0 old; owed [Recording(MailboxId(1001), RecordId(1))]
            10s  call 1 left message 1 in 1001, 6 s
            10s  lamp of 1001: 1 new, 0 old
                 box 1001: 1 new, 0 old, 1 6 s new; owed []
        "#]],
    );
}

#[test]
fn a_greeting_is_written_by_request_heard_by_callers_and_its_file_goes_with_the_next_one() {
    check(
        "
        mailbox 1001
        up ann
        1s   greeting 1001 begin
        2s   greeting 1001 begin
        3s   greeting 1001 1 5000
        4s   greeting 1001 2 5000
        5s   c1 calls 1001
        6s   ann declines
        7s   c1 hangs up
        8s   greeting 1001 begin
        9s   greeting 1001 3 300
        10s  greeting 1001 remove
        11s  greeting 9999 begin
        ",
        expect![[r#"
            1s   reply: write 1
            2s   erase 1 of 1001
            2s   reply: write 2
            3s   reply: UnknownMessage
            4s   reply: done
            5s   call 1 arrived
            5s   ann: dial 1001 from c1
            6s   c1: answer
            6s   c1: play recording 2 of 1001
            7s   call 1 ended, Inbound normal: c1 Answered normal, ann Declined declined
            8s   reply: write 3
            9s   erase 3 of 1001
            9s   reply: done
            10s  erase 2 of 1001
            10s  reply: done
            11s  reply: UnknownMailbox
        "#]],
    );
}
