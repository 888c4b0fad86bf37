//! The bytes of a hand-over: another version of the program reads them.

use borsh::BorshDeserialize;
use engine::{
    HandOver, HandedAgent, HandedCallback, HandedMembership, HandedPlace, HandedQueue, Reason, Wants,
};
use model::{AgentId, ExtensionNumber, ForwardWhen, Personal, Pii, QueueId, Timestamp};

fn sample() -> HandOver {
    let at = Timestamp::from_secs;
    let membership = |queue, wants, pending| HandedMembership {
        queue: QueueId(queue),
        logged_in_at: Some(at(1)),
        wants,
        pending,
        ready_asked: true,
        dropped: false,
        consecutive_missed: 2,
        answered: 3,
        answered_today: 4,
        missed: 5,
        last_rung: Some(at(6)),
        since: at(7),
    };
    let chosen = Reason::Chosen("lunch".into());
    HandOver {
        at: at(8),
        day: at(9),
        calls: 10,
        agents: vec![HandedAgent {
            agent: AgentId(11),
            awaited: true,
            wrap_up: Some(Some(at(12))),
            delayed_until: None,
            grace_until: Some(at(13)),
            last_call_end: None,
            memberships: vec![
                membership(14, Wants::Ready, None),
                membership(15, Wants::NotReady(chosen), Some(None)),
                membership(16, Wants::SingleCall(17, false), Some(Some(Reason::Set("rna".into())))),
            ],
        }],
        since: vec![(AgentId(11), at(18))],
        hours: vec![(AgentId(11), false)],
        queues: vec![HandedQueue {
            queue: QueueId(14),
            offered: 19,
            answered: 20,
            answered_in_time: 21,
            left: [22, 23, 24, 25, 26, 27, 35, 36, 37, 41],
            abandoned_late: 28,
            wait_ms: 29,
            talk_ms: 30,
            estimated: (38, 39, 40),
            callbacks: (42, 43, 44),
        }],
        sticky: vec![(Pii("+4930".into()), QueueId(14), AgentId(11), at(31))],
        places: vec![HandedPlace {
            queue: QueueId(14),
            number: Pii("+4930".into()),
            enqueued_at: at(32),
            received_at: at(33),
            priority: 34,
        }],
        callbacks: vec![HandedCallback {
            queue: QueueId(14),
            number: Pii("+4931".into()),
            caller: (Pii("+4930".into()), Pii("Cid".into())),
            dialed: "8000".into(),
            enqueued_at: at(45),
            received_at: at(46),
            requested_at: at(47),
            priority: 48,
        }],
        night_mode: true,
        queues_in_night_mode: vec![QueueId(14)],
        dnd: vec![(ExtensionNumber::parse("1001").expect("a number"), true)],
        personal: vec![(
            AgentId(11),
            Personal { phone: Some(Pii("+4917".into())), forward_when: ForwardWhen::NoAnswer },
        )],
    }
}

/// If this fails, a type was changed that must not be: see the head of `hand_over.rs`.
#[test]
fn the_bytes_of_a_hand_over_are_those_that_other_versions_read() {
    let bytes = borsh::to_vec(&sample()).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    expect_test::expect!["00127a000000000040548900000000000a00000000000000010000000b00000000000000010101001bb700000000000001405dc6000000000000030000000e000000000000000140420f00000000000000010002000000030000000000000004000000050000000000000001808d5b0000000000c0cf6a00000000000f000000000000000140420f00000000000100050000006c756e63680100010002000000030000000000000004000000050000000000000001808d5b0000000000c0cf6a000000000010000000000000000140420f00000000000211000000000000000001010103000000726e61010002000000030000000000000004000000050000000000000001808d5b0000000000c0cf6a0000000000010000000b0000000000000080a8120100000000010000000b0000000000000000010000000e0000000000000013000000000000001400000000000000150000000000000016000000000000001700000000000000180000000000000019000000000000001a000000000000001b00000000000000230000000000000024000000000000001c000000000000001d000000000000001e0000000000000001000000050000002b343933300e000000000000000b00000000000000c005d90100000000010000000e00000000000000050000002b343933300048e80100000000408af701000000002201010000000e0000000000000001000000040000003130303101010000000b0000000000000001050000002b3439313703"].assert_eq(&hex);
    assert_eq!(HandOver::try_from_slice(&bytes).unwrap(), sample());
    assert_eq!(HandOver::VERSION, 5);
}
