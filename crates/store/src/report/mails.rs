//! What reports owe: taken into the outbox once for each time that is due, and from there to the mail server.
//!
//! That something was due and its mails are one transaction, so that neither a crash nor a restart sends one twice or
//! not at all. A mail to each recipient is an errand of its own: an address that is refused keeps nobody else waiting.

use std::time::Duration;

use model::{TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use super::due::Timetable;
use super::{COLUMNS, Report, Row};
use crate::audit::Author;
use crate::error::StoreError;
use crate::ids::{Counter, take};
use crate::outbox::{Errand, NewErrand};
use crate::sql::{signed, unsigned};
use crate::store::Store;

/// Most mails of one report that may wait.
const WAITING_MAX: i64 = 200;
/// Further ahead than this a report cannot be done with: the clock was wrong once, and it counts as done until now.
const AHEAD_MAX: Duration = Duration::from_secs(2 * 86_400);
/// Most characters that are kept of what a mail server said.
const PROBLEM_MAX: usize = 300;

/// A report, and how it fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportState {
    /// As it is provisioned.
    pub report: Report,
    /// When it is due next; none: it is off.
    pub next_at: Option<Timestamp>,
    /// When a mail server last took one of its mails.
    pub mailed_at: Option<Timestamp>,
    /// Mails that are still to go.
    pub waiting: u64,
    /// What went wrong with the last mail, if anything did.
    pub problem: Option<String>,
}

/// A mail that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportMail {
    /// The domain.
    pub tenant: TenantId,
    /// As it is provisioned now.
    pub report: Report,
    /// Who gets it.
    pub recipient: String,
    /// When it was due, or asked for: of which time it is follows from that.
    pub due_at: Timestamp,
    /// Whether somebody asked for it.
    pub asked: bool,
}

/// Why a report is not sent now.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There is no such report.
    #[error("there is no such report")]
    Unknown,
    /// No mail can be sent.
    #[error("no mail can be sent: the server's settings name no mail server (`smtp.host`)")]
    NoMail,
    /// Enough of them are waiting.
    #[error("{WAITING_MAX} mails of this report wait to be sent; see why the mail server does not take them")]
    TooMany,
    /// The whole outbox is full.
    #[error("too many mails of all kinds wait to be sent; see why they do not go")]
    Full,
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for SendError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

#[derive(FromRow)]
struct Scheduled {
    id: i64,
    tenant: i64,
    timezone: String,
    done_until: i64,
    mailed_at: Option<i64>,
    mail_problem: String,
    waiting: i64,
    #[sqlx(flatten)]
    report: Row,
}

#[derive(FromRow)]
struct MailRow {
    tenant: i64,
    recipient: String,
    due_at: i64,
    asked: bool,
    #[sqlx(flatten)]
    report: Row,
}

/// What is read of reports with the clock that they go by.
fn scheduled(which: &str) -> sqlx::AssertSqlSafe<String> {
    let columns: Vec<String> = COLUMNS.split(',').map(|column| format!("r.{}", column.trim())).collect();
    let columns = columns.join(", ");
    sqlx::AssertSqlSafe(format!(
        "SELECT r.id, r.tenant, t.timezone, r.done_until, r.mailed_at, r.mail_problem, {columns},
           (SELECT COUNT(*) FROM report_mails m WHERE m.report = r.id) AS waiting
         FROM reports r JOIN tenants t ON t.id = r.tenant WHERE {which} ORDER BY r.tenant, r.name"
    ))
}

impl Store {
    /// Changes when there are mails of reports to send.
    #[must_use]
    pub fn report_mails(&self) -> tokio::sync::watch::Receiver<u64> {
        self.post().reports.subscribe()
    }

    fn report_mails_made(&self) {
        self.post().reports.send_modify(|made| *made += 1);
    }

    /// Takes the mails of all reports that are due by `now` into the outbox, each once whatever happens, and says when
    /// the next one is due. Of a report that was due more often than [`super::due::LATE_MAX`] times the latest go.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses; what was taken in by then stays.
    pub async fn reports_take(&self, now: Timestamp) -> Result<(usize, Option<Timestamp>), StoreError> {
        self.reports_sweep(now).await?;
        let rows: Vec<Scheduled> = sqlx::query_as(scheduled("r.enabled")).fetch_all(self.reader()).await?;
        let (mut taken, mut soonest) = (0, None);
        for row in rows {
            let (id, done_until, zone) = (row.id, row.done_until, row.timezone);
            let report = Report::try_from(row.report)?;
            let Some(timetable) = Timetable::of(&report, &zone) else { continue };
            let (due, next) = timetable.due(Timestamp(done_until), now);
            if let Some(last) = due.last() {
                let tenant = TenantId(unsigned(row.tenant));
                taken += self.take_due((id, tenant, &report), done_until, (&due, *last), now).await?;
            }
            soonest = soonest.into_iter().chain(next).min();
        }
        if taken > 0 {
            self.report_mails_made();
        }
        Ok((taken, soonest))
    }

    /// Puts right what a clock that was ahead has left, and lets mails go that nobody carries any more.
    async fn reports_sweep(&self, now: Timestamp) -> Result<(), StoreError> {
        let ahead = now.after(AHEAD_MAX);
        let wrong: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM reports WHERE done_until > $1)
               OR EXISTS (SELECT 1 FROM report_mails WHERE id NOT IN (SELECT record FROM outbox WHERE errand = $2))",
        )
        .bind(ahead.0)
        .bind(Errand::Report.as_str())
        .fetch_one(self.reader())
        .await?;
        if !wrong {
            return Ok(());
        }
        let mut tx = self.begin_write().await?;
        sqlx::query("UPDATE reports SET done_until = $2 WHERE done_until > $1")
            .bind(ahead.0)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM report_mails WHERE id NOT IN (SELECT record FROM outbox WHERE errand = $1)")
            .bind(Errand::Report.as_str())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn take_due(
        &self,
        (id, tenant, report): (i64, TenantId, &Report),
        done_until: i64,
        (due, last): (&[Timestamp], Timestamp),
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let mut tx = self.begin_write().await?;
        // Only if nobody has changed it in the meantime: then it is looked at anew.
        let done = sqlx::query(
            "UPDATE reports SET done_until = $3 WHERE id = $1 AND done_until = $2 AND enabled = TRUE",
        )
        .bind(id)
        .bind(done_until)
        .bind(last.0)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 || !self.mails() {
            // Without a mail server nothing is owed either: it would all come at once when there is one.
            tx.commit().await?;
            return Ok(0);
        }
        for at in due {
            for recipient in &report.recipients {
                if !put(&mut tx, (id, tenant), (recipient, *at, false), now).await? {
                    tracing::warn!(
                        report = report.name,
                        "the outbox is full: a report waits for the next look"
                    );
                    return Ok(0);
                }
            }
        }
        tx.commit().await?;
        Ok(due.len() * report.recipients.len())
    }

    /// Has a report go now, of the time that it would be about if it were due now: to `recipients`, or to its own.
    /// Says to how many.
    ///
    /// # Errors
    /// [`SendError`]; nothing is sent then.
    pub async fn report_send(
        &self,
        (tenant, name): (TenantId, &str),
        recipients: Option<&[String]>,
        by: &Author,
        now: Timestamp,
    ) -> Result<usize, SendError> {
        if !self.mails() {
            return Err(SendError::NoMail);
        }
        let mut tx = self.begin_write().await?;
        let row: Option<Scheduled> = sqlx::query_as(scheduled("r.tenant = $1 AND r.name = $2"))
            .bind(signed(tenant.0))
            .bind(name)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(Scheduled { id, waiting, report, .. }) = row else { return Err(SendError::Unknown) };
        let report = Report::try_from(report)?;
        let recipients = recipients.unwrap_or(&report.recipients);
        if waiting.saturating_add(signed(recipients.len() as u64)) > WAITING_MAX {
            return Err(SendError::TooMany);
        }
        for recipient in recipients {
            if !put(&mut tx, (id, tenant), (recipient, now, true), now).await? {
                return Err(SendError::Full);
            }
        }
        let line = format!("~ report {name} sent to {}", recipients.join(", "));
        crate::audit::append(&mut tx, tenant, (now, by), None, &[line]).await?;
        tx.commit().await?;
        self.report_mails_made();
        Ok(recipients.len())
    }

    /// The reports of a domain and how they fare, by name.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn reports(&self, tenant: TenantId, now: Timestamp) -> Result<Vec<ReportState>, StoreError> {
        let rows: Vec<Scheduled> = sqlx::query_as(scheduled("r.tenant = $1"))
            .bind(signed(tenant.0))
            .fetch_all(self.reader())
            .await?;
        let state = |row: Scheduled| {
            let report = Report::try_from(row.report)?;
            let timetable = Timetable::of(&report, &row.timezone).filter(|_| report.enabled);
            Ok(ReportState {
                next_at: timetable.and_then(|timetable| timetable.next(now)),
                mailed_at: row.mailed_at.map(Timestamp),
                waiting: unsigned(row.waiting),
                problem: Some(row.mail_problem).filter(|text| !text.is_empty()),
                report,
            })
        };
        rows.into_iter().map(state).collect()
    }

    /// A mail that is to be written; none if its report is gone.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn report_mail(&self, id: u64) -> Result<Option<ReportMail>, StoreError> {
        let statement = format!(
            "SELECT r.tenant, m.recipient, m.due_at, m.asked, {COLUMNS}
             FROM report_mails m JOIN reports r ON r.id = m.report WHERE m.id = $1"
        );
        let row: Option<MailRow> = sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(signed(id))
            .fetch_optional(self.reader())
            .await?;
        row.map(|row| {
            Ok(ReportMail {
                tenant: TenantId(unsigned(row.tenant)),
                report: Report::try_from(row.report)?,
                recipient: row.recipient,
                due_at: Timestamp(row.due_at),
                asked: row.asked,
            })
        })
        .transpose()
    }

    /// The mail server has taken a mail: it is not written again.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn report_mailed(&self, id: u64, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(
            "UPDATE reports SET mailed_at = $2, mail_problem = ''
             WHERE id = (SELECT report FROM report_mails WHERE id = $1)",
        )
        .bind(signed(id))
        .bind(at.0)
        .execute(&mut *tx)
        .await?;
        forget(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// A mail was not taken, and with `for_good` never will be.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub async fn report_not_mailed(&self, id: u64, what: &str, for_good: bool) -> Result<(), StoreError> {
        let what: String = what.chars().take(PROBLEM_MAX).collect();
        let mut tx = self.begin_write().await?;
        sqlx::query(
            "UPDATE reports SET mail_problem = $2 WHERE id = (SELECT report FROM report_mails WHERE id = $1)",
        )
        .bind(signed(id))
        .bind(what)
        .execute(&mut *tx)
        .await?;
        if for_good {
            forget(&mut tx, id).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Takes a mail in, with its errand; says whether the outbox had room for it.
async fn put(
    conn: &mut SqliteConnection,
    (report, tenant): (i64, TenantId),
    (recipient, due_at, asked): (&str, Timestamp, bool),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let id = take(conn, Counter::ReportMail, 1).await?;
    sqlx::query(
        "INSERT INTO report_mails (id, report, recipient, due_at, asked) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(signed(id))
    .bind(report)
    .bind(recipient)
    .bind(due_at.0)
    .bind(asked)
    .execute(&mut *conn)
    .await?;
    let (mailbox, record) = (model::MailboxId(0), model::RecordId(id));
    // Made now: how long it is tried has nothing to do with how late it is.
    let errand = NewErrand { errand: Errand::Report, mailbox, record, made_at: now, due_at: now };
    crate::outbox::put(conn, &[(tenant, errand)]).await?;
    let taken = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM outbox WHERE errand = $1 AND record = $2)");
    Ok(taken.bind(Errand::Report.as_str()).bind(signed(id)).fetch_one(conn).await?)
}

async fn forget(conn: &mut SqliteConnection, id: u64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM report_mails WHERE id = $1").bind(signed(id)).execute(conn).await?;
    Ok(())
}
