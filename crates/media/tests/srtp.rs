//! Keys that signalling has brought.

use std::net::SocketAddr;

use media::{Codec, CryptoSuite, EndpointCommand, EndpointId, MasterKey, Negotiated, SrtpKeys};

use crate::world::{Phone, World};

fn key(world: &mut World, id: EndpointId, suite: CryptoSuite, (ours, theirs): (u8, u8)) {
    let keys = SrtpKeys { suite, ours: MasterKey([ours; 30]), theirs: MasterKey([theirs; 30]) };
    world.plane.command(id, EndpointCommand::Keys(Box::new(keys)));
}

/// A party of `world` with keys, whose other side is at `remote`, and a phone that hears it.
fn talk(world: &mut World, id: EndpointId, remote: SocketAddr) -> crate::world::Leg {
    let leg = world.leg(Codec::Pcmu);
    let negotiated = Negotiated { remote, ..Phone::new(Codec::Pcmu).negotiated() };
    world.configure(id, negotiated);
    world.bridge(id, leg.id);
    leg
}

#[test]
fn two_with_the_same_keys_hear_each_other() {
    for suite in [CryptoSuite::AesCm128HmacSha1_80, CryptoSuite::AesCm128HmacSha1_32] {
        // Two planes: none sends to a port of its own.
        let (mut here, mut there) = (World::new(), World::new());
        let ((one, one_at), (other, other_at)) = (here.open(), there.open());
        key(&mut here, one, suite, (1, 2));
        key(&mut there, other, suite, (2, 1));
        let mut ann = talk(&mut here, one, other_at);
        let mut bob = talk(&mut there, other, one_at);
        for byte in 0..10 {
            ann.phone.say(ann.at, byte);
            assert_eq!(bob.phone.hear().1, [byte; 160]);
            bob.phone.say(bob.at, 100 + byte);
            assert_eq!(ann.phone.hear().1, [100 + byte; 160]);
        }
        // Another negotiation by the same keys is none for the packets.
        key(&mut here, one, suite, (1, 2));
        ann.phone.say(ann.at, 50);
        assert_eq!(bob.phone.hear().1, [50; 160]);
        assert_eq!((here.plane.gauges().rejected, there.plane.gauges().rejected), (0, 0));
    }
}

#[test]
fn with_keys_nothing_plain_is_believed_or_said_and_the_call_lives_on() {
    let mut world = World::new();
    let (mut ann, mut bob) = (world.leg(Codec::Pcmu), world.leg(Codec::Pcmu));
    world.bridge(ann.id, bob.id);
    key(&mut world, ann.id, CryptoSuite::AesCm128HmacSha1_80, (1, 2));
    world.configure(ann.id, ann.phone.negotiated());
    let mut stranger = Phone::new(Codec::Pcmu);
    for _ in 0..100 {
        ann.phone.say(ann.at, 66);
        stranger.say(ann.at, 66);
    }
    world.await_gauges(|gauges| gauges.rejected == 200);
    assert!(bob.phone.hears_nothing());
    bob.phone.say(bob.at, 7);
    let (header, sealed) = ann.phone.hear();
    assert_eq!((header.payload_type, sealed.len()), (0, 170), "nobody else was learned to be there");
    assert_ne!(sealed[..160], [7; 160]);
    assert!(stranger.hears_nothing());
    assert_eq!(world.close(ann.id).packets_in, 0);
}
