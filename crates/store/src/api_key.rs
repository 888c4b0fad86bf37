//! Keys of programs: `cb_` and 256 random bits, shown once and kept as their SHA-256. A key is of one domain, may do
//! what it was given and no more, and holds until it ends, is removed, or for good.

use std::net::IpAddr;

use model::trunk::in_network;
use model::{Right, Rights, Role, TenantId, Timestamp};
use sqlx::FromRow;

use crate::audit::{self, Author};
use crate::error::StoreError;
use crate::ids::{Counter, take};
use crate::secret::Secret;
use crate::sql::{from_json, signed, to_json, unsigned};
use crate::store::Store;
use crate::token::{Verified, digest, is_news, is_random, random};
use crate::trunk::parse_network;
use crate::web_login::WebIdentity;

/// What every key starts with, so that a scanner for leaked secrets knows it.
pub const PREFIX: &str = "cb_";
/// Characters of a key that lists show.
const HINT_LENGTH: usize = 8;
/// Most keys of a domain.
pub const KEYS_MAX: usize = 200;
/// Most networks of a key.
pub const NETWORKS_MAX: usize = 32;
/// Longest name, characters.
pub const NAME_MAX: usize = 64;

/// What a key may do and who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyWish {
    /// Its name, unique in the domain.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Where it may come from, `address/prefix`; from everywhere if empty.
    pub networks: Vec<String>,
    /// When it ends by itself; none: never.
    pub expires_at: Option<Timestamp>,
}

/// A key, without the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// By which it is removed.
    pub id: u64,
    /// What it may do.
    pub wish: KeyWish,
    /// Its first characters.
    pub hint: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it was last used, to the minute, and from where; none: never.
    pub used: Option<(Timestamp, String)>,
}

/// Why a key is not made.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The name is taken.
    #[error("there is a key `{0}` already")]
    Exists(String),
    /// There are too many.
    #[error("the domain has {KEYS_MAX} keys, and that is as many as it may have")]
    TooMany,
    /// What was asked for cannot be.
    #[error("{0}")]
    Unusable(String),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for KeyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

#[derive(FromRow)]
struct Row {
    id: i64,
    tenant: i64,
    name: String,
    hint: String,
    rights_json: String,
    networks_json: String,
    created_at: i64,
    created_by: String,
    expires_at: Option<i64>,
    used_at: Option<i64>,
    used_from: Option<String>,
}

impl TryFrom<Row> for ApiKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wish = KeyWish {
            name: row.name,
            rights: read_rights(&row.rights_json)?,
            networks: from_json(&row.networks_json, "networks of a key")?,
            expires_at: row.expires_at.map(Timestamp),
        };
        let used = row.used_at.map(|at| (Timestamp(at), row.used_from.unwrap_or_default()));
        let (created_at, created_by) = (Timestamp(row.created_at), row.created_by);
        Ok(Self { id: unsigned(row.id), wish, hint: row.hint, created_at, created_by, used })
    }
}

/// Rights as the database has them. One that this version does not know is not given.
pub(crate) fn read_rights(text: &str) -> Result<Rights, StoreError> {
    let words: Vec<String> = from_json(text, "rights")?;
    Ok(words.iter().filter_map(|word| Right::from_word(word)).collect())
}

const ALL: &str =
    "SELECT id, tenant, name, hint, rights_json, networks_json, created_at, created_by, expires_at,
    used_at, used_from FROM api_keys WHERE tenant = $1 ORDER BY name";
const BY_HASH: &str = "SELECT id, tenant, name, hint, rights_json, networks_json, created_at, created_by,
    expires_at, used_at, used_from FROM api_keys WHERE hash = $1";

impl Store {
    /// Makes a key. The key itself cannot be shown again.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn key_create(
        &self,
        tenant: TenantId,
        wish: &KeyWish,
        by: &Author,
        now: Timestamp,
    ) -> Result<(ApiKey, Secret), KeyError> {
        check(wish, now)?;
        let key = random(PREFIX);
        let hint: String = key.reveal().chars().take(HINT_LENGTH).collect();
        let words: Vec<&str> = wish.rights.iter().map(Right::word).collect();
        let mut tx = self.begin_write().await?;
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM api_keys WHERE tenant = $1")
            .bind(signed(tenant.0))
            .fetch_all(&mut *tx)
            .await?;
        if names.contains(&wish.name) {
            return Err(KeyError::Exists(wish.name.clone()));
        }
        if names.len() >= KEYS_MAX {
            return Err(KeyError::TooMany);
        }
        let id = take(&mut tx, Counter::ApiKey, 1).await?;
        sqlx::query(
            "INSERT INTO api_keys (id, tenant, name, hash, hint, rights_json, networks_json, created_at,
               created_by, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(signed(id))
        .bind(signed(tenant.0))
        .bind(&wish.name)
        .bind(digest(key.reveal()))
        .bind(&hint)
        .bind(to_json(&words)?)
        .bind(to_json(&wish.networks)?)
        .bind(now.0)
        .bind(&by.name)
        .bind(wish.expires_at.map(|at| at.0))
        .execute(&mut *tx)
        .await?;
        let line = format!("+ API key {} ({})", wish.name, words.join(", "));
        audit::append(&mut tx, tenant, (now, by), None, &[line]).await?;
        tx.commit().await?;
        let created_by = by.name.clone();
        Ok((ApiKey { id, wish: wish.clone(), hint, created_at: now, created_by, used: None }, key))
    }

    /// The keys of a domain, by name.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn keys(&self, tenant: TenantId) -> Result<Vec<ApiKey>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(ALL).bind(signed(tenant.0)).fetch_all(self.reader()).await?;
        rows.into_iter().map(ApiKey::try_from).collect()
    }

    /// Removes a key; says whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn key_remove(
        &self,
        tenant: TenantId,
        id: u64,
        by: &Author,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_write().await?;
        let name: Option<String> =
            sqlx::query_scalar("DELETE FROM api_keys WHERE tenant = $1 AND id = $2 RETURNING name")
                .bind(signed(tenant.0))
                .bind(signed(id))
                .fetch_optional(&mut *tx)
                .await?;
        let Some(name) = name else { return Ok(false) };
        audit::append(&mut tx, tenant, (now, by), None, &[format!("- API key {name}")]).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub(crate) async fn key_verify(
        &self,
        key: &str,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Option<Verified>, StoreError> {
        if !is_random(key, PREFIX) {
            return Ok(None);
        }
        let row: Option<Row> =
            sqlx::query_as(BY_HASH).bind(digest(key)).fetch_optional(self.reader()).await?;
        let Some(row) = row else { return Ok(None) };
        let (tenant, used_at) = (TenantId(unsigned(row.tenant)), row.used_at);
        let key = ApiKey::try_from(row)?;
        if key.wish.expires_at.is_some_and(|at| at <= now) || !may_come_from(&key.wish.networks, from) {
            return Ok(None);
        }
        if is_news(used_at, now) {
            let from = from.map(|from| from.to_string()).unwrap_or_default();
            let used = sqlx::query("UPDATE api_keys SET used_at = $1, used_from = $2 WHERE id = $3");
            self.note_use(used.bind(now.0).bind(from).bind(signed(key.id))).await;
        }
        let identity = WebIdentity {
            tenant: Some(tenant),
            agent: None,
            key: Some(key.id),
            role: Role::Agent,
            rights: key.wish.rights,
            supervises: None,
            name: key.wish.name,
            factor_due: false,
        };
        Ok(Some(Verified { identity, expires_at: key.wish.expires_at, session: None }))
    }
}

/// An empty list allows every address; with one, an address that is not known is refused.
fn may_come_from(networks: &[String], from: Option<IpAddr>) -> bool {
    let fits = |from: IpAddr| {
        let mut networks = networks.iter().filter_map(|text| parse_network(text));
        networks.any(|(network, prefix)| in_network(from.to_canonical(), network, prefix))
    };
    networks.is_empty() || from.is_some_and(fits)
}

fn check(wish: &KeyWish, now: Timestamp) -> Result<(), KeyError> {
    let unusable = |text: String| Err(KeyError::Unusable(text));
    let length = wish.name.chars().count();
    if !(1..=NAME_MAX).contains(&length) || wish.name.chars().any(char::is_control) {
        return unusable(format!("`name` wants 1 to {NAME_MAX} printable characters"));
    }
    if wish.rights.iter().next().is_none() {
        return unusable("`rights` is empty: the key could do nothing".into());
    }
    if wish.rights.has(Right::Own) {
        return unusable("`rights` has `own`, and a key is nobody's".into());
    }
    if wish.networks.len() > NETWORKS_MAX {
        return unusable(format!("`networks` has more than {NETWORKS_MAX} entries"));
    }
    if let Some(wrong) = wish.networks.iter().find(|text| parse_network(text).is_none()) {
        let shown: String = wrong.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
        return unusable(format!("`networks` has `{shown}`; a network is written like 192.0.2.0/24"));
    }
    if wish.expires_at.is_some_and(|at| at <= now) {
        return unusable("`expires_at` is over already".into());
    }
    Ok(())
}
