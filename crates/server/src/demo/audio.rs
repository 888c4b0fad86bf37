//! One party's audio in the demo: a soft tone out, whatever comes in counted and dropped.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use rtp::packet::Header;
use tokio::net::UdpSocket;
use tokio::sync::oneshot;

/// Samples in one packet of 20 ms at 8 kHz.
const FRAME: usize = 160;

/// A party's socket; speaking lasts until it is dropped.
pub(crate) struct Line {
    pub(crate) port: u16,
    socket: Option<UdpSocket>,
    _speaking: Option<oneshot::Sender<()>>,
}

impl Line {
    /// Takes a port.
    pub(crate) async fn open(ip: IpAddr) -> std::io::Result<Self> {
        let socket = UdpSocket::bind((ip, 0)).await?;
        let port = socket.local_addr()?.port();
        Ok(Self { port, socket: Some(socket), _speaking: None })
    }

    /// Speaks to `remote` from now on, in a voice of this pitch.
    pub(crate) fn speak(&mut self, remote: SocketAddr, pitch: f64, ssrc: u32) {
        let Some(socket) = self.socket.take() else { return };
        let (stop, stopped) = oneshot::channel();
        self._speaking = Some(stop);
        tokio::task::spawn_local(speak(socket, remote, pitch, ssrc, stopped));
    }
}

async fn speak(
    socket: UdpSocket,
    remote: SocketAddr,
    pitch: f64,
    ssrc: u32,
    mut stopped: oneshot::Receiver<()>,
) {
    // One second of voice, encoded once and said over and over.
    let samples = rtp::tone::Tone::sine(pitch).samples(8_000, Duration::from_secs(1));
    let voice: Vec<u8> = samples.iter().map(|sample| rtp::Codec::Pcmu.encode(*sample / 4)).collect();
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    let mut heard = [0_u8; 1_500];
    let mut sequence: u16 = 0;
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                let at = usize::from(sequence) * FRAME % voice.len();
                let header = Header {
                    marker: sequence == 0,
                    payload_type: 0,
                    sequence,
                    timestamp: u32::from(sequence).wrapping_mul(160),
                    ssrc,
                };
                let frame = voice.get(at..at + FRAME).unwrap_or_default();
                // A lost packet is a lost packet.
                let _sent = socket.send_to(&header.packet(frame), remote).await;
                sequence = sequence.wrapping_add(1);
            }
            _heard = socket.recv_from(&mut heard) => {}
            _ = &mut stopped => return,
        }
    }
}
