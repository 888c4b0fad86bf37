//! What a domain's requests to outside services are signed with: `whsec_` and bytes in base64 (Standard Webhooks),
//! sealed at rest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::TenantId;

use crate::error::StoreError;
use crate::secret::{Secret, SecretKey};
use crate::store::Store;
use crate::tenant::TenantRow;

/// What it begins with.
const PREFIX: &str = "whsec_";
/// Fewest and most bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// Bytes of one that is made here.
const MADE_LENGTH: usize = 32;

/// A new one.
pub(crate) fn generate() -> Secret {
    let bytes: [u8; MADE_LENGTH] = rand::random();
    Secret::new(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// Whether this is such a secret.
pub(crate) fn is_secret(text: &str) -> bool {
    let bytes = text.strip_prefix(PREFIX).and_then(|body| STANDARD.decode(body).ok());
    bytes.is_some_and(|bytes| LENGTHS.contains(&bytes.len()))
}

/// The sealed secret; the stored one, as it is, if that is the same.
pub(crate) fn seal(
    key: &SecretKey,
    domain: &str,
    wanted: &Secret,
    stored: Option<&String>,
) -> Result<String, StoreError> {
    let place = place(domain);
    let same = stored.filter(|stored| open(key, domain, stored).as_ref() == Some(wanted));
    match same {
        Some(stored) => Ok(stored.clone()),
        None => key.seal(wanted, &place).ok_or_else(|| StoreError::Sealed(domain.to_owned())),
    }
}

/// The secret that was sealed for a domain.
pub(crate) fn open(key: &SecretKey, domain: &str, sealed: &str) -> Option<Secret> {
    key.unseal(sealed, &place(domain))
}

fn place(domain: &str) -> String {
    format!("webhooks/{domain}")
}

impl Store {
    /// What requests of a domain to outside services are signed with; none if it has none.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read, or the key does not open it.
    pub async fn webhook_secret(&self, tenant: TenantId) -> Result<Option<Secret>, StoreError> {
        let mut tx = self.begin_read().await?;
        let Some(TenantRow { tenant, revision: _ }) = crate::tenant::fetch(&mut tx, tenant).await? else {
            return Ok(None);
        };
        let Some(sealed) = crate::tenant::webhook_secret(&mut tx, tenant.id).await? else { return Ok(None) };
        let opened = open(self.key(), &tenant.name, &sealed);
        opened.map(Some).ok_or(StoreError::Sealed(tenant.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_of_the_length_that_the_specification_says() {
        assert!(is_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        let of = |length| format!("whsec_{}", STANDARD.encode(vec![1; length]));
        for wrong in
            [of(23), of(65), "whsec_".into(), "whsec_!".into(), "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()]
        {
            assert!(!is_secret(&wrong), "{wrong}");
        }
        let (one, other) = (generate(), generate());
        assert!(is_secret(one.reveal()) && one != other);
    }
}
