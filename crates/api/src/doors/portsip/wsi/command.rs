//! What a client says on the socket, and the short answers to it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::login::Credentials;

/// One command.
#[derive(Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub(super) enum Command {
    /// Who it is.
    Auth(Credentials),
    /// What it wants to be told.
    Subscribe(Wanted),
    /// What it wants to be told no more.
    Unsubscribe(Wanted),
}

/// Topics, and which queues or extensions they are about.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    pub(super) topics: Vec<String>,
    #[serde(default)]
    pub(super) queues: Vec<String>,
    #[serde(default)]
    pub(super) extensions: Vec<String>,
}

impl Command {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Auth(_) => "auth",
            Self::Subscribe(_) => "subscribe",
            Self::Unsubscribe(_) => "unsubscribe",
        }
    }
}

/// The answer to the command with this number on this socket.
pub(super) fn answer(command: &str, number: u64, result: Result<(), &str>) -> Value {
    let id = number.to_string();
    match result {
        Ok(()) => json!({ "command": command, "id": id, "status": 0 }),
        Err(error) => json!({ "command": command, "id": id, "status": -1, "error": error }),
    }
}
