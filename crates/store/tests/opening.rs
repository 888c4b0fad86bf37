//! Opening a data directory: its tree, its lock, its versions, its key.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use store::{OpenError, Store, StoreOptions};

use crate::world::{CONTRACT, World};

/// A second connection to a database, past the store.
pub(crate) async fn pool(directory: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(directory.join("cordboard.sqlite"));
    SqlitePool::connect_with(options).await.unwrap()
}

#[tokio::test]
async fn a_data_directory_is_made_with_all_that_belongs_into_it() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("deep").join("data");
    let store = Store::open(&path).await.unwrap();
    store.ping().await.unwrap();
    for name in ["cordboard.sqlite", "journal", "recordings", "voicemail", "prompts", "secret.key"] {
        assert!(path.join(name).exists(), "{name}");
    }
    for name in ["cordboard.sqlite", "cordboard.sqlite-wal", "cordboard.sqlite-shm", "secret.key"] {
        let mode = std::fs::metadata(path.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert!(store.domains().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_second_one_on_the_same_directory_is_refused_on_one_line() {
    let world = World::new().await;
    let error = Store::open(world.directory.path()).await.unwrap_err();
    assert!(matches!(error, OpenError::Locked { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains(&format!("(process {})", std::process::id())), "{text}");
    assert!(text.contains("stop that one first") && !text.contains('\n'), "{text}");
    world.reopen().await;
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_says_how_to_mend_it() {
    let parent = tempfile::tempdir().unwrap();
    std::fs::write(parent.path().join("file"), "x").unwrap();
    for path in [parent.path().join("file").join("data"), "/proc/cordboard-test".into()] {
        let error = Store::open(&path).await.unwrap_err();
        assert!(matches!(error, OpenError::Directory { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("--data") && !text.contains('\n'), "{text}");
    }
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_on_one_line() {
    let world = World::new().await;
    let path = world.directory.path();
    world.store.close().await;
    let other = pool(path).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', TRUE, X'00', 0)",
    )
    .execute(&other)
    .await
    .unwrap();
    other.close().await;
    let World { store, directory } = world;
    drop(store);
    let error = Store::open(directory.path()).await.unwrap_err();
    assert!(matches!(error, OpenError::Newer { version: 9999, .. }), "{error}");
    assert!(error.to_string().contains("run that version") && !error.to_string().contains('\n'), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_on_one_line() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("cordboard.sqlite"),
        "not a database at all, but long enough to be read",
    )
    .unwrap();
    let error = Store::open(directory.path()).await.unwrap_err();
    assert!(matches!(error, OpenError::Database { .. }), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
}

#[tokio::test]
async fn ids_are_never_given_twice_not_even_after_a_restart() {
    let world = World::new().await;
    let first = world.store.reserve_ids(1_000).await.unwrap();
    let second = world.store.reserve_ids(10).await.unwrap();
    assert_eq!(second, first + 1_000);
    let world = world.reopen().await;
    assert_eq!(world.store.reserve_ids(1).await.unwrap(), second + 10);
    assert!(world.store.reserve_ids(u64::MAX).await.is_err(), "the counter has an end, and says so");
    assert_eq!(world.store.reserve_ids(1).await.unwrap(), second + 11);
}

#[tokio::test]
async fn a_dump_of_the_disk_holds_no_password() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    world.store.close().await;
    for entry in std::fs::read_dir(world.directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for secret in ["desk-password", "phone-secret", "spare-secret"] {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} in {}", path.display());
            }
        }
    }
}

#[tokio::test]
async fn secrets_want_the_key_they_were_sealed_with() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    world.store.close().await;
    let World { store, directory } = world;
    drop(store);
    let key = directory.path().join("secret.key");
    let kept = std::fs::read_to_string(&key).unwrap();

    std::fs::remove_file(&key).unwrap();
    let missing = Store::open(directory.path()).await.unwrap_err();
    assert!(matches!(missing, OpenError::Key(_)) && !key.exists(), "{missing}");

    std::fs::write(&key, "0".repeat(64)).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let other = Store::open(directory.path()).await.unwrap_err();
    assert!(other.to_string().contains("put that key file back"), "{other}");

    std::fs::write(&key, &kept).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let exposed = Store::open(directory.path()).await.unwrap_err();
    assert!(exposed.to_string().contains("chmod 600"), "{exposed}");

    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("key");
    std::fs::write(&moved, &kept).unwrap();
    std::fs::set_permissions(&moved, std::fs::Permissions::from_mode(0o600)).unwrap();
    let options = StoreOptions { data_dir: directory.path().to_owned(), secret_key_file: Some(moved) };
    let store = Store::open_with(options).await.unwrap();
    let tenant = store.domains().await.unwrap()[0].id;
    assert_eq!(store.accounts(tenant).await.unwrap()[0].secret.reveal(), "phone-secret");
}
