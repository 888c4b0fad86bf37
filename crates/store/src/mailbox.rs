//! Mailboxes as they are provisioned; their messages are the engine's and lie beside the journal.

use model::{Directory, Greetings, Mailbox, MailboxId, Pin, TenantId};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::fallback;
use crate::secret::{Secret, SecretKey};
use crate::sql::{from_json, narrow, signed, to_json, unsigned};

/// A mailbox and its sealed PIN; the PIN is not in the mailbox itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailboxRow {
    pub(crate) mailbox: Mailbox,
    pub(crate) pin_sealed: Option<String>,
}

/// Greetings as their column has them.
#[derive(Serialize, Deserialize)]
struct GreetingsRow {
    no_answer: Option<String>,
    busy: Option<String>,
    unavailable: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    number: String,
    name: String,
    pin_sealed: Option<String>,
    email: Option<String>,
    delete_after_email: bool,
    language: String,
    retention_days: i64,
    max_seconds: i64,
    max_messages: i64,
    transcription_url: Option<String>,
    greetings_json: String,
}

impl TryFrom<Row> for MailboxRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let GreetingsRow { no_answer, busy, unavailable } =
            from_json(&row.greetings_json, "the greetings of a mailbox")?;
        let mailbox = Mailbox {
            id: MailboxId(unsigned(row.id)),
            number: fallback::number(&row.number)?,
            name: row.name,
            pin: None,
            email: row.email,
            delete_after_email: row.delete_after_email,
            language: row.language,
            retention_days: narrow(row.retention_days, "retention_days of a mailbox")?,
            max_seconds: narrow(row.max_seconds, "max_seconds of a mailbox")?,
            max_messages: narrow(row.max_messages, "max_messages of a mailbox")?,
            transcription: row.transcription_url,
            greetings: Greetings { no_answer, busy, unavailable },
        };
        Ok(Self { mailbox, pin_sealed: row.pin_sealed })
    }
}

impl MailboxRow {
    /// The PIN in the clear; none if there is none.
    pub(crate) fn pin(&self, key: &SecretKey, domain: &str) -> Result<Option<Pin>, StoreError> {
        let Some(sealed) = &self.pin_sealed else { return Ok(None) };
        let number = self.mailbox.number.as_str();
        open(key, domain, number, sealed).map(Some).ok_or_else(|| StoreError::Sealed(number.to_owned()))
    }
}

/// The PIN that was sealed for a mailbox of a domain.
pub(crate) fn open(key: &SecretKey, domain: &str, number: &str, sealed: &str) -> Option<Pin> {
    key.unseal(sealed, &place(domain, number)).and_then(|pin| Pin::parse(pin.reveal()))
}

/// Seals the PIN of a mailbox for its domain and number.
pub(crate) fn seal(key: &SecretKey, domain: &str, number: &str, pin: &Pin) -> Result<String, StoreError> {
    let sealed = key.seal(&Secret::new(pin.reveal()), &place(domain, number));
    sealed.ok_or_else(|| StoreError::Sealed(number.to_owned()))
}

/// Puts the PINs into a directory.
pub(crate) fn open_pins(
    key: &SecretKey,
    rows: &[MailboxRow],
    directory: &mut Directory,
) -> Result<(), StoreError> {
    for row in rows {
        let pin = row.pin(key, &directory.tenant.name)?;
        if let Some(mailbox) = directory.mailboxes.get_mut(&row.mailbox.id) {
            mailbox.pin = pin;
        }
    }
    Ok(())
}

fn place(domain: &str, number: &str) -> String {
    format!("mailbox/{domain}/{number}")
}

/// The mailboxes of a domain, by id.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<MailboxRow>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as("SELECT * FROM mailboxes WHERE tenant = $1 ORDER BY id")
        .bind(signed(tenant.0))
        .fetch_all(conn)
        .await?;
    rows.into_iter().map(MailboxRow::try_from).collect()
}

/// Makes or changes a mailbox.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    row: &MailboxRow,
) -> Result<(), StoreError> {
    let MailboxRow { mailbox, pin_sealed } = row;
    let Greetings { no_answer, busy, unavailable } = mailbox.greetings.clone();
    sqlx::query(
        "INSERT INTO mailboxes (id, tenant, number, name, pin_sealed, email, delete_after_email, language,
           retention_days, max_seconds, max_messages, greetings_json, transcription_url)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name,
           pin_sealed = excluded.pin_sealed, email = excluded.email,
           delete_after_email = excluded.delete_after_email, language = excluded.language,
           retention_days = excluded.retention_days, max_seconds = excluded.max_seconds,
           max_messages = excluded.max_messages, greetings_json = excluded.greetings_json,
           transcription_url = excluded.transcription_url",
    )
    .bind(signed(mailbox.id.0))
    .bind(signed(tenant.0))
    .bind(mailbox.number.as_str())
    .bind(&mailbox.name)
    .bind(pin_sealed.as_deref())
    .bind(mailbox.email.as_deref())
    .bind(mailbox.delete_after_email)
    .bind(&mailbox.language)
    .bind(i64::from(mailbox.retention_days))
    .bind(i64::from(mailbox.max_seconds))
    .bind(i64::from(mailbox.max_messages))
    .bind(to_json(&GreetingsRow { no_answer, busy, unavailable })?)
    .bind(mailbox.transcription.as_deref())
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a mailbox from its number, so that two can change places.
pub(crate) async fn vacate(conn: &mut SqliteConnection, mailbox: MailboxId) -> Result<(), StoreError> {
    sqlx::query("UPDATE mailboxes SET number = 'moving ' || id WHERE id = $1")
        .bind(signed(mailbox.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes a mailbox.
pub(crate) async fn remove(conn: &mut SqliteConnection, mailbox: MailboxId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM mailboxes WHERE id = $1").bind(signed(mailbox.0)).execute(conn).await?;
    Ok(())
}
