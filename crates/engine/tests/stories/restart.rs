//! The process ends without a word: calls end with their record, places in lines can be resumed.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_caller_who_dials_again_in_time_has_his_old_place_and_one_who_does_not_has_lost_it() {
    check(
        "
        queue 8000: ann; patient
        1s   +4930111 calls 8000
        2s   +4930333 calls 8000
        10s  restart
        20s  c9 calls 8000
        21s  +4930111 calls 8000
        131s +4930333 calls 8000
        140s ann up
        140s ann login
        141s ann answers
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +4930111: answer
            1s   +4930111: play music again and again
            2s   call 2 arrived
            2s   call 2 queued in 8000, position 2
            2s   +4930333: answer
            2s   +4930333: play music again and again
            10s  call 1 left 8000: Removed
            10s  call 2 left 8000: Removed
            10s  call 1 ended, Inbound node_restart: +4930111 Answered node_restart; 8000 Removed
            10s  call 2 ended, Inbound node_restart: +4930333 Answered node_restart; 8000 Removed
            10s  +4930111: end node_restart
            10s  +4930333: end node_restart
            20s  call 3 arrived
            20s  call 3 queued in 8000, position 1
            20s  c9: answer
            20s  c9: play music again and again
            21s  call 4 arrived
            21s  call 4 queued in 8000, position 1
            21s  +4930111: answer
            21s  +4930111: play music again and again
            131s call 5 arrived
            131s call 5 queued in 8000, position 3
            131s +4930333: answer
            131s +4930333: play music again and again
            140s ann registered
            140s ann in 8000: logged out
            140s call 4 offered to ann
            140s ann in 8000: ringing, by request
            140s ann: dial 1001 from +4930111 for q8000
            140s reply: 8000 ringing
            141s call 4 connected to ann by 8000 after 140000 ms
            141s ann in 8000: queue call 4
            141s +4930111 + ann: bridge
        "#]],
    );
}

#[test]
fn a_wait_that_ended_while_the_process_was_away_keeps_its_place_for_one_ring() {
    check(
        "
        queue 8000: ann; patient wait=30 ring=20 on_no_answer=hangup:goodbye
        1s   +4930111 calls 8000
        40s  restart late
        50s  c9 calls 8000
        51s  +4930111 calls 8000
        72s  .
        ",
        expect![[r#"
            1s   call 1 arrived
            1s   call 1 queued in 8000, position 1
            1s   +4930111: answer
            1s   +4930111: play music again and again
            40s  call 1 left 8000: OverflowTimeout
            40s  call 1 ended, Inbound node_restart: +4930111 Answered node_restart; 8000 OverflowTimeout
            40s  +4930111: end node_restart
            50s  call 2 arrived
            50s  call 2 queued in 8000, position 1
            50s  c9: answer
            50s  c9: play music again and again
            51s  call 3 arrived
            51s  call 3 queued in 8000, position 1
            51s  +4930111: answer
            51s  +4930111: play music again and again
            71s  call 3 left 8000: OverflowTimeout
            71s  +4930111: play goodbye
        "#]],
    );
}
