//! What a service answers: the whole of it where that is used, or its beginning for a log.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::{Response, StatusCode, body::Incoming};

use super::PostError;
use crate::one_line;

/// How long the beginning of a body is waited for: what the status says is known already.
const BEGINNING_MAX: Duration = Duration::from_secs(1);

/// An answer, whatever it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// The beginning of its body.
    pub beginning: Bytes,
}

/// The whole body of an answer that says all is well.
pub(super) async fn whole(response: Response<Incoming>, max: usize) -> Result<Bytes, PostError> {
    let status: StatusCode = response.status();
    if status.is_redirection() {
        return Err(PostError::Redirect(status.as_u16()));
    }
    if !status.is_success() {
        return Err(PostError::Status(status.as_u16()));
    }
    body(response, max).await
}

/// The whole body of any answer.
pub(super) async fn body(response: Response<Incoming>, max: usize) -> Result<Bytes, PostError> {
    let mut body = response.into_body();
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| PostError::Broken(one_line(&error.to_string())))?;
        let Ok(data) = frame.into_data() else { continue };
        if read.len() + data.len() > max {
            return Err(PostError::TooLong(max));
        }
        read.extend_from_slice(&data);
    }
    Ok(read.freeze())
}

/// The beginning of any answer; a body that breaks off or does not come is as long as what came of it.
pub(super) async fn beginning(response: Response<Incoming>, max: usize) -> Answer {
    let status = response.status().as_u16();
    let mut body = response.into_body();
    let mut read = BytesMut::new();
    let reading = async {
        while read.len() < max
            && let Some(Ok(frame)) = body.frame().await
        {
            let Ok(data) = frame.into_data() else { continue };
            let room = max - read.len();
            read.extend_from_slice(data.get(..room).unwrap_or(&data));
        }
    };
    let _late = tokio::time::timeout(BEGINNING_MAX, reading).await;
    Answer { status, beginning: read.freeze() }
}
