//! Sockets for sip-proto.
