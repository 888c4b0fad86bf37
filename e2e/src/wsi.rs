//! A client of PortSIP's publish and subscribe, written from its documentation.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

/// How long a message may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A connection.
pub struct Wsi {
    socket: WebSocket<TcpStream>,
}

impl Wsi {
    /// Connects to the server at `address`.
    ///
    /// # Errors
    /// When the socket is refused.
    pub fn connect(address: &str) -> anyhow::Result<Self> {
        let request = format!("ws://{address}/wsi").into_client_request()?;
        let stream = TcpStream::connect(address)?;
        let (socket, _) = tungstenite::client(request, stream).map_err(|error| anyhow::anyhow!("{error}"))?;
        Ok(Self { socket })
    }

    /// Says a command, which must be answered with status 0.
    ///
    /// # Errors
    /// When it is refused.
    pub fn command(&mut self, command: &Value) -> anyhow::Result<()> {
        self.socket.send(Message::text(command.to_string()))?;
        let answer = self.read()?;
        if answer["status"] != 0 || answer["command"] != command["command"] {
            bail!("{command} was answered with {answer}");
        }
        Ok(())
    }

    /// The next message.
    ///
    /// # Errors
    /// When none comes in time, or the socket is closed.
    pub fn read(&mut self) -> anyhow::Result<Value> {
        let end = Instant::now() + TIMEOUT;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!("nothing came on the socket");
            }
            self.socket.get_ref().set_read_timeout(Some(left))?;
            match self.socket.read().context("the socket")? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(frame) => bail!("the server closed the socket: {frame:?}"),
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }
}
