//! Trunks.

use std::net::IpAddr;

use model::{TenantId, Trunk, TrunkId};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::sql::{from_json, signed, to_json, unsigned};

#[derive(FromRow)]
struct Row {
    id: i64,
    name: String,
    host: String,
    allow_from_json: String,
}

impl TryFrom<Row> for Trunk {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let networks: Vec<String> = from_json(&row.allow_from_json, "allow_from of a trunk")?;
        let network = |text: &String| {
            parse_network(text).ok_or_else(|| StoreError::corrupt("allow_from of a trunk", text))
        };
        Ok(Self {
            id: TrunkId(unsigned(row.id)),
            name: row.name,
            host: row.host,
            allow_from: networks.iter().map(network).collect::<Result<_, _>>()?,
        })
    }
}

/// A network as `address/prefix`; a bare address is a network of one.
pub(crate) fn parse_network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix = match prefix {
        // A sign or a leading zero is somebody's slip, not a length.
        Some(prefix) if prefix.bytes().all(|byte| byte.is_ascii_digit()) => prefix.parse().ok()?,
        Some(_) => return None,
        None => longest,
    };
    (prefix <= longest).then_some((address, prefix))
}

/// A network as the file and the plan write it.
pub(crate) fn network_text((address, prefix): &(IpAddr, u8)) -> String {
    format!("{address}/{prefix}")
}

/// The trunks of a domain, by id.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<Trunk>, StoreError> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT id, name, host, allow_from_json FROM trunks WHERE tenant = $1 ORDER BY id")
            .bind(signed(tenant.0))
            .fetch_all(conn)
            .await?;
    rows.into_iter().map(Trunk::try_from).collect()
}

/// Makes or changes a trunk.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    trunk: &Trunk,
) -> Result<(), StoreError> {
    let networks: Vec<String> = trunk.allow_from.iter().map(network_text).collect();
    sqlx::query(
        "INSERT INTO trunks (id, tenant, name, host, allow_from_json) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, host = excluded.host,
           allow_from_json = excluded.allow_from_json",
    )
    .bind(signed(trunk.id.0))
    .bind(signed(tenant.0))
    .bind(&trunk.name)
    .bind(&trunk.host)
    .bind(to_json(&networks)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a trunk.
pub(crate) async fn remove(conn: &mut SqliteConnection, trunk: TrunkId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM trunks WHERE id = $1").bind(signed(trunk.0)).execute(conn).await?;
    Ok(())
}
