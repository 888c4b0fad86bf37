//! Sounds that somebody uploads: our own reader of WAV, and the intake of every format.

#![no_main]

use std::sync::Once;

use libfuzzer_sys::fuzz_target;
use rtp::RATE;
use rtp::resample::resample;
use rtp::wav::Wav;

static QUIET: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    // A decoder's fault is caught by the intake and told as a damaged file; the fuzzer's own hook would end here.
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    if let Ok(wav) = Wav::parse(bytes) {
        assert!(wav.rate > 0);
        if wav.samples.len() < 1 << 20 {
            let ours = resample(&wav.samples, wav.rate, RATE);
            let back = Wav::parse(&Wav::write(RATE, &ours));
            assert!(back.is_ok_and(|back| back.samples == ours));
        }
    }
    if let Ok(taken) = media::intake(bytes.to_vec()) {
        let kept = Wav::parse(&taken.wav);
        assert!(kept.is_ok_and(|kept| kept.rate == RATE && !kept.samples.is_empty()));
    }
});
