//! Folders of sounds, made by another writer than ours.

use std::path::Path;

use hound::{SampleFormat, WavSpec, WavWriter};
use media::{Codec, SoundError, Sounds};
use rtp::power_share;
use rtp::tone::Tone;

use crate::world::World;

fn write(path: &Path, rate: u32, channels: u16, frequency: f64) {
    let spec = WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut writer = WavWriter::create(path, spec).unwrap();
    for sample in Tone::sine(frequency).samples(rate, std::time::Duration::from_millis(400)) {
        for _ in 0..channels {
            writer.write_sample(sample).unwrap();
        }
    }
    writer.finalize().unwrap();
}

#[test]
fn a_folder_is_laid_over_the_sounds_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("de")).unwrap();
    std::fs::write(folder.path().join("README.txt"), "not a sound").unwrap();
    write(&folder.path().join("goodbye.wav"), 44_100, 2, 440.0);
    write(&folder.path().join("de/goodbye.wav"), 48_000, 1, 1_000.0);
    let sounds = Sounds::load(folder.path()).unwrap();
    assert!(sounds.has("music") && sounds.has("de/music") && !sounds.has("README"));

    let mut world = World::of(sounds);
    let ann = world.leg(Codec::Pcma);
    for (name, frequency) in [("goodbye", 440.0), ("de/goodbye", 1_000.0), ("fr/goodbye", 440.0)] {
        let play = world.play(ann.id, &[name], false);
        world.await_play(ann.id, play);
        assert!(power_share(&ann.phone.listen(20), 8_000, frequency) >= 0.9, "{name}");
    }
    assert!(ann.phone.hears_nothing());
}

#[test]
fn a_wrong_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("wrong.wav");
    std::fs::write(&wrong, b"RIFF nonsense").unwrap();
    let error = Sounds::load(folder.path()).unwrap_err();
    assert!(matches!(&error, SoundError::Wav { path, .. } if *path == wrong), "{error}");
    let missing = Sounds::load(&folder.path().join("missing"));
    assert!(matches!(missing, Err(SoundError::Read { .. })));
}
