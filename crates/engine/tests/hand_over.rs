//! The bytes of a hand-over: another version of the program reads them.

use std::sync::Arc;
use std::time::Duration;

use borsh::BorshDeserialize;
use engine::{
    Engine, FirstIds, HandOver, HandOver6, HandedAgent, HandedCallback, HandedMailbox, HandedMembership,
    HandedMessage, HandedPlace, HandedQueue, Input, Limits, Reason, Unfinished, Wants,
};
use model::{
    AgentId, CallId, Directory, ExtensionNumber, ForwardWhen, LegId, Mailbox, MailboxId, OfferId, Personal,
    Pii, PlayId, QueueId, RecordId, Tenant, TenantId, Timestamp,
};

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
    let message = |record, read| HandedMessage {
        record: RecordId(record),
        caller: (Pii("+4930".into()), Pii("Bob".into())),
        at: at(46),
        seconds: 47,
        read,
        text: read.then(|| Pii("Hello".into())),
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
        mailboxes: vec![HandedMailbox {
            mailbox: MailboxId(37),
            messages: vec![message(38, true)],
            greeting: Some(RecordId(39)),
            failures: 40,
            locked_until: Some(at(41)),
            under_way: vec![(Some(CallId(42)), message(43, false)), (None, message(44, false))],
            erasing: vec![RecordId(45)],
        }],
        private_links: vec![(AgentId(11), true)],
    }
}

/// If this fails, a type was changed that must not be: see the head of `hand_over.rs`.
#[test]
fn the_bytes_of_a_hand_over_are_those_that_other_versions_read() {
    let bytes = borsh::to_vec(&sample()).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    expect_test::expect!["00127a000000000040548900000000000a00000000000000010000000b00000000000000010101001bb700000000000001405dc6000000000000030000000e000000000000000140420f00000000000000010002000000030000000000000004000000050000000000000001808d5b0000000000c0cf6a00000000000f000000000000000140420f00000000000100050000006c756e63680100010002000000030000000000000004000000050000000000000001808d5b0000000000c0cf6a000000000010000000000000000140420f00000000000211000000000000000001010103000000726e61010002000000030000000000000004000000050000000000000001808d5b0000000000c0cf6a0000000000010000000b0000000000000080a8120100000000010000000b0000000000000000010000000e0000000000000013000000000000001400000000000000150000000000000016000000000000001700000000000000180000000000000019000000000000001a000000000000001b0000000000000023000000000000002400000000000000250000000000000029000000000000001c000000000000001d000000000000001e000000000000002600000000000000270000000000000028000000000000002a000000000000002b000000000000002c0000000000000001000000050000002b343933300e000000000000000b00000000000000c005d90100000000010000000e00000000000000050000002b343933300048e80100000000408af7010000000022010000000e00000000000000050000002b34393331050000002b3439333003000000436964040000003830303040a5ae020000000080e7bd0200000000c029cd02000000003001010000000e0000000000000001000000040000003130303101010000000b0000000000000001050000002b3439313703010000002500000000000000010000002600000000000000050000002b3439333003000000426f6280e7bd02000000002f00000001010500000048656c6c6f0127000000000000002800000001409c71020000000002000000012a000000000000002b00000000000000050000002b3439333003000000426f6280e7bd02000000002f0000000000002c00000000000000050000002b3439333003000000426f6280e7bd02000000002f0000000000010000002d00000000000000010000000b0000000000000001"].assert_eq(&hex);
    assert_eq!(HandOver::try_from_slice(&bytes).unwrap(), sample());
    assert_eq!(HandOver::VERSION, 7);
}

/// What version 6 has left is all there, and of call links nothing was set.
#[test]
fn the_bytes_of_version_6_are_read() {
    let hex = "00127a000000000040548900000000000a00000000000000010000000b00000000000000010101001bb700000000000001405dc6000000000000030000000e000000000000000140420f00000000000000010002000000030000000000000004000000050000000000000001808d5b0000000000c0cf6a00000000000f000000000000000140420f00000000000100050000006c756e63680100010002000000030000000000000004000000050000000000000001808d5b0000000000c0cf6a000000000010000000000000000140420f00000000000211000000000000000001010103000000726e61010002000000030000000000000004000000050000000000000001808d5b0000000000c0cf6a0000000000010000000b0000000000000080a8120100000000010000000b0000000000000000010000000e0000000000000013000000000000001400000000000000150000000000000016000000000000001700000000000000180000000000000019000000000000001a000000000000001b0000000000000023000000000000002400000000000000250000000000000029000000000000001c000000000000001d000000000000001e000000000000002600000000000000270000000000000028000000000000002a000000000000002b000000000000002c0000000000000001000000050000002b343933300e000000000000000b00000000000000c005d90100000000010000000e00000000000000050000002b343933300048e80100000000408af7010000000022010000000e00000000000000050000002b34393331050000002b3439333003000000436964040000003830303040a5ae020000000080e7bd0200000000c029cd02000000003001010000000e0000000000000001000000040000003130303101010000000b0000000000000001050000002b3439313703010000002500000000000000010000002600000000000000050000002b3439333003000000426f6280e7bd02000000002f00000001010500000048656c6c6f0127000000000000002800000001409c71020000000002000000012a000000000000002b00000000000000050000002b3439333003000000426f6280e7bd02000000002f0000000000002c00000000000000050000002b3439333003000000426f6280e7bd02000000002f0000000000010000002d00000000000000";
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("a byte");
    let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
    let six = HandOver6::try_from_slice(&bytes).expect("version 6");
    assert_eq!(HandOver::from(six), HandOver { private_links: Vec::new(), ..sample() });
}

/// An engine that has mailbox 37, whose messages are kept for a day, and nothing else.
fn engine_with_mailbox(now: Timestamp) -> Engine {
    let mut directory = Directory::new(Tenant::new(TenantId(1), "acme.test"));
    let number = ExtensionNumber::parse("1001").expect("a number");
    let mailbox = Mailbox { retention_days: 1, ..Mailbox::new(MailboxId(37), number, "Ann") };
    directory.insert_mailbox(mailbox);
    let first = FirstIds { call: CallId(99), leg: LegId(99), offer: OfferId(99), play: PlayId(99) };
    Engine::new(Arc::new(directory), Limits::default(), first, now)
}

#[test]
fn messages_go_on_under_another_version_and_lapse_there() {
    let now = Timestamp::from_secs(100);
    let mut handed = HandOver { at: now, agents: Vec::new(), ..sample() };
    let gone = HandedMailbox { mailbox: MailboxId(48), ..handed.mailboxes[0].clone() };
    handed.mailboxes.push(HandedMailbox { under_way: Vec::new(), erasing: Vec::new(), ..gone });
    let mut engine = engine_with_mailbox(now);
    let _out = engine.step(Input::HandedOver(Box::new(handed.clone())), now);
    let view = engine.view().mailbox(MailboxId(37)).unwrap();
    assert_eq!((view.messages.len(), view.new, view.old), (1, 0, 1));
    assert_eq!((view.greeting, view.locked_until), (Some(RecordId(39)), Some(Timestamp::from_secs(41))));
    let mut unfinished = engine.view().unfinished();
    unfinished.sort_unstable();
    let recording = |record| Unfinished::Recording(MailboxId(37), RecordId(record));
    let erasing = |mailbox, record| Unfinished::Erasing(MailboxId(mailbox), RecordId(record));
    // What was being recorded is looked for; the files of a box that is not there any more go.
    let wanted = [recording(43), recording(44), erasing(37, 45), erasing(48, 38), erasing(48, 39)];
    assert_eq!(unfinished, wanted);

    let later = now.after(Duration::from_secs(86_400));
    let _out = engine.step(Input::Tick, later);
    assert_eq!(engine.view().mailbox(MailboxId(37)).unwrap().messages, Vec::new());
    assert!(engine.view().unfinished().contains(&erasing(37, 38)));
}
