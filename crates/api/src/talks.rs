//! What the interface needs of whoever keeps recordings of talks, as a trait: the server brings the real one, which
//! knows what sound is made of.

use std::future::Future;
use std::io;
use std::pin::Pin;

use engine::Recorded;
use futures_util::stream::BoxStream;
use model::TenantId;

/// A talk as one WAV file of two channels: the caller on the left.
pub struct TalkSound {
    /// Bytes in all.
    pub length: usize,
    /// The bytes, a piece at a time; an error where the disk says no.
    pub bytes: BoxStream<'static, io::Result<Vec<u8>>>,
}

/// What comes of asking for it: none if nobody said anything, or it is gone.
pub type SoundToCome<'a> = Pin<Box<dyn Future<Output = io::Result<Option<TalkSound>>> + Send + 'a>>;

/// What comes of removing it.
pub type RemovalToCome<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;

/// Whoever keeps recordings of talks.
pub trait Talks: Send + Sync + 'static {
    /// The sound of a talk that is over.
    fn sound(&self, tenant: TenantId, talk: Recorded) -> SoundToCome<'_>;

    /// Removes it for good; also if it is gone.
    fn remove(&self, tenant: TenantId, talk: Recorded) -> RemovalToCome<'_>;
}
