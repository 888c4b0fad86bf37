//! Port numbers that no other test on this machine uses at the same time.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use anyhow::{Context as _, bail};

/// Below the kernel's range for outgoing connections, above what installed servers use.
const FIRST: u16 = 12_000;
const LAST: u16 = 32_000;
/// Ports are handed out by the block; the first of each is bound as the claim to all of it.
const BLOCK: u16 = 100;

/// A row of ports claimed by this process for as long as the value lives.
pub struct Ports {
    next: u16,
    end: u16,
    _claims: Vec<TcpListener>,
}

impl Ports {
    /// Claims at least `count` neighbouring ports.
    ///
    /// # Errors
    /// When no free row is long enough.
    pub fn claim(count: u16) -> anyhow::Result<Self> {
        let blocks = count.div_ceil(BLOCK - 1) + u16::from(count.is_multiple_of(BLOCK - 1));
        let all = (LAST - FIRST) / BLOCK;
        let start = u16::try_from(std::process::id() % u32::from(all)).unwrap_or(0);
        for offset in 0..all {
            let first = (start + offset * 7) % all;
            if first + blocks > all {
                continue;
            }
            let claims: Result<Vec<_>, _> = (first..first + blocks)
                .map(|block| TcpListener::bind((Ipv4Addr::LOCALHOST, FIRST + block * BLOCK)))
                .collect();
            if let Ok(claims) = claims {
                let base = FIRST + first * BLOCK;
                return Ok(Self { next: base + 2, end: base + blocks * BLOCK, _claims: claims });
            }
        }
        bail!("no {count} neighbouring ports are free")
    }

    /// One port, even, with the odd one after it kept free: phones use it for RTCP, or bind it for TLS.
    ///
    /// # Errors
    /// When the row is used up.
    pub fn pair(&mut self) -> anyhow::Result<u16> {
        while self.next + 2 <= self.end {
            let port = self.next;
            self.next += 2;
            // The first port of a block carries its claim.
            if !port.is_multiple_of(BLOCK) && is_free(port) {
                return Ok(port);
            }
        }
        bail!("the claimed ports are used up")
    }

    /// `count` neighbouring ports, the first of them even: first and last.
    ///
    /// # Errors
    /// When the row is used up.
    pub fn range(&mut self, count: u16) -> anyhow::Result<(u16, u16)> {
        let first = self.next;
        let last = first.checked_add(count - 1).filter(|last| *last < self.end).context("ports used up")?;
        self.next = last + 1 + (last + 1) % 2;
        Ok((first, last))
    }
}

fn is_free(port: u16) -> bool {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
