//! Connections that somebody else holds: frames that are no messages, peers that do not read, limits.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use sip::{AssertedIdentity, Inbound, Limits, SendError, TurnedAway};
use sip_proto::flow::Destination;
use sip_proto::{Flow, Transport};

use crate::world::{answer, cseq, endpoint, message, messages, options, until};

const BROWSER: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7)), 4711);

fn frame(bytes: impl Into<Vec<u8>>) -> Bytes {
    Bytes::from(bytes.into())
}

fn closed(flow: Flow) -> impl FnMut(&Inbound) -> Option<()> {
    move |item| (*item == Inbound::Closed { flow }).then_some(())
}

#[tokio::test]
async fn a_frame_is_a_message_and_its_answer_goes_back_the_same_way() {
    let (server, ..) = endpoint(Limits::default()).await;
    let mut web = server.door().open(BROWSER, None).unwrap();
    // Without Content-Length, which nothing needs here (RFC 7118 section 5).
    let text = String::from_utf8(options(7)).unwrap().replace("Content-Length: 4\r\n", "");
    web.frames.send(frame(text)).await.unwrap();
    let task = answer(server, 3);
    let back = web.outgoing.next().await.unwrap();
    let text = String::from_utf8(back.to_vec()).unwrap();
    assert!(text.starts_with("SIP/2.0 200 OK\r\n") && text.contains("CSeq: 7 OPTIONS"), "{text}");
    task.abort();
}

#[tokio::test]
async fn its_flow_is_of_a_websocket_and_its_peer_is_vouched_for_before_it_says_anything() {
    let (mut server, ..) = endpoint(Limits::default()).await;
    let identity = AssertedIdentity::Phone { domain: "acme.test".into(), user: "1001".into() };
    let web = server.door().open(BROWSER, Some(identity.clone())).unwrap();
    web.frames.send(frame(options(1))).await.unwrap();
    let mut batch = Vec::new();
    while batch.len() < 2 {
        server.receive(&mut batch).await;
    }
    let flow = batch[0].flow();
    assert_eq!(batch[0], Inbound::Asserted { flow, identity });
    assert!(matches!(&batch[1], Inbound::Message { flow: same, .. } if *same == flow));
    assert_eq!((flow.transport, flow.remote), (Transport::Ws, BROWSER));
    assert_eq!(server.counts().connections, 1);
    drop(web.frames);
    until(&mut server, closed(flow)).await;
    assert_eq!(server.send(flow, &b"x"[..]), Err(SendError::Closed));
    let nowhere = Destination::Address { transport: Transport::Ws, remote: BROWSER };
    assert_eq!(server.send_to(nowhere, &b"x"[..]), Err(SendError::NoTransport));
}

#[tokio::test]
async fn what_is_no_message_is_told_and_stops_nothing() {
    let (mut server, ..) = endpoint(Limits::default()).await;
    let mut web = server.door().open(BROWSER, None).unwrap();
    let mut two = options(1);
    two.extend(options(2));
    let mut large = options(3);
    large.extend(vec![b'x'; 100_000]);
    let long_header = String::from_utf8(options(4))
        .unwrap()
        .replace("Call-ID: c", &format!("Call-ID: {}", "c".repeat(100_000)));
    let noise: Vec<u8> = (0..=255).collect();
    for (bytes, status) in [(two, 400), (large, 400), (long_header.into_bytes(), 513), (noise, 400)] {
        web.frames.send(frame(bytes)).await.unwrap();
        let told = until(&mut server, |item| match item {
            Inbound::Malformed { error, .. } => Some(error.status()),
            other @ (Inbound::Message { .. }
            | Inbound::KeepAlive { .. }
            | Inbound::Asserted { .. }
            | Inbound::Closed { .. }) => panic!("{other:?}"),
        });
        assert_eq!(told.await, status);
    }
    // Line ends are signs of life, and the ping among them is answered (RFC 5626 section 4.4.1).
    for bytes in [&b""[..], b"\r\n", b"\r\n\r\n"] {
        web.frames.send(frame(bytes)).await.unwrap();
        until(&mut server, |item| matches!(item, Inbound::KeepAlive { .. }).then_some(())).await;
    }
    assert_eq!(web.outgoing.next().await.as_deref(), Some(&b"\r\n"[..]));
    web.frames.send(frame(options(9))).await.unwrap();
    assert_eq!(messages(&mut server, 1).await, [9]);
    assert_eq!(server.counts().malformed, 4);
}

#[tokio::test]
async fn a_peer_that_does_not_read_loses_its_connection_with_a_word() {
    let limits = Limits { queue_messages_max: 8, ..Limits::default() };
    let (mut server, ..) = endpoint(limits).await;
    let mut web = server.door().open(BROWSER, None).unwrap();
    web.frames.send(frame(options(1))).await.unwrap();
    let flow = until(&mut server, |item| Some(item.flow())).await;
    let sent = (0..20).map_while(|_| server.send(flow, vec![b'x'; 1000]).ok()).count();
    assert_eq!(sent, 8);
    until(&mut server, closed(flow)).await;
    assert_eq!((server.counts().overflowed, server.counts().connections), (1, 0));
    // What was taken before is still to be had, and then it is over.
    for _ in 0..8 {
        assert!(web.outgoing.next().await.is_some());
    }
    assert!(web.outgoing.next().await.is_none());
}

#[tokio::test]
async fn what_has_been_written_makes_room_again() {
    let limits = Limits { queue_bytes_max: 2_500, ..Limits::default() };
    let (mut server, ..) = endpoint(limits).await;
    let mut web = server.door().open(BROWSER, None).unwrap();
    web.frames.send(frame(options(1))).await.unwrap();
    let flow = until(&mut server, |item| Some(item.flow())).await;
    for _ in 0..20 {
        server.send(flow, vec![b'x'; 1_000]).unwrap();
        server.send(flow, vec![b'x'; 1_000]).unwrap();
        for _ in 0..2 {
            assert_eq!(web.outgoing.next().await.unwrap().len(), 1_000);
        }
        // Asking for more says that both were written.
        tokio::select! {
            biased;
            more = web.outgoing.next() => panic!("{more:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
}

#[tokio::test]
async fn seats_are_counted_and_given_back() {
    let limits = Limits { connections_per_ip_max: 1, ..Limits::default() };
    let (mut server, ..) = endpoint(limits).await;
    let door = server.door();
    let web = door.open(BROWSER, None).unwrap();
    assert_eq!(door.open(BROWSER, None).err(), Some(TurnedAway));
    door.open("192.0.2.8:1".parse().unwrap(), None).unwrap();
    drop(web);
    until(&mut server, |item| {
        (*item == Inbound::Closed { flow: item.flow() } && item.flow().remote == BROWSER).then_some(())
    })
    .await;
    let again = door.open(BROWSER, None).unwrap();
    again.frames.send(frame(options(3))).await.unwrap();
    let (_, again) = until(&mut server, message).await;
    assert_eq!((cseq(&again), server.counts().turned_away), (3, 1));
}

#[tokio::test]
async fn who_says_nothing_valid_is_let_go() {
    let limits = Limits { first_message_timeout: Duration::from_millis(30), ..Limits::default() };
    let (mut server, ..) = endpoint(limits).await;
    let mut web = server.door().open(BROWSER, None).unwrap();
    web.frames.send(frame("\r\n\r\n")).await.unwrap();
    let flow = until(&mut server, |item| Some(item.flow())).await;
    until(&mut server, closed(flow)).await;
    assert!(web.outgoing.next().await.is_some(), "the answer to its ping");
    assert!(web.outgoing.next().await.is_none());
}

#[tokio::test]
async fn with_its_endpoint_every_connection_ends() {
    let (mut server, ..) = endpoint(Limits::default()).await;
    let door = server.door();
    let mut web = door.open(BROWSER, None).unwrap();
    web.frames.send(frame(options(1))).await.unwrap();
    until(&mut server, |item| Some(item.flow())).await;
    drop(server);
    assert!(web.outgoing.next().await.is_none());
    let mut late = door.open(BROWSER, None).unwrap();
    assert!(late.outgoing.next().await.is_none());
}
