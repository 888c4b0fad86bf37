//! Speech from text: espeak-ng as a program of its own, where it is installed.
//!
//! It is neither linked nor shipped. It gets the text by its standard input and a list of arguments, no shell; its
//! answer is bounded in time and size, and it is killed when it exceeds either.

use std::ffi::OsStr;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

/// The program, found on the PATH.
pub(crate) const PROGRAM: &str = "espeak-ng";
/// How long it may take: it speaks a hundred times faster than anybody listens.
const WORK_MAX: Duration = Duration::from_secs(20);
/// Bytes of what it says: 22,050 samples a second, so seven minutes.
const ANSWER_BYTES_MAX: u64 = media::INTAKE_BYTES_MAX as u64;
/// Of its complaints, so many bytes are read.
const COMPLAINT_BYTES_MAX: u64 = 1_024;
/// Words a minute and pause between words, as the built-in prompts are spoken.
const PACE: [&str; 4] = ["-s", "150", "-g", "4"];

/// Why nothing was said.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SpeechError {
    /// The program is not there.
    #[error(
        "espeak-ng is not installed on the server; install it there (apt install espeak-ng), or upload a recording"
    )]
    NotInstalled,
    /// It has no such voice.
    #[error("espeak-ng has no voice {0}; `espeak-ng --voices` on the server lists them")]
    UnknownVoice(String),
    /// It would speak too long.
    #[error("the text is spoken longer than a prompt may be; shorten it")]
    TooLong,
    /// It failed in a way of its own.
    #[error("espeak-ng could not speak this: {0}; try another text or voice, or upload a recording")]
    Failed(String),
}

/// Speaks a text; the answer is a WAV file. Without a voice it is the language's own.
///
/// # Errors
/// [`SpeechError`] says what is missing or wrong.
pub(crate) async fn speak(text: &str, language: &str, voice: Option<&str>) -> Result<Vec<u8>, SpeechError> {
    let base = language.split('-').next().unwrap_or_default();
    let voices = match voice {
        Some(voice) => vec![voice],
        // The built-in English is American.
        None if language == "en" => vec!["en-us"],
        None => vec![language, base],
    };
    let mut result = Err(SpeechError::UnknownVoice(String::new()));
    for voice in voices {
        result = speak_with(PROGRAM.as_ref(), text, voice, WORK_MAX).await;
        if !matches!(result, Err(SpeechError::UnknownVoice(_))) {
            break;
        }
    }
    result
}

async fn speak_with(
    program: &OsStr,
    text: &str,
    voice: &str,
    limit: Duration,
) -> Result<Vec<u8>, SpeechError> {
    let started = Command::new(program)
        .args(["--stdin", "--stdout", "-v", voice])
        .args(PACE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = started.map_err(|error| {
        let is_absent = error.kind() == std::io::ErrorKind::NotFound;
        if is_absent { SpeechError::NotInstalled } else { SpeechError::Failed(error.to_string()) }
    })?;
    let listened = tokio::time::timeout(limit, listen(&mut child, text)).await;
    let heard = listened.map_err(|_| SpeechError::Failed("it took too long".into()))?;
    let (sound, complaint) = heard.map_err(|error| SpeechError::Failed(error.to_string()))?;
    if sound.len() as u64 > ANSWER_BYTES_MAX {
        return Err(SpeechError::TooLong);
    }
    let ended = tokio::time::timeout(limit, child.wait()).await;
    let done = matches!(ended, Ok(Ok(status)) if status.success());
    if complaint.contains("voice does not exist") {
        return Err(SpeechError::UnknownVoice(voice.to_owned()));
    }
    if done && !sound.is_empty() { Ok(sound) } else { Err(SpeechError::Failed(complaint)) }
}

/// Hands the text over while it listens: a full pipe must not stop either side.
async fn listen(child: &mut Child, text: &str) -> std::io::Result<(Vec<u8>, String)> {
    let (Some(mut input), Some(output), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(std::io::Error::other("it has no pipes"));
    };
    let say = async {
        // One that ends early says why by itself.
        let _told = input.write_all(text.as_bytes()).await;
        drop(input);
    };
    let (mut sound, mut complaint) = (Vec::new(), Vec::new());
    let mut output = output.take(ANSWER_BYTES_MAX + 1);
    let hear = async {
        let heard = output.read_to_end(&mut sound).await;
        // One that goes on talking finds nobody listening.
        drop(output);
        heard
    };
    let mut errors = errors.take(COMPLAINT_BYTES_MAX);
    let ((), heard, complained) = tokio::join!(say, hear, errors.read_to_end(&mut complaint));
    heard?;
    complained?;
    let complaint = String::from_utf8_lossy(&complaint);
    Ok((sound, complaint.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// Whether the program is there and starts.
pub(crate) fn is_installed() -> bool {
    let asked = std::process::Command::new(PROGRAM).arg("--version").stdin(Stdio::null()).output();
    asked.is_ok_and(|answer| answer.status.success())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Instant;

    use super::*;

    /// A program that stands in for espeak-ng.
    async fn with(script: &str, text: &str, limit: Duration) -> Result<Vec<u8>, SpeechError> {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("espeak-ng");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        speak_with(program.as_os_str(), text, "de", limit).await
    }

    const PATIENCE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn the_text_is_handed_over_as_it_is_and_the_answer_is_the_sound() {
        let text = "$(touch /tmp/x); `id` -v --path ü\n".repeat(10_000);
        assert_eq!(with("cat", &text, PATIENCE).await.unwrap(), text.as_bytes());
        let arguments = with("cat >/dev/null; echo \"$@\"", "", PATIENCE).await.unwrap();
        assert_eq!(arguments, b"--stdin --stdout -v de -s 150 -g 4\n");
    }

    #[tokio::test]
    async fn what_is_missing_or_fails_is_told() {
        let absent = speak_with("no-such-program-anywhere".as_ref(), "a", "de", PATIENCE).await.unwrap_err();
        assert!(matches!(absent, SpeechError::NotInstalled) && absent.to_string().contains("apt install"));
        let failed = with("echo broken >&2; exit 3", "a", PATIENCE).await.unwrap_err();
        assert!(failed.to_string().contains("broken"), "{failed}");
        let voice =
            with("echo 'Error: The specified espeak-ng voice does not exist.' >&2; exit 1", "a", PATIENCE);
        assert!(matches!(voice.await, Err(SpeechError::UnknownVoice(name)) if name == "de"));
    }

    #[tokio::test]
    async fn one_that_hangs_or_never_stops_talking_is_killed() {
        let began = Instant::now();
        let hung = with("exec sleep 600", "a", Duration::from_millis(200)).await.unwrap_err();
        assert!(hung.to_string().contains("too long"), "{hung}");
        let endless = with("exec cat /dev/zero", "a", PATIENCE).await.unwrap_err();
        assert!(matches!(endless, SpeechError::TooLong | SpeechError::Failed(_)), "{endless}");
        assert!(began.elapsed() < PATIENCE);
    }
}
