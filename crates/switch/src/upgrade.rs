//! The start after a change of the program's version: the journal of the other one cannot be run again, so it is
//! kept aside and what that version handed over is gone on from.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use engine::HandOver;
use model::{TenantId, Timestamp};

use crate::journal::hand_over::{self, Handed, Left, NEWEST, TAKEN};
use crate::journal::{JournalError, aside};
use crate::recover::JournalPlace;
use std::collections::BTreeMap;

/// What each domain goes on from: the number of its last event, and what people would miss.
pub(crate) type Pending = BTreeMap<TenantId, (u64, HandOver)>;

/// What was handed over and is in no engine yet, because an earlier start ended before it came so far.
///
/// # Errors
/// [`JournalError`].
pub(crate) fn pending(place: &JournalPlace) -> Result<Pending, JournalError> {
    Ok(hand_over::read(&place.folder, TAKEN, &place.key)?.map(by_domain).unwrap_or_default())
}

fn by_domain(left: Left) -> Pending {
    left.domains.into_iter().map(|Handed { tenant, seq, state }| (tenant, (seq, state))).collect()
}

/// Puts the journal of another version, whose newest segment is `newest`, aside and begins a new folder with what
/// was handed over. It never fails for what is in the journal. `first_id` is above everything that was ever numbered.
///
/// # Errors
/// [`JournalError::Io`] if a folder cannot be made or renamed, [`JournalError::Key`].
pub(crate) fn begin_anew(
    place: &JournalPlace,
    version: &str,
    newest: u64,
    first_id: u64,
    wall: Timestamp,
) -> Result<Pending, JournalError> {
    let JournalPlace { folder, key, .. } = place;
    let (left, why) = match hand_over::read(folder, NEWEST, key) {
        Ok(Some(left)) => (Some(left), String::new()),
        Ok(None) => (None, "it left no hand-over".to_owned()),
        Err(JournalError::Version { found, .. }) => {
            (None, format!("its hand-over is of a form that this version does not know ({found})"))
        }
        Err(JournalError::Key { path }) => return Err(JournalError::Key { path }),
        Err(error) => (None, format!("its hand-over cannot be used: {error}")),
    };
    let in_order = left.as_ref().is_some_and(|left| left.closed && left.segment == newest);
    let mut left = left;
    for domain in left.iter_mut().flat_map(|left| &mut left.domains).filter(|_| !in_order) {
        // Numbers may have been given after it; none is given twice.
        domain.seq = domain.seq.max(first_id);
    }
    let kept = aside(folder, wall);
    exchange(folder, &kept, |new| {
        left.as_ref().map_or(Ok(()), |left| hand_over::write(new, TAKEN, key, left))
    })?;
    say(version, &kept, left.as_ref(), in_order, &why);
    Ok(left.map(by_domain).unwrap_or_default())
}

/// Puts a new folder, filled by `fill`, in the place of `folder`, which becomes `kept`.
fn exchange(
    folder: &Path,
    kept: &Path,
    fill: impl FnOnce(&Path) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    let new: PathBuf = folder.with_extension("new");
    match DirBuilder::new().mode(0o700).create(&new) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        made => made.map_err(JournalError::io(&new))?,
    }
    fill(&new)?;
    std::fs::rename(folder, kept).map_err(JournalError::io(folder))?;
    std::fs::rename(&new, folder).map_err(JournalError::io(&new))?;
    let Some(above) = folder.parent() else { return Ok(()) };
    File::open(above).and_then(|above| above.sync_all()).map_err(JournalError::io(above))
}

fn say(version: &str, kept: &Path, left: Option<&Left>, in_order: bool, why: &str) {
    let kept = kept.display();
    let begins =
        format!("the journal is of another version of this program ({version}) and is kept as {kept}");
    let Some(left) = left else {
        tracing::warn!(
            "{begins}; {why}: agents begin logged out, counters at 0 and places in lines are gone; kept call records \
             are not touched"
        );
        return;
    };
    let at = jiff::Timestamp::from_microsecond(left.at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let agents: usize = left.domains.iter().map(|domain| domain.state.agents.len()).sum();
    let cut: u64 = left.domains.iter().map(|domain| domain.state.calls).sum();
    let handed =
        format!("{agents} agents, their queues' counters and places in lines go on from its hand-over");
    if in_order && cut == 0 {
        tracing::warn!("{begins}; {handed}: it had stopped in order, nothing is lost");
    } else if in_order {
        tracing::warn!("{begins}; {handed}: it had stopped in order, {cut} calls that it cut have no record");
    } else {
        tracing::warn!(
            "{begins}; {handed} of {at:.0}: it ended without a word, so what agents and calls did after that is \
             lost, with the records of calls that were not over"
        );
    }
}
