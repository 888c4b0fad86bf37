//! Prompts recorded by phone: who may, what is kept and what is not, and what a crash does.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_supervisor_records_a_prompt_hears_it_and_keeps_it() {
    check(
        "
        role ann supervisor
        up ann
        1s   ann calls *65
        2s   ann presses 1
        3s   ann presses 2
        4s   ann presses #
        5s   ann heard
        9s   ann presses #
        9s   recorded 1 4000
        13s  ann heard
        15s  ann presses 1
        15s  box 1001
        16s  kept 1
        17s  ann heard
        17s  erased 1
        17s  box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play record-number
            2s   ann: stop playing
            4s   ann: play tone-beep
            5s   ann: record 1 into 0, 300 s, silence 10 s
            9s   ann: stop recording
            9s   ann: play recording 1 of 0
            13s  ann: play record-menu
            15s  keep 1 as phone-12, by ann
                 box 1001: none; owed [Keeping(NewPrompt { record: RecordId(1), name: "phone-12", by: "ann" })]
            16s  erase 1 of 0
            16s  ann: play record-kept digit-1 digit-2
            17s  ann: end normal
            17s  call 1 ended, Internal normal: ann Answered normal
                 box 1001: none; owed []
        "#]],
    );
}

#[test]
fn what_did_not_come_out_well_is_recorded_again() {
    check(
        "
        role ann supervisor
        up ann
        1s   ann calls *65
        2s   ann presses 7
        12s  .
        13s  ann heard
        14s  ann presses *
        14s  recorded 1 800
        15s  ann heard
        20s  recorded 2 5000 silence
        21s  ann presses 3
        22s  ann heard
        23s  ann presses 2
        24s  ann heard
        25s  ann presses #
        25s  recorded 3 300
        26s  ann presses 8
        27s  ann presses #
        28s  ann heard
        30s  recorded 4 0 failed
        31s  ann heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play record-number
            2s   ann: stop playing
            12s  ann: play tone-beep
            13s  ann: record 1 into 0, 300 s, silence 10 s
            14s  ann: stop recording
            14s  ann: play tone-beep
            14s  erase 1 of 0
            15s  ann: record 2 into 0, 300 s, silence 10 s
            20s  ann: play recording 2 of 0
            21s  ann: play recording 2 of 0
            22s  ann: play record-menu
            23s  erase 2 of 0
            23s  ann: play tone-beep
            24s  ann: record 3 into 0, 300 s, silence 10 s
            25s  ann: stop recording
            25s  erase 3 of 0
            25s  ann: play vm-nothing-recorded record-number
            26s  ann: stop playing
            27s  ann: play tone-beep
            28s  ann: record 4 into 0, 300 s, silence 10 s
            30s  ann: play failed
            31s  ann: end normal
            31s  call 1 ended, Internal normal: ann Answered normal
        "#]],
    );
}

#[test]
fn who_hangs_up_before_the_end_has_kept_nothing() {
    check(
        "
        role ann supervisor
        up ann
        1s   ann calls *65
        2s   ann presses 1
        3s   ann presses #
        4s   ann heard
        5s   ann hangs up
        5s   recorded 1 1500
        11s  ann calls *65
        12s  ann presses 1
        13s  ann presses #
        14s  ann heard
        15s  recorded 2 2500
        16s  ann hangs up
        21s  ann calls *65
        22s  ann presses 1
        23s  ann presses #
        24s  ann heard
        25s  recorded 3 2500
        26s  ann presses 1
        27s  ann hangs up
        28s  kept 3
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play record-number
            2s   ann: stop playing
            3s   ann: play tone-beep
            4s   ann: record 1 into 0, 300 s, silence 10 s
            5s   call 1 ended, Internal normal: ann Answered normal
            5s   erase 1 of 0
            11s  call 2 arrived
            11s  ann: answer
            11s  ann: play record-number
            12s  ann: stop playing
            13s  ann: play tone-beep
            14s  ann: record 2 into 0, 300 s, silence 10 s
            15s  ann: play recording 2 of 0
            16s  call 2 ended, Internal normal: ann Answered normal
            16s  erase 2 of 0
            21s  call 3 arrived
            21s  ann: answer
            21s  ann: play record-number
            22s  ann: stop playing
            23s  ann: play tone-beep
            24s  ann: record 3 into 0, 300 s, silence 10 s
            25s  ann: play recording 3 of 0
            26s  keep 3 as phone-1, by ann
            27s  call 3 ended, Internal normal: ann Answered normal
            28s  erase 3 of 0
        "#]],
    );
}

#[test]
fn a_crash_loses_nothing_that_was_kept_and_leaves_no_file_of_what_was_not() {
    check(
        "
        role ann supervisor
        role bob supervisor
        up ann bob
        1s   ann calls *65
        1s   bob calls *65
        2s   ann presses 1
        2s   bob presses 2
        3s   ann presses #
        3s   bob presses #
        4s   ann heard
        4s   bob heard
        5s   recorded 1 2500
        5s   recorded 2 2500
        6s   ann presses 1
        9s   restart
        9s   box 1001
        10s  kept 1
        10s  erased 1
        10s  erased 2
        10s  box 1001
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play record-number
            1s   call 2 arrived
            1s   bob: answer
            1s   bob: play record-number
            2s   ann: stop playing
            2s   bob: stop playing
            3s   ann: play tone-beep
            3s   bob: play tone-beep
            4s   ann: record 1 into 0, 300 s, silence 10 s
            4s   bob: record 2 into 0, 300 s, silence 10 s
            5s   ann: play recording 1 of 0
            5s   bob: play recording 2 of 0
            6s   keep 1 as phone-1, by ann
            9s   ann gone
            9s   bob gone
            9s   call 1 ended, Internal node_restart: ann Answered node_restart
            9s   call 2 ended, Internal node_restart: bob Answered node_restart
            9s   ann: end node_restart
            9s   erase 2 of 0
            9s   bob: end node_restart
                 box 1001: none; owed [Erasing(MailboxId(0), RecordId(2)), Keeping(NewPrompt { record: RecordId(1), name: "phone-1", by: "ann" })]
            10s  erase 1 of 0
                 box 1001: none; owed []
        "#]],
    );
}

#[test]
fn prompts_are_for_supervisors_and_for_nobody_who_keys_in_nothing() {
    check(
        "
        role bob supervisor
        up ann bob
        1s   ann calls *65
        2s   ann heard
        3s   1090 calls *65
        4s   1090 heard
        5s   bob calls *658000
        6s   bob heard
        7s   bob calls *65
        8s   bob heard
        20s  bob heard
        40s  bob heard
        61s  bob heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play failed
            2s   ann: end normal
            2s   call 1 ended, Internal normal: ann Answered normal
            3s   call 2 arrived
            3s   1090: answer
            3s   1090: play failed
            4s   1090: end normal
            4s   call 2 ended, Internal normal: 1090 Answered normal
            5s   call 3 arrived
            5s   bob: answer
            5s   bob: play invalid-code
            6s   bob: end normal
            6s   call 3 ended, Internal normal: bob Answered normal
            7s   call 4 arrived
            7s   bob: answer
            7s   bob: play record-number
            18s  bob: play record-number
            30s  bob: play record-number
            50s  bob: play goodbye
            61s  bob: end normal
            61s  call 4 ended, Internal normal: bob Answered normal
        "#]],
    );
}

#[test]
fn a_prompt_that_could_not_be_made_is_told() {
    check(
        "
        role ann supervisor
        up ann
        1s   ann calls *65
        2s   ann presses 1
        3s   ann presses #
        4s   ann heard
        5s   recorded 1 2500
        6s   ann presses 1
        7s   not kept 1
        8s   ann heard
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   ann: answer
            1s   ann: play record-number
            2s   ann: stop playing
            3s   ann: play tone-beep
            4s   ann: record 1 into 0, 300 s, silence 10 s
            5s   ann: play recording 1 of 0
            6s   keep 1 as phone-1, by ann
            7s   erase 1 of 0
            7s   ann: play failed
            8s   ann: end normal
            8s   call 1 ended, Internal normal: ann Answered normal
        "#]],
    );
}

#[test]
fn who_has_a_role_of_the_domains_own_records_if_she_may_change_the_domain() {
    check(
        "
        role cid builder of provisioning
        up cid
        1s   cid calls *65
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   cid: answer
            1s   cid: play record-number
        "#]],
    );
}
