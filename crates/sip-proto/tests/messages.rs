//! Reading and writing messages, from datagrams and from streams.

use sip_proto::message::{ParseErrorKind, ParseLimits, parse_datagram_within, parse_frame_within};
use sip_proto::{Message, Method, Name, StreamItem, StreamParser, parse_datagram};

const INVITE: &str = "INVITE sip:bob@example.com SIP/2.0\r\n\
    v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1,\r\n SIP/2.0/TCP 192.0.2.2:5062;branch=z9hG4bK2\r\n\
    Max-Forwards: 70\r\n\
    f: \"Alice\" <sip:alice@example.com>;tag=1\r\n\
    TO : <sip:bob@example.com>\r\n\
    i: 1@192.0.2.1\r\n\
    CSeq: 1 INVITE\r\n\
    Subject: folded\r\n\t  over\r\n   lines\r\n\
    X-Latin: J\u{f6}rg\r\n\
    Content-Type: application/sdp\r\n\
    l: 4\r\n\r\nv=0\n";

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn kind(bytes: &[u8]) -> ParseErrorKind {
    parse_datagram(bytes).unwrap_err().kind
}

#[test]
fn compact_names_folded_lines_and_lists_are_read() {
    let message = parse_datagram(&latin(INVITE)).unwrap();
    assert_eq!(message.method(), Some(&Method::Invite));
    assert_eq!(message.headers.list(Name::Via).count(), 2);
    assert_eq!(message.via().unwrap().magic_branch(), Some("z9hG4bK1"));
    assert_eq!(message.headers.get("Subject"), Some(&b"folded over lines"[..]));
    assert_eq!(message.from().unwrap().tag(), Some("1"));
    assert_eq!(message.body, b"v=0\n");
}

#[test]
fn a_latin_1_byte_loses_neither_itself_nor_the_headers_after_it() {
    let message = parse_datagram(&latin(INVITE)).unwrap();
    assert_eq!(message.headers.get("X-Latin"), Some(&b"J\xf6rg"[..]));
    assert_eq!(message.headers.text("X-Latin").as_deref(), Some("J\u{f6}rg"));
    assert_eq!(message.content_type().as_deref(), Some("application/sdp"));
}

#[test]
fn what_is_written_reads_back_as_the_same_message() {
    let message = parse_datagram(&latin(INVITE)).unwrap();
    let again = parse_datagram(&message.to_bytes()).unwrap();
    assert_eq!(again.start, message.start);
    assert_eq!(again.body, message.body);
    let without_length = |message: &Message| {
        let mut headers = message.headers.clone();
        headers.remove(Name::ContentLength);
        headers
    };
    assert_eq!(without_length(&again), without_length(&message));
}

#[test]
fn an_unknown_method_is_kept_as_it_came() {
    let text = INVITE.replace("INVITE", "f!OO.1");
    let message = parse_datagram(&latin(&text)).unwrap();
    assert_eq!(message.method(), Some(&Method::Other("f!OO.1".to_owned())));
}

#[test]
fn without_content_length_the_body_is_the_rest_of_the_datagram() {
    let text = INVITE.replace("l: 4\r\n", "");
    assert_eq!(parse_datagram(&latin(&text)).unwrap().body, b"v=0\n");
}

#[test]
fn a_frame_holds_one_message_and_nothing_after_it() {
    let read = |bytes: &[u8]| parse_frame_within(bytes, &ParseLimits::default());
    let one = latin(INVITE);
    assert_eq!(read(&one), parse_datagram(&one));
    assert_eq!(read(&[&one[..], b"\r\n"].concat()), parse_datagram(&one));
    let error = read(&[&one[..], &one[..]].concat()).unwrap_err();
    assert_eq!((error.kind, error.status()), (ParseErrorKind::BodyBeyond, 400));
    assert!(error.partial.is_some(), "it can be answered");
}

#[test]
fn a_content_length_beyond_all_numbers_is_refused_and_can_be_answered() {
    for length in ["18446744073709551615", "99999999999999999999999", "-1", "5"] {
        let text = INVITE.replace("l: 4", &format!("l: {length}"));
        let error = parse_datagram(&latin(&text)).unwrap_err();
        let partial = error.partial.expect("the headers were readable");
        assert!(partial.via().is_some() && partial.cseq().is_some(), "{length}");
    }
    assert_eq!(kind(&latin(&INVITE.replace("l: 4", "l: 5"))), ParseErrorKind::BodyShort);
}

#[test]
fn each_fault_is_named() {
    let fault = |from: &str, to: &str| kind(&latin(&INVITE.replacen(from, to, 1)));
    assert_eq!(fault("i: 1@192.0.2.1\r\n", ""), ParseErrorKind::Missing(Name::CallId));
    assert_eq!(
        fault("CSeq: 1 INVITE", "CSeq: 1 INVITE\r\nCSeq: 2 INVITE"),
        ParseErrorKind::Repeated(Name::CSeq)
    );
    assert_eq!(fault("CSeq: 1 INVITE", "CSeq: 2147483648 INVITE"), ParseErrorKind::Malformed(Name::CSeq));
    assert_eq!(fault("CSeq: 1 INVITE", "CSeq: 1 BYE"), ParseErrorKind::MethodMismatch);
    assert_eq!(fault("TO : <sip:bob", "TO : \"open <sip:bob"), ParseErrorKind::Malformed(Name::To));
    assert_eq!(fault("Subject: folded", "Subject folded"), ParseErrorKind::HeaderLine);
    assert_eq!(fault("SIP/2.0\r\n", "SIP/7.0\r\n"), ParseErrorKind::Version);
    assert_eq!(kind(b"\r\n\r\n"), ParseErrorKind::Empty);
    assert_eq!(kind(b""), ParseErrorKind::Empty);
    assert_eq!(kind(b"\x16\x03\x01 not sip at all"), ParseErrorKind::StartLine);
}

#[test]
fn more_headers_than_the_limit_are_refused() {
    let limits = ParseLimits { header_bytes_max: 1 << 20, header_count_max: 50, body_bytes_max: 100 };
    let many = INVITE.replace("l: 4\r\n", &"Accept: text/plain\r\n".repeat(10_000));
    let error = parse_datagram_within(&latin(&many), &limits).unwrap_err();
    assert_eq!((error.kind, error.status()), (ParseErrorKind::HeaderCount, 513));
    let long = INVITE.replace("Subject: ", &format!("Subject: {}", "a".repeat(40_000)));
    assert_eq!(kind(&latin(&long)), ParseErrorKind::HeaderBytes);
}

fn items(pieces: &[&[u8]]) -> Vec<StreamItem> {
    let mut parser = StreamParser::new(ParseLimits::default());
    let mut items = Vec::new();
    for piece in pieces {
        parser.push(piece);
        while let Some(item) = parser.next_item() {
            items.push(item);
        }
    }
    items
}

#[test]
fn a_stream_cut_at_any_byte_gives_the_same_messages_and_keep_alives() {
    let mut bytes = latin(INVITE);
    bytes.extend_from_slice(b"\r\n\r\n");
    bytes.extend_from_slice(&latin(INVITE));
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&latin(&INVITE.replace("CSeq: 1 INVITE", "CSeq: x")));
    bytes.extend_from_slice(&latin(INVITE));
    let message = StreamItem::Message(parse_datagram(&latin(INVITE)).unwrap());
    let whole = items(&[&bytes]);
    assert_eq!(whole.len(), 5);
    assert_eq!(
        (&whole[0], &whole[1], &whole[2], &whole[4]),
        (&message, &StreamItem::Ping, &message, &message)
    );
    assert!(
        matches!(&whole[3], StreamItem::Malformed(error) if error.kind == ParseErrorKind::Malformed(Name::CSeq))
    );
    for cut in 0..bytes.len() {
        assert_eq!(items(&[&bytes[..cut], &bytes[cut..]]), whole, "cut at {cut}");
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(items(&single), whole);
}

#[test]
fn a_stream_without_content_length_is_broken() {
    let text = INVITE.replace("l: 4\r\n", "");
    let found = items(&[&latin(&text), &latin(INVITE)]);
    assert_eq!(found.len(), 1);
    assert!(matches!(&found[0], StreamItem::Broken(error)
            if error.kind == ParseErrorKind::Missing(Name::ContentLength) && error.partial.is_some()));
}

#[test]
fn a_stream_that_promises_too_much_or_never_ends_its_headers_is_broken() {
    for length in ["18446744073709551615", "99999999999999999999999", "70000", "-1"] {
        let found = items(&[&latin(&INVITE.replace("l: 4", &format!("l: {length}")))]);
        assert!(matches!(found.as_slice(), [StreamItem::Broken(_)]), "{length}");
    }
    let endless = format!("INVITE sip:a@b SIP/2.0\r\n{}", "X: y\r\n".repeat(10_000));
    assert!(matches!(items(&[endless.as_bytes()]).as_slice(), [StreamItem::Broken(_)]));
    let slowly: Vec<&[u8]> = endless.as_bytes().chunks(100).collect();
    assert!(matches!(items(&slowly).as_slice(), [StreamItem::Broken(_)]));
}
