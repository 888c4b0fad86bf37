//! Whose phone is whose: the names and secrets that phones prove themselves with, for all domains.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use model::{Directory, ExtensionNumber, TenantId, TrunkId};
use sip_proto::auth::Secret;

/// A phone's credentials, as the store decrypted them. Never printed.
#[derive(Clone)]
pub struct Account {
    /// The extension, which is also the user name.
    pub extension: ExtensionNumber,
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.extension)
    }
}

/// One domain as the border sees it.
#[derive(Debug)]
pub(crate) struct Domain {
    pub(crate) directory: Arc<Directory>,
    /// By user name. The passwords themselves are not kept.
    pub(crate) secrets: BTreeMap<String, Secret>,
}

impl Domain {
    pub(crate) fn tenant(&self) -> TenantId {
        self.directory.tenant.id
    }
}

/// All domains, the default one (the first made) first by id.
#[derive(Debug, Default)]
pub(crate) struct Domains {
    by_id: BTreeMap<TenantId, Domain>,
    by_name: BTreeMap<String, TenantId>,
}

impl Domains {
    pub(crate) fn set(&mut self, directory: Arc<Directory>, accounts: Vec<Account>) {
        let tenant = directory.tenant.id;
        self.by_name.retain(|_, id| *id != tenant);
        self.by_name.insert(directory.tenant.name.to_ascii_lowercase(), tenant);
        let realm = &directory.tenant.name;
        let secret = |account: Account| {
            let user = account.extension.to_string();
            let secret = Secret::of(&user, realm, &account.secret);
            (user, secret)
        };
        let secrets = accounts.into_iter().map(secret).collect();
        self.by_id.insert(tenant, Domain { directory, secrets });
    }

    /// The domain a host name means; every other host (our address) stands for the default one.
    pub(crate) fn of_host(&self, host: &str) -> Option<&Domain> {
        let named = self.tenant_of_name(host).and_then(|id| self.by_id.get(&id));
        named.or_else(|| self.by_id.values().next())
    }

    pub(crate) fn is_name(&self, host: &str) -> bool {
        self.tenant_of_name(host).is_some()
    }

    /// The domain of this name, however it is written.
    pub(crate) fn named(&self, host: &str) -> Option<TenantId> {
        self.tenant_of_name(host)
    }

    fn tenant_of_name(&self, host: &str) -> Option<TenantId> {
        // Most write it as it is kept.
        let found = self.by_name.get(host).or_else(|| {
            let upper = host.bytes().any(|byte| byte.is_ascii_uppercase());
            upper.then(|| self.by_name.get(&host.to_ascii_lowercase())).flatten()
        });
        found.copied()
    }

    pub(crate) fn get(&self, tenant: TenantId) -> Option<&Domain> {
        self.by_id.get(&tenant)
    }

    /// The trunk whose calls come from `source`: if several domains have one, that of the number dialed.
    pub(crate) fn trunk_of(&self, source: IpAddr, dialed: &str) -> Option<(TenantId, TrunkId)> {
        let mut first = None;
        for domain in self.by_id.values() {
            let trunk = domain.directory.trunks.values().find(|trunk| trunk.allows(source));
            let Some(trunk) = trunk else { continue };
            let found = (domain.tenant(), trunk.id);
            if knows(&domain.directory, dialed) {
                return Some(found);
            }
            first.get_or_insert(found);
        }
        first
    }
}

fn knows(directory: &Directory, dialed: &str) -> bool {
    directory.numbers.contains_key(dialed) || directory.destination(dialed).is_some()
}
