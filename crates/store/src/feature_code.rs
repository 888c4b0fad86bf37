//! Feature codes. Every domain starts with the default ones; they are rows, so that it can have its own.

use model::{Feature, FeatureCode, TenantId};
use sqlx::SqliteConnection;

use crate::error::StoreError;
use crate::sql::{self, signed};
use crate::words::Word as _;

/// The feature codes of a domain, by code.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<FeatureCode>, StoreError> {
    let rows: Vec<(String, String, bool)> =
        sqlx::query_as("SELECT code, feature, enabled FROM feature_codes WHERE tenant = $1 ORDER BY code")
            .bind(signed(tenant.0))
            .fetch_all(conn)
            .await?;
    let code = |(code, feature, enabled): (String, String, bool)| {
        let feature = Feature::from_word(&feature)
            .ok_or_else(|| StoreError::corrupt("a feature code", format!("{code} {feature}")))?;
        Ok(FeatureCode { code, feature, enabled })
    };
    rows.into_iter().map(code).collect()
}

/// Gives a new domain the default codes.
pub(crate) async fn save_defaults(conn: &mut SqliteConnection, tenant: TenantId) -> Result<(), StoreError> {
    for code in FeatureCode::defaults() {
        save(&mut *conn, tenant, &code).await?;
    }
    Ok(())
}

/// Makes or changes a code.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    FeatureCode { code, feature, enabled }: &FeatureCode,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO feature_codes (tenant, code, feature, enabled) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, code) DO UPDATE SET feature = excluded.feature, enabled = excluded.enabled",
    )
    .bind(signed(tenant.0))
    .bind(code)
    .bind(feature.word())
    .bind(*enabled)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a code.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    code: &str,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM feature_codes WHERE tenant = $1 AND code = $2", tenant, code).await
}
