//! A mail server that does as a test wants, on a port of its own.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How the server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It takes every mail.
    Takes,
    /// It accepts connections and says nothing.
    Hangs,
    /// It hangs up in the middle of the mail's content.
    DiesInContent,
    /// It has the whole mail and hangs up instead of an answer.
    DiesAtTheEnd,
    /// It answers the recipient with this.
    Answers(&'static str),
    /// It wants a login and takes none.
    RefusesLogin,
    /// It writes without end.
    Floods,
}

/// What was received: the commands before the content, and the content.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    pub(crate) commands: Vec<String>,
    pub(crate) content: String,
}

/// A running mail server.
pub(crate) struct SmtpServer {
    pub(crate) address: SocketAddr,
    mails: Arc<Mutex<Vec<Received>>>,
}

impl SmtpServer {
    pub(crate) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mails = Arc::new(Mutex::new(Vec::new()));
        let kept = mails.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = kept.clone();
                // A connection that breaks is what some tests are about.
                tokio::spawn(async move { serve(stream, manner, &kept).await.ok() });
            }
        });
        Self { address, mails }
    }

    /// The mails that were taken so far.
    pub(crate) fn mails(&self) -> Vec<Received> {
        self.mails.lock().expect("no panic while locked").clone()
    }
}

async fn serve(stream: TcpStream, manner: Manner, kept: &Mutex<Vec<Received>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    match manner {
        Manner::Hangs => {
            let mut nothing = String::new();
            stream.read_line(&mut nothing).await?;
            std::future::pending::<()>().await;
        }
        Manner::Floods => loop {
            stream.write_all(&[b'2'; 4_096]).await?;
        },
        Manner::Takes
        | Manner::DiesInContent
        | Manner::DiesAtTheEnd
        | Manner::Answers(_)
        | Manner::RefusesLogin => {}
    }
    say(&mut stream, "220 test ESMTP").await?;
    let mut received = Received::default();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let verb = command.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        received.commands.push(command);
        let answer = match verb.as_str() {
            "EHLO" => "250-test\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            "AUTH" if manner == Manner::RefusesLogin => "535 5.7.8 no",
            "AUTH" => "235 welcome",
            "RCPT" if let Manner::Answers(answer) = manner => answer,
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let Some(content) = content(&mut stream, manner).await? else { return Ok(()) };
                if manner == Manner::DiesAtTheEnd {
                    return Ok(());
                }
                received.content = content;
                kept.lock().expect("no panic while locked").push(std::mem::take(&mut received));
                "250 taken"
            }
            "QUIT" => {
                return say(&mut stream, "221 bye").await;
            }
            _ => "250 ok",
        };
        say(&mut stream, answer).await?;
    }
}

async fn content(stream: &mut BufReader<TcpStream>, manner: Manner) -> std::io::Result<Option<String>> {
    let mut content = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || manner == Manner::DiesInContent {
            return Ok(None);
        }
        if line == ".\r\n" {
            return Ok(Some(content));
        }
        content.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, answer: &str) -> std::io::Result<()> {
    stream.write_all(answer.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.flush().await
}
