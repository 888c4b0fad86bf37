//! Many calls over a bad wire, by seeds: whatever happens, every call ends once and nothing is left.

use std::collections::BTreeMap;
use std::time::Duration;

use sip_proto::agent::{DialogId, UaCommand, UaEvent};
use sip_proto::{Headers, Moment, Transport};

use crate::wire::{Chance, SDP_A, SDP_B, World};

/// Both applications: they answer, refuse, change, hang up, as chance has it.
struct Applications {
    chance: Chance,
    seen: usize,
    /// What is to be commanded, and when.
    plan: BTreeMap<(Moment, u64), (usize, UaCommand)>,
    planned: u64,
    /// How often each call was said to be over.
    ends: BTreeMap<(usize, DialogId), u32>,
}

impl Applications {
    fn plan(&mut self, world: &World, who: usize, within_ms: u64, command: UaCommand) {
        let after = Duration::from_millis(self.chance.below(within_ms));
        self.planned += 1;
        self.plan.insert((world.now + after, self.planned), (who, command));
    }

    fn call(&mut self, world: &World, number: u64) {
        let who = usize::try_from(number % 2).unwrap();
        let mut invite = world.invite_from(who, 1 - who);
        if self.chance.below(5) == 0 {
            invite.sdp = None;
        }
        let dialog = DialogId(number * 2 + 1);
        self.ends.insert((who, dialog), 0);
        self.plan(world, who, 3_000, UaCommand::Invite { dialog, invite: Box::new(invite) });
        self.plan(world, who, 60_000, UaCommand::Hangup { dialog, reason: None });
    }

    fn hear(&mut self, world: &World) {
        for (who, event) in &world.events[self.seen..] {
            let who = *who;
            if let Some(dialog) = dialog_of(event) {
                let ends = self.ends.entry((who, dialog)).or_insert(0);
                assert_eq!(*ends, 0, "nothing follows the end: {event:?}");
            }
            match event {
                UaEvent::Invite { dialog, .. } => self.plan_incoming(world, who, *dialog),
                UaEvent::Answered { dialog, .. } => {
                    let sdp = SDP_A.to_vec();
                    self.plan(world, who, 2_000, UaCommand::Acknowledge { dialog: *dialog, sdp });
                    self.plan_talk(world, who, *dialog);
                }
                UaEvent::Established { dialog, .. } => self.plan_talk(world, who, *dialog),
                UaEvent::Reinvite { dialog, .. } => {
                    let command = match self.chance.below(4) {
                        0 => UaCommand::RejectReinvite { dialog: *dialog, status: 488 },
                        _ => UaCommand::AcceptReinvite { dialog: *dialog, sdp: SDP_B.to_vec() },
                    };
                    self.plan(world, who, 500, command);
                }
                UaEvent::Failed { dialog, .. } | UaEvent::Ended { dialog, .. } => {
                    *self.ends.entry((who, *dialog)).or_insert(0) += 1;
                }
                _ => {}
            }
        }
        self.seen = world.events.len();
    }

    fn plan_incoming(&mut self, world: &World, who: usize, dialog: DialogId) {
        if self.chance.below(2) == 0 {
            self.plan(world, who, 300, UaCommand::Progress { dialog, status: 180, sdp: None });
        }
        let headers = Headers::new();
        if self.chance.below(5) == 0 {
            let reason = String::new();
            self.plan(world, who, 5_000, UaCommand::Reject { dialog, status: 486, reason, headers });
        } else {
            self.plan(world, who, 5_000, UaCommand::Answer { dialog, sdp: SDP_B.to_vec(), headers });
        }
        self.plan(world, who, 90_000, UaCommand::Hangup { dialog, reason: None });
    }

    fn plan_talk(&mut self, world: &World, who: usize, dialog: DialogId) {
        for _ in 0..self.chance.below(3) {
            let sdp = SDP_A.to_vec();
            self.plan(world, who, 8_000, UaCommand::Reinvite { dialog, sdp });
        }
        let (content_type, body) = ("application/dtmf-relay".to_owned(), b"Signal=1".to_vec());
        self.plan(world, who, 8_000, UaCommand::SendInfo { dialog, content_type, body });
    }
}

fn dialog_of(event: &UaEvent) -> Option<DialogId> {
    match event {
        UaEvent::Invite { dialog, .. }
        | UaEvent::Progress { dialog, .. }
        | UaEvent::Answered { dialog, .. }
        | UaEvent::Challenged { dialog, .. }
        | UaEvent::Failed { dialog, .. }
        | UaEvent::Established { dialog, .. }
        | UaEvent::Ended { dialog, .. }
        | UaEvent::Reinvite { dialog, .. }
        | UaEvent::ReinviteCancelled { dialog }
        | UaEvent::ReinviteEstablished { dialog, .. }
        | UaEvent::ReinviteAnswered { dialog, .. }
        | UaEvent::ReinviteFailed { dialog, .. }
        | UaEvent::Info { dialog, .. }
        | UaEvent::InfoAnswered { dialog, .. } => Some(*dialog),
        UaEvent::Request { .. } | UaEvent::Response { .. } => None,
    }
}

fn play(seed: u64, transport: Transport) -> Vec<String> {
    let mut world = World::new(seed);
    world.transport = transport;
    if transport == Transport::Udp {
        world.loss = [0, 50, 200, 400][usize::try_from(seed % 4).unwrap()];
        world.repeat = 100;
        world.jitter = Duration::from_millis(150);
    }
    let mut applications = Applications {
        chance: Chance(seed ^ 0xABCD),
        seen: 0,
        plan: BTreeMap::new(),
        planned: 0,
        ends: BTreeMap::new(),
    };
    for number in 0..6 {
        applications.call(&world, number);
    }
    let end = world.now + Duration::from_secs(200);
    while world.now < end {
        let next = applications.plan.first_key_value().map_or(end, |((at, _), _)| *at);
        if !world.step(next.min(end)) {
            world.now = world.now.max(next.min(end));
            if let Some(((_, _), (who, command))) = applications.plan.pop_first().filter(|_| next <= end) {
                world.command(who, command);
            }
        }
        applications.hear(&world);
    }
    world.assert_nothing_is_left();
    applications.hear(&world);
    for (call, ends) in &applications.ends {
        assert_eq!(*ends, 1, "seed {seed}: call {call:?} ended {ends} times");
    }
    world.log
}

#[test]
fn over_many_seeds_of_loss_repetition_and_disorder_every_call_ends_once_and_nothing_is_left() {
    for seed in 0..300 {
        play(seed, Transport::Udp);
    }
}

#[test]
fn over_a_reliable_transport_too() {
    for seed in 0..60 {
        play(seed, Transport::Tcp);
    }
}

#[test]
fn the_same_seed_plays_the_same_story() {
    assert_eq!(play(7, Transport::Udp), play(7, Transport::Udp));
    assert_ne!(play(7, Transport::Udp), play(8, Transport::Udp));
}
