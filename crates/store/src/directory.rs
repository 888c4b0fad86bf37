//! Everything provisioned for one domain, read in one transaction.

use std::collections::BTreeMap;

use model::{
    AgentHours, CustomRole, Did, Directory, Disposition, FeatureCode, Membership, NotReadyCode, Queue,
    RingGroup, Tenant, TenantId, Trunk, Zone,
};
use sqlx::SqliteConnection;

use crate::agent::AgentRow;
use crate::error::StoreError;
use crate::extension::ExtensionRow;
use crate::hours::BusinessHoursRow;
use crate::invitation::InvitationRow;
use crate::listed::ListedNumber;
use crate::mailbox::{self, MailboxRow};
use crate::playlist::Playlist;
use crate::prompt::Prompt;
use crate::report::Report;
use crate::store::Store;
use crate::tenant::TenantRow;
use crate::webhook::WebhookRow;

/// The rows of one domain.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) tenant: Tenant,
    /// Sealed.
    pub(crate) webhook_secret: Option<String>,
    /// Roles whose people must have a second factor.
    pub(crate) second_factor: Vec<String>,
    pub(crate) business_hours: Vec<BusinessHoursRow>,
    pub(crate) groups: Vec<String>,
    pub(crate) roles: Vec<CustomRole>,
    pub(crate) agents: Vec<AgentRow>,
    pub(crate) invitations: Vec<InvitationRow>,
    pub(crate) extensions: Vec<ExtensionRow>,
    pub(crate) queues: Vec<Queue>,
    pub(crate) memberships: Vec<Membership>,
    pub(crate) flows: Vec<model::Flow>,
    pub(crate) ring_groups: Vec<RingGroup>,
    pub(crate) mailboxes: Vec<MailboxRow>,
    pub(crate) numbers: Vec<Did>,
    pub(crate) trunks: Vec<Trunk>,
    pub(crate) listed: Vec<ListedNumber>,
    pub(crate) feature_codes: Vec<FeatureCode>,
    pub(crate) not_ready_codes: Vec<NotReadyCode>,
    pub(crate) dispositions: Vec<Disposition>,
    pub(crate) prompts: Vec<Prompt>,
    pub(crate) playlists: Vec<Playlist>,
    pub(crate) webhooks: Vec<WebhookRow>,
    pub(crate) reports: Vec<Report>,
}

impl Snapshot {
    /// The rows of `tenant`.
    pub(crate) async fn load(conn: &mut SqliteConnection, tenant: Tenant) -> Result<Self, StoreError> {
        let id = tenant.id;
        Ok(Self {
            tenant,
            webhook_secret: crate::tenant::webhook_secret(conn, id).await?,
            second_factor: crate::tenant::second_factor(conn, id).await?,
            business_hours: crate::hours::list(conn, id).await?,
            groups: crate::group::list(conn, id).await?,
            roles: crate::role::list(conn, id).await?,
            agents: crate::agent::list(conn, id).await?,
            invitations: crate::invitation::list(conn, id).await?,
            extensions: crate::extension::list(conn, id).await?,
            queues: crate::queue::list(conn, id).await?,
            memberships: crate::membership::list(conn, id).await?,
            flows: crate::flow::list(conn, id).await?,
            ring_groups: crate::ring_group::list(conn, id).await?,
            mailboxes: mailbox::list(conn, id).await?,
            numbers: crate::did::list(conn, id).await?,
            trunks: crate::trunk::list(conn, id).await?,
            listed: crate::listed::list(conn, id).await?,
            feature_codes: crate::feature_code::list(conn, id).await?,
            not_ready_codes: crate::not_ready_code::list(conn, id).await?,
            dispositions: crate::disposition::list(conn, id).await?,
            prompts: crate::prompt::list(conn, id).await?,
            playlists: crate::playlist::list(conn, id).await?,
            webhooks: crate::webhook::list(conn, id).await?,
            reports: crate::report::list(conn, id).await?,
        })
    }

    /// What routing needs of it, indexed.
    pub(crate) fn into_directory(self) -> Directory {
        let mut zones: BTreeMap<String, Zone> = BTreeMap::new();
        let mut zone =
            |name: &str| zones.entry(name.to_owned()).or_insert_with(|| crate::zone::table(name)).clone();
        let domains_own = self.tenant.timezone.clone();
        let mut directory = Directory::new(self.tenant);
        directory.tenant.zone = zone(&domains_own);
        directory.feature_codes = self.feature_codes;
        directory.not_ready_codes =
            self.not_ready_codes.into_iter().map(|row| (row.code.clone(), row)).collect();
        directory.dispositions = self.dispositions.into_iter().map(|row| (row.code.clone(), row)).collect();
        directory.roles = self.roles.into_iter().map(|role| (role.name.clone(), role)).collect();
        for row in self.extensions {
            directory.extensions.insert(row.extension.number.clone(), row.extension);
        }
        let invitations = crate::invitation::by_agent(&self.invitations);
        for mut row in self.agents {
            let invitation = invitations.get(&row.agent.id).copied();
            row.agent.status = crate::invitation::in_force(row.agent.status, invitation);
            if let Some(AgentHours::Own(hours)) = &mut row.agent.hours {
                hours.zone = zone(row.timezone.as_deref().unwrap_or(&domains_own));
            }
            directory.insert_agent(row.agent);
        }
        for mut row in self.business_hours {
            row.hours.schedule.zone = zone(row.timezone.as_deref().unwrap_or(&domains_own));
            directory.business_hours.insert(row.hours.name.clone(), row.hours);
        }
        for queue in self.queues {
            directory.insert_queue(queue);
        }
        for membership in self.memberships {
            directory.insert_membership(membership);
        }
        for row in self.flows {
            directory.insert_flow(row);
        }
        for group in self.ring_groups {
            directory.ring_groups.insert(group.number.clone(), group);
        }
        for row in self.mailboxes {
            directory.insert_mailbox(row.mailbox);
        }
        directory.numbers = self.numbers.into_iter().map(|did| (did.number.clone(), did)).collect();
        for listed in self.listed {
            listed.insert_into(&mut directory);
        }
        directory.trunks = self.trunks.into_iter().map(|trunk| (trunk.id, trunk)).collect();
        directory
    }
}

impl Store {
    /// Everything provisioned for one domain.
    ///
    /// # Errors
    /// [`StoreError::UnknownTenant`], or [`StoreError`] if the database cannot be read.
    pub async fn directory(&self, tenant: TenantId) -> Result<Directory, StoreError> {
        let mut tx = self.begin_read().await?;
        let TenantRow { tenant, revision: _ } =
            crate::tenant::fetch(&mut tx, tenant).await?.ok_or(StoreError::UnknownTenant(tenant))?;
        let id = tenant.id;
        let rows = Snapshot::load(&mut tx, tenant).await?;
        let mailboxes = rows.mailboxes.clone();
        let mut directory = rows.into_directory();
        mailbox::open_pins(self.key(), &mailboxes, &mut directory)?;
        directory.limits = crate::domain_limits::own(&mut tx, id).await?.over(self.default_limits());
        Ok(directory)
    }

    /// The names of a domain's groups, in order.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn groups(&self, tenant: TenantId) -> Result<Vec<String>, StoreError> {
        let mut tx = self.begin_read().await?;
        crate::group::list(&mut tx, tenant).await
    }
}
