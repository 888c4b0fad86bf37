//! What a registration and an offer cost: `cargo run -p sip-proto --release --example cost`.
//!
//! Prints nanoseconds of wall time an operation, the fastest tenth of many rounds, on whatever
//! machine runs it. A wrong password and an unknown name should cost the same: the difference is
//! what a stranger could learn by asking.

#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::hint::black_box;
use std::net::IpAddr;
use std::time::Instant;

use sip_proto::auth::{Algorithm, Authenticator, DigestClient, DigestConfig, Refusal, Secret};
use sip_proto::register::{Bindings, RegisterLimits};
use sip_proto::sdp::{AudioCapabilities, Description, Direction, LocalMedia, LocalSdp};
use sip_proto::{Flow, Message, Moment, ParseError, Transport, parse_datagram};

const ROUNDS: usize = 200;
const PER_ROUND: usize = 100;
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
const NOW: Moment = Moment(1_000_000);
const REGISTERED: u32 = 100_000;

const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
    m=audio 40000 RTP/AVP 8 0 9 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n\
    a=rtpmap:9 G722/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n\
    a=ptime:20\r\na=sendrecv\r\n";

fn main() -> Result<(), ParseError> {
    for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
        verify("right password", algorithm, "1001", "secret");
        verify("wrong password", algorithm, "1001", "guess");
        verify("unknown name", algorithm, "1002", "guess");
    }
    let mut guard = Authenticator::new(DigestConfig::new("acme.test"), &[1; 32], 1);
    measure("challenge, both algorithms", || {
        black_box(guard.challenge(Refusal::Missing, HERE, NOW));
    });
    let text = request(1, 1);
    measure("read a REGISTER", || {
        let _ = black_box(parse_datagram(text.as_bytes()));
    });
    register()?;
    let capabilities = AudioCapabilities::g711();
    let media = LocalMedia { addr: HERE, port: 20_000, direction: Direction::SendRecv };
    measure("read an offer and answer it", || {
        if let Ok(offer) = Description::parse(OFFER.as_bytes()) {
            let _ = black_box(LocalSdp::new(1).build_answer(&offer, &capabilities, &media));
        }
    });
    Ok(())
}

/// Every request counts its `nc` up, as a phone does; the client's part is prepared beforehand.
fn verify(what: &str, algorithm: Algorithm, user: &str, password: &str) {
    let config = DigestConfig { algorithms: vec![algorithm], ..DigestConfig::new("acme.test") };
    let mut guard = Authenticator::new(config, &[1; 32], 1);
    let mut client = DigestClient::new(user, password, 1);
    let challenges = guard.challenge(Refusal::Missing, HERE, NOW);
    let challenges: Vec<&[u8]> = challenges.iter().map(String::as_bytes).collect();
    if client.challenged(&challenges).is_err() {
        return;
    }
    let values: Vec<String> =
        (0..=ROUNDS * PER_ROUND).filter_map(|_| client.authorization("REGISTER", "sip:acme.test")).collect();
    let kept = Secret::of("1001", "acme.test", "secret");
    let secrets = |user: &str| (user == "1001").then_some(kept);
    let mut next = values.iter();
    measure(&format!("verify {}, {what}", algorithm.as_str()), || {
        if let Some(value) = next.next() {
            let value = [value.as_bytes()];
            let _ = black_box(guard.verify("REGISTER", "sip:acme.test", &value, &secrets, HERE, NOW));
        }
    });
}

fn request(user: u32, cseq: u32) -> String {
    format!(
        "REGISTER sip:acme.test SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK{cseq};rport\r\n\
         Max-Forwards: 70\r\nFrom: <sip:{user}@acme.test>;tag=1\r\nTo: <sip:{user}@acme.test>\r\n\
         Call-ID: {user}@127.0.0.1\r\nCSeq: {cseq} REGISTER\r\nContact: <sip:{user}@127.0.0.1:5061>\r\n\
         Expires: 3600\r\nUser-Agent: cost\r\nContent-Length: 0\r\n\r\n"
    )
}

fn register() -> Result<(), ParseError> {
    let remote = std::net::SocketAddr::new(HERE, 5061);
    let flow = Flow { transport: Transport::Udp, local: remote, remote, id: 0 };
    let mut bindings = Bindings::new(RegisterLimits::default());
    for user in 0..REGISTERED {
        let message = parse_datagram(request(user, 1).as_bytes())?;
        let _ = bindings.register(&user.to_string(), &message, flow, NOW);
    }
    let messages: Result<Vec<(String, Message)>, ParseError> = (0..REGISTERED)
        .take(ROUNDS * PER_ROUND)
        .map(|n| {
            // Spread over the table, or the cache would flatter it.
            let user = n.wrapping_mul(7919) % REGISTERED;
            Ok((user.to_string(), parse_datagram(request(user, 2).as_bytes())?))
        })
        .collect();
    let messages = messages?;
    let mut next = messages.iter();
    measure(&format!("refresh one of {REGISTERED} bindings"), || {
        if let Some((aor, message)) = next.next() {
            let _ = black_box(bindings.register(aor, message, flow, NOW));
        }
    });
    Ok(())
}

fn measure(what: &str, mut operation: impl FnMut()) {
    let mut rounds: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            for _ in 0..PER_ROUND {
                operation();
            }
            begin.elapsed().as_nanos() / PER_ROUND as u128
        })
        .collect();
    rounds.sort_unstable();
    println!("{what:<32} {:>7} ns", rounds[ROUNDS / 10]);
}
