//! Opening a data directory: its tree, its lock, its key and its database.

use std::fs::{DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use model::DomainLimits;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Sqlite, Transaction};

use crate::error::{KeyError, OpenError, StoreError};
use crate::invitation::Post;
use crate::lock::DataLock;
use crate::password::Passwords;
use crate::secret::{KEY_FILE, SecretKey};

/// The database's file in the data directory.
const DATABASE_FILE: &str = "cordboard.sqlite";
/// What else belongs into a data directory.
const FOLDERS: [&str; 4] = ["journal", "recordings", "voicemail", "prompts"];
/// Connections that read. One writes.
const READERS_MAX: u32 = 4;
/// How long a statement waits for another process' lock, such as a backup's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an operation waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// What to open.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The data directory; made if it is not there.
    pub data_dir: PathBuf,
    /// The key of the phones' secrets; `secret.key` in the data directory unless set.
    pub secret_key_file: Option<PathBuf>,
}

/// The open data directory. Clones share it; the lock on it is given back with the last of them.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
    default_limits: DomainLimits,
}

#[derive(Debug)]
struct Inner {
    data_dir: PathBuf,
    write: SqlitePool,
    read: SqlitePool,
    key: SecretKey,
    passwords: Arc<Passwords>,
    post: Post,
    _lock: DataLock,
}

impl Store {
    /// Opens `data_dir` with its own key file, making what is missing.
    ///
    /// # Errors
    /// As [`Store::open_with`].
    pub async fn open(data_dir: &Path) -> Result<Self, OpenError> {
        Self::open_with(StoreOptions { data_dir: data_dir.to_owned(), secret_key_file: None }).await
    }

    /// Opens a data directory, making what is missing and bringing the database up to date.
    ///
    /// # Errors
    /// [`OpenError`]: not writable, in use, of a newer version, unreadable, or its key is wrong.
    pub async fn open_with(options: StoreOptions) -> Result<Self, OpenError> {
        let StoreOptions { data_dir, secret_key_file } = options;
        make_folders(&data_dir)?;
        let lock = DataLock::take(&data_dir)?;
        let path = data_dir.join(DATABASE_FILE);
        make_private(&path)?;
        let database =
            |error: sqlx::Error| OpenError::Database { path: path.clone(), text: one_line(&error) };
        let connect = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            // What is acknowledged survives a power cut too.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let write = pool(1).connect_with(connect.clone()).await.map_err(database)?;
        MIGRATIONS.run(&write).await.map_err(|error| migration_error(&path, error))?;
        let read = pool(READERS_MAX).connect_with(connect).await.map_err(database)?;
        let sealed = crate::extension::any_sealed(&read).await.map_err(database)?;
        let key_path = secret_key_file.unwrap_or_else(|| data_dir.join(KEY_FILE));
        let key = open_key(&key_path, sealed.as_deref())?;
        let passwords = Arc::new(Passwords::new());
        let post = Post::default();
        let inner = Arc::new(Inner { data_dir, write, read, key, passwords, post, _lock: lock });
        Ok(Self { inner, default_limits: DomainLimits::default() })
    }

    /// The same with what domains may use of the server unless something else is set for one.
    #[must_use]
    pub fn with_default_limits(self, default_limits: DomainLimits) -> Self {
        Self { default_limits, ..self }
    }

    /// What domains may use unless something else is set for one.
    pub(crate) const fn default_limits(&self) -> &DomainLimits {
        &self.default_limits
    }

    /// The data directory.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.inner.data_dir
    }

    /// The key of the journal in this data directory.
    #[must_use]
    pub fn journal_key(&self) -> [u8; 32] {
        self.inner.key.journal()
    }

    /// Closes the database and waits until all is on disk. Later operations fail.
    pub async fn close(&self) {
        self.inner.read.close().await;
        self.inner.write.close().await;
    }

    /// Whether the database answers; for readiness.
    ///
    /// # Errors
    /// [`StoreError::Database`] if it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.inner.read).await?;
        Ok(())
    }

    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.inner.read
    }

    /// A transaction that sees one state of the whole database.
    pub(crate) async fn begin_read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.inner.read.begin().await?)
    }

    /// The one transaction that writes; others wait for it.
    pub(crate) async fn begin_write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        // Taking the write lock at once means that no statement in it can find the database changed.
        Ok(self.inner.write.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Notes when a credential was last used. That it is not noted now and then is no reason to refuse anybody.
    pub(crate) async fn note_use(&self, used: sqlx::query::Query<'_, Sqlite, SqliteArguments>) {
        let noted = async {
            let mut tx = self.begin_write().await?;
            used.execute(&mut *tx).await?;
            tx.commit().await.map_err(StoreError::from)
        };
        if let Err(error) = noted.await {
            tracing::debug!(%error, "the use of a credential is not noted");
        }
    }

    pub(crate) fn key(&self) -> &SecretKey {
        &self.inner.key
    }

    pub(crate) fn post(&self) -> &Post {
        &self.inner.post
    }

    pub(crate) fn passwords(&self) -> &Arc<Passwords> {
        &self.inner.passwords
    }
}

/// A connection that only reads the database of a data directory, whether a server has it open or not.
pub(crate) async fn open_to_read(data_dir: &Path) -> Result<SqliteConnection, OpenError> {
    let path = data_dir.join(DATABASE_FILE);
    std::fs::metadata(&path).map_err(|source| OpenError::Missing { path: path.clone(), source })?;
    let database = |error: sqlx::Error| OpenError::Database { path: path.clone(), text: one_line(&error) };
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(false)
        .read_only(true)
        .busy_timeout(BUSY_TIMEOUT);
    let mut conn = options.connect().await.map_err(database)?;
    let latest: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(&mut conn)
        .await
        .map_err(database)?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    match latest.unwrap_or(0) {
        version if version > known => Err(OpenError::Newer { path, version, known }),
        version if version < known => Err(OpenError::Older { path, version, known }),
        _ => Ok(conn),
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A connection is a file handle: nothing is gained by making it anew.
        .idle_timeout(None)
        .max_lifetime(None)
        // Nor does it break by itself, so it is not asked each time whether it is still there.
        .test_before_acquire(false)
}

/// Makes the tree. Personal data will lie in it: nobody else on the machine reads along.
fn make_folders(data_dir: &Path) -> Result<(), OpenError> {
    let make = |path: &Path| {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(|source| OpenError::Directory { path: path.to_owned(), source })
    };
    make(data_dir)?;
    FOLDERS.iter().try_for_each(|folder| make(&data_dir.join(folder)))
}

/// Makes the database's file before SQLite does, so that it and the files beside it are this user's only.
fn make_private(path: &Path) -> Result<(), OpenError> {
    let made = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    made.map(drop).map_err(|source| OpenError::Directory { path: path.to_owned(), source })
}

/// Reads the key; makes one only where nothing is sealed yet, for a new key would open nothing.
fn open_key(path: &Path, sealed: Option<&str>) -> Result<SecretKey, KeyError> {
    let Some(wanted) = sealed.map(crate::secret::key_id_of) else {
        return SecretKey::open_or_make(path);
    };
    let key = SecretKey::open(path)?;
    if key.id() == wanted {
        Ok(key)
    } else {
        Err(KeyError::Other { path: path.to_owned(), wanted: wanted.to_owned() })
    }
}

fn migration_error(path: &Path, error: MigrateError) -> OpenError {
    let path = path.to_owned();
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    if let MigrateError::VersionMissing(version) = error {
        return OpenError::Newer { path, version, known };
    }
    if let MigrateError::VersionMismatch(version) = error {
        return OpenError::Altered { path, version };
    }
    OpenError::Database { path, text: one_line(&error) }
}

fn one_line(error: &impl std::fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
