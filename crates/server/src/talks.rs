//! Recordings of talks on the disk: what a stop has cut off is made whole at the next start, what has been kept for as
//! long as it is to be is removed, and what is asked for is put together.
//!
//! Each side is a file of its own, of one channel; they were begun at the same moment and keep step with the clock. For
//! who listens they become one sound: the caller on the left, the other on the right.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use api::talks::{RemovalToCome, SoundToCome, TalkSound, Talks};
use engine::Recorded;
use futures_util::stream::{self, StreamExt as _};
use media::Salvaged;
use model::{Date, TenantId, Timestamp};
use rtp::RATE;
use rtp::wav::{HEAD_LEN, stereo_head};
use switch::{Clock, Recordings};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// How often it is looked for days that are over.
const EVERY: Duration = Duration::from_secs(3_600);
/// Microseconds.
const DAY: i64 = 86_400_000_000;
/// Samples of each side that are read at once.
const FRAMES: usize = 16 * 1_024;
/// Bytes of a sample of one side.
const SAMPLE: usize = 2;
/// What a file that is being written ends with.
const PART: &str = "part";

/// Makes whole what was cut off, before there are calls, and from now on removes what is old enough.
pub(crate) fn start(recordings: Recordings, keep_days: u16) -> Arc<dyn Talks> {
    salvage(&recordings);
    let clearing = tokio::spawn(clear(recordings.clone(), keep_days, Clock::start()));
    Arc::new(LiveTalks { recordings, clearing: Some(clearing.abort_handle()) })
}

/// Reads the disk.
fn salvage(recordings: &Recordings) {
    let days = folders(recordings.talks()).into_iter().flat_map(|domain| folders(&domain));
    for cut in days.flat_map(|day| entries(&day)).filter(|file| file.extension().is_some_and(|e| e == PART)) {
        let file = cut.with_extension("");
        match media::salvage(&file) {
            Ok(Salvaged::Kept(_)) => {
                tracing::info!(file = %file.display(), "a recording that a stop cut off was kept");
            }
            Ok(Salvaged::Nothing) => {}
            // It is tried again at the next start.
            Err(error) => tracing::error!(file = %file.display(), %error, "a recording cannot be made whole"),
        }
    }
}

/// Removes days that are over, now and from time to time, until the task is aborted.
async fn clear(recordings: Recordings, keep_days: u16, clock: Clock) {
    if keep_days == 0 {
        return;
    }
    // Not at once: whoever sees that the clock is wrong after a start has some time to set it right.
    let mut looks = tokio::time::interval_at(Instant::now() + EVERY, EVERY);
    loop {
        looks.tick().await;
        let (recordings, now) = (recordings.clone(), clock.now());
        let looked = tokio::task::spawn_blocking(move || remove(&recordings, keep_days, now));
        // Whoever panics there has said so, and an hour later it is tried again.
        let _said = looked.await;
    }
}

/// Removes the folders of days that began more than `keep_days` days before this one.
fn remove(recordings: &Recordings, keep_days: u16, now: Timestamp) {
    let first = now.0.div_euclid(DAY) - i64::from(keep_days);
    for day in folders(recordings.talks()).into_iter().flat_map(|domain| folders(&domain)) {
        // What has another name is somebody else's.
        if date_of(&day).is_none_or(|date| date.day_number() >= first) {
            continue;
        }
        match std::fs::remove_dir_all(&day) {
            Ok(()) => tracing::info!(folder = %day.display(), "recordings were removed: they are old enough"),
            Err(error) => tracing::error!(folder = %day.display(), %error, "recordings cannot be removed"),
        }
    }
}

fn date_of(folder: &Path) -> Option<Date> {
    let name = folder.file_name()?.to_str()?;
    let mut parts = name.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    (date.to_string() == name).then_some(date)
}

fn folders(of: &Path) -> Vec<PathBuf> {
    entries(of).into_iter().filter(|path| path.is_dir()).collect()
}

/// What is in a folder; nothing if it is not there.
fn entries(of: &Path) -> Vec<PathBuf> {
    match std::fs::read_dir(of) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            tracing::error!(folder = %of.display(), %error, "recordings cannot be looked for");
            Vec::new()
        }
    }
}

/// The recordings as the interface asks for them.
struct LiveTalks {
    recordings: Recordings,
    /// Removes what is old, as long as there is somebody to keep it for.
    clearing: Option<AbortHandle>,
}

impl Drop for LiveTalks {
    fn drop(&mut self) {
        self.clearing.iter().for_each(AbortHandle::abort);
    }
}

impl Talks for LiveTalks {
    fn sound(&self, tenant: TenantId, talk: Recorded) -> SoundToCome<'_> {
        Box::pin(async move {
            let [left, right] = self.files(tenant, &talk);
            let (left, right) = (Side::open(left).await?, Side::open(right).await?);
            let frames = left.frames.max(right.frames);
            if frames == 0 {
                return Ok(None);
            }
            let head = stream::once(async move { Ok(stereo_head(RATE, frames)) });
            let bytes = head.chain(stream::try_unfold((left, right, frames), side_by_side)).boxed();
            Ok(Some(TalkSound { length: HEAD_LEN + frames * 2 * SAMPLE, bytes }))
        })
    }

    fn remove(&self, tenant: TenantId, talk: Recorded) -> RemovalToCome<'_> {
        Box::pin(async move {
            let files = self.files(tenant, &talk);
            // Also what the disk has not made whole yet.
            let parts = files.clone().map(|file| PathBuf::from(format!("{}.{PART}", file.display())));
            for file in parts.into_iter().chain(files) {
                match tokio::fs::remove_file(&file).await {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    Ok(()) | Err(_) => {}
                }
            }
            Ok(())
        })
    }
}

impl LiveTalks {
    fn files(&self, tenant: TenantId, talk: &Recorded) -> [PathBuf; 2] {
        talk.sides.map(|(_, record)| self.recordings.talk(tenant, talk.from, record))
    }
}

/// The next samples of both, in turn; `rest` are still to come.
async fn side_by_side(
    (mut left, mut right, rest): (Side, Side, usize),
) -> io::Result<Option<(Vec<u8>, (Side, Side, usize))>> {
    if rest == 0 {
        return Ok(None);
    }
    let count = rest.min(FRAMES);
    let (one, other) = (left.next(count).await?, right.next(count).await?);
    let both = one.chunks_exact(SAMPLE).zip(other.chunks_exact(SAMPLE));
    let bytes = both.flat_map(|(one, other)| one.iter().chain(other)).copied().collect();
    Ok(Some((bytes, (left, right, rest - count))))
}

/// One side, as it lies on the disk; without a file it is silence.
struct Side {
    file: Option<File>,
    /// Its samples.
    frames: usize,
}

impl Side {
    async fn open(path: PathBuf) -> io::Result<Self> {
        let mut file = match File::open(&path).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { file: None, frames: 0 });
            }
            opened => opened?,
        };
        let bytes = usize::try_from(file.metadata().await?.len()).unwrap_or(usize::MAX);
        let mut head = [0; HEAD_LEN];
        file.read_exact(&mut head).await?;
        Ok(Self { file: Some(file), frames: bytes.saturating_sub(HEAD_LEN) / SAMPLE })
    }

    /// The bytes of the next samples; silence where there are none any more.
    async fn next(&mut self, frames: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; frames * SAMPLE];
        let there = self.frames.min(frames);
        if let Some(file) = &mut self.file {
            file.read_exact(&mut bytes[..there * SAMPLE]).await?;
        }
        self.frames -= there;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use model::{RecordId, TenantId};

    use super::*;

    fn touch(file: &Path) {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, [0; 20_000]).unwrap();
    }

    #[test]
    fn days_are_kept_for_as_long_as_is_said_and_strange_folders_for_ever() {
        let data = tempfile::tempdir().unwrap();
        let recordings = Recordings::within(data.path());
        let day = |n: i64| Timestamp(n * DAY + DAY / 2);
        let file = |n| recordings.talk(TenantId(1), day(n), RecordId(7));
        [100, 109, 110, 120].iter().for_each(|n| touch(&file(*n)));
        let strange = recordings.talks().join("1").join("1970-1-1").join("x.wav");
        touch(&strange);
        remove(&recordings, 10, day(120));
        let there: Vec<bool> = [100, 109, 110, 120].iter().map(|n| file(*n).exists()).collect();
        assert_eq!(there, [false, false, true, true]);
        assert!(strange.exists());
    }

    #[test]
    fn what_was_cut_off_is_made_whole() {
        let data = tempfile::tempdir().unwrap();
        let recordings = Recordings::within(data.path());
        salvage(&recordings);
        let whole = recordings.talk(TenantId(1), Timestamp::ZERO, RecordId(7));
        let cut = PathBuf::from(format!("{}.{PART}", whole.display()));
        touch(&cut);
        salvage(&recordings);
        assert!(whole.exists() && !cut.exists());
    }

    fn talk() -> Recorded {
        let side = |n| (model::LegId(n), RecordId(n));
        Recorded { sides: [side(7), side(8)], from: Timestamp::ZERO, until: Some(Timestamp::from_secs(5)) }
    }

    async fn heard(talks: &LiveTalks) -> Option<Vec<u8>> {
        let TalkSound { length, bytes } = talks.sound(TenantId(1), talk()).await.unwrap()?;
        let bytes: Vec<Vec<u8>> = bytes.map(Result::unwrap).collect().await;
        let bytes = bytes.concat();
        assert_eq!(bytes.len(), length);
        Some(bytes)
    }

    #[tokio::test]
    async fn the_sides_of_a_talk_are_heard_side_by_side_until_the_longer_one_ends() {
        let data = tempfile::tempdir().unwrap();
        let talks = LiveTalks { recordings: Recordings::within(data.path()), clearing: None };
        assert!(heard(&talks).await.is_none(), "nobody said anything");
        let [caller, other] = talks.files(TenantId(1), &talk());
        std::fs::create_dir_all(caller.parent().unwrap()).unwrap();
        let long: Vec<i16> = (0..100).cycle().take(40_000).collect();
        std::fs::write(&caller, rtp::wav::Wav::write(RATE, &[1, 2, 3])).unwrap();
        std::fs::write(&other, rtp::wav::Wav::write(RATE, &long)).unwrap();
        let sound = heard(&talks).await.unwrap();
        let sample = |frame: usize, side: usize| {
            let at = HEAD_LEN + (frame * 2 + side) * SAMPLE;
            i16::from_le_bytes([sound[at], sound[at + 1]])
        };
        assert_eq!([0, 1, 2, 3, 39_999].map(|frame| sample(frame, 0)), [1, 2, 3, 0, 0]);
        assert_eq!([0, 1, 99, FRAMES, 39_999].map(|frame| sample(frame, 1)), [0, 1, 99, 84, 99]);
        assert_eq!(rtp::wav::Wav::parse(&sound).unwrap().samples.len(), 40_000);
        std::fs::write(&caller, "x").unwrap();
        assert!(talks.sound(TenantId(1), talk()).await.is_err(), "no sound of ours");
        for _ in 0..2 {
            talks.remove(TenantId(1), talk()).await.unwrap();
        }
        assert!(heard(&talks).await.is_none());
    }
}
