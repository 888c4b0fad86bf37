//! Garbage, and almost-garbage, thrown at an agent with calls in progress.

use std::time::Duration;

use sip_proto::agent::{Gauges, UaInput};
use sip_proto::{StreamItem, StreamParser, parse_datagram};

use crate::wire::{B, Chance, STRANGER, World};

const PIECES: [&str; 30] = [
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "UPDATE",
    "PRACK",
    "REGISTER",
    "SIP/2.0",
    "SIP/2.0 200 OK",
    "sip:",
    "tel:+1",
    "<",
    ">",
    "\"",
    ";",
    ",",
    ";tag=",
    "\r\n",
    "\r\n\r\n",
    "\r\n ",
    "z9hG4bK",
    "4294967296",
    "-1",
    "*",
    "%00",
    "Content-Length: 99999999999999999999",
    "Via: SIP/2.0/UDP [::1]:5060;branch=z9hG4bK1",
    "Require: 100rel",
    "Session-Expires: 1;refresher=uas",
    "\u{0}",
];

fn mutate(chance: &mut Chance, bytes: &mut Vec<u8>) {
    for _ in 0..=chance.below(5) {
        let place = usize::try_from(chance.below(bytes.len() as u64 + 1)).unwrap();
        let length = usize::try_from(chance.below(40)).unwrap();
        let end = (place + length).min(bytes.len());
        match chance.below(5) {
            0 if place < bytes.len() => bytes[place] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(place..end)),
            2 => {
                let piece = PIECES[usize::try_from(chance.below(PIECES.len() as u64)).unwrap()];
                bytes.splice(place..place, piece.bytes());
            }
            3 => {
                let copy = bytes[place..end].to_vec();
                bytes.splice(place..place, copy);
            }
            _ => {
                let piece = PIECES[usize::try_from(chance.below(PIECES.len() as u64)).unwrap()];
                bytes.splice(place..end, piece.bytes());
            }
        }
    }
}

#[test]
fn mutated_messages_break_nothing_and_leave_nothing() {
    for seed in 0..30 {
        let mut world = World::new(seed);
        let mut chance = Chance(seed + 1000);
        let (a, b) = world.talking();
        let mut corpus: Vec<Vec<u8>> = Vec::new();
        world.call(3, B);
        world.run_ms(50);
        world.hang_up(0, a);
        world.run_ms(50);
        corpus.extend(world.last_raw.iter().map(|(_, bytes)| bytes.clone()));
        let other = world.incoming(B);
        for _ in 0..400 {
            let pick = usize::try_from(chance.below(corpus.len() as u64)).unwrap();
            let mut bytes = corpus[pick].clone();
            mutate(&mut chance, &mut bytes);
            let to = usize::try_from(chance.below(2)).unwrap();
            let flow = world.flow(to, if chance.below(2) == 0 { STRANGER } else { 1 - to });
            let input = match parse_datagram(&bytes) {
                Ok(message) => UaInput::Received { flow, message },
                Err(error) => UaInput::Malformed { flow, error },
            };
            world.input(to, input);
            if chance.below(20) == 0 {
                world.answer(B, other);
            }
            let pause = chance.below(30);
            world.run_ms(pause);
        }
        // What the mutations called into being is hung up like any call.
        let came: Vec<_> = world
            .events
            .iter()
            .filter_map(|(who, event)| match event {
                sip_proto::agent::UaEvent::Invite { dialog, .. } => Some((*who, *dialog)),
                _ => None,
            })
            .collect();
        for (who, dialog) in came {
            world.hang_up(who, dialog);
        }
        world.hang_up(0, sip_proto::agent::DialogId(3));
        world.hang_up(B, b);
        world.run(Duration::from_secs(700));
        for agent in &world.agents {
            assert_eq!(agent.gauges(), Gauges::default(), "seed {seed}");
        }
    }
}

#[test]
fn mutated_streams_end_and_hold_no_more_than_their_limits() {
    let mut world = World::new(1);
    let mut chance = Chance(5);
    world.talking();
    world.call(3, B);
    world.run_ms(50);
    let corpus: Vec<u8> = world.last_raw.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
    let (mut read, mut broken) = (0, 0);
    for _ in 0..2_000 {
        let mut bytes = corpus.clone();
        mutate(&mut chance, &mut bytes);
        let mut parser = StreamParser::new(Default::default());
        let size = usize::try_from(1 + chance.below(300)).unwrap();
        for piece in bytes.chunks(size) {
            parser.push(piece);
            while let Some(item) = parser.next_item() {
                match item {
                    StreamItem::Message(_) | StreamItem::Malformed(_) | StreamItem::Ping => read += 1,
                    StreamItem::Broken(_) => broken += 1,
                }
            }
            assert!(parser.buffered() <= 32 * 1024 + 64 * 1024 + size);
        }
    }
    assert!(read > 1_000 && broken > 100, "{read} {broken}");
}
