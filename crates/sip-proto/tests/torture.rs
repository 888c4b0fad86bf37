//! The torture messages of RFC 4475, written down from the RFC's sections.
//!
//! Covered: all of 3.1.1 (1 to 13), 3.1.2 (1 to 19), 3.2.1, 3.3 (1 to 15) and 3.4.1, 49 messages.
//! They stand here as the RFC prints them, with these exceptions: 3.1.1.7 is rebuilt from its
//! repetitions and may spell its Vias in another order, 3.1.1.11 has a binary part of our own and
//! no Identity, and 3.3.8 counts its own body. The Content-Length of every other message agrees
//! with its body where the RFC says that it does, which is checked below.
//!
//! The RFC leaves to the receiver whether to be strict or liberal in some cases. What we do is said
//! at each; the rule is that whatever has one meaning is read.

mod invalid;
mod semantic;
mod valid;

use std::net::IpAddr;

use sip_proto::auth::{Authenticator, DigestConfig, Refusal};
use sip_proto::message::{ParseErrorKind, ParseLimits};
use sip_proto::register::{Bindings, RegisterLimits, Reject};
use sip_proto::sdp::{Description, find_sdp};
use sip_proto::{
    Flow, Message, Method, Moment, Name, Scheme, StreamItem, StreamParser, Transport, parse_datagram,
};

use super::mutation::{Rng, mutate};

/// The description most of the messages carry.
fn sdp(addr: &str) -> String {
    format!(
        "v=0\no=mhandley 29739 7272939 IN IP4 {addr}\ns=-\nc=IN IP4 {addr}\nt=0 0\n\
         m=audio 49217 RTP/AVP 0 12\nm=video 3227 RTP/AVP 31\na=rtpmap:31 LPC\n"
    )
}

/// As on the wire.
fn wire(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn read(text: &str) -> Message {
    parse_datagram(&wire(text)).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn text(message: &Message, name: &str) -> String {
    message.headers.text(name.as_bytes()).unwrap_or_default()
}

const VALID: [fn() -> String; 13] = [
    valid::wsinv,
    valid::intmeth,
    valid::esc01,
    valid::escnull,
    valid::esc02,
    valid::lwsdisp,
    valid::longreq,
    valid::dblreq,
    valid::semiuri,
    valid::transports,
    valid::mpart01,
    valid::unreason,
    valid::noreason,
];

/// Well formed by the grammar, or wrong in a way that has one meaning, which we read.
const READ: [fn() -> String; 16] = [
    invalid::baddate,
    invalid::badaspec,
    invalid::baddn,
    semantic::badbranch,
    semantic::unkscm,
    semantic::novelsc,
    semantic::unksm2,
    semantic::bext01,
    semantic::invut,
    semantic::regaut01,
    semantic::bcast,
    semantic::zeromf,
    semantic::cparam01,
    semantic::cparam02,
    semantic::regescrt,
    semantic::inv2543,
];

type Fault = (fn() -> String, ParseErrorKind, u16);

/// Refused, with what is wrong and the status a request is answered with.
const REFUSED: [Fault; 19] = [
    (invalid::badinv01, ParseErrorKind::Malformed(Name::Via), 400),
    (invalid::clerr, ParseErrorKind::BodyShort, 400),
    (invalid::ncl, ParseErrorKind::Malformed(Name::ContentLength), 400),
    (invalid::scalar02, ParseErrorKind::Malformed(Name::MaxForwards), 400),
    (invalid::scalarlg, ParseErrorKind::Malformed(Name::CSeq), 400),
    (invalid::quotbal, ParseErrorKind::Malformed(Name::To), 400),
    (invalid::ltgtruri, ParseErrorKind::StartLine, 400),
    (invalid::lwsruri, ParseErrorKind::StartLine, 400),
    (invalid::lwsstart, ParseErrorKind::StartLine, 400),
    (invalid::trws, ParseErrorKind::StartLine, 400),
    (invalid::escruri, ParseErrorKind::StartLine, 400),
    (invalid::regbadct, ParseErrorKind::Malformed(Name::Contact), 400),
    (invalid::badvers, ParseErrorKind::Version, 505),
    (invalid::mismatch01, ParseErrorKind::MethodMismatch, 400),
    (invalid::mismatch02, ParseErrorKind::MethodMismatch, 400),
    (invalid::bigcode, ParseErrorKind::StartLine, 400),
    (semantic::insuf, ParseErrorKind::Missing(Name::From), 400),
    (semantic::multi01, ParseErrorKind::Repeated(Name::From), 400),
    (semantic::mcl01, ParseErrorKind::Repeated(Name::ContentLength), 400),
];

fn all() -> Vec<Vec<u8>> {
    let refused = REFUSED.iter().map(|(message, _, _)| message);
    let more = [semantic::sdp01 as fn() -> String];
    VALID.iter().chain(&READ).chain(refused).chain(&more).map(|message| wire(&message())).collect()
}

#[test]
fn there_are_49_messages_and_each_is_in_one_table() {
    let mut all = all();
    assert_eq!(all.len(), 49);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 49);
}

#[test]
fn everything_valid_is_read_and_written_so_that_it_reads_the_same() {
    for message in VALID.iter().chain(&READ) {
        let first = read(&message());
        let again = parse_datagram(&first.to_bytes()).unwrap();
        assert_eq!((&again.start, &again.body), (&first.start, &first.body));
        assert_eq!((again.via(), again.from(), again.to()), (first.via(), first.from(), first.to()));
        assert_eq!((again.cseq(), again.call_id()), (first.cseq(), first.call_id()));
    }
}

#[test]
fn lengths_agree_with_bodies_as_the_rfc_printed_them() {
    let bodies =
        [valid::wsinv, valid::esc01, valid::longreq, valid::unreason, semantic::bcast, semantic::sdp01];
    for message in bodies.iter().chain(&[invalid::baddate as fn() -> String, semantic::invut]) {
        let bytes = wire(&message());
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
        let read = parse_datagram(&bytes).unwrap();
        assert_eq!(read.number(Name::ContentLength), u32::try_from(bytes.len() - end).ok());
    }
}

#[test]
fn everything_wrong_is_refused_for_what_is_wrong_with_it() {
    for (message, kind, status) in REFUSED {
        let text = message();
        let error = parse_datagram(&wire(&text)).expect_err(&text);
        assert_eq!((error.kind, error.status()), (kind, status), "{text}");
        // Whatever can be answered says to whom.
        if text.contains("Via: SIP/2.0") && !text.starts_with("SIP/2.0 4294967301") {
            assert!(error.partial.is_some_and(|partial| partial.headers.count(Name::Via) > 0), "{text}");
        }
    }
}

#[test]
fn the_short_tortuous_invite_means_what_it_says() {
    let message = read(&valid::wsinv());
    assert_eq!(message.method(), Some(&Method::Invite));
    assert!(message.request_uri().unwrap().params.has("unknownparam"));
    assert_eq!(message.to().unwrap().tag(), Some("1918181833n"));
    let from = message.from().unwrap();
    assert_eq!((from.display.as_deref(), from.tag()), (Some("J Rosenberg \\\""), Some("98asjd8")));
    assert_eq!(message.number(Name::MaxForwards), Some(68));
    assert_eq!(message.cseq().unwrap().number, 9);
    assert_eq!(message.headers.list(Name::Via).count(), 3);
    let via = message.via().unwrap();
    assert_eq!((via.transport.as_str(), via.host.as_str()), ("UDP", "192.0.2.2"));
    assert_eq!((via.branch(), via.magic_branch()), (Some("390skdjuw"), None));
    assert_eq!(message.headers.get(Name::Subject), Some(&b""[..]));
    assert_eq!(text(&message, "NewFangledHeader"), "newfangled value continued newfangled value");
    assert_eq!(text(&message, "UnknownHeaderWithUnusualValue"), ";;,,;;,;");
    let contact = message.contact().unwrap();
    assert_eq!(contact.display.as_deref(), Some("Quoted string \"\""));
    assert_eq!((contact.params.get("newparam"), contact.params.get("q")), (Some("newvalue"), Some("0.33")));
    let route: Vec<_> = message.addresses(Name::Route).collect();
    assert_eq!(route[0].uri.params.get("unknownwith"), Some("value"));
    let body = find_sdp(&text(&message, "Content-Type"), &message.body).unwrap();
    let description = Description::parse(body).unwrap();
    assert_eq!(description.media.len(), 2);
    assert_eq!(description.audio().unwrap().destination(), Some("192.0.2.4:49217".parse().unwrap()));
}

#[test]
fn every_character_that_may_stand_somewhere_may_stand_there() {
    let message = read(&valid::intmeth());
    assert_eq!(message.method().unwrap().as_str(), "!interesting-Method0123456789_*+`.%indeed'~");
    let uri = message.request_uri().unwrap();
    assert_eq!(uri.user.as_deref(), Some("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"));
    assert_eq!(uri.password.as_deref(), Some("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"));
    assert_eq!(message.to().unwrap().display.as_deref(), Some("BEL:\u{7} NUL:\0 DEL:\u{7f}"));
    let from = message.from().unwrap();
    assert_eq!(from.tag(), Some("_token~1'+`*%!-."));
    assert_eq!(from.params.get("fromParam''~+*_!.-%"), Some("\"работающий\""));
    assert_eq!(message.call_id(), Some(&br#"intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{"#[..]));
    assert_eq!(text(&message, "extensionHeader-!.%*+_`'~"), "\u{feff}大停電");
}

#[test]
fn escapes_are_undone_where_they_are_escapes_and_nowhere_else() {
    let message = read(&valid::esc01());
    assert_eq!(message.request_uri().unwrap().user_text(), "sips:user@example.com");
    assert_eq!(message.request_uri().unwrap().host, "example.net");
    assert_eq!(message.to().unwrap().uri.user_text(), "user");
    assert_eq!(message.from().unwrap().uri.user_text(), "I have spaces");
    assert_eq!(message.contact().unwrap().uri.user_text(), "caller");

    let message = read(&valid::escnull());
    let contacts: Vec<_> = message.addresses(Name::Contact).collect();
    assert_eq!((contacts[0].uri.user_text(), contacts[1].uri.user_text()), ("\0".into(), "\0\0".into()));
    assert!(!contacts[0].uri.matches(&contacts[1].uri));

    let message = read(&valid::esc02());
    assert_eq!(message.method(), Some(&Method::Other("RE%47IST%45R".into())), "not REGISTER");
    assert_eq!(message.headers.count(Name::Contact), 2);
    assert_eq!(message.to().unwrap().display.as_deref(), Some("%Z%45"));
    assert_eq!(message.via().unwrap().magic_branch(), Some("z9hG4bK209%fzsnel234"));
}

#[test]
fn odd_but_right_addresses_transports_and_reasons_are_read() {
    let message = read(&valid::lwsdisp());
    let from = message.from().unwrap();
    assert_eq!((from.display.as_deref(), from.tag()), (Some("caller"), Some("323")));

    let message = read(&valid::longreq());
    assert_eq!(message.headers.list(Name::Via).count(), 34);
    assert_eq!(message.to().unwrap().uri.port, Some(6000));
    assert_eq!(message.from().unwrap().tag().map(str::len), Some(2 + 150 + 3));

    let message = read(&valid::semiuri());
    assert_eq!(message.request_uri().unwrap().user_text(), "user;par=u@example.net");
    assert!(message.request_uri().unwrap().params.is_empty());
    assert_eq!(message.headers.list(Name::Accept).count(), 6);

    let message = read(&valid::transports());
    assert_eq!(message.headers.list(Name::Via).count(), 5);

    let message = read(&valid::mpart01());
    assert!(message.body.contains(&0) && message.body.ends_with(b"--7a9cbec02ceef655--\r\n"));

    let message = read(&valid::unreason());
    assert_eq!(message.reason(), Some("= 2**3 * 5**2 но сто девяносто девять - простое"));
    assert_eq!((read(&valid::noreason()).status(), read(&valid::noreason()).reason()), (Some(100), Some("")));
}

#[test]
fn what_follows_the_body_in_a_datagram_is_not_a_message() {
    let message = read(&valid::dblreq());
    assert_eq!(message.method(), Some(&Method::Register));
    assert!(message.body.is_empty());
    assert_eq!(message.headers.count(Name::Via), 1);
}

#[test]
fn what_is_wrong_but_has_one_meaning_is_read() {
    assert!(text(&read(&invalid::baddate()), "Date").ends_with("EST"));
    assert_eq!(read(&invalid::badaspec()).to().unwrap().uri.user_text(), "t.watson");
    let message = read(&invalid::baddn());
    assert_eq!(message.from().unwrap().display.as_deref(), Some("Bell, Alexander"));
    assert_eq!(message.from().unwrap().tag(), Some("43"));
}

#[test]
fn a_branch_of_the_cookie_alone_names_no_transaction() {
    let via = read(&semantic::badbranch()).via().unwrap();
    assert_eq!((via.branch(), via.magic_branch()), (Some("z9hG4bK"), None));
}

#[test]
fn what_the_application_must_judge_reaches_it() {
    let scheme = |message: &Message| message.request_uri().unwrap().scheme.clone();
    assert_eq!(scheme(&read(&semantic::unkscm())), Scheme::Other("nobodyknowsthisscheme".into()));
    assert_eq!(read(&semantic::unkscm()).request_uri().unwrap().opaque, "totallyopaquecontent");
    assert_eq!(scheme(&read(&semantic::novelsc())), Scheme::Other("soap.beep".into()));
    let message = read(&semantic::unksm2());
    assert_eq!(message.to().unwrap().uri.scheme, Scheme::Other("isbn".into()));
    assert_eq!(message.from().unwrap().tag(), Some("3234233"));
    let message = read(&semantic::bext01());
    assert!(message.headers.has_token(Name::Require, "NOTHINGSUPPORTSTHISEITHER"));
    assert_eq!(message.headers.list(Name::ProxyRequire).count(), 2);
    let message = read(&semantic::invut());
    assert_eq!(message.content_type().as_deref(), Some("application/unknownformat"));
    assert_eq!(message.body.len(), 40);
    assert_eq!(read(&semantic::zeromf()).number(Name::MaxForwards), Some(0));
    assert_eq!(read(&semantic::bcast()).headers.list(Name::Via).count(), 2);
    let message = read(&semantic::sdp01());
    assert!(!message.headers.has_token(Name::Accept, "application/sdp"));
    assert!(Description::parse(&message.body).is_ok());
    let message = read(&semantic::inv2543());
    assert_eq!((message.from().unwrap().tag(), message.via().unwrap().branch()), (None, None));
    assert!(Description::parse(&message.body).unwrap().audio().is_some(), "the rest of the datagram");
}

const FLOW: Flow = Flow {
    transport: Transport::Udp,
    local: std::net::SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 5060),
    remote: std::net::SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 5061),
    id: 0,
};

#[test]
fn the_registrar_and_the_guard_judge_as_the_rfc_wants() {
    let register = |message: &Message| {
        let mut bindings = Bindings::new(RegisterLimits::default());
        bindings.register("user", message, FLOW, Moment(0)).map(|outcome| outcome.contacts)
    };
    // Unknown schemes in a Contact are no place for a call.
    assert_eq!(register(&read(&semantic::unksm2())).map_err(Reject::status), Err(400));
    // A parameter of the header is not one of the address, and is not kept.
    let contacts = register(&read(&semantic::cparam01())).unwrap();
    assert_eq!(contacts, ["<sip:+19725552222@gw1.example.net>;expires=3600"]);
    let contacts = register(&read(&semantic::cparam02())).unwrap();
    assert_eq!(contacts, ["<sip:+19725552222@gw1.example.net;unknownparam>;expires=3600"]);
    let contacts = register(&read(&semantic::regescrt())).unwrap();
    assert_eq!(contacts, ["<sip:user@example.com?Route=%3Csip:sip.example.com%3E>;expires=3600"]);
    let contacts = register(&read(&valid::escnull())).unwrap();
    assert_eq!(contacts.len(), 2, "zero bytes end no name");

    let message = read(&semantic::regaut01());
    let mut guard = Authenticator::new(DigestConfig::new("example.com"), &[1; 32], 1);
    let values: Vec<&[u8]> = message.headers.all(Name::Authorization).collect();
    let verdict =
        guard.verify("REGISTER", "sip:example.com", &values, &|_| None, FLOW.remote.ip(), Moment(0));
    assert_eq!(verdict, Err(Refusal::Missing));
}

/// Everything a server does with a message before it knows who sent it.
fn handle(message: &Message, guard: &mut Authenticator, bindings: &mut Bindings) {
    let (_, _, _) = (message.via(), message.from(), message.to());
    for name in [Name::Contact, Name::Route, Name::RecordRoute, Name::Path] {
        assert!(message.addresses(name).count() <= message.headers.byte_len());
    }
    if let Some(uri) = message.request_uri() {
        assert!(uri.matches(uri), "{uri}");
        let values: Vec<&[u8]> = message.headers.all(Name::Authorization).collect();
        let method = message.method().unwrap().as_str();
        let verdict = guard.verify(method, &uri.to_string(), &values, &|_| None, FLOW.remote.ip(), Moment(0));
        assert!(verdict.is_err());
        if bindings.register("user", message, FLOW, Moment(0)).is_ok() {
            assert!(bindings.len() <= 10);
        }
    }
    if let Some(body) = find_sdp(&text(message, "Content-Type"), &message.body) {
        let _ = Description::parse(body);
    }
}

#[test]
fn no_mutation_does_harm_and_what_is_read_can_be_written_and_read_again() {
    let seeds = all();
    let mut rng = Rng(2006);
    let mut guard = Authenticator::new(DigestConfig::new("example.com"), &[1; 32], 1);
    let mut bindings = Bindings::new(RegisterLimits::default());
    let mut readable = 0;
    for round in 0..49_000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        mutate(&mut bytes, &mut rng);
        let message = match parse_datagram(&bytes) {
            Ok(message) => message,
            Err(error) => {
                assert!(error.status() >= 400 && !error.reason().is_empty());
                continue;
            }
        };
        readable += 1;
        handle(&message, &mut guard, &mut bindings);
        let written = message.to_bytes();
        let again = parse_datagram(&written)
            .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&written)));
        assert_eq!(again.body, message.body);
        assert_eq!(again.to_bytes(), written, "what is written once is written the same twice");
    }
    assert!(readable > 5_000, "the mutations leave something to test: {readable}");
}

#[test]
fn no_mutation_of_a_stream_does_harm_however_it_is_cut() {
    let seeds = all();
    let mut rng = Rng(1889);
    let mut items = 0;
    for round in 0..20_000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        bytes.extend_from_slice(&seeds[rng.below(seeds.len())]);
        mutate(&mut bytes, &mut rng);
        let mut parser = StreamParser::new(ParseLimits::default());
        let mut rest = &bytes[..];
        let mut here = 0;
        let mut broken = false;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at((1 + rng.below(300)).min(rest.len()));
            rest = after;
            parser.push(piece);
            while let Some(item) = parser.next_item() {
                assert!(!broken, "nothing comes after the end");
                broken = matches!(item, StreamItem::Broken(_));
                here += 1;
            }
            assert!(parser.buffered() <= bytes.len());
        }
        assert!(here <= bytes.len());
        items += here;
    }
    assert!(items > 20_000, "the mutations leave something to test: {items}");
}
