//! The files of the sounds.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

use super::Prompt;
use crate::error::StoreError;
use crate::sql::from_json;
use crate::store::Store;

/// Where they are, in the data directory.
const FOLDER: &str = "prompts/kept";

impl Store {
    /// Writes a sound down, safe on the disk, and says by which hash it is found. Blocks.
    ///
    /// # Errors
    /// If the disk does not take it; nothing is left of it then.
    pub fn keep_sound(&self, wav: &[u8]) -> io::Result<String> {
        let sha256: String = Sha256::digest(wav).iter().map(|byte| format!("{byte:02x}")).collect();
        let path = self.sound_path(&sha256);
        if fs::read(&path).is_ok_and(|there| there == wav) {
            return Ok(sha256);
        }
        let folder = self.data_dir().join(FOLDER);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let part = folder.join(format!("{sha256}.{:016x}.part", rand::rng().next_u64()));
        let written = write(&part, wav).and_then(|()| fs::rename(&part, &path));
        if written.is_err() {
            // What cannot be written cannot always be removed either; the next start tries again.
            let _left = fs::remove_file(&part);
        }
        written?;
        File::open(&folder)?.sync_all()?;
        Ok(sha256)
    }

    /// The file of a sound, there or not.
    #[must_use]
    pub fn sound_path(&self, sha256: &str) -> PathBuf {
        self.data_dir().join(FOLDER).join(format!("{sha256}.wav"))
    }

    /// Removes the files of sounds that nothing names any more; says how many. For a start, while nobody is at work.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read; a file that cannot be removed stays.
    pub async fn sweep_sounds(&self) -> Result<usize, StoreError> {
        let mut named: BTreeSet<String> = sqlx::query_scalar("SELECT DISTINCT sha256 FROM prompts")
            .fetch_all(self.reader())
            .await?
            .into_iter()
            .collect();
        let kept: Vec<String> = sqlx::query_scalar("SELECT DISTINCT prompts_json FROM provisioning_history")
            .fetch_all(self.reader())
            .await?;
        for json in kept {
            let prompts: Vec<Prompt> = from_json(&json, "prompts of a kept provisioning file")?;
            named.extend(prompts.into_iter().map(|prompt| prompt.sound.sha256));
        }
        let Ok(files) = fs::read_dir(self.data_dir().join(FOLDER)) else { return Ok(0) };
        let is_named = |path: &Path| {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            path.extension().is_some_and(|ext| ext == "wav") && stem.is_some_and(|stem| named.contains(stem))
        };
        let idle = files.flatten().map(|entry| entry.path()).filter(|path| !is_named(path));
        Ok(idle.filter(|path| fs::remove_file(path).is_ok()).count())
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
