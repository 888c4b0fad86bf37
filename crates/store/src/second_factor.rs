//! One-time passwords of an app as a second factor of a log-in (TOTP, RFC 6238: SHA-1, six digits, thirty seconds),
//! and the recovery codes for whoever has lost the app.
//!
//! The secret is sealed at rest. A code is good for its own step and the one on either side, once (RFC 6238, 5.2).

use model::{AgentId, Timestamp};
use rand::Rng as _;
use sqlx::{FromRow, SqliteConnection};
use totp_rs::{Builder, Totp};

use crate::audit::{self, Note};
use crate::error::StoreError;
use crate::secret::{LETTERS, Secret};
use crate::sql::{from_json, signed, to_json};
use crate::store::Store;
use crate::token::digest;

/// Bytes of a secret: as many as SHA-1 has (RFC 4226, 4).
const SECRET_LENGTH: usize = 20;
/// Steps before and after that are accepted: clocks differ, and people type slowly.
const SKEW: u16 = 1;
/// Recovery codes.
const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code: 16 of 32 letters are 80 bits.
const RECOVERY_LENGTH: usize = 16;

/// What an app needs to know, shown once.
#[derive(Clone, Debug)]
pub struct TotpOffer {
    /// The secret in base32, to type in.
    pub secret: Secret,
    /// The same as `otpauth://…`, for a picture.
    pub uri: Secret,
}

/// What came of looking at a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// There is none: the password is enough.
    Off,
    /// There is one, and no code was given.
    Wanted,
    /// The code is right. It will not be again.
    Right,
    /// It is wrong, or was used already.
    Wrong,
}

#[derive(FromRow)]
struct Row {
    secret: String,
    confirmed_at: Option<i64>,
    used_step: i64,
    recovery_json: String,
}

impl Store {
    /// Offers a new secret to somebody, in place of one that she has not confirmed; none if she has one in use.
    /// `account` is what her app calls it, with the name of the domain.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn totp_offer(
        &self,
        holder: Option<AgentId>,
        account: (&str, &str),
    ) -> Result<Option<TotpOffer>, StoreError> {
        let bytes: [u8; SECRET_LENGTH] = rand::random();
        let totp = totp(&bytes, account)?;
        let uri = totp.to_url().map_err(|_| StoreError::corrupt("an account of an app", account.0))?;
        let secret = Secret::new(totp.secret().to_base32());
        let sealed =
            self.key().seal(&secret, &place(holder)).ok_or_else(|| StoreError::Sealed(place(holder)))?;
        let mut tx = self.begin_write().await?;
        if fetch(&mut tx, holder).await?.is_some_and(|row| row.confirmed_at.is_some()) {
            return Ok(None);
        }
        sqlx::query(
            "INSERT INTO second_factors (agent, secret, used_step, recovery_json) VALUES ($1, $2, 0, '[]')
             ON CONFLICT (agent) DO UPDATE SET secret = excluded.secret",
        )
        .bind(id(holder))
        .bind(&sealed)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(TotpOffer { secret, uri: Secret::new(uri) }))
    }

    /// Takes the secret into use that was offered, and ends all her log-ins but `session`: one that knew only the password
    /// does not get what the code is for. It does so if `code` shows that an app has it; the recovery codes come back
    /// and cannot be shown again. None if the code is wrong or nothing was offered.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn totp_confirm(
        &self,
        holder: Option<AgentId>,
        code: &str,
        now: Timestamp,
        session: Option<u64>,
        note: Option<&Note>,
    ) -> Result<Option<Vec<Secret>>, StoreError> {
        let mut tx = self.begin_write().await?;
        let Some(row) = fetch(&mut tx, holder).await?.filter(|row| row.confirmed_at.is_none()) else {
            return Ok(None);
        };
        let Some(step) = self.step_of(holder, &row, code, now)? else { return Ok(None) };
        let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
        let hashes: Vec<String> = codes.iter().map(|code| digest(code.reveal())).collect();
        sqlx::query(
            "UPDATE second_factors SET confirmed_at = $1, used_step = $2, recovery_json = $3 WHERE agent = $4",
        )
        .bind(now.0)
        .bind(step)
        .bind(to_json(&hashes)?)
        .bind(id(holder))
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "DELETE FROM tokens WHERE (agent = $1 OR (agent IS NULL AND $1 IS NULL)) AND ($2 IS NULL OR id <> $2)",
        )
        .bind(holder.map(|agent| signed(agent.0)))
        .bind(session.map(signed))
        .execute(&mut *tx)
        .await?;
        audit::note(&mut tx, note).await?;
        tx.commit().await?;
        Ok(Some(codes))
    }

    /// Looks at the code of a log-in: one of the app's, or a recovery code.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read, or the use of the code not be kept.
    pub async fn totp_check(
        &self,
        holder: Option<AgentId>,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<Factor, StoreError> {
        let mut reader = self.reader().acquire().await?;
        let Some(row) = fetch(&mut reader, holder).await?.filter(|row| row.confirmed_at.is_some()) else {
            return Ok(Factor::Off);
        };
        drop(reader);
        let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
            return Ok(Factor::Wanted);
        };
        if let Some(step) = self.step_of(holder, &row, code, now)? {
            // Two who come with the same code at once: one finds the step used.
            let mut tx = self.begin_write().await?;
            let used =
                sqlx::query("UPDATE second_factors SET used_step = $1 WHERE agent = $2 AND used_step < $1")
                    .bind(step)
                    .bind(id(holder))
                    .execute(&mut *tx)
                    .await?;
            tx.commit().await?;
            return Ok(if used.rows_affected() > 0 { Factor::Right } else { Factor::Wrong });
        }
        self.recover(holder, code).await
    }

    /// Takes the second factor away; says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn totp_remove(
        &self,
        holder: Option<AgentId>,
        note: Option<&Note>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_write().await?;
        let was = remove(&mut tx, holder).await?;
        audit::note(&mut tx, note.filter(|_| was)).await?;
        tx.commit().await?;
        Ok(was)
    }

    fn step_of(
        &self,
        holder: Option<AgentId>,
        row: &Row,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let opened = self.key().unseal(&row.secret, &place(holder));
        let secret = opened.ok_or_else(|| StoreError::Sealed(place(holder)))?;
        let bytes = totp_rs::Secret::try_from_base32(secret.reveal())
            .map_err(|_| StoreError::corrupt("a second factor", id(holder)))?;
        let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        if !digits {
            return Ok(None);
        }
        let seconds = u64::try_from(now.0 / 1_000_000).unwrap_or(0);
        let step = totp(bytes.as_bytes(), ("", ""))?.check(code, seconds);
        Ok(step.map(signed).filter(|step| *step > row.used_step))
    }

    async fn recover(&self, holder: Option<AgentId>, code: &str) -> Result<Factor, StoreError> {
        let code: String =
            code.chars().filter(|c| *c != '-' && *c != ' ').take(RECOVERY_LENGTH + 1).collect();
        let hash = digest(&code.to_ascii_lowercase());
        let mut tx = self.begin_write().await?;
        let Some(row) = fetch(&mut tx, holder).await? else { return Ok(Factor::Wrong) };
        let mut left: Vec<String> = from_json(&row.recovery_json, "recovery codes")?;
        let Some(at) = left.iter().position(|known| *known == hash) else { return Ok(Factor::Wrong) };
        left.remove(at);
        sqlx::query("UPDATE second_factors SET recovery_json = $1 WHERE agent = $2")
            .bind(to_json(&left)?)
            .bind(id(holder))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Factor::Right)
    }
}

/// Takes somebody's second factor away; says whether there was one.
pub(crate) async fn remove(conn: &mut SqliteConnection, holder: Option<AgentId>) -> Result<bool, StoreError> {
    let gone =
        sqlx::query("DELETE FROM second_factors WHERE agent = $1").bind(id(holder)).execute(conn).await?;
    Ok(gone.rows_affected() > 0)
}

async fn fetch(conn: &mut SqliteConnection, holder: Option<AgentId>) -> Result<Option<Row>, StoreError> {
    let found = sqlx::query_as(
        "SELECT secret, confirmed_at, used_step, recovery_json FROM second_factors WHERE agent = $1",
    );
    Ok(found.bind(id(holder)).fetch_optional(conn).await?)
}

fn totp(secret: &[u8], (account, issuer): (&str, &str)) -> Result<Totp, StoreError> {
    // A colon parts issuer and account in the address that apps read.
    let plain = |text: &str| text.replace(':', " ");
    let builder = Builder::new().with_secret(secret.to_vec()).with_skew(SKEW);
    let named = builder.with_account_name(plain(account)).with_issuer(Some(plain(issuer)));
    named.build().map_err(|error| StoreError::corrupt("a second factor", error))
}

fn recovery_code() -> Secret {
    let mut rng = rand::rng();
    let letter = |_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]);
    Secret::new((0..RECOVERY_LENGTH).map(letter).collect::<String>())
}

/// The owner's row is that of no agent.
fn id(holder: Option<AgentId>) -> i64 {
    holder.map_or(0, |agent| signed(agent.0))
}

fn place(holder: Option<AgentId>) -> String {
    format!("second factor/{}", id(holder))
}
