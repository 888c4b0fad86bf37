//! The journal's files by themselves: written, cut, damaged, too old, too many.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use engine::{Arrival, DeviceInput, FirstIds, Input, LegInput, Origin};
use model::{
    CallId, CallerId, Directory, ExtensionNumber, LegId, OfferId, PlayId, Tenant, TenantId, Timestamp,
    TrunkId,
};

use super::*;

const KEY: Key = Key::new([7; 32]);
const NOW: Timestamp = Timestamp(1_000_000);

fn begin(folder: &Path, segment: u64, settings: Settings) -> Journal {
    let folder = folder.to_owned();
    Journal::new(Begin { folder, key: KEY, settings, segment, hash: Hash::default() }).unwrap()
}

fn empty() -> Snapshot {
    Snapshot { hash: Hash::default(), at: NOW, hosts: Vec::new() }
}

fn arrival(number: &str) -> Input {
    Input::Leg(
        LegId(2),
        LegInput::Arrived(Arrival {
            origin: Origin::Trunk(TrunkId(1)),
            dialed: "8000".into(),
            caller: CallerId::new(number, "Zoe"),
            max_forwards: 70,
        }),
    )
}

/// Ten inputs of several kinds, committed in turns of one, two, three and four.
fn ten(journal: &mut Journal) {
    let extension = ExtensionNumber::parse("1001").unwrap();
    let mut count = 0;
    for turn in 1..=4 {
        for _ in 0..turn {
            count += 1;
            let input = match count % 3 {
                0 => Input::Tick,
                1 => arrival("+4930123456"),
                _ => Input::Device(extension.clone(), DeviceInput::Reachable),
            };
            journal.input(TenantId(1), Timestamp(count), &input);
        }
        journal.commit(NOW);
    }
}

fn read(folder: &Path) -> (Vec<Record>, Vec<Torn>, Option<JournalError>) {
    let mut reader = Reader::open(folder, KEY).unwrap();
    let (mut records, mut wrong) = (Vec::new(), None);
    for record in reader.by_ref() {
        match record {
            Ok(record) => records.push(record),
            Err(error) => wrong = Some(error),
        }
    }
    (records, reader.torn().to_vec(), wrong)
}

fn first_segment(folder: &Path) -> std::path::PathBuf {
    segments(folder).unwrap()[0].path.clone()
}

#[test]
fn what_was_committed_is_read_in_order_and_nothing_of_it_is_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = begin(folder.path(), 1, Settings::default());
    journal.begin_segment(&empty(), NOW).unwrap();
    let tenant = Tenant::new(TenantId(1), "acme.test");
    journal.domain(&Domain {
        directory: Arc::new(Directory::new(tenant)),
        first: FirstIds { call: CallId(1), leg: LegId(1), offer: OfferId(1), play: PlayId(1) },
        seq: 5,
        at: NOW,
    });
    ten(&mut journal);
    journal.close(&empty(), NOW).unwrap();

    let (records, torn, wrong) = read(folder.path());
    assert!(wrong.is_none() && torn.is_empty(), "{wrong:?} {torn:?}");
    let words: Vec<&str> = records
        .iter()
        .map(|record| match &record.entry {
            Entry::Snapshot(_) => "snapshot",
            Entry::Domain(domain) if domain.seq == 5 => "domain",
            Entry::Domain(_) => "other domain",
            Entry::Input(given) if given.tenant == TenantId(1) => "input",
            Entry::Input(_) => "other input",
            Entry::Checkpoint(_) => "checkpoint",
            Entry::Closed(_) => "closed",
        })
        .collect();
    let wanted =
        [&["snapshot", "domain"][..], &["input"; 10], &["checkpoint", "snapshot", "closed"]].concat();
    assert_eq!(words, wanted);
    let moments: Vec<i64> = records
        .iter()
        .filter_map(|record| if let Entry::Input(given) = &record.entry { Some(given.at.0) } else { None })
        .collect();
    assert_eq!(moments, (1..=10).collect::<Vec<_>>());

    for segment in segments(folder.path()).unwrap() {
        let bytes = fs::read(segment.path).unwrap();
        for clear in [&b"4930123456"[..], b"Zoe", b"acme", b"8000", b"1001"] {
            assert!(!bytes.windows(clear.len()).any(|window| window == clear));
        }
    }
}

#[test]
fn a_segment_cut_at_any_byte_gives_the_whole_records_before_the_cut() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = begin(folder.path(), 1, Settings::default());
    journal.begin_segment(&empty(), NOW).unwrap();
    ten(&mut journal);
    drop(journal);
    let path = first_segment(folder.path());
    let bytes = fs::read(&path).unwrap();
    let mut ends = vec![frame::HEADER_LENGTH];
    while let Some(frame) = frame::Frame::read(&bytes, ends[ends.len() - 1]) {
        ends.push(ends[ends.len() - 1] + frame.length());
    }
    assert_eq!(ends.len(), 12, "a header, a snapshot, ten inputs");
    for cut in 0..=bytes.len() {
        fs::write(&path, &bytes[..cut]).unwrap();
        let (records, torn, wrong) = read(folder.path());
        assert!(wrong.is_none(), "{cut}: {wrong:?}");
        assert_eq!(records.len(), ends.iter().filter(|end| **end <= cut).count().saturating_sub(1), "{cut}");
        let whole = ends.iter().copied().rfind(|end| *end <= cut).unwrap_or(0);
        let found: Vec<_> = torn.iter().map(|torn| (torn.whole, torn.torn)).collect();
        let wanted =
            if cut == whole && whole > 0 { vec![] } else { vec![(whole as u64, (cut - whole) as u64)] };
        assert_eq!(found, wanted, "{cut}");
    }
}

#[test]
fn a_byte_changed_anywhere_never_gives_another_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = begin(folder.path(), 1, Settings::default());
    journal.begin_segment(&empty(), NOW).unwrap();
    ten(&mut journal);
    drop(journal);
    let path = first_segment(folder.path());
    let bytes = fs::read(&path).unwrap();
    let (whole, _, _) = read(folder.path());
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        let (records, torn, wrong) = read(folder.path());
        assert!(records.len() < whole.len(), "{at}: a record is missing");
        assert!(wrong.is_some() || !torn.is_empty(), "{at}: it is said");
        for (found, written) in records.iter().zip(&whole) {
            assert_eq!(format!("{found:?}"), format!("{written:?}"), "{at}");
        }
    }
}

#[test]
fn damage_with_whole_records_behind_it_is_an_error_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = begin(folder.path(), 1, Settings::default());
    journal.begin_segment(&empty(), NOW).unwrap();
    ten(&mut journal);
    drop(journal);
    let path = first_segment(folder.path());
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let (records, _, wrong) = read(folder.path());
    assert!(records.len() > 2);
    let said = wrong.unwrap().to_string();
    assert!(said.contains("is damaged at byte") && said.contains("restore"), "{said}");
    assert!(!said.contains('\n'), "{said}");
}

#[test]
fn records_that_were_moved_repeated_or_written_with_another_key_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = begin(folder.path(), 1, Settings::default());
    journal.begin_segment(&empty(), NOW).unwrap();
    ten(&mut journal);
    drop(journal);
    let path = first_segment(folder.path());
    let bytes = fs::read(&path).unwrap();
    let other = Reader::open(folder.path(), Key::new([8; 32])).unwrap().next().unwrap();
    assert!(matches!(other, Err(JournalError::Key { .. })), "{other:?}");

    let mut again = bytes.clone();
    again.extend_from_slice(&bytes[bytes.len() - 30..]);
    let last = frame::Frame::read(&bytes, frame::HEADER_LENGTH).unwrap();
    let first = frame::HEADER_LENGTH + last.length();
    let second = first + frame::Frame::read(&bytes, first).unwrap().length();
    let swapped = [&bytes[..first], &bytes[second..], &bytes[first..second]].concat();
    fs::write(&path, swapped).unwrap();
    assert!(matches!(read(folder.path()).2, Some(JournalError::Damaged { .. })));

    fs::rename(&path, folder.path().join("000000000009.cbj")).unwrap();
    fs::write(folder.path().join("000000000009.cbj"), &bytes).unwrap();
    assert!(matches!(read(folder.path()).2, Some(JournalError::Content { .. })));
}

#[test]
fn a_segment_of_another_version_or_another_program_is_said_to_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut header = frame::Header {
        format: frame::FORMAT + 1,
        state: engine::Engine::STATE_VERSION,
        segment: 1,
        begun_at: 0,
        prefix: [0; 8],
        key: KEY.name(),
    };
    let path = folder.path().join("000000000001.cbj");
    for (format, state) in [
        (frame::FORMAT + 1, engine::Engine::STATE_VERSION),
        (frame::FORMAT, engine::Engine::STATE_VERSION + 1),
    ] {
        (header.format, header.state) = (format, state);
        fs::write(&path, header.bytes(frame::MAGIC)).unwrap();
        let said = read(folder.path()).2.unwrap().to_string();
        assert!(
            said.contains("another version") && said.contains("with the version that wrote it"),
            "{said}"
        );
    }
    fs::write(&path, "something else").unwrap();
    assert!(matches!(read(folder.path()).2, Some(JournalError::Foreign { .. })));
}

#[test]
fn old_segments_go_by_age_and_by_size_and_the_newest_two_stay() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::default();
    let mut journal = begin(folder.path(), 1, settings);
    for hour in 0..6 {
        journal.begin_segment(&empty(), Timestamp::from_secs(hour * 3_600)).unwrap();
        ten(&mut journal);
    }
    drop(journal);
    let numbers = || -> Vec<u64> { segments(folder.path()).unwrap().iter().map(|s| s.number).collect() };
    assert_eq!(numbers(), [1, 2, 3, 4, 5, 6]);
    let now = Timestamp::from_secs(5 * 3_600);
    let prune = |keep, bytes| segment::prune(folder.path(), keep, bytes, now).unwrap();
    // Segment 2 was in use until two hours after the start: three hours ago.
    assert_eq!(prune(Duration::from_secs(3 * 3_600 - 1), u64::MAX), 2);
    assert_eq!(numbers(), [3, 4, 5, 6]);
    let one = segments(folder.path()).unwrap()[0].bytes;
    assert_eq!(prune(Duration::MAX, 3 * one), 1);
    assert_eq!(prune(Duration::ZERO, 0), 1);
    assert_eq!(numbers(), [5, 6]);
}

#[test]
fn a_journal_that_cannot_be_written_says_so_and_goes_on_when_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("journal");
    fs::create_dir(&inner).unwrap();
    let mut journal = begin(&inner, 1, Settings { segment_inputs_max: 1, ..Settings::default() });
    let health = journal.health();
    journal.begin_segment(&empty(), NOW).unwrap();
    journal.input(TenantId(1), NOW, &Input::Tick);
    journal.commit(NOW);
    assert!(journal.wants_segment(NOW) && !journal.is_failing());

    fs::rename(&inner, folder.path().join("away")).unwrap();
    assert!(journal.begin_segment(&empty(), NOW).is_err());
    assert_eq!((*health.borrow(), journal.is_failing()), (Health::Failing, true));
    journal.input(TenantId(1), NOW, &Input::Tick);
    journal.commit(NOW);
    assert!(!journal.wants_segment(NOW), "it does not try at every turn");

    fs::rename(folder.path().join("away"), &inner).unwrap();
    let later = NOW.after(Duration::from_secs(1));
    assert!(journal.wants_segment(later));
    journal.begin_segment(&empty(), later).unwrap();
    assert_eq!((*health.borrow(), journal.is_failing()), (Health::Good, false));
    journal.input(TenantId(2), later, &Input::Tick);
    journal.commit(later);
    let (records, _, wrong) = read(&inner);
    assert!(wrong.is_none(), "{wrong:?}");
    let Entry::Input(last) = &records.last().unwrap().entry else { panic!("{records:?}") };
    assert_eq!(last.tenant, TenantId(2));
}

#[test]
fn a_process_that_always_waits_for_the_disk_writes_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = begin(folder.path(), 1, Settings { sync: Sync::Always, ..Settings::default() });
    journal.begin_segment(&empty(), NOW).unwrap();
    ten(&mut journal);
    assert_eq!(read(folder.path()).0.len(), 11, "before it is closed");
}

#[test]
fn the_last_stretch_begins_in_the_segment_that_was_written_then_and_is_shortened_to_what_may_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let last = |seconds, bytes_max| {
        let found = Reader::open_last(folder.path(), KEY, Duration::from_secs(seconds), bytes_max).unwrap();
        found.map(|Last { mut reader, from, to }| {
            (reader.next().unwrap().unwrap().segment, from.0 / 1_000_000, to.0 / 1_000_000)
        })
    };
    assert_eq!(last(10, u64::MAX), None);
    let mut journal = begin(folder.path(), 1, Settings::default());
    for second in [100, 200, 300] {
        let now = Timestamp::from_secs(second);
        journal.begin_segment(&Snapshot { at: now, ..empty() }, now).unwrap();
        journal.input(TenantId(1), Timestamp::from_secs(second + 50), &Input::Tick);
        journal.commit(now);
    }
    assert_eq!(last(10, u64::MAX), Some((3, 340, 350)));
    assert_eq!(last(100, u64::MAX), Some((2, 250, 350)));
    assert_eq!(last(1_000, u64::MAX), Some((1, 100, 350)));
    assert_eq!(last(1_000, 1), Some((3, 300, 350)), "the newest is read whatever its size");
    // A segment that a full disk or a power cut has left empty says nothing.
    fs::write(folder.path().join("000000000004.cbj"), []).unwrap();
    assert_eq!(last(10, u64::MAX), Some((3, 340, 350)));
}
