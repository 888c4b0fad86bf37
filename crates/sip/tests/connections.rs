//! TCP.

use std::time::Duration;

use sip::{Inbound, Limits, SendError};
use sip_proto::flow::Destination;
use sip_proto::{Message, Transport};
use socket2::SockRef;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream, UdpSocket};

use crate::world::{
    ANY, answer, cseq, endpoint, message, messages, options, read_to_close, read_until, until,
};

async fn connect(tcp: std::net::SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(tcp).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

#[tokio::test]
async fn a_message_cut_at_any_byte_arrives_whole() {
    let (mut server, _, tcp) = endpoint(Limits::default()).await;
    let mut phone = connect(tcp).await;
    let length = u32::try_from(options(100).len()).unwrap();
    for cut in 1..length {
        let message = options(99 + cut);
        let (head, tail) = message.split_at(usize::try_from(cut).unwrap());
        phone.write_all(head).await.unwrap();
        // Let the server read the first piece before there is a second.
        for _ in 0..4 {
            tokio::select! {
                biased;
                found = messages(&mut server, 1) => panic!("{found:?} from a piece"),
                () = tokio::task::yield_now() => {}
            }
        }
        phone.write_all(tail).await.unwrap();
        assert_eq!(messages(&mut server, 1).await, [99 + cut]);
    }
    assert_eq!(server.counts().connections, 1);
}

#[tokio::test]
async fn many_messages_in_one_segment_arrive_in_order() {
    let (mut server, _, tcp) = endpoint(Limits::default()).await;
    let mut phone = connect(tcp).await;
    let all: Vec<u8> = (1..=50).flat_map(options).collect();
    phone.write_all(&all).await.unwrap();
    assert_eq!(messages(&mut server, 50).await, (1..=50).collect::<Vec<u32>>());
}

#[tokio::test]
async fn an_answer_goes_back_on_its_connection_and_keep_alives_are_answered() {
    let (server, _, tcp) = endpoint(Limits::default()).await;
    let task = answer(server, 10);
    let mut phone = connect(tcp).await;
    phone.write_all(b"\r\n\r\n").await.unwrap();
    assert_eq!(read_until(&mut phone, "\r\n").await, "\r\n");
    phone.write_all(&options(5)).await.unwrap();
    let text = read_until(&mut phone, "xxxxxxxxxx").await;
    assert!(text.starts_with("SIP/2.0 200 OK") && text.contains("CSeq: 5 OPTIONS"), "{text}");
    task.abort();
}

#[tokio::test]
async fn a_client_that_floods_and_never_reads_loses_its_connection_and_stops_nobody() {
    let (server, udp, tcp) = endpoint(Limits::default()).await;
    let task = answer(server, 400);
    let mut flooder = connect(tcp).await;
    let flood = tokio::spawn(async move {
        let mut sent = 0;
        let message = options(1);
        while sent < 60_000 && flooder.write_all(&message).await.is_ok() {
            sent += 1;
        }
        sent
    });
    let phone = UdpSocket::bind(ANY).await.unwrap();
    let mut other = connect(tcp).await;
    let mut buffer = [0; 4096];
    let mut rounds = 0;
    while !flood.is_finished() || rounds < 50 {
        rounds += 1;
        phone.send_to(&options(rounds), udp).await.unwrap();
        phone.recv(&mut buffer).await.unwrap();
        other.write_all(&options(rounds)).await.unwrap();
        read_until(&mut other, &"x".repeat(400)).await;
    }
    let sent = flood.await.unwrap();
    assert!(sent < 60_000, "it was cut off");
    task.abort();
}

#[tokio::test]
async fn a_queue_that_overflows_closes_its_connection_with_a_word() {
    let limits = Limits { queue_messages_max: 8, ..Limits::default() };
    let (mut server, _, tcp) = endpoint(limits).await;
    let mut phone = connect(tcp).await;
    phone.write_all(&options(1)).await.unwrap();
    let flow = until(&mut server, |item| Some(item.flow())).await;
    let piece = vec![b'x'; 60_000];
    let mut sent = 0;
    // Nothing else runs while this loop does not await, so the queue must fill.
    let error = loop {
        match server.send(flow, piece.clone()) {
            Ok(()) => sent += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((sent, error), (8, SendError::Overflow));
    assert_eq!(server.send(flow, &b"x"[..]), Err(SendError::Closed));
    until(&mut server, |item| (*item == Inbound::Closed { flow }).then_some(())).await;
    read_to_close(&mut phone).await;
    let counts = server.counts();
    assert_eq!((counts.overflowed, counts.connections), (1, 0));
}

#[tokio::test]
async fn a_reset_connection_is_reported_and_forgotten() {
    let (mut server, _, tcp) = endpoint(Limits::default()).await;
    let mut phone = connect(tcp).await;
    phone.write_all(&options(1)).await.unwrap();
    let flow = until(&mut server, |item| Some(item.flow())).await;
    SockRef::from(&phone).set_linger(Some(Duration::ZERO)).unwrap();
    drop(phone);
    until(&mut server, |item| (*item == Inbound::Closed { flow }).then_some(())).await;
    assert_eq!(server.counts().connections, 0);
    assert_eq!(server.send(flow, &b"x"[..]), Err(SendError::Closed));
    let mut next = connect(tcp).await;
    next.write_all(&options(2)).await.unwrap();
    let (other, request) = until(&mut server, message).await;
    assert_eq!(cseq(&request), 2);
    assert_ne!(other.id, flow.id, "an id is never used again");
}

#[tokio::test]
async fn a_half_closed_connection_still_gets_its_answer() {
    let (mut server, _, tcp) = endpoint(Limits::default()).await;
    let mut phone = connect(tcp).await;
    phone.write_all(&options(1)).await.unwrap();
    phone.shutdown().await.unwrap();
    let (flow, request) = until(&mut server, message).await;
    // Let the server see the end of the stream before it answers.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let response = Message::response(&request, 200, "OK", Some("t"));
    server.send(flow, response.to_bytes()).unwrap();
    read_until(&mut phone, "SIP/2.0 200 OK").await;
    until(&mut server, |item| (*item == Inbound::Closed { flow }).then_some(())).await;
}

#[tokio::test]
async fn a_stream_that_cannot_go_on_is_answered_and_closed() {
    let (mut server, _, tcp) = endpoint(Limits::default()).await;
    let mut phone = connect(tcp).await;
    let text = String::from_utf8(options(1)).unwrap().replace("Content-Length: 4\r\n", "");
    phone.write_all(text.as_bytes()).await.unwrap();
    let (flow, status) = until(&mut server, |item| {
        if let Inbound::Malformed { flow, error } = item { Some((*flow, error.status())) } else { None }
    })
    .await;
    assert_eq!(status, 400);
    server.send(flow, &b"SIP/2.0 400 Bad Request\r\n\r\n"[..]).unwrap();
    read_until(&mut phone, "400 Bad Request").await;
    until(&mut server, |item| (*item == Inbound::Closed { flow }).then_some(())).await;
    read_to_close(&mut phone).await;
}

#[tokio::test]
async fn a_connection_that_says_nothing_valid_is_closed_and_one_that_did_is_not() {
    let limits = Limits { first_message_timeout: Duration::from_millis(100), ..Limits::default() };
    let (mut server, _, tcp) = endpoint(limits).await;
    let mut good = connect(tcp).await;
    good.write_all(&options(1)).await.unwrap();
    let mut silent = connect(tcp).await;
    let mut dripping = connect(tcp).await;
    dripping.write_all(b"\r\n\r\nOPTIONS sip:a SIP/2.0\r\n").await.unwrap();
    let mut closed = 0;
    until(&mut server, |item| {
        closed += u32::from(matches!(item, Inbound::Closed { .. }));
        (closed == 2).then_some(())
    })
    .await;
    read_to_close(&mut silent).await;
    read_to_close(&mut dripping).await;
    good.write_all(&options(2)).await.unwrap();
    assert_eq!(messages(&mut server, 1).await, [2]);
}

#[tokio::test]
async fn one_address_cannot_take_every_place() {
    let limits = Limits { connections_per_ip_max: 2, ..Limits::default() };
    let (mut server, _, tcp) = endpoint(limits).await;
    let mut kept = Vec::new();
    for number in 1..=2 {
        let mut phone = connect(tcp).await;
        phone.write_all(&options(number)).await.unwrap();
        messages(&mut server, 1).await;
        kept.push(phone);
    }
    let mut third = connect(tcp).await;
    read_to_close(&mut third).await;
    assert_eq!(server.counts().turned_away, 1);
    drop(kept.pop());
    until(&mut server, |item| matches!(item, Inbound::Closed { .. }).then_some(())).await;
    // The place is given back just after the word: a peer may have to ask twice.
    let mut number = 10;
    loop {
        let mut phone = connect(tcp).await;
        number += 1;
        let _ = phone.write_all(&options(number)).await;
        let before = server.counts();
        tokio::select! {
            found = messages(&mut server, 1) => {
                assert_eq!(found, [number]);
                break;
            }
            () = read_to_close(&mut phone) => assert_eq!(before.connections, 1),
        }
    }
}

#[tokio::test]
async fn two_endpoints_talk_over_one_connection_that_either_may_use() {
    let (mut one, _, _) = endpoint(Limits::default()).await;
    let (mut two, _, there) = endpoint(Limits::default()).await;
    let out = one.connect(there).unwrap();
    assert_eq!(one.connect(there).unwrap(), out, "the connection is used again");
    one.send(out, options(1)).unwrap();
    let address = Destination::Address { transport: Transport::Tcp, remote: there };
    assert_eq!(one.send_to(address, options(2)), Ok(out));
    let back = until(&mut two, |item| Some(item.flow())).await;
    two.send(back, options(3)).unwrap();
    assert_eq!(messages(&mut one, 1).await, [3]);
    two.close(back);
    until(&mut one, |item| (*item == Inbound::Closed { flow: out }).then_some(())).await;
    let again = one.connect(there).unwrap();
    assert_ne!(again.id, out.id);
}

#[tokio::test]
async fn a_connection_that_cannot_be_made_is_reported_closed() {
    let nobody = TcpListener::bind(ANY).await.unwrap().local_addr().unwrap();
    let (mut server, _, _) = endpoint(Limits { outbound_max: 1, ..Limits::default() }).await;
    let flow = server.connect(nobody).unwrap();
    server.send(flow, options(1)).unwrap();
    assert_eq!(server.connect("127.0.0.1:9".parse().unwrap()), Err(SendError::TooManyConnections));
    until(&mut server, |item| (*item == Inbound::Closed { flow }).then_some(())).await;
    assert_eq!(server.send(flow, &b"x"[..]), Err(SendError::Closed));
    assert_eq!(server.counts().connections, 0);
}
