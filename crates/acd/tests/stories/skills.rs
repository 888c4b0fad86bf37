//! What a call asks for, who knows it, and what is given up while the caller waits.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_call_waits_for_somebody_who_knows_and_the_next_passes_it() {
    check(
        "
        queue support: ann bob, wait 0s
        agent ann: knows french 2
        agent bob: knows french 5
        0s   ann login
        1s   caller 1 -> support needs french 4
        2s   caller 2 -> support
        3s   bob login
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; logged out: bob; lacks a skill: ann
            2s     queued     call 2  support, position 2
            2s     offered    call 2  ann (idle 2s, for 20s)
            2s     state      ann@support   ringing, offer 1
            3s     offered    call 1  bob (idle 0s, for 20s)
            3s     state      bob@support   ringing, offer 2
        "#]],
    );
}

#[test]
fn a_need_falls_while_the_caller_waits_and_the_very_moment_finds_somebody() {
    check(
        "
        queue support: ann, wait 0s, needs french 5 less 2 each 30s
        agent ann: knows french 1
        0s   ann login
        1s   caller 1 -> support
        70s  end
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; lacks a skill: ann
            61s    offered    call 1  ann (idle 61s, for 20s)
            61s    state      ann@support   ringing, offer 1
        "#]],
    );
}

#[test]
fn the_needs_of_the_number_dialed_stand_instead_of_the_queues() {
    check(
        "
        queue support: ann bob, linear, wait 0s, needs french 1
        agent ann: knows french 9
        agent bob: knows german 1
        member ann support: order 1
        member bob support: order 2
        0s   ann login
        0s   bob login
        1s   caller 1 -> support needs german 1
        2s   caller 2 -> support
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            0s     state      bob@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  bob (idle 1s, for 20s)
            1s     state      bob@support   ringing, offer 1
            2s     queued     call 2  support, position 2
            2s     offered    call 2  ann (idle 2s, for 20s)
            2s     state      ann@support   ringing, offer 2
        "#]],
    );
}

#[test]
fn what_an_agent_learns_counts_from_then_on() {
    check(
        "
        queue support: ann, wait 0s
        0s   ann login
        1s   caller 1 -> support needs french 2
        5s   config agent ann: knows french 2
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     waits      call 1  position 1; lacks a skill: ann
            5s     offered    call 1  ann (idle 5s, for 20s)
            5s     state      ann@support   ringing, offer 1
        "#]],
    );
}
