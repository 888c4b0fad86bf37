//! Packets, codecs, tones.
