//! One who hears all: every caller of a load has his audio sent to the same port, and the kernel says when each
//! packet came, so that what this process is kept from does not count as the server's lateness.

use std::collections::BTreeMap;
use std::io::IoSliceMut;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, setsockopt, sockopt};
use nix::sys::time::TimeSpec;

use crate::measure::Spread;

/// Room for what comes while this thread waits for the processor: two seconds of a thousand streams.
const BUFFER: usize = 64 << 20;

/// A port that takes the audio of many calls.
pub(crate) struct Listener {
    socket: UdpSocket,
    /// What to put into the callers' offers.
    pub(crate) port: u16,
}

/// What was heard.
pub(crate) struct Heard {
    /// Streams that sent anything.
    pub(crate) streams: usize,
    /// The time between one packet and the next of the same stream, all streams.
    pub(crate) gaps: Spread,
    /// Packets whose number was passed over.
    pub(crate) missing: u64,
}

impl Listener {
    pub(crate) fn bind() -> anyhow::Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
        // Needs root; without it the system's own limit has to do.
        if setsockopt(&socket, sockopt::RcvBufForce, &BUFFER).is_err() {
            setsockopt(&socket, sockopt::RcvBuf, &BUFFER)?;
        }
        socket.set_read_timeout(Some(Duration::from_millis(200)))?;
        let port = socket.local_addr()?.port();
        Ok(Self { socket, port })
    }

    /// Listens for so long from now on.
    pub(crate) fn listen(&self, time: Duration) -> anyhow::Result<Heard> {
        self.forget()?;
        let end = Instant::now() + time;
        // By SSRC: the number and the moment of the last packet.
        let mut streams: BTreeMap<u32, (u16, Duration)> = BTreeMap::new();
        let (mut gaps, mut missing) = (Vec::new(), 0_u64);
        while Instant::now() < end {
            let Some((number, stream, at)) = self.next()? else { continue };
            if let Some((last, before)) = streams.insert(stream, (number, at)) {
                gaps.push(at.saturating_sub(before));
                missing += u64::from(number.wrapping_sub(last).saturating_sub(1));
            }
        }
        ensure!(!gaps.is_empty(), "nothing was heard");
        Ok(Heard { streams: streams.len(), gaps: Spread::of(gaps)?, missing })
    }

    /// Drops what has piled up.
    fn forget(&self) -> anyhow::Result<()> {
        self.socket.set_nonblocking(true)?;
        while self.socket.recv(&mut [0]).is_ok() {}
        self.socket.set_nonblocking(false)?;
        Ok(())
    }

    /// The next packet's number and stream (RFC 3550 section 5.1), and when it came.
    fn next(&self) -> anyhow::Result<Option<(u16, u32, Duration)>> {
        let mut head = [0_u8; 12];
        let mut parts = [IoSliceMut::new(&mut head)];
        let mut space = nix::cmsg_space!(TimeSpec);
        let got =
            recvmsg::<SockaddrIn>(self.socket.as_raw_fd(), &mut parts, Some(&mut space), MsgFlags::empty());
        let stamp = match got {
            Ok(message) => message.cmsgs()?.find_map(|part| {
                if let ControlMessageOwned::ScmTimestampns(stamp) = part { Some(stamp) } else { None }
            }),
            Err(nix::errno::Errno::EAGAIN | nix::errno::Errno::EINTR) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let at = Duration::from(stamp.context("the kernel gave no time stamp")?);
        let [_, _, number @ .., _, _, _, _, s0, s1, s2, s3] = head;
        Ok(Some((u16::from_be_bytes([number[0], number[1]]), u32::from_be_bytes([s0, s1, s2, s3]), at)))
    }
}
