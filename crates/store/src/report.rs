//! Reports that go by e-mail at set times: what is provisioned of them.
//!
//! When one is due and of which time it is, [`due`] says; what was enqueued and is still to be sent, [`mails`]. Both are
//! kept beside what is provisioned, and outlive a change of it.

pub mod due;
pub mod mails;

use model::{TenantId, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use self::due::{Every, ReportSpan, Weekday};
use crate::error::StoreError;
use crate::ids::{Counter, take};
use crate::sql::{from_json, signed, to_json};
use crate::statistics::intervals::Length;
use crate::words::Word;

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// What came of queues' calls.
    Queues,
    /// What agents did.
    Agents,
}

/// The files that a mail brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table for spreadsheets.
    Csv,
    /// A document to read.
    Pdf,
    /// Both.
    Both,
}

impl Format {
    /// Whether there is a table.
    #[must_use]
    pub const fn has_csv(self) -> bool {
        match self {
            Self::Csv | Self::Both => true,
            Self::Pdf => false,
        }
    }

    /// Whether there is a document.
    #[must_use]
    pub const fn has_pdf(self) -> bool {
        match self {
            Self::Pdf | Self::Both => true,
            Self::Csv => false,
        }
    }
}

/// The language of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
}

impl Language {
    /// That of a domain, by its tag.
    #[must_use]
    pub fn of_domain(tag: &str) -> Self {
        if tag == "de" || tag.starts_with("de-") { Self::De } else { Self::En }
    }
}

/// A report as the provisioning file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its name, unique in the domain, and the subject of its mails.
    pub name: String,
    /// What it is about.
    pub about: About,
    /// Numbers of the queues that it is about; empty: all.
    pub queues: Vec<String>,
    /// Extensions of the agents that it is about; with no groups and none of them: all.
    pub agents: Vec<String>,
    /// Names of groups whose agents it is about too.
    pub groups: Vec<String>,
    /// Which time it is about, seen from the day on which it goes.
    pub span: ReportSpan,
    /// How long a row is.
    pub interval: Length,
    /// On which days it goes.
    pub every: Every,
    /// The day, if it goes weekly.
    pub weekday: Weekday,
    /// The day, if it goes monthly: 1 to 31, the last one of a month that is shorter.
    pub day: u8,
    /// When on that day, minutes since midnight by the domain's clock.
    pub at: u16,
    /// Who gets it.
    pub recipients: Vec<String>,
    /// As which files.
    pub format: Format,
    /// In which language; the domain's unless set.
    pub language: Option<Language>,
    /// Whether it goes at all.
    pub enabled: bool,
}

impl Report {
    /// Whether it goes at the same times, to the same end.
    fn is_timed_as(&self, other: &Self) -> bool {
        let timing = |report: &Self| {
            let Self { span, every, weekday, day, at, enabled, .. } = report;
            (*span, *every, *weekday, *day, *at, *enabled)
        };
        timing(self) == timing(other)
    }
}

#[derive(FromRow)]
struct Row {
    name: String,
    about: String,
    queues_json: String,
    agents_json: String,
    groups_json: String,
    span: String,
    row_length: String,
    every: String,
    weekday: String,
    day: i64,
    at_minute: i64,
    recipients_json: String,
    format: String,
    language: Option<String>,
    enabled: bool,
}

fn word<T: Word>(text: &str) -> Result<T, StoreError> {
    T::from_word(text).ok_or_else(|| StoreError::corrupt("a word of a report", text))
}

impl TryFrom<Row> for Report {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let number = |value: i64| StoreError::corrupt("a number of a report", value);
        Ok(Self {
            name: row.name,
            about: word(&row.about)?,
            queues: from_json(&row.queues_json, "queues of a report")?,
            agents: from_json(&row.agents_json, "agents of a report")?,
            groups: from_json(&row.groups_json, "groups of a report")?,
            span: word(&row.span)?,
            interval: word(&row.row_length)?,
            every: word(&row.every)?,
            weekday: word(&row.weekday)?,
            day: u8::try_from(row.day).map_err(|_| number(row.day))?,
            at: u16::try_from(row.at_minute).map_err(|_| number(row.at_minute))?,
            recipients: from_json(&row.recipients_json, "recipients of a report")?,
            format: word(&row.format)?,
            language: row.language.as_deref().map(word).transpose()?,
            enabled: row.enabled,
        })
    }
}

/// What is read of a report.
const COLUMNS: &str =
    "name, about, queues_json, agents_json, groups_json, span, row_length, every, weekday, day,
    at_minute, recipients_json, format, language, enabled";

/// The reports of a domain, by name.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<Report>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM reports WHERE tenant = $1 ORDER BY name");
    let rows: Vec<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(statement)).bind(signed(tenant.0)).fetch_all(conn).await?;
    rows.into_iter().map(Report::try_from).collect()
}

/// Writes the difference. One that is new, or goes at other times from now on, owes nothing of the past; with
/// `moved`, when the domain goes by another clock, none does.
pub(crate) async fn write(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    (current, target): (&[Report], &[Report]),
    (now, moved): (Timestamp, bool),
) -> Result<(), StoreError> {
    let reports = crate::provisioning::changes(current, target, |report| &report.name);
    for report in reports.removed {
        remove(conn, tenant, &report.name).await?;
    }
    for report in reports.saved {
        let before = current.iter().find(|before| before.name == report.name);
        let anew = before.is_none_or(|before| !report.is_timed_as(before));
        save(conn, tenant, report, anew.then_some(now)).await?;
    }
    if moved {
        let done = sqlx::query("UPDATE reports SET done_until = $2 WHERE tenant = $1");
        done.bind(signed(tenant.0)).bind(now.0).execute(conn).await?;
    }
    Ok(())
}

/// Makes or changes a report. With `since` whatever was due until then is done with.
async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    report: &Report,
    since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let id = take(conn, Counter::Report, 1).await?;
    sqlx::query(
        "INSERT INTO reports (id, tenant, name, about, queues_json, agents_json, groups_json, span, row_length, every,
           weekday, day, at_minute, recipients_json, format, language, enabled, done_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, COALESCE($18, 0))
         ON CONFLICT (tenant, name) DO UPDATE SET about = excluded.about, queues_json = excluded.queues_json,
           agents_json = excluded.agents_json, groups_json = excluded.groups_json, span = excluded.span,
           row_length = excluded.row_length, every = excluded.every, weekday = excluded.weekday, day = excluded.day,
           at_minute = excluded.at_minute, recipients_json = excluded.recipients_json, format = excluded.format,
           language = excluded.language, enabled = excluded.enabled, done_until = COALESCE($18, done_until)",
    )
    .bind(signed(id))
    .bind(signed(tenant.0))
    .bind(&report.name)
    .bind(report.about.word())
    .bind(to_json(&report.queues)?)
    .bind(to_json(&report.agents)?)
    .bind(to_json(&report.groups)?)
    .bind(report.span.word())
    .bind(report.interval.word())
    .bind(report.every.word())
    .bind(report.weekday.word())
    .bind(i64::from(report.day))
    .bind(i64::from(report.at))
    .bind(to_json(&report.recipients)?)
    .bind(report.format.word())
    .bind(report.language.map(Word::word))
    .bind(report.enabled)
    .bind(since.map(|since| since.0))
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a report; its mails that are still to go have nothing to say any more.
async fn remove(conn: &mut SqliteConnection, tenant: TenantId, name: &str) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM report_mails WHERE report IN (SELECT id FROM reports WHERE tenant = $1 AND name = $2)",
        "DELETE FROM reports WHERE tenant = $1 AND name = $2",
    ] {
        sqlx::query(statement).bind(signed(tenant.0)).bind(name).execute(&mut *conn).await?;
    }
    Ok(())
}
