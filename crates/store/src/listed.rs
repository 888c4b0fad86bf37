//! Numbers of callers on the domain's lists: who is served first, who has agents of his own, who is kept out.

use model::{
    AgentId, BlockLevel, Directory, ExclusiveNumber, ListedUntil, QueueId, TenantId, Timestamp, VipNumber,
};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::sql::{from_json, narrow, signed, to_json, unsigned};
use crate::words::Word as _;

/// A number on one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedNumber {
    pub(crate) number: String,
    pub(crate) until: ListedUntil,
    pub(crate) entry: ListedEntry,
}

/// Which list, and what it says of the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListedEntry {
    /// Served before others.
    Vip { priority: u8 },
    /// Has agents of his own in one queue, tried in this order.
    Exclusive { queue: QueueId, agents: Vec<AgentId> },
    /// Kept out of all queues.
    QueueBlacklist { level: BlockLevel },
    /// Kept out of the domain.
    Blacklist,
}

impl ListedEntry {
    /// The list, as the column and the provisioning file name it.
    fn list(&self) -> &'static str {
        match self {
            Self::Vip { .. } => "vip",
            Self::Exclusive { .. } => "exclusive",
            Self::QueueBlacklist { .. } => "queue_blacklist",
            Self::Blacklist => "blacklist",
        }
    }

    /// The queue it is about; 0 for all.
    fn queue(&self) -> QueueId {
        match self {
            Self::Exclusive { queue, .. } => *queue,
            Self::Vip { .. } | Self::QueueBlacklist { .. } | Self::Blacklist => QueueId(0),
        }
    }
}

impl ListedNumber {
    /// What makes two rows the same entry.
    pub(crate) fn key(&self) -> (&'static str, &str, QueueId) {
        (self.entry.list(), &self.number, self.entry.queue())
    }

    /// Puts it where routing looks for it.
    pub(crate) fn insert_into(self, directory: &mut Directory) {
        let Self { number, until, entry } = self;
        match entry {
            ListedEntry::Vip { priority } => {
                directory.vip_numbers.insert(number, VipNumber { priority, until });
            }
            ListedEntry::Exclusive { queue, agents } => {
                directory.exclusive_numbers.insert((number, queue), ExclusiveNumber { agents, until });
            }
            ListedEntry::QueueBlacklist { level } => {
                directory.queue_blacklist.insert(number, (level, until));
            }
            ListedEntry::Blacklist => {
                directory.blacklist.insert(number, until);
            }
        }
    }
}

#[derive(FromRow)]
struct Row {
    list: String,
    number: String,
    queue: i64,
    priority: Option<i64>,
    agents_json: Option<String>,
    level: Option<String>,
    until: Option<i64>,
}

impl TryFrom<Row> for ListedNumber {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        const WHAT: &str = "a number on a list";
        let corrupt = || StoreError::corrupt(WHAT, &row.number);
        let entry = match row.list.as_str() {
            "vip" => ListedEntry::Vip { priority: narrow(row.priority.ok_or_else(corrupt)?, WHAT)? },
            "exclusive" => {
                let agents: Vec<u64> = from_json(row.agents_json.as_deref().ok_or_else(corrupt)?, WHAT)?;
                let agents = agents.into_iter().map(AgentId).collect();
                ListedEntry::Exclusive { queue: QueueId(unsigned(row.queue)), agents }
            }
            "queue_blacklist" => {
                let level = row.level.as_deref().and_then(BlockLevel::from_word).ok_or_else(corrupt)?;
                ListedEntry::QueueBlacklist { level }
            }
            "blacklist" => ListedEntry::Blacklist,
            _ => return Err(corrupt()),
        };
        Ok(Self { number: row.number, until: row.until.map(Timestamp), entry })
    }
}

/// The listed numbers of a domain, by list and number.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<ListedNumber>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT list, number, queue, priority, agents_json, level, until FROM listed_numbers
         WHERE tenant = $1 ORDER BY list, number, queue",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(ListedNumber::try_from).collect()
}

/// Makes or changes an entry.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    listed: &ListedNumber,
) -> Result<(), StoreError> {
    let (mut priority, mut agents_json, mut level) = (None, None, None);
    match &listed.entry {
        ListedEntry::Vip { priority: rank } => priority = Some(i64::from(*rank)),
        ListedEntry::Exclusive { queue: _, agents } => {
            agents_json = Some(to_json(&agents.iter().map(|agent| agent.0).collect::<Vec<_>>())?);
        }
        ListedEntry::QueueBlacklist { level: how } => level = Some(how.word()),
        ListedEntry::Blacklist => {}
    }
    let (list, number, queue) = listed.key();
    sqlx::query(
        "INSERT INTO listed_numbers (tenant, list, number, queue, priority, agents_json, level, until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant, list, number, queue) DO UPDATE SET priority = excluded.priority,
           agents_json = excluded.agents_json, level = excluded.level, until = excluded.until",
    )
    .bind(signed(tenant.0))
    .bind(list)
    .bind(number)
    .bind(signed(queue.0))
    .bind(priority)
    .bind(agents_json)
    .bind(level)
    .bind(listed.until.map(|until| until.0))
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes an entry.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    listed: &ListedNumber,
) -> Result<(), StoreError> {
    let (list, number, queue) = listed.key();
    sqlx::query("DELETE FROM listed_numbers WHERE tenant = $1 AND list = $2 AND number = $3 AND queue = $4")
        .bind(signed(tenant.0))
        .bind(list)
        .bind(number)
        .bind(signed(queue.0))
        .execute(conn)
        .await?;
    Ok(())
}
