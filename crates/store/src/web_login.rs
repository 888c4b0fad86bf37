//! Who may log in to the web: agents with a password, and the owner of the server.

use model::{AgentId, AgentStatus, CustomRole, Rights, Role, TenantId};
use sqlx::{FromRow, SqlitePool};

use crate::error::StoreError;
use crate::secret::Secret;
use crate::sql::{from_json, unsigned};
use crate::store::Store;
use crate::words::Word as _;

/// The name of the owner, who need not be anybody's agent.
pub(crate) const OWNER_NAME: &str = "Owner";

/// Somebody who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebIdentity {
    /// Her domain; the owner's is the default domain, none while there is none.
    pub tenant: Option<TenantId>,
    /// Who; none for the owner and for keys.
    pub agent: Option<AgentId>,
    /// The key of a program that it is; none: a person.
    pub key: Option<u64>,
    /// What she is; what she may do is in `rights`.
    pub role: Role,
    /// What she may do.
    pub rights: Rights,
    /// The groups that she is confined to; none: she sees the whole domain.
    pub supervises: Option<Vec<String>>,
    /// Her name.
    pub name: String,
    /// A second factor is demanded of her, and she has none: she has no right but to set one up.
    pub factor_due: bool,
}

#[derive(FromRow)]
pub(crate) struct IdentityRow {
    id: i64,
    tenant: i64,
    role: String,
    supervises_json: Option<String>,
    groups_json: String,
    name: String,
    status: String,
    password_hash: Option<String>,
    factors_json: String,
    has_factor: bool,
}

impl IdentityRow {
    /// The row of an agent.
    pub(crate) async fn of(reader: &SqlitePool, agent: i64) -> Result<Option<Self>, StoreError> {
        let found = sqlx::query_as(
            "SELECT agents.id, tenant, role, supervises_json, groups_json, agents.name, status, password_hash,
               tenants.second_factor_json AS factors_json,
               EXISTS (SELECT 1 FROM second_factors f WHERE f.agent = agents.id AND f.confirmed_at IS NOT NULL)
                 AS has_factor
             FROM agents JOIN tenants ON tenants.id = agents.tenant WHERE agents.id = $1",
        );
        Ok(found.bind(agent).fetch_optional(reader).await?)
    }

    /// The row of the agent with this e-mail.
    pub(crate) async fn of_email(reader: &SqlitePool, email: &str) -> Result<Option<Self>, StoreError> {
        let found = sqlx::query_as(
            "SELECT agents.id, tenant, role, supervises_json, groups_json, agents.name, status, password_hash,
               tenants.second_factor_json AS factors_json,
               EXISTS (SELECT 1 FROM second_factors f WHERE f.agent = agents.id AND f.confirmed_at IS NOT NULL)
                 AS has_factor
             FROM agents JOIN tenants ON tenants.id = agents.tenant WHERE agents.email = $1",
        );
        Ok(found.bind(email.to_lowercase()).fetch_optional(reader).await?)
    }

    /// Who it is; none if she is shut off.
    pub(crate) async fn identity(self, reader: &SqlitePool) -> Result<Option<WebIdentity>, StoreError> {
        let corrupt = || StoreError::corrupt("an agent", self.id);
        let status = AgentStatus::from_word(&self.status).ok_or_else(corrupt)?;
        let role = Role::named(&self.role);
        let custom = crate::role::find(reader, self.tenant, &role).await?;
        let supervises = self.supervises(&role, custom.as_ref())?;
        let demanded: Vec<String> = from_json(&self.factors_json, "roles with a second factor")?;
        let factor_due = !self.has_factor && demanded.iter().any(|name| name == role.name());
        let rights = if factor_due { Rights::default() } else { role.rights_with(custom.as_ref()) };
        let identity = WebIdentity {
            tenant: Some(TenantId(unsigned(self.tenant))),
            agent: Some(AgentId(unsigned(self.id))),
            key: None,
            rights,
            role,
            supervises,
            name: self.name,
            factor_due,
        };
        Ok(match status {
            AgentStatus::Active | AgentStatus::Invited => Some(identity),
            AgentStatus::Disabled => None,
        })
    }

    /// As [`model::Directory::supervised`] has it.
    fn supervises(
        &self,
        role: &Role,
        custom: Option<&CustomRole>,
    ) -> Result<Option<Vec<String>>, StoreError> {
        if let Some(json) = &self.supervises_json {
            return from_json(json, "groups that an agent supervises").map(Some);
        }
        role.confines(custom).then(|| from_json(&self.groups_json, "groups of an agent")).transpose()
    }
}

impl Store {
    /// Checks e-mail and password. None if either is wrong or she is shut off; an unknown e-mail takes the
    /// same work as a wrong password.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if too many log in at once, [`StoreError::Database`].
    pub async fn login(&self, email: &str, password: &Secret) -> Result<Option<WebIdentity>, StoreError> {
        let email = email.to_lowercase();
        let owner: Option<String> = sqlx::query_scalar("SELECT password_hash FROM owner WHERE email = $1")
            .bind(&email)
            .fetch_optional(self.reader())
            .await?;
        let agent = IdentityRow::of_email(self.reader(), &email).await?;
        let is_owner = owner.is_some();
        let hash = owner.or_else(|| agent.as_ref().and_then(|row| row.password_hash.clone()));
        if !self.passwords().verify_login(password.clone(), hash).await? {
            return Ok(None);
        }
        if is_owner {
            return self.owner_identity().await.map(Some);
        }
        match agent {
            Some(agent) => agent.identity(self.reader()).await,
            None => Ok(None),
        }
    }

    /// The e-mail of an agent of the domain with this name, by her extension or by the part of it before the `@`. None
    /// if nobody is known so, or more than one.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn email_of(&self, domain: &str, name: &str) -> Result<Option<String>, StoreError> {
        let name = name.to_lowercase();
        let mut found: Vec<String> = sqlx::query_scalar(
            "SELECT agents.email FROM agents JOIN tenants ON tenants.id = agents.tenant
             WHERE tenants.name = $1 AND agents.email IS NOT NULL
               AND (agents.extension = $2 OR (agents.email >= $3 AND agents.email < $4))
             LIMIT 2",
        )
        .bind(domain.to_ascii_lowercase())
        .bind(&name)
        // What begins with the name and an @, and nothing else, lies between these two.
        .bind(format!("{name}@"))
        .bind(format!("{name}A"))
        .fetch_all(self.reader())
        .await?;
        Ok(if found.len() == 1 { found.pop() } else { None })
    }

    /// Sets the owner's log-in, as the settings say. Setting what is set already changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn set_owner(&self, email: &str, password: &Secret) -> Result<(), StoreError> {
        let email = email.to_lowercase();
        let stored: Option<(String, String)> =
            sqlx::query_as("SELECT email, password_hash FROM owner").fetch_optional(self.reader()).await?;
        if let Some((stored, hash)) = stored
            && stored == email
            && self.passwords().verify(password.clone(), hash).await?
        {
            return Ok(());
        }
        let hash = self.passwords().hash(password.clone()).await?;
        let mut tx = self.begin_write().await?;
        sqlx::query(
            "INSERT INTO owner (id, email, password_hash) VALUES (1, $1, $2)
             ON CONFLICT (id) DO UPDATE SET email = excluded.email, password_hash = excluded.password_hash",
        )
        .bind(&email)
        .bind(&hash)
        .execute(&mut *tx)
        .await?;
        // Whoever was logged in with the old password is not any more.
        sqlx::query("DELETE FROM tokens WHERE agent IS NULL").execute(&mut *tx).await?;
        // Who may write the settings may also have lost her app.
        crate::second_factor::remove(&mut tx, None).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes the owner's log-in if there is none yet; says whether it was made.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be kept.
    pub async fn create_owner(&self, email: &str, password: &Secret) -> Result<bool, StoreError> {
        let hash = self.passwords().hash(password.clone()).await?;
        let mut tx = self.begin_write().await?;
        let made = sqlx::query(
            "INSERT INTO owner (id, email, password_hash) VALUES (1, $1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(email.to_lowercase())
        .bind(&hash)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(made.rows_affected() > 0)
    }

    /// Whether there is an owner's log-in.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn has_owner(&self) -> Result<bool, StoreError> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM owner").fetch_one(self.reader()).await?;
        Ok(count > 0)
    }

    pub(crate) async fn owner_identity(&self) -> Result<WebIdentity, StoreError> {
        let first: Option<i64> =
            sqlx::query_scalar("SELECT MIN(id) FROM tenants").fetch_one(self.reader()).await?;
        let tenant = first.map(|id| TenantId(unsigned(id)));
        let (role, name) = (Role::Owner, OWNER_NAME.into());
        let rights = role.rights();
        Ok(WebIdentity {
            tenant,
            agent: None,
            key: None,
            role,
            rights,
            supervises: None,
            name,
            factor_due: false,
        })
    }
}
