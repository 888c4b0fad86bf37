//! The HTTP listeners, plain and with TLS: HTTP/1.1 with limits on how long a client may keep us waiting and on how many there are.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// Named limits of the listener.
#[derive(Clone, Debug)]
pub(crate) struct HttpLimits {
    /// How long the head of a request may take, from the end of the answer before it: also how long a connection
    /// may be idle.
    pub(crate) head_timeout: Duration,
    /// How long a TLS handshake may take.
    pub(crate) handshake_timeout: Duration,
    /// Most bytes of a request's head, and of what is read ahead.
    pub(crate) head_bytes_max: usize,
    /// Most connections at once; more wait in the system's queue. An event socket is none any more: the API
    /// counts those.
    pub(crate) connections_max: usize,
    /// How long to wait after the system had no connection for us, for want of open files for instance.
    pub(crate) accept_pause: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(30),
            handshake_timeout: Duration::from_secs(10),
            head_bytes_max: 64 * 1024,
            connections_max: 2_048,
            accept_pause: Duration::from_millis(500),
        }
    }
}

/// Serves until `stop` says so; then lets the requests that have begun end.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: HttpLimits,
    stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let mut connections = JoinSet::new();
    let mut told = pin!(told(stop.clone()));
    loop {
        let accepted = async {
            // The semaphore is never closed: an error cannot be.
            let place = places.clone().acquire_owned().await.ok()?;
            Some((place, accept(&listener, limits.accept_pause).await))
        };
        tokio::select! {
            () = &mut told => break,
            accepted = accepted => {
                let Some((place, (stream, peer))) = accepted else { break };
                let (tls, router, limits, stop) = (tls.clone(), router.clone(), limits.clone(), stop.clone());
                connections.spawn(async move {
                    match tls {
                        None => connection(stream, peer, router, limits, stop).await,
                        Some(tls) => secure_connection(tls, stream, peer, router, limits, stop).await,
                    }
                    drop(place);
                });
            }
            // Ended ones are let go at once, so that the set is as large as the connections are many.
            Some(_ended) = connections.join_next() => {}
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Waits until the server stops.
async fn told(mut stop: watch::Receiver<bool>) {
    // An error means that the server itself is gone.
    let _told_or_gone = stop.wait_for(|stop| *stop).await;
}

async fn accept(listener: &TcpListener, pause: Duration) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The client was gone before we came.
            Err(error)
                if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                tracing::error!(%error, "HTTP cannot take a connection");
                tokio::time::sleep(pause).await;
            }
        }
    }
}

/// A connection that begins with a handshake, which has its own time.
async fn secure_connection(
    tls: TlsAcceptor,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: HttpLimits,
    stop: watch::Receiver<bool>,
) {
    let shaken = tokio::select! {
        shaken = timeout(limits.handshake_timeout, tls.accept(stream)) => shaken,
        () = told(stop.clone()) => return,
    };
    match shaken {
        Ok(Ok(stream)) => return connection(stream, peer, router, limits, stop).await,
        Ok(Err(error)) => tracing::debug!(%error, %peer, "a TLS handshake failed"),
        Err(_late) => tracing::debug!(%peer, "a TLS handshake did not end in time"),
    }
    metrics::counter!("cordboard_tls_handshakes_failed_total", "listener" => "http").increment(1);
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    peer: SocketAddr,
    router: Router,
    limits: HttpLimits,
    stop: watch::Receiver<bool>,
) {
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(limits.head_bytes_max)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "an HTTP connection broke");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    struct World {
        at: SocketAddr,
        stop: watch::Sender<bool>,
        task: tokio::task::JoinHandle<()>,
    }

    async fn world(limits: HttpLimits) -> World {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let who = get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string());
        let (stop, stopping) = watch::channel(false);
        let task = tokio::spawn(serve(listener, None, Router::new().route("/", who), limits, stopping));
        World { at, stop, task }
    }

    async fn all(mut stream: TcpStream) -> String {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    async fn ask(at: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    #[tokio::test]
    async fn a_request_is_answered_and_knows_its_peer() {
        let world = world(HttpLimits::default()).await;
        let text = all(ask(world.at, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await).await;
        assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("127.0.0.1"), "{text}");
    }

    #[tokio::test]
    async fn a_client_that_says_nothing_or_half_a_head_gives_its_place_to_the_next() {
        let head_timeout = Duration::from_millis(50);
        let world = world(HttpLimits { head_timeout, connections_max: 2, ..HttpLimits::default() }).await;
        let silent = ask(world.at, "").await;
        let half = ask(world.at, "GET / HTTP/1.1\r\nHos").await;
        let whole = ask(world.at, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(all(whole).await.starts_with("HTTP/1.1 200"));
        assert_eq!(all(silent).await, "");
        assert!(!all(half).await.contains("200"));
    }

    #[tokio::test]
    async fn a_head_without_end_is_refused() {
        let world = world(HttpLimits { head_bytes_max: 8_192, ..HttpLimits::default() }).await;
        let head = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}", "x".repeat(8_192));
        let text = all(ask(world.at, &head).await).await;
        assert!(text.starts_with("HTTP/1.1 431"), "{text}");
    }

    #[tokio::test]
    async fn told_to_stop_it_closes_idle_connections_and_ends() {
        let world = world(HttpLimits::default()).await;
        let mut idle = ask(world.at, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        let mut first = [0; 12];
        idle.read_exact(&mut first).await.unwrap();
        world.stop.send(true).unwrap();
        world.task.await.unwrap();
        assert!(all(idle).await.ends_with("127.0.0.1"));
        assert!(TcpStream::connect(world.at).await.is_err());
    }
}
