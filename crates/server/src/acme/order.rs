//! One try: an account, an order, the challenges, the certificate (RFC 8555 section 7).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Error, ExternalAccountKey, Identifier, NewAccount, NewOrder,
    Order, OrderStatus, Problem, RetryPolicy,
};
use outbound::http::Client;
use outbound::one_line;
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use tokio::time::Instant;

use super::challenges::{Challenges, Offered};
use super::kept::{Kept, KeptAccount, is_for};
use super::wire::Wire;
use super::{Failure, Pace, later};
use crate::settings::AcmeSettings;
use crate::tls::Certificate;

/// Most names that are said to be at fault.
pub(super) const NAMES_SAID_MAX: usize = 4;

/// What a try needs.
#[derive(Clone)]
pub(super) struct Ordering {
    pub(super) acme: AcmeSettings,
    pub(super) client: Client,
    pub(super) kept: Kept,
    pub(super) challenges: Arc<Challenges>,
    pub(super) pace: Pace,
}

impl Ordering {
    /// A certificate from the authority, kept. `now`: when it is begun, seconds since the epoch.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn certificate(&self, now: i64) -> Result<Certificate, Failure> {
        let begun = Instant::now();
        let wire = Wire::new(self.client.clone(), self.pace.request_max);
        let text = match self.by_account(&wire, self.kept.account()).await {
            // An authority that was set up anew: its old accounts are gone, and nothing was asked of this one.
            Err(failure) if failure.knows_no_account => self.by_account(&wire, None).await?,
            ordered => ordered?,
        };
        // It may begin at the moment in which it was made.
        let understood = self.kept.understand(&text, later(now, begun).saturating_add(1));
        let certificate = understood
            .map_err(|error| Failure::odd(&format!("the authority's certificate cannot be used: {error}")))?;
        if !is_for(&certificate, &self.acme.domains) {
            let names = certificate.names.join(", ");
            return Err(Failure::odd(&format!("the authority's certificate is for other names: {names}")));
        }
        if let Err(error) = self.kept.keep_certificate(&text) {
            // It is good all the same; only a restart would ask for another.
            let folder = self.kept.folder().display();
            tracing::error!(%error, %folder, "the new TLS certificate cannot be kept; a restart will ask for another");
        }
        Ok(certificate)
    }

    async fn by_account(&self, wire: &Wire, kept: Option<KeptAccount>) -> Result<String, Failure> {
        let account = self.account(wire, kept).await?;
        self.order(wire, &account).await
    }

    /// The account that is kept, brought to what is set; else a new one.
    async fn account(&self, wire: &Wire, kept: Option<KeptAccount>) -> Result<Account, Failure> {
        let failed = |error: Error| Failure::of(&error, wire.said());
        let contacts = self.acme.contacts();
        let contacts: Vec<_> = contacts.iter().map(String::as_str).collect();
        let builder = Account::builder_with_http(Box::new(wire.clone()));
        let (account, credentials) = match kept {
            Some(kept) if kept.external_key_id == self.acme.external_key_id => {
                let same_contact = kept.contact == self.acme.contact;
                let again = serde_json::to_value(&kept.credentials)
                    .and_then(serde_json::from_value)
                    .map_err(|error| Failure::here(&error.to_string()))?;
                let account = builder.from_credentials(kept.credentials).await.map_err(failed)?;
                if same_contact {
                    return Ok(account);
                }
                account.update_contacts(&contacts).await.map_err(failed)?;
                (account, again)
            }
            Some(_) | None => {
                let wanted = NewAccount {
                    contact: &contacts,
                    terms_of_service_agreed: true,
                    only_return_existing: false,
                };
                let external = self.external_key()?;
                let directory = self.acme.directory.clone();
                builder.create(&wanted, directory, external.as_ref()).await.map_err(failed)?
            }
        };
        let kept = KeptAccount {
            contact: self.acme.contact.clone(),
            external_key_id: self.acme.external_key_id.clone(),
            credentials,
        };
        // Without it each start would make another account, which authorities count too.
        let written = self.kept.keep_account(&kept);
        written.map_err(|error| Failure::here(&format!("the account cannot be kept: {error}")))?;
        Ok(account)
    }

    fn external_key(&self) -> Result<Option<ExternalAccountKey>, Failure> {
        let (Some(id), Some(key)) = (&self.acme.external_key_id, &self.acme.external_key) else {
            return Ok(None);
        };
        let key =
            URL_SAFE_NO_PAD.decode(key).map_err(|_| Failure::odd("acme.external_key is no base64url"))?;
        Ok(Some(ExternalAccountKey::new(id.clone(), &key)))
    }

    /// The key and the chain, in PEM and in this order.
    async fn order(&self, wire: &Wire, account: &Account) -> Result<String, Failure> {
        let failed = |error: Error| Failure::of(&error, wire.said());
        let names: Vec<_> = self.acme.domains.iter().cloned().map(Identifier::Dns).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await.map_err(failed)?;
        let polls = RetryPolicy::new().initial_delay(self.pace.poll_first).backoff(1.5);
        let polls = polls.timeout(self.pace.poll_max);
        // The answers stay until the authority has looked.
        let _offered = self.offer(wire, &mut order).await?;
        let ready = match order.poll_ready(&polls).await {
            Ok(OrderStatus::Ready) => Ok(()),
            Ok(_) => Err(Failure::odd("the authority has given up the order, and does not say why")),
            Err(error) => Err(failed(error)),
        };
        if let Err(failure) = ready {
            let retry_after = failure.retry_after;
            // The order says that it failed, the challenge why.
            let blamed = blame(&mut order).await;
            return Err(blamed.map_or(failure, |(name, problem)| Failure {
                retry_after,
                ..Failure::of_name(&name, &problem)
            }));
        }
        let (key, request) = self.request().map_err(|error| Failure::here(&error.to_string()))?;
        order.finalize_csr(&request).await.map_err(failed)?;
        let chain = order.poll_certificate(&polls).await.map_err(failed)?;
        Ok(format!("{key}{chain}"))
    }

    /// A new key in PEM, and the request for a certificate of it in DER. What it is for is what is set, whatever the
    /// authority has written into the order.
    fn request(&self) -> Result<(String, Vec<u8>), rcgen::Error> {
        let mut wanted = CertificateParams::new(self.acme.domains.clone())?;
        wanted.distinguished_name = DistinguishedName::new();
        let key = KeyPair::generate()?;
        let request = wanted.serialize_request(&key)?;
        Ok((key.serialize_pem(), request.der().to_vec()))
    }

    /// Lays out the answers, and says so to the authority.
    async fn offer(&self, wire: &Wire, order: &mut Order) -> Result<Offered, Failure> {
        let failed = |error: Error| Failure::of(&error, wire.said());
        let mut offered = Offered::new(&self.challenges);
        let mut left = self.acme.domains.len();
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            left = left
                .checked_sub(1)
                .ok_or_else(|| Failure::odd("the authority asks for more than the names"))?;
            let mut authorization = authorization.map_err(failed)?;
            let name = authorization.identifier().to_string();
            match authorization.status {
                AuthorizationStatus::Valid => continue,
                AuthorizationStatus::Pending => {}
                AuthorizationStatus::Invalid
                | AuthorizationStatus::Revoked
                | AuthorizationStatus::Expired
                | AuthorizationStatus::Deactivated => {
                    return Err(Failure::odd(&format!(
                        "{name}: the authority has refused the name before looking"
                    )));
                }
            }
            let Some(mut challenge) = authorization.challenge(ChallengeType::Http01) else {
                return Err(Failure::no_http(&name));
            };
            if !offered.put(&challenge.token, challenge.key_authorization().as_str()) {
                return Err(Failure::odd(&format!("{name}: the authority's token is none")));
            }
            challenge.set_ready().await.map_err(|error| {
                let failure = failed(error);
                Failure { what: one_line(&format!("{name}: {}", failure.what)), ..failure }
            })?;
        }
        Ok(offered)
    }
}

/// The first name that was not found to be ours, with what the authority says of it.
async fn blame(order: &mut Order) -> Option<(String, Problem)> {
    let mut authorizations = order.authorizations();
    while let Some(Ok(authorization)) = authorizations.next().await {
        let error = authorization.challenges.iter().find_map(|challenge| challenge.error.clone());
        if let Some(problem) = error {
            return Some((authorization.identifier().to_string(), problem));
        }
    }
    None
}
