//! The RTP header (RFC 3550 5.1): read from hostile bytes, written into a caller's buffer.

/// Length of the header that we write: no contributing sources, no extension.
pub const HEADER_LEN: usize = 12;

/// Why bytes are no RTP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Fewer bytes than the header, its sources or its extension need.
    Short,
    /// A version other than 2.
    Version,
    /// The padding count is zero or reaches into the header.
    Padding,
}

/// The fields of a header that matter once it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Start of a talk spurt, or the first packet of a telephone event.
    pub marker: bool,
    /// 0 to 127.
    pub payload_type: u8,
    /// Goes up by one with every packet and wraps.
    pub sequence: u16,
    /// In samples; wraps.
    pub timestamp: u32,
    /// The sender's number for this stream.
    pub ssrc: u32,
}

impl Header {
    /// Writes version 2, no padding, no extension, no contributing sources.
    pub fn write(&self, out: &mut [u8; HEADER_LEN]) {
        out[0] = 0x80;
        out[1] = (u8::from(self.marker) << 7) | (self.payload_type & 0x7f);
        out[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        out[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        out[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
    }

    /// The header and `payload` in one buffer, for tests and tools; the plane writes in place.
    pub fn packet(&self, payload: &[u8]) -> Vec<u8> {
        let mut head = [0; HEADER_LEN];
        self.write(&mut head);
        let mut bytes = head.to_vec();
        bytes.extend_from_slice(payload);
        bytes
    }
}

/// A packet as it lies in the datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Its fixed header.
    pub header: Header,
    /// What it carries, without sources, extension and padding.
    pub payload: &'a [u8],
    /// Where the payload begins in the datagram, at least [`HEADER_LEN`]: a relay writes its own
    /// header right before it.
    pub payload_at: usize,
}

impl<'a> Packet<'a> {
    /// Reads a datagram.
    ///
    /// # Errors
    /// [`Malformed`] says which rule of RFC 3550 A.1 it breaks.
    pub fn parse(datagram: &'a [u8]) -> Result<Packet<'a>, Malformed> {
        let start = payload_at(datagram)?;
        let fixed: &[u8; HEADER_LEN] = datagram.first_chunk().ok_or(Malformed::Short)?;
        let mut payload = datagram.get(start..).ok_or(Malformed::Short)?;
        if fixed[0] & 0x20 != 0 {
            let padding = payload.last().copied().map_or(0, usize::from);
            let kept = payload.len().checked_sub(padding).ok_or(Malformed::Padding)?;
            if padding == 0 {
                return Err(Malformed::Padding);
            }
            payload = &payload[..kept];
        }
        let header = Header {
            marker: fixed[1] & 0x80 != 0,
            payload_type: fixed[1] & 0x7f,
            sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
            timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
        };
        Ok(Packet { header, payload, payload_at: start })
    }
}

/// Where the payload of a packet begins, of which padding is a part still.
///
/// # Errors
/// [`Malformed`] if the header, its sources or its extension are not whole.
pub fn payload_at(datagram: &[u8]) -> Result<usize, Malformed> {
    let fixed: &[u8; HEADER_LEN] = datagram.first_chunk().ok_or(Malformed::Short)?;
    if fixed[0] >> 6 != 2 {
        return Err(Malformed::Version);
    }
    let mut start = HEADER_LEN + 4 * usize::from(fixed[0] & 0x0f);
    if fixed[0] & 0x10 != 0 {
        let extension = datagram.get(start..start + 4).ok_or(Malformed::Short)?;
        start += 4 + 4 * usize::from(u16::from_be_bytes([extension[2], extension[3]]));
    }
    if start > datagram.len() { Err(Malformed::Short) } else { Ok(start) }
}

/// Whether a datagram on an RTP port is RTCP (RFC 5761 4: packet types 192 to 223).
pub fn is_rtcp(datagram: &[u8]) -> bool {
    datagram.len() >= 8 && datagram[0] >> 6 == 2 && (192..=223).contains(&datagram[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: Header =
        Header { marker: true, payload_type: 101, sequence: 65_535, timestamp: u32::MAX, ssrc: 7 };

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = HEADER.packet(&[1, 2, 3]);
        let packet = Packet::parse(&bytes).unwrap();
        assert_eq!(packet.header, HEADER);
        assert_eq!(packet.payload, [1, 2, 3]);
        assert_eq!(packet.payload_at, HEADER_LEN);
    }

    #[test]
    fn sources_extension_and_padding_are_taken_off() {
        let mut bytes = HEADER.packet(&[]);
        bytes[0] = 0x80 | 0x20 | 0x10 | 2;
        bytes.extend([0; 8]);
        bytes.extend([0xbe, 0xde, 0, 1, 9, 9, 9, 9]);
        bytes.extend([5, 6, 7, 0, 0, 3]);
        let packet = Packet::parse(&bytes).unwrap();
        assert_eq!(packet.payload, [5, 6, 7]);
        assert_eq!(packet.payload_at, 12 + 8 + 8);
    }

    #[test]
    fn broken_packets_are_told_apart() {
        assert_eq!(Packet::parse(&[0x80; 11]), Err(Malformed::Short));
        let mut bytes = HEADER.packet(&[1]);
        bytes[0] = 0x40;
        assert_eq!(Packet::parse(&bytes), Err(Malformed::Version));
        bytes[0] = 0x8f;
        assert_eq!(Packet::parse(&bytes), Err(Malformed::Short));
        bytes[0] = 0x90;
        assert_eq!(Packet::parse(&bytes), Err(Malformed::Short));
        bytes[0] = 0xa0;
        bytes[12] = 2;
        assert_eq!(Packet::parse(&bytes), Err(Malformed::Padding));
        bytes[12] = 0;
        assert_eq!(Packet::parse(&bytes), Err(Malformed::Padding));
        assert_eq!(Packet::parse(&bytes[..12]), Err(Malformed::Padding));
    }

    #[test]
    fn a_report_on_the_rtp_port_is_seen() {
        assert!(is_rtcp(&[0x80, 200, 0, 6, 0, 0, 0, 1]));
        assert!(!is_rtcp(&HEADER.packet(&[])));
        assert!(!is_rtcp(&[0x80, 200]));
    }
}
