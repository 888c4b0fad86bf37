//! Offers and answers over DTLS-SRTP, as browsers write them and as strangers might.

use std::net::IpAddr;

use super::mutation::{Rng, mutate};
use sip_proto::sdp::{
    AnswerError, AudioCapabilities, CodecKind, Description, Direction, Fingerprint, IceCredentials,
    LocalMedia, LocalSdp, LocalSecure, Setup, Unusable,
};

const HERE: LocalMedia = LocalMedia {
    addr: IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)),
    port: 20_000,
    direction: Direction::SendRecv,
};

/// An offer of Chromium with a microphone, a camera and a data channel.
const CHROMIUM: &str = "v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1 2
a=extmap-allow-mixed
a=msid-semantic: WMS 0f7e9f6e-98a5-4f0b-8e42-6d5c1fd2a9f0
m=audio 51442 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 198.51.100.5
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1467250027 1 udp 2122260223 2f4712db-ea4a-4f0a-8b51-c2ea0e1a77fd.local 46154 typ host generation 0 network-id 1
a=candidate:842163049 1 udp 1677729535 198.51.100.5 51442 typ srflx raddr 0.0.0.0 rport 0 generation 0 network-id 1
a=ice-ufrag:4ZcD
a=ice-pwd:2/1muCWoOi3uLifh0NuRHlZE
a=ice-options:trickle
a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:0f7e9f6e-98a5-4f0b-8e42-6d5c1fd2a9f0 0fa3d3f6-3bb1-4f8e-a5dc-98d1b0a54b0d
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:3510681183 cname:loNq2bcWrYPCRzrK
a=ssrc:3510681183 msid:0f7e9f6e-98a5-4f0b-8e42-6d5c1fd2a9f0 0fa3d3f6-3bb1-4f8e-a5dc-98d1b0a54b0d
m=video 9 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 0.0.0.0
a=mid:1
a=rtcp-mux
a=rtpmap:96 VP8/90000
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=mid:2
a=sctp-port:5000
";

/// An offer of Firefox before it has looked for its own addresses.
const FIREFOX: &str = "v=0
o=mozilla...THIS_IS_SDPARTA-99.0 6119845187112413193 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:sha-256 36:C2:3C:F1:95:1B:94:37:85:32:A8:57:76:54:AD:C8:A2:B5:D1:FF:59:C9:8F:8A:12:B3:3D:53:2B:3C:9D:E1
a=group:BUNDLE 0
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101
c=IN IP4 0.0.0.0
a=sendrecv
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:101 0-15
a=ice-pwd:0d8ba6d6d20a72cb8e37f9eb8a9f2ef2
a=ice-ufrag:6fa6eb2e
a=mid:0
a=msid:{e1b2c3d4-0000-4000-8000-000000000001} {e1b2c3d4-0000-4000-8000-000000000002}
a=rtcp-mux
a=rtpmap:109 opus/48000/2
a=rtpmap:9 G722/8000/1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000/1
a=setup:actpass
a=ssrc:2655508255 cname:{735484ea-4f6c-f74a-bd66-7425f8476c2e}
";

fn parse(text: &str) -> Description {
    Description::parse(text.replace('\n', "\r\n").as_bytes()).unwrap()
}

fn ice(name: &str) -> IceCredentials {
    IceCredentials { ufrag: name.to_owned(), password: "0123456789abcdef0123456789abcdef".to_owned() }
}

fn ours() -> LocalSecure {
    LocalSecure {
        ice: ice("ours"),
        fingerprint: Fingerprint([0xab; 32]),
        source: 77,
        candidates: vec![HERE.addr, "2001:db8::1".parse().unwrap()],
    }
}

#[test]
fn chromium_is_answered_in_g711_over_one_bundled_stream() {
    let offer = parse(CHROMIUM);
    let secure = offer.audio().unwrap().secure.as_ref().unwrap();
    assert_eq!(secure.setup, Setup::ActPass);
    let mut local = LocalSdp::with_secure(84, ours());
    let (answer, agreed) = local.build_answer(&offer, &AudioCapabilities::g711(), &HERE).unwrap();
    let print = format!("a=fingerprint:sha-256 {}\n", ["AB"; 32].join(":"));
    assert_eq!(
        answer.replace("\r\n", "\n"),
        format!(
            "v=0\no=- 42 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\na=group:BUNDLE 0\na=ice-lite\n\
             m=audio 20000 UDP/TLS/RTP/SAVPF 0 126\na=rtpmap:0 PCMU/8000\n\
             a=rtpmap:126 telephone-event/8000\na=fmtp:126 0-16\na=ptime:20\na=sendrecv\na=rtcp-mux\na=mid:0\n\
             a=ice-ufrag:ours\na=ice-pwd:0123456789abcdef0123456789abcdef\n{print}a=setup:passive\n\
             a=candidate:1 1 udp 2130706431 192.0.2.1 20000 typ host\n\
             a=candidate:2 1 udp 2130706430 2001:db8::1 20000 typ host\na=end-of-candidates\n\
             a=msid:cordboard audio\na=ssrc:77 cname:cordboard\n\
             m=video 0 UDP/TLS/RTP/SAVPF 96\na=mid:1\n\
             m=application 0 UDP/DTLS/SCTP webrtc-datachannel\na=mid:2\n"
        )
    );
    assert_eq!(agreed.codec, CodecKind::Pcmu);
    assert_eq!(agreed.telephone_event.map(|event| event.send), Some(126));
    let secure = agreed.secure.unwrap();
    assert_eq!((secure.remote.ufrag.as_str(), secure.local.ufrag.as_str()), ("4ZcD", "ours"));
    assert_eq!(secure.remote.password, "2/1muCWoOi3uLifh0NuRHlZE");
    assert_eq!((secure.fingerprint.0[0], secure.fingerprint.0[31]), (0xd2, 0x0f));
    assert_eq!((secure.active, secure.sources.as_slice()), (false, [3_510_681_183].as_slice()));
}

#[test]
fn firefox_is_no_party_on_hold_because_it_has_no_address_yet() {
    let offer = parse(FIREFOX);
    let mut local = LocalSdp::with_secure(1, ours());
    let (answer, agreed) = local.build_answer(&offer, &AudioCapabilities::g711(), &HERE).unwrap();
    assert!(!agreed.held_by_remote());
    assert_eq!(agreed.direction, Direction::SendRecv);
    assert_eq!(agreed.telephone_event.map(|event| event.send), Some(101));
    // Its fingerprint stands before all media lines and counts for each.
    assert_eq!(agreed.secure.unwrap().fingerprint.0[..2], [0x36, 0xc2]);
    assert!(answer.contains("a=mid:0\r\n") && answer.contains("a=group:BUNDLE 0\r\n"));
}

#[test]
fn hold_and_its_end_change_the_direction_and_nothing_else() {
    let mut local = LocalSdp::with_secure(1, ours());
    let capabilities = AudioCapabilities::g711();
    let (_, talking) = local.build_answer(&parse(FIREFOX), &capabilities, &HERE).unwrap();
    let hold = parse(&FIREFOX.replace("a=sendrecv", "a=sendonly"));
    assert!(!local.is_restart(&hold));
    let (answer, held) = local.build_answer(&hold, &capabilities, &HERE).unwrap();
    assert!(held.held_by_remote() && answer.contains("a=recvonly\r\n"));
    assert_eq!(held.secure, talking.secure);
}

#[test]
fn a_restart_is_seen_and_answered_with_new_credentials() {
    let mut local = LocalSdp::with_secure(1, ours());
    let capabilities = AudioCapabilities::g711();
    assert!(!local.is_restart(&parse(FIREFOX)), "the first offer begins everything");
    let (_, before) = local.build_answer(&parse(FIREFOX), &capabilities, &HERE).unwrap();
    let again = parse(&FIREFOX.replace("6fa6eb2e", "9fa6eb2f"));
    assert!(local.is_restart(&again));
    local.renew(ice("next"));
    let (answer, after) = local.build_answer(&again, &capabilities, &HERE).unwrap();
    assert!(answer.contains("a=ice-ufrag:next\r\n"));
    let (before, after) = (before.secure.unwrap(), after.secure.unwrap());
    assert_eq!((after.local.ufrag.as_str(), after.remote.ufrag.as_str()), ("next", "9fa6eb2f"));
    assert_eq!(after.association, before.association, "the keys stay");
    // A page that was loaded again has another peer connection.
    let reloaded = parse(&FIREFOX.replace("6119845187112413193", "7119845187112413194"));
    let (_, anew) = local.build_answer(&reloaded, &capabilities, &HERE).unwrap();
    assert_ne!(anew.secure.unwrap().association, before.association);
}

#[test]
fn our_offer_is_answered_by_a_browser_that_begins_the_handshake() {
    let mut local = LocalSdp::with_secure(1, ours());
    let offer = local.build_offer(&AudioCapabilities::g711(), &HERE);
    for line in [
        "m=audio 20000 UDP/TLS/RTP/SAVPF 8 0 101",
        "a=group:BUNDLE 0",
        "a=ice-lite",
        "a=mid:0",
        "a=setup:actpass",
        "a=rtcp-mux",
    ] {
        assert!(offer.lines().any(|found| found == line), "{line}\n{offer}");
    }
    let answer = FIREFOX.replace("actpass", "active").replace(" 109 9 0 8 101", " 8 101");
    let agreed = local.read_answer(&parse(&answer)).unwrap();
    assert_eq!(agreed.codec, CodecKind::Pcma);
    assert!(!agreed.secure.unwrap().active);
    let agreed = local.read_answer(&parse(&answer.replace("setup:active", "setup:passive"))).unwrap();
    assert!(agreed.secure.unwrap().active, "somebody has to begin");
    // Plain RTP is no answer to it.
    let plain = answer.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP").replace("0.0.0.0", "198.51.100.5");
    assert_eq!(local.read_answer(&parse(&plain)), Err(AnswerError::Refused));
}

#[test]
fn plain_and_secure_descriptions_do_not_answer_each_other() {
    let capabilities = AudioCapabilities::g711();
    assert!(LocalSdp::new(1).build_answer(&parse(CHROMIUM), &capabilities, &HERE).is_err());
    let plain = parse(&CHROMIUM.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"));
    assert_eq!(plain.audio().unwrap().secure, None, "its profile says that it is plain");
    assert!(LocalSdp::with_secure(1, ours()).build_answer(&plain, &capabilities, &HERE).is_err());
}

#[test]
fn an_offer_that_lacks_what_is_needed_is_told_what() {
    for (change, to, why) in [
        ("UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF", Unusable::Profile),
        ("sha-256 36", "sha-1 36", Unusable::Fingerprint),
        (":9D:E1", ":9D", Unusable::Fingerprint),
        ("a=ice-ufrag:6fa6eb2e\n", "", Unusable::Ice),
        ("0d8ba6d6d20a72cb8e37f9eb8a9f2ef2", "short", Unusable::Ice),
        ("6fa6eb2e", "6f a6", Unusable::Ice),
        ("a=setup:actpass", "a=setup:holdconn", Unusable::Setup),
        ("a=rtcp-mux\n", "", Unusable::Mux),
        ("c=IN IP4 0.0.0.0", "c=IN IP4 224.0.0.1", Unusable::Address),
    ] {
        let offer = parse(&FIREFOX.replace(change, to));
        assert_eq!(offer.unusable(), Some(why), "{change:?} -> {to:?}");
        assert!(offer.audio().is_none() && why.to_string().starts_with(char::is_alphabetic));
    }
    // One stream that can be used is enough.
    let both = format!("{FIREFOX}m=audio 4000 RTP/SAVP 0\nc=IN IP4 198.51.100.5\na=crypto:1 X inline:y\n");
    assert_eq!(parse(&both).unusable(), None);
    // A stream that was refused or removed is meant to be unusable.
    assert_eq!(parse(&FIREFOX.replace("m=audio 9", "m=audio 0")).unusable(), None);
}

#[test]
fn what_a_stranger_writes_is_bounded_and_cannot_write_lines_of_ours() {
    let sources: String = (1..100).map(|source| format!("a=ssrc:{source} cname:x\n")).collect();
    let offer = parse(&(FIREFOX.to_owned() + &sources));
    assert_eq!(offer.audio().unwrap().secure.as_ref().unwrap().sources.len(), 4);
    let long = parse(&FIREFOX.replace("6119845187112413193", &"7".repeat(9_000)));
    assert_eq!(long.audio().unwrap().secure.as_ref().unwrap().association.len(), 64);
    for mid in ["", "a b", "x\u{7}", &"m".repeat(65)] {
        let offer = parse(&FIREFOX.replace("a=mid:0", &format!("a=mid:{mid}")));
        assert_eq!(offer.media[0].mid, None, "{mid:?}");
    }
}

#[test]
fn no_mutation_of_a_browsers_offer_does_harm() {
    let mut rng = Rng(0xb0b);
    let (mut answered, mut refused) = (0, 0);
    for round in 0..4_000 {
        let offer = if round % 2 == 0 { CHROMIUM } else { FIREFOX };
        let mut bytes = offer.replace('\n', "\r\n").into_bytes();
        mutate(&mut bytes, &mut rng);
        let Ok(offer) = Description::parse(&bytes) else { continue };
        let mut local = LocalSdp::with_secure(1, ours());
        match local.build_answer(&offer, &AudioCapabilities::g711(), &HERE) {
            Ok((answer, agreed)) => {
                answered += 1;
                let read = Description::parse(answer.as_bytes()).unwrap();
                assert!(read.audio().unwrap().secure.is_some() && agreed.secure.is_some());
                assert_eq!(read.media.len(), offer.media.len());
            }
            Err(_) => refused += 1,
        }
    }
    assert!(answered > 1_000 && refused > 50, "{answered} {refused}");
}
