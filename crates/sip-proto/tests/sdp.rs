//! Offer and answer, as a phone, a browser or a stranger would write them.

use std::net::{IpAddr, SocketAddr};

use super::mutation::{Rng, mutate};
use sip_proto::sdp::{
    AnswerError, AudioCapabilities, CodecKind, CodecPreference, CryptoSuite, Description, Direction,
    LocalMedia, LocalSdp, MasterKey, NegotiatedKeys, SdpError, Unusable, find_sdp,
};

const HERE: LocalMedia = LocalMedia {
    addr: IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)),
    port: 20_000,
    direction: Direction::SendRecv,
};

/// A description with these lines after a plain head.
fn text(lines: &str) -> String {
    let head = "v=0\no=- 4611686018427387904 7 IN IP4 198.51.100.5\ns=-\nc=IN IP4 198.51.100.5\nt=0 0\n";
    (head.to_owned() + lines).replace('\n', "\r\n")
}

fn parse(text: &str) -> Description {
    Description::parse(text.as_bytes()).unwrap()
}

fn at(port: u16) -> Option<SocketAddr> {
    Some(SocketAddr::from(([198, 51, 100, 5], port)))
}

#[test]
fn static_payload_types_need_no_rtpmap() {
    let offer = parse(&text("m=audio 40000 RTP/AVP 0 8 9 18 77\n"));
    let audio = offer.audio().unwrap();
    let kinds: Vec<&str> = audio.codecs.iter().map(|codec| codec.kind.name()).collect();
    assert_eq!(kinds, ["PCMU", "PCMA", "G722", "G729"]);
    assert_eq!(audio.destination(), at(40_000));
    assert_eq!(audio.rtcp, at(40_001));
    assert_eq!(audio.direction, Direction::SendRecv);
}

#[test]
fn rtpmap_fmtp_ptime_and_rtcp_are_read() {
    let offer = parse(&text(
        "m=audio 40000 RTP/AVP 96 0 101 96 200 x\n\
         a=rtpmap:96 OPUS/48000/2\na=fmtp:96 useinbandfec=1\n\
         a=rtpmap:0 MPEG4-GENERIC/16000/2\n\
         a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n\
         a=ptime:30\na=maxptime:60.5\na=rtcp:41234 IN IP4 198.51.100.9\na=sendonly\n",
    ));
    let audio = offer.audio().unwrap();
    assert_eq!(audio.codecs.len(), 3);
    assert_eq!(audio.codecs[0].kind, CodecKind::Opus);
    assert_eq!(audio.codecs[0].fmtp.as_deref(), Some("useinbandfec=1"));
    assert_eq!(audio.codecs[1].kind, CodecKind::Other("MPEG4-GENERIC".into()));
    assert_eq!(audio.codecs[2].kind, CodecKind::TelephoneEvent);
    assert_eq!((audio.ptime, audio.maxptime), (Some(30), Some(60)));
    assert_eq!(audio.rtcp, Some("198.51.100.9:41234".parse().unwrap()));
    assert_eq!(audio.direction, Direction::SendOnly);
}

#[test]
fn an_offer_is_answered_with_one_codec_and_telephone_event_under_the_offers_numbers() {
    let offer =
        parse(&text("m=audio 40000 RTP/AVP 18 8 0 97\na=rtpmap:97 telephone-event/8000\na=ptime:20\n"));
    let mut local = LocalSdp::new(84);
    let (answer, agreed) = local.build_answer(&offer, &AudioCapabilities::g711(), &HERE).unwrap();
    assert_eq!(
        answer,
        "v=0\no=- 42 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n\
         m=audio 20000 RTP/AVP 8 97\na=rtpmap:8 PCMA/8000\na=rtpmap:97 telephone-event/8000\n\
         a=fmtp:97 0-16\na=ptime:20\na=sendrecv\n"
            .replace('\n', "\r\n")
    );
    assert_eq!(agreed.codec, CodecKind::Pcma);
    assert_eq!((agreed.payload.send, agreed.payload.receive), (8, 8));
    assert_eq!(agreed.telephone_event.map(|event| event.send), Some(97));
    assert_eq!(agreed.remote, at(40_000));
    assert_eq!(agreed.direction, Direction::SendRecv);
}

#[test]
fn our_order_decides_when_we_say_so() {
    let offer = parse(&text("m=audio 40000 RTP/AVP 0 8\n"));
    let ours = AudioCapabilities { preference: CodecPreference::Ours, ..AudioCapabilities::g711() };
    let (_, agreed) = LocalSdp::new(1).build_answer(&offer, &ours, &HERE).unwrap();
    assert_eq!(agreed.codec, CodecKind::Pcma);
    assert_eq!(agreed.telephone_event, None);
}

#[test]
fn opus_is_taken_before_g711_or_only_without_it_as_we_say() {
    let offer = parse(&text(
        "m=audio 40000 RTP/AVP 96 0 8 101 102\na=rtpmap:96 opus/48000/2\n\
         a=rtpmap:101 telephone-event/8000\na=rtpmap:102 telephone-event/48000\n",
    ));
    let (answer, agreed) =
        LocalSdp::new(84).build_answer(&offer, &AudioCapabilities::g711_or_opus(), &HERE).unwrap();
    assert_eq!(agreed.codec, CodecKind::Pcmu);
    assert_eq!(agreed.telephone_event.map(|event| event.send), Some(101));
    assert_eq!(agreed.also_event, None);
    assert!(answer.contains("m=audio 20000 RTP/AVP 0 101\r\n"), "{answer}");

    let (answer, agreed) =
        LocalSdp::new(84).build_answer(&offer, &AudioCapabilities::opus_or_g711(), &HERE).unwrap();
    assert_eq!((agreed.codec, agreed.payload.clock_rate), (CodecKind::Opus, 48_000));
    let events =
        [agreed.telephone_event, agreed.also_event].map(|event| event.map(|e| (e.send, e.clock_rate)));
    assert_eq!(events, [Some((102, 48_000)), Some((101, 8_000))]);
    assert_eq!(
        answer,
        "v=0\no=- 42 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n\
         m=audio 20000 RTP/AVP 96 102 101\na=rtpmap:96 opus/48000/2\n\
         a=fmtp:96 maxaveragebitrate=32000;useinbandfec=1\na=rtpmap:102 telephone-event/48000\n\
         a=fmtp:102 0-16\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-16\na=ptime:20\na=sendrecv\n"
            .replace('\n', "\r\n")
    );

    let only = parse(&text("m=audio 40000 RTP/AVP 96\na=rtpmap:96 opus/48000/2\n"));
    let (_, agreed) =
        LocalSdp::new(1).build_answer(&only, &AudioCapabilities::g711_or_opus(), &HERE).unwrap();
    assert_eq!((agreed.codec, agreed.telephone_event), (CodecKind::Opus, None));
    assert!(LocalSdp::new(1).build_answer(&only, &AudioCapabilities::g711(), &HERE).is_err());
}

#[test]
fn an_offer_of_all_has_opus_first_or_last_and_its_answer_may_have_either() {
    let numbers = |capabilities: &AudioCapabilities| {
        let mut ours = LocalSdp::new(1);
        let offer = parse(&ours.build_offer(capabilities, &HERE));
        let numbers: Vec<u8> = offer.audio().unwrap().codecs.iter().map(|codec| codec.payload_type).collect();
        (ours, numbers)
    };
    assert_eq!(numbers(&AudioCapabilities::g711_or_opus()).1, [8, 0, 111, 101, 110]);
    let (mut ours, listed) = numbers(&AudioCapabilities::opus_or_g711());
    assert_eq!(listed, [111, 8, 0, 101, 110]);
    let answer = parse(&text(
        "m=audio 40000 RTP/AVP 111 101 110\na=rtpmap:111 opus/48000/2\n\
         a=rtpmap:101 telephone-event/8000\na=rtpmap:110 telephone-event/48000\n",
    ));
    let agreed = ours.read_answer(&answer).unwrap();
    assert_eq!(agreed.codec, CodecKind::Opus);
    let events = [agreed.telephone_event, agreed.also_event].map(|event| event.map(|e| e.receive));
    assert_eq!(events, [Some(110), Some(101)]);
    let agreed = ours.read_answer(&parse(&text("m=audio 40000 RTP/AVP 0\n"))).unwrap();
    assert_eq!(agreed.codec, CodecKind::Pcmu);
}

#[test]
fn the_first_usable_audio_is_taken_and_every_other_stream_is_refused_in_its_place() {
    let offer = parse(&text(
        "m=video 50000 RTP/AVP 96\na=rtpmap:96 H264/90000\n\
         m=audio 0 RTP/AVP 0\n\
         m=audio 40000 RTP/SAVP 0\n\
         m=audio 40010 RTP/AVP 18\n\
         m=audio 40020 RTP/AVP 0\n\
         m=audio 40030 RTP/AVP 8\n\
         m=image 40040 udptl t38\n",
    ));
    let (answer, agreed) = LocalSdp::new(1).build_answer(&offer, &AudioCapabilities::g711(), &HERE).unwrap();
    let lines: Vec<&str> = answer.lines().filter(|line| line.starts_with("m=")).collect();
    assert_eq!(
        lines,
        [
            "m=video 0 RTP/AVP 96",
            "m=audio 0 RTP/AVP 0",
            "m=audio 0 RTP/SAVP 0",
            "m=audio 0 RTP/AVP 18",
            "m=audio 20000 RTP/AVP 0",
            "m=audio 0 RTP/AVP 8",
            "m=image 0 udptl t38",
        ]
    );
    assert_eq!(agreed.remote, at(40_020));
}

#[test]
fn without_a_common_codec_there_is_no_answer() {
    for lines in [
        "m=audio 40000 RTP/AVP 18\n",
        "m=audio 40000 RTP/AVP 101\na=rtpmap:101 telephone-event/8000\n",
        "m=audio 40000 RTP/AVP 0\na=rtpmap:0 PCMU/16000\n",
        "m=audio 40000 RTP/SAVP 0\n",
        "m=audio 0 RTP/AVP 0\n",
        "m=audio 40000 RTP/AVP 0\nc=IN IP4 224.2.17.12/127\n",
        "m=audio 40000 RTP/AVP 0\nc=IN IP4 phone.example.com\n",
        "m=video 40000 RTP/AVP 0\n",
        "",
    ] {
        let offer = parse(&text(lines));
        let answer = LocalSdp::new(1).build_answer(&offer, &AudioCapabilities::g711(), &HERE);
        assert!(answer.is_err(), "{lines}");
    }
}

#[test]
fn keys_of_descriptions_are_agreed_each_way_and_nothing_plain_answers_them() {
    let capabilities = AudioCapabilities::g711();
    let with_key = |id, byte| LocalSdp::with_key(id, MasterKey([byte; 30]));
    let (mut caller, mut called) = (with_key(2, 1), with_key(4, 2));
    let offer = caller.build_offer(&capabilities, &HERE);
    assert!(offer.contains("m=audio 20000 RTP/SAVP 8 0 101\r\n"), "{offer}");
    assert_eq!(offer.matches("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AQEBAQEB").count(), 1, "{offer}");
    let (answer, at_called) = called.build_answer(&parse(&offer), &capabilities, &HERE).unwrap();
    let at_caller = caller.read_answer(&parse(&answer)).unwrap();
    let keys = |suite, ours, theirs| {
        Some(NegotiatedKeys { suite, ours: MasterKey([ours; 30]), theirs: MasterKey([theirs; 30]) })
    };
    let long = CryptoSuite::AesCm128HmacSha1_80;
    assert_eq!((at_caller.keys, at_called.keys), (keys(long, 1, 2), keys(long, 2, 1)));

    // What was not offered is no answer.
    for (change, to) in [("SHA1_80", "SHA1_32"), ("crypto:1", "crypto:2"), ("RTP/SAVP", "RTP/AVP")] {
        let answer = parse(&answer.replace(change, to));
        assert_eq!(caller.read_answer(&answer), Err(AnswerError::Refused), "{to}");
    }
    assert!(LocalSdp::new(6).build_answer(&parse(&offer), &capabilities, &HERE).is_err());
    let plain = parse(&offer.replace("RTP/SAVP", "RTP/AVP"));
    assert!(with_key(8, 3).build_answer(&plain, &capabilities, &HERE).is_err());

    // Their number and their suite are answered with ours of the same; then it is asked for again.
    let offer = parse(&offer.replace("crypto:1", "crypto:5").replace("SHA1_80", "SHA1_32"));
    let (answer, agreed) = called.build_answer(&offer, &capabilities, &HERE).unwrap();
    assert!(answer.contains("a=crypto:5 AES_CM_128_HMAC_SHA1_32 inline:AgICAgIC"), "{answer}");
    assert_eq!(agreed.keys, keys(CryptoSuite::AesCm128HmacSha1_32, 2, 1));
    let again = called.build_offer(&capabilities, &HERE);
    assert!(again.contains("a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:AgICAgIC"), "{again}");

    let unread = parse(&text("m=audio 40000 RTP/SAVP 0\na=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:AAAA\n"));
    assert_eq!(unread.unusable(), Some(Unusable::Keys));
}

#[test]
fn every_form_of_hold_is_hold_and_is_answered_so() {
    for (lines, stated, ours, remote) in [
        ("m=audio 40000 RTP/AVP 0\na=sendonly\n", Direction::SendOnly, "a=recvonly", at(40_000)),
        ("m=audio 40000 RTP/AVP 0\na=inactive\n", Direction::Inactive, "a=inactive", at(40_000)),
        ("a=sendonly\nm=audio 40000 RTP/AVP 0\n", Direction::SendOnly, "a=recvonly", at(40_000)),
        ("m=audio 40000 RTP/AVP 0\nc=IN IP4 0.0.0.0\n", Direction::SendOnly, "a=recvonly", None),
        ("m=audio 40000 RTP/AVP 0\nc=IN IP4 0.0.0.0\na=recvonly\n", Direction::Inactive, "a=inactive", None),
        ("m=audio 40000 RTP/AVP 0\nc=IN IP6 ::\n", Direction::SendOnly, "a=recvonly", None),
    ] {
        let offer = parse(&text(lines));
        assert!(offer.audio().unwrap().is_hold(), "{lines}");
        let (answer, agreed) =
            LocalSdp::new(1).build_answer(&offer, &AudioCapabilities::g711(), &HERE).unwrap();
        assert_eq!(agreed.remote_direction, stated, "{lines}");
        assert!(agreed.held_by_remote() && !agreed.direction.sends(), "{lines}");
        assert!(answer.contains(ours), "{lines}: {answer}");
        assert_eq!(agreed.remote, remote, "{lines}");
    }
}

#[test]
fn a_stream_s_own_direction_overrules_that_of_the_whole() {
    let offer = parse(&text("a=inactive\nm=audio 40000 RTP/AVP 0\na=sendrecv\n"));
    assert_eq!(offer.audio().unwrap().direction, Direction::SendRecv);
}

#[test]
fn our_offer_is_understood_by_ourselves_and_its_answer_gives_both_numbers() {
    let all = AudioCapabilities {
        codecs: vec![CodecKind::Opus, CodecKind::G722, CodecKind::Pcma, CodecKind::Pcmu],
        ..AudioCapabilities::g711()
    };
    let mut ours = LocalSdp::new(1);
    let offer = parse(&ours.build_offer(&all, &HERE));
    let numbers: Vec<u8> = offer.audio().unwrap().codecs.iter().map(|codec| codec.payload_type).collect();
    assert_eq!(numbers, [111, 9, 8, 0, 101, 110]);

    let mut theirs = LocalSdp::new(2);
    let there = LocalMedia { port: 30_000, ..HERE };
    let (answer, agreed) = theirs.build_answer(&offer, &AudioCapabilities::g711(), &there).unwrap();
    let read = ours.read_answer(&parse(&answer)).unwrap();
    assert_eq!(read.codec, agreed.codec);
    assert_eq!(read.payload, agreed.payload);
    assert_eq!(read.telephone_event, agreed.telephone_event);
    assert_eq!(read.remote, Some("192.0.2.1:30000".parse().unwrap()));
    assert_eq!(agreed.remote, Some("192.0.2.1:20000".parse().unwrap()));
}

#[test]
fn an_answer_may_number_telephone_event_in_its_own_way() {
    let mut ours = LocalSdp::new(1);
    ours.build_offer(&AudioCapabilities::g711(), &HERE);
    let answer = parse(&text("m=audio 40000 RTP/AVP 0 96\na=rtpmap:96 telephone-event/8000\n"));
    let event = ours.read_answer(&answer).unwrap().telephone_event.unwrap();
    assert_eq!((event.send, event.receive), (96, 101));
}

#[test]
fn a_useless_answer_says_why() {
    let mut ours = LocalSdp::new(1);
    let good = parse(&text("m=audio 40000 RTP/AVP 0\n"));
    assert_eq!(ours.read_answer(&good), Err(AnswerError::NoOffer));
    ours.build_offer(&AudioCapabilities::g711(), &HERE);
    for (lines, why) in [
        ("m=audio 0 RTP/AVP 0\n", AnswerError::Refused),
        ("", AnswerError::Refused),
        ("m=audio 40000 RTP/AVP 9\n", AnswerError::NoCommonCodec),
        ("m=audio 40000 RTP/AVP 101\na=rtpmap:101 telephone-event/8000\n", AnswerError::NoCommonCodec),
    ] {
        assert_eq!(ours.read_answer(&parse(&text(lines))), Err(why), "{lines}");
    }
}

#[test]
fn the_version_counts_changes_and_nothing_else() {
    let mut ours = LocalSdp::new(1);
    let first = ours.build_offer(&AudioCapabilities::g711(), &HERE);
    assert_eq!(ours.build_offer(&AudioCapabilities::g711(), &HERE), first);
    let held = LocalMedia { direction: Direction::SendOnly, ..HERE };
    let second = ours.build_offer(&AudioCapabilities::g711(), &held);
    assert!(second.contains("a=sendonly"));
    assert_eq!((parse(&first).origin_version, parse(&second).origin_version), (1, 2));
    assert_eq!(parse(&first).origin_id, parse(&second).origin_id);
}

#[test]
fn a_later_offer_keeps_the_refused_streams_and_the_numbers_in_use() {
    let offer = parse(&text(
        "m=video 50000 RTP/AVP 96\nm=audio 40000 RTP/AVP 0 98\na=rtpmap:98 telephone-event/8000\n",
    ));
    let mut ours = LocalSdp::new(1);
    ours.build_answer(&offer, &AudioCapabilities::g711(), &HERE).unwrap();
    let again = ours.build_offer(&AudioCapabilities::g711(), &HERE);
    let lines: Vec<&str> = again.lines().filter(|line| line.starts_with("m=")).collect();
    assert_eq!(lines, ["m=video 0 RTP/AVP 96", "m=audio 20000 RTP/AVP 8 0 98"]);
}

#[test]
fn packet_lengths_outside_reason_are_replaced_by_our_own() {
    for (lines, ptime) in
        [("a=ptime:30\n", 30), ("a=ptime:2000\n", 20), ("a=ptime:1\n", 20), ("a=maxptime:10\n", 10)]
    {
        let offer = parse(&text(&format!("m=audio 40000 RTP/AVP 0\n{lines}")));
        let (_, agreed) = LocalSdp::new(1).build_answer(&offer, &AudioCapabilities::g711(), &HERE).unwrap();
        assert_eq!(agreed.ptime, ptime, "{lines}");
    }
}

#[test]
fn port_65535_has_no_rtcp_port_and_mux_shares_it() {
    assert_eq!(parse(&text("m=audio 65535 RTP/AVP 0\n")).audio().unwrap().rtcp, None);
    let muxed = parse(&text("m=audio 65535 RTP/AVP 0\na=rtcp-mux\n"));
    assert_eq!(muxed.audio().unwrap().rtcp, at(65_535));
}

#[test]
fn too_much_is_refused_and_nonsense_is_malformed() {
    let many = text(&"m=audio 40000 RTP/AVP 0\n".repeat(17));
    assert_eq!(Description::parse(many.as_bytes()), Err(SdpError::TooLarge));
    let long = text(&"a=x\n".repeat(2000));
    assert_eq!(Description::parse(long.as_bytes()), Err(SdpError::TooLarge));
    assert_eq!(Description::parse(&vec![b'v'; 40_000]), Err(SdpError::TooLarge));
    for body in ["", "x", "v=1\r\n", "v=0\r\nm=audio 70000 RTP/AVP 0\r\n", "v=0\r\no=- 1\r\n"] {
        assert!(matches!(Description::parse(body.as_bytes()), Err(SdpError::Malformed(_))), "{body}");
    }
}

#[test]
fn a_latin_1_name_does_not_cost_the_description() {
    let mut body = text("m=audio 40000 RTP/AVP 0\n").into_bytes();
    let at = body.windows(3).position(|w| w == b"s=-").unwrap();
    body[at + 2] = 0xfc;
    assert!(Description::parse(&body).unwrap().audio().is_some());
}

#[test]
fn the_description_is_found_in_a_multipart_body() {
    let body = b"preamble\r\n--b\r\nContent-Type: text/plain\r\n\r\nv=9\r\n--b\r\n\
        Content-Disposition: session\r\nc: Application/SDP; charset=utf-8\r\n\r\nv=0\r\ns=-\r\n\r\n--b--\r\n";
    let expected = &b"v=0\r\ns=-\r\n"[..];
    assert_eq!(find_sdp("multipart/mixed;boundary=b", body), Some(expected));
    assert_eq!(find_sdp("Multipart/Related; a=1; Boundary=\"b\"; c=2", body), Some(expected));
    assert_eq!(find_sdp("multipart/mixed", body), None);
    assert_eq!(find_sdp("multipart/mixed;boundary=other", body), None);
    assert_eq!(find_sdp("text/plain", body), None);
    assert_eq!(find_sdp("application/sdp ; x=y", b"v=0"), Some(&b"v=0"[..]));
    let open = b"--b\nContent-Type: application/sdp\n\nv=0\n";
    assert_eq!(find_sdp("multipart/mixed;boundary=b", open), Some(&b"v=0\n"[..]));
}

#[test]
fn a_multipart_body_of_delimiters_is_given_up() {
    let body = "--b\r\nX: y\r\n\r\n".repeat(2000);
    assert_eq!(find_sdp("multipart/mixed;boundary=b", body.as_bytes()), None);
}

#[test]
fn no_mutation_of_a_description_does_harm() {
    let seeds = [
        text(
            "m=audio 40000 RTP/AVP 96 0 8 101\na=rtpmap:96 opus/48000/2\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=ptime:20\na=rtcp:40001 IN IP4 198.51.100.5\na=sendrecv\n",
        ),
        text(
            "m=video 50000/2 RTP/AVP 31\nc=IN IP6 2001:db8::1\nm=audio 40000 RTP/AVPF 8\nc=IN IP4 0.0.0.0\n",
        ),
    ];
    let mut rng = Rng(7);
    let mut readable = 0;
    for round in 0..20_000 {
        let mut body = seeds[round % 2].clone().into_bytes();
        mutate(&mut body, &mut rng);
        let Ok(offer) = Description::parse(&body) else { continue };
        readable += 1;
        let mut local = LocalSdp::new(1);
        if let Ok((answer, _)) = local.build_answer(&offer, &AudioCapabilities::g711(), &HERE) {
            let again = Description::parse(answer.as_bytes()).unwrap();
            assert_eq!(again.media.len(), offer.media.len());
            let reoffer = local.build_offer(&AudioCapabilities::g711(), &HERE);
            assert_eq!(parse(&reoffer).media.len(), offer.media.len());
        }
    }
    assert!(readable > 1000, "the mutations leave something to test: {readable}");
}
