//! Between the model's numbers and the database's, which are signed, and JSON in text columns.

use model::TenantId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

use crate::error::StoreError;

/// A row id or a count as the database keeps it. Ids come from counters that end before they would not fit.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A row id back again.
pub(crate) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// A number of a column back in its own width.
pub(crate) fn narrow<T: TryFrom<i64>>(value: i64, what: &'static str) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| StoreError::corrupt(what, value))
}

/// Removes what a domain calls by `key`: `sql` says from where, `$1` is the domain and `$2` the key.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    sql: &'static str,
    tenant: TenantId,
    key: &str,
) -> Result<(), StoreError> {
    sqlx::query(sql).bind(signed(tenant.0)).bind(key).execute(conn).await?;
    Ok(())
}

/// What `LIKE … ESCAPE '!'` takes to find a text anywhere, in small letters.
pub(crate) fn holds(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

/// A value as a JSON text.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt("a value", error))
}

/// A value from a JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(what, error))
}
