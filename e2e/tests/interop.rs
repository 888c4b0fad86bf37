//! What other makers' phones and carriers do that a call must survive, and what it must not lead to.

use e2e::{Domain, Phone, Server, shared};

use crate::stage::{SOON, caller, ready_phone};

/// An INVITE of a trunk with this session description and so many hops left.
fn invite(from: &Phone, server: &Server, hops: u32, format: &str) -> String {
    let at = from.address();
    let body = format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP {format}\r\n"
    );
    format!(
        "INVITE sip:1001@{} SIP/2.0\r\nVia: SIP/2.0/UDP {at};branch=z9hG4bKhops{hops}\r\nMax-Forwards: {hops}\r\n\
         From: <sip:+4917012345@{at}>;tag=hops{hops}\r\nTo: <sip:1001@{}>\r\nCall-ID: hops{hops}\r\nCSeq: 1 INVITE\r\n\
         Contact: <sip:+4917012345@{at}>\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
        server.sip,
        server.sip,
        body.len()
    )
}

#[test]
fn a_caller_without_a_codec_in_common_is_refused_before_a_phone_rings() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    caller.send_raw(invite(&caller, &server, 70, "18").as_bytes())?;
    caller.wait("488", SOON, |message| message.is_response(488, "INVITE"))?;
    assert_eq!(ann.count(|message| message.is_request("INVITE")), 0, "{:?}", ann.heard());
    server.check_alive()
}

#[test]
fn each_call_may_pass_one_server_less_than_the_one_it_is_made_for() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    caller.send_raw(invite(&caller, &server, 5, "0").as_bytes())?;
    let rung = ann.rung(SOON)?;
    assert_eq!(rung.header("Max-Forwards"), "4");
    ann.refuse(&rung, 486, "Busy Here")?;
    caller.wait("486", SOON, |message| message.is_response(486, "INVITE"))?;
    caller.send_raw(invite(&caller, &server, 0, "0").as_bytes())?;
    caller.wait("483", SOON, |message| message.is_response(483, "INVITE"))?;
    server.check_alive()
}
