//! What a plane is started with.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

/// Settings of a plane; fixed for its life.
#[derive(Clone, Debug)]
pub struct MediaConfig {
    /// The address of every media socket; unspecified is every address of the machine.
    pub bind: IpAddr,
    /// Every port in it may be used, in pairs of an even and the next odd one.
    pub ports: RangeInclusive<u16>,
    /// Threads; 1 to 64, other values are brought into that range. One carries hundreds of calls.
    pub workers: usize,
    /// Told after so long without RTP where some is expected; zero never tells.
    pub silence_timeout: Duration,
    /// Bounds.
    pub limits: Limits,
}

/// Every bound of the plane.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Commands waiting for one worker; more are refused and counted.
    pub commands_max: usize,
    /// Packets that one endpoint may receive in a second, ten times what G.711 needs at 20 ms.
    pub packets_per_second_max: u32,
    /// Sounds in one `Play`; the rest is left out.
    pub play_items_max: usize,
    /// How long after a negotiation an unsignalled source may be learned.
    pub learn_window: Duration,
    /// How many consistent packets that takes; zero never learns.
    pub learn_packets: u8,
    /// How long a port rests before it serves the next call, so that late packets find nobody.
    pub quarantine: Duration,
    /// Seconds of recordings that wait to be written, all together; a recording that finds no room fails.
    pub record_chunks_max: usize,
    /// Bytes that recordings leave free on the disk: below, they fail.
    pub record_free_min: u64,
    /// How many times the silence of an endpoint that was never heard may be as long.
    pub never_heard_factor: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            commands_max: 16_384,
            packets_per_second_max: 500,
            play_items_max: 64,
            learn_window: rtp::source::LEARN_WINDOW,
            learn_packets: rtp::source::LEARN_PACKETS,
            quarantine: Duration::from_secs(1),
            record_chunks_max: 4_096,
            record_free_min: 64 << 20,
            never_heard_factor: 10,
        }
    }
}
