//! An agent's working hours begin and end (A50).

use expect_test::expect;

use crate::story::check;

#[test]
fn the_end_of_her_hours_waits_for_her_call_and_their_beginning_undoes_only_itself() {
    check(
        "
        queue support: ann
        queue sales: ann
        0s    ann login support
        1s    caller 1 -> support
        2s    ann accepts
        3s    ann hours end
        4s    ann hours begin
        5s    ann hours end
        6s    ann hangs up
        7s    ann hours begin
        8s    ann not-ready lunch
        9s    ann hours end
        10s   ann hours begin
        ",
        &expect![[r#"
            0s     state      ann@support   ready
            1s     queued     call 1  support, position 1
            1s     offered    call 1  ann (idle 1s, for 20s)
            1s     state      ann@support   ringing, offer 1
            2s     connected  call 1  ann (waited 1s)
            2s     state      ann@support   queue call 1
            3s     state      ann@support   queue call 1, then not ready: hours, since 2s
            4s     state      ann@support   queue call 1, since 2s
            5s     state      ann@support   queue call 1, then not ready: hours, since 2s
            6s     state      ann@support   not ready: hours
            7s     state      ann@support   ready
            8s     state      ann@support   not ready: lunch
        "#]],
    );
}
