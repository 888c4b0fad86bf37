//! Recordings: what a party says, into a file, and back.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use media::{Codec, EndpointCommand, EndpointId, MediaEvent, Record, RecordEnd, Salvaged, salvage};
use rtp::wav::Wav;
use rtp::{DtmfSender, power_share};
use tempfile::TempDir;

use crate::world::{EVENT, Leg, World};

const LONG: Duration = Duration::from_secs(60);

/// A world with a folder to record into.
struct Studio {
    world: World,
    folder: TempDir,
}

impl Studio {
    fn new() -> Studio {
        Studio { world: World::new(), folder: TempDir::new().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("box").join("7.wav")
    }

    fn record(&mut self, leg: &Leg, max: Duration, silence: Duration) {
        let record = Record { record: 7, file: self.file(), max, silence, in_step: false };
        self.world.plane.command(leg.id, EndpointCommand::Record(record));
        self.world.settle(leg.id);
    }

    fn stop(&mut self, leg: &Leg) -> (Duration, RecordEnd) {
        self.world.plane.command(leg.id, EndpointCommand::StopRecord);
        self.ended(leg.id)
    }

    fn ended(&mut self, wanted: EndpointId) -> (Duration, RecordEnd) {
        let event = self.world.await_event(|event| matches!(event, MediaEvent::RecordEnded { .. }));
        let MediaEvent::RecordEnded { endpoint, record: 7, length, why } = event else { panic!("{event:?}") };
        assert_eq!(endpoint, wanted);
        (length, why)
    }

    /// Waits until the plane has taken in so many packets of its phones.
    fn heard(&mut self, packets: u64) {
        self.world.await_gauges(|gauges| gauges.packets_in == packets);
    }
}

fn samples(file: &Path) -> Vec<i16> {
    let wav = Wav::parse(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(wav.rate, 8_000);
    wav.samples
}

/// Everything in the folder of the recording.
fn names(file: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(file.parent().unwrap()) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn what_a_party_says_is_in_the_file_without_the_silence_at_its_end() {
    for codec in [Codec::Pcmu, Codec::Pcma] {
        let mut studio = Studio::new();
        let mut ann = studio.world.leg(codec);
        studio.record(&ann, LONG, LONG);
        ann.phone.sing(ann.at, 440.0, 100);
        for _ in 0..150 {
            ann.phone.say(ann.at, codec.silence());
        }
        studio.heard(250);
        assert_eq!(studio.world.plane.gauges().recorders, 1);
        assert_eq!(studio.stop(&ann), (Duration::from_secs(3), RecordEnd::Stopped));
        assert_eq!(studio.world.plane.gauges().recorders, 0);
        let heard = samples(&studio.file());
        assert_eq!(heard.len(), 24_000);
        assert!(power_share(&heard[..16_000], 8_000, 440.0) >= 0.9);
        assert!(heard[16_160..].iter().all(|sample| sample.unsigned_abs() < 10));
        assert_eq!(names(&studio.file()), ["7.wav"]);
    }
}

#[test]
fn a_lost_packet_is_silence_and_a_late_one_is_left_out() {
    let mut studio = Studio::new();
    let mut ann = studio.world.leg(Codec::Pcmu);
    studio.record(&ann, LONG, LONG);
    ann.phone.sing(ann.at, 440.0, 50);
    ann.phone.timestamp = ann.phone.timestamp.wrapping_add(160 * 50);
    ann.phone.sing(ann.at, 1_000.0, 50);
    ann.phone.timestamp = ann.phone.timestamp.wrapping_sub(160 * 80);
    ann.phone.sing(ann.at, 2_000.0, 20);
    studio.heard(120);
    assert_eq!(studio.stop(&ann).0, Duration::from_secs(3));
    let heard = samples(&studio.file());
    assert!(power_share(&heard[..8_000], 8_000, 440.0) >= 0.9);
    assert!(heard[8_000..16_000].iter().all(|sample| *sample == 0));
    assert!(power_share(&heard[16_000..], 8_000, 1_000.0) >= 0.9);
}

#[test]
fn two_that_keep_step_lie_side_by_side_whoever_speaks_first() {
    let mut studio = Studio::new();
    let (mut ann, mut bob) = (studio.world.leg(Codec::Pcmu), studio.world.leg(Codec::Pcma));
    let file = |n: u64| studio.folder.path().join(format!("{n}.wav"));
    let (first, second) = (file(7), file(8));
    for (leg, record, file) in [(&ann, 7, &first), (&bob, 8, &second)] {
        let record = Record { record, file: file.clone(), max: LONG, silence: Duration::ZERO, in_step: true };
        studio.world.plane.command(leg.id, EndpointCommand::Record(record));
        studio.world.settle(leg.id);
    }
    // Said faster than it can be said: what is more than a second ahead of the clock has no place.
    ann.phone.sing(ann.at, 440.0, 200);
    bob.phone.sing(bob.at, 1_000.0, 40);
    studio.heard(240);
    for leg in [&ann, &bob] {
        studio.world.plane.command(leg.id, EndpointCommand::StopRecord);
        studio.world.await_event(|event| matches!(event, MediaEvent::RecordEnded { .. }));
    }
    let (first, second) = (samples(&first), samples(&second));
    assert!(first.len() < 24_000, "{}", first.len());
    assert!(power_share(&first[..6_400], 8_000, 440.0) >= 0.8);
    assert!(power_share(&second[second.len() - 6_000..], 8_000, 1_000.0) >= 0.8);
}

#[test]
fn a_clock_that_jumps_again_and_again_fills_no_disk() {
    let mut studio = Studio::new();
    let mut ann = studio.world.leg(Codec::Pcmu);
    let file = studio.file();
    let record = Record { record: 7, file: file.clone(), max: LONG, silence: Duration::ZERO, in_step: true };
    studio.world.plane.command(ann.id, EndpointCommand::Record(record));
    studio.world.settle(ann.id);
    for _ in 0..50 {
        ann.phone.sing(ann.at, 440.0, 1);
        ann.phone.timestamp = ann.phone.timestamp.wrapping_add(9 * 8_000);
    }
    ann.phone.sing(ann.at, 440.0, 20);
    studio.heard(70);
    studio.stop(&ann);
    // 450 seconds by the sender's clock, and hardly a moment by ours.
    let written = samples(&file).len();
    assert!((3_000..40_000).contains(&written), "{written}");
}

#[test]
fn a_pressed_key_is_not_heard_even_if_the_phone_sends_its_tone_as_sound() {
    let mut studio = Studio::new();
    let mut ann = studio.world.leg(Codec::Pcmu);
    studio.record(&ann, LONG, LONG);
    ann.phone.sing(ann.at, 440.0, 25);
    for packet in DtmfSender::new('5', Duration::from_millis(100)).unwrap() {
        let datagram = ann.phone.header(EVENT, packet.marker).packet(&packet.payload);
        ann.phone.socket.send_to(&datagram, ann.at).unwrap();
        ann.phone.sing(ann.at, 1_336.0, 1);
    }
    studio.heard(25 + 14);
    studio.stop(&ann);
    let heard = samples(&studio.file());
    assert!(heard[4_000..].iter().all(|sample| *sample == 0));
    assert!(heard.len() > 4_000);
}

#[test]
fn a_recording_ends_by_itself_after_silence_and_at_its_greatest_length() {
    let mut studio = Studio::new();
    let mut ann = studio.world.leg(Codec::Pcmu);
    studio.record(&ann, LONG, Duration::from_millis(80));
    ann.phone.sing(ann.at, 440.0, 10);
    assert_eq!(studio.ended(ann.id), (Duration::from_millis(200), RecordEnd::Silence));
    studio.record(&ann, Duration::from_millis(80), Duration::ZERO);
    ann.phone.sing(ann.at, 440.0, 10);
    assert_eq!(studio.ended(ann.id), (Duration::from_millis(200), RecordEnd::Max));
    assert_eq!(samples(&studio.file()).len(), 1_600);
}

#[test]
fn nothing_said_leaves_no_file() {
    let mut studio = Studio::new();
    let mut ann = studio.world.leg(Codec::Pcmu);
    studio.record(&ann, LONG, LONG);
    for _ in 0..20 {
        ann.phone.say(ann.at, Codec::Pcmu.silence());
    }
    studio.heard(20);
    assert_eq!(studio.stop(&ann), (Duration::ZERO, RecordEnd::Stopped));
    assert_eq!(names(&studio.file()), [] as [&str; 0]);
}

#[test]
fn who_hangs_up_while_recording_is_kept() {
    let mut studio = Studio::new();
    let mut ann = studio.world.leg(Codec::Pcmu);
    studio.record(&ann, LONG, LONG);
    ann.phone.sing(ann.at, 440.0, 75);
    studio.heard(75);
    studio.world.plane.command(ann.id, EndpointCommand::Close);
    assert_eq!(studio.ended(ann.id), (Duration::from_millis(1_500), RecordEnd::Stopped));
    assert_eq!(samples(&studio.file()).len(), 12_000);
}

#[test]
fn a_plane_that_stops_keeps_what_was_recorded() {
    let mut studio = Studio::new();
    let mut ann = studio.world.leg(Codec::Pcmu);
    studio.record(&ann, LONG, LONG);
    ann.phone.sing(ann.at, 440.0, 75);
    studio.heard(75);
    let (file, _folder) = (studio.file(), studio.folder);
    studio.world.plane.stop();
    assert_eq!(samples(&file).len(), 12_000);
}

#[test]
fn a_full_disk_fails_the_recording_at_once_and_leaves_nothing_behind() {
    let mut studio = Studio::new();
    studio.world = World::with(|config| config.limits.record_free_min = u64::MAX);
    let ann = studio.world.leg(Codec::Pcmu);
    studio.record(&ann, LONG, LONG);
    assert_eq!(studio.ended(ann.id), (Duration::ZERO, RecordEnd::Failed));
    assert_eq!(names(&studio.file()), [] as [&str; 0]);
}

#[test]
fn a_disk_that_fills_up_while_recording_fails_it_and_spares_what_was_kept_before() {
    let mut studio = Studio::new();
    let mut ann = studio.world.leg(Codec::Pcmu);
    let file = studio.file();
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    std::fs::write(file.with_file_name("6.wav"), Wav::write(8_000, &[1; 8_000])).unwrap();
    // A device that is always full.
    symlink("/dev/full", file.with_file_name("7.wav.part")).unwrap();
    studio.record(&ann, LONG, LONG);
    ann.phone.sing(ann.at, 440.0, 75);
    assert_eq!(studio.ended(ann.id), (Duration::ZERO, RecordEnd::Failed));
    assert_eq!(names(&file), ["6.wav"]);
}

#[test]
fn a_recording_that_cannot_begin_has_its_end_all_the_same() {
    let mut studio = Studio::new();
    let ann = studio.world.leg(Codec::Pcmu);
    studio.world.close(ann.id);
    let record = Record { record: 7, file: studio.file(), max: LONG, silence: LONG, in_step: false };
    studio.world.plane.command(ann.id, EndpointCommand::Record(record));
    assert_eq!(studio.ended(ann.id), (Duration::ZERO, RecordEnd::Failed));
}

#[test]
fn a_file_is_removed_once_what_was_gathered_is_let_go() {
    let mut studio = Studio::new();
    let file = studio.folder.path().join("1.wav");
    std::fs::write(&file, "x").unwrap();
    studio.world.plane.gather();
    studio.world.plane.erase(3, file.clone());
    studio.world.plane.erase(4, file.with_file_name("absent.wav"));
    assert!(studio.world.next_event().is_none() && file.exists());
    studio.world.plane.flush();
    for erase in [3, 4] {
        studio.world.await_event(|event| *event == MediaEvent::Erased { erase });
    }
    assert!(!file.exists());
}

#[test]
fn a_second_recording_takes_the_place_of_the_first() {
    let mut studio = Studio::new();
    let mut ann = studio.world.leg(Codec::Pcmu);
    studio.record(&ann, LONG, LONG);
    ann.phone.sing(ann.at, 440.0, 75);
    studio.heard(75);
    let record = Record {
        record: 8,
        file: studio.folder.path().join("8.wav"),
        max: LONG,
        silence: LONG,
        in_step: false,
    };
    studio.world.plane.command(ann.id, EndpointCommand::Record(record));
    assert_eq!(studio.ended(ann.id), (Duration::from_millis(1_500), RecordEnd::Stopped));
    assert_eq!(studio.world.plane.gauges().recorders, 1);
}

#[test]
fn a_recording_is_played_from_the_disk() {
    let mut studio = Studio::new();
    let ann = studio.world.leg(Codec::Pcmu);
    let file = studio.folder.path().join("1.wav");
    let tone = rtp::tone::Tone::sine(440.0).samples(8_000, Duration::from_millis(300));
    std::fs::write(&file, Wav::write(8_000, &tone)).unwrap();
    studio.world.plane.command(ann.id, EndpointCommand::PlayFile { play: 5, file });
    studio.world.await_play(ann.id, 5);
    assert!(power_share(&ann.phone.listen(15), 8_000, 440.0) >= 0.9);
    let file = studio.folder.path().join("absent.wav");
    studio.world.plane.command(ann.id, EndpointCommand::PlayFile { play: 6, file });
    studio.world.await_play(ann.id, 6);
    assert!(ann.phone.hears_nothing());
}

#[test]
fn a_recording_that_is_no_longer_wanted_is_not_heard() {
    let mut studio = Studio::new();
    let ann = studio.world.leg(Codec::Pcmu);
    let file = studio.folder.path().join("1.wav");
    std::fs::write(&file, Wav::write(8_000, &[5_000; 800])).unwrap();
    studio.world.plane.command(ann.id, EndpointCommand::PlayFile { play: 5, file: file.clone() });
    studio.world.plane.command(ann.id, EndpointCommand::StopPlay);
    studio.world.plane.command(ann.id, EndpointCommand::PlayFile { play: 6, file });
    studio.world.await_play(ann.id, 6);
    assert_eq!(ann.phone.listen(5).len(), 800);
    assert!(ann.phone.hears_nothing());
}

#[test]
fn what_a_crash_has_cut_off_is_made_whole() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("1.wav");
    assert_eq!(salvage(&file).unwrap(), Salvaged::Nothing);
    let part = folder.path().join("1.wav.part");
    let mut cut = Wav::head(8_000, None);
    cut.extend(vec![1; 2 * 8_000 * 5 + 1]);
    std::fs::write(&part, &cut).unwrap();
    assert_eq!(salvage(&file).unwrap(), Salvaged::Kept(Duration::from_secs(5)));
    assert_eq!(samples(&file).len(), 40_000);
    assert_eq!(salvage(&file).unwrap(), Salvaged::Kept(Duration::from_secs(5)), "it is whole already");
    let short = folder.path().join("2.wav.part");
    std::fs::write(&short, &cut[..1_000]).unwrap();
    assert_eq!(salvage(&folder.path().join("2.wav")).unwrap(), Salvaged::Nothing);
    assert!(!short.exists());
}
