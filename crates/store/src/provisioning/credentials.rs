//! Which passwords, phone secrets and PINs change with a plan. What a file does not name stays as it is stored; where
//! a file of before comes back, what was in force with it does.

use std::collections::BTreeMap;

use model::{ExtensionNumber, MailboxId};

use super::history::Before;
use super::target::kept;
use super::wanted::{Wanted, WantedMailbox, WantedWebhook};
use crate::directory::Snapshot;
use crate::error::StoreError;
use crate::extension::unseal;
use crate::mailbox::MailboxRow;
use crate::secret::Secret;
use crate::store::Store;

/// Where a phone's or a webhook's new secret comes from.
#[derive(Clone, Debug)]
pub(super) enum NewSecret {
    Given(Secret),
    Generated,
    /// Sealed already, as it was before.
    Restored(String),
}

impl Store {
    /// Whose web password is not what is stored.
    pub(super) async fn new_passwords(
        &self,
        wanted: &Wanted,
        current: Option<&Snapshot>,
    ) -> Result<Vec<usize>, StoreError> {
        let stored: BTreeMap<_, _> = current
            .iter()
            .flat_map(|rows| &rows.agents)
            .filter_map(|row| Some((row.agent.id, row.password_hash.clone()?)))
            .collect();
        let kept = kept(wanted, current).agents;
        let mut new = Vec::new();
        let mut compare = Vec::new();
        for (index, (wanted, id)) in wanted.agents.iter().zip(kept).enumerate() {
            let Some(password) = wanted.password.clone() else { continue };
            match id.and_then(|id| stored.get(&id)) {
                Some(hash) => compare.push((index, password, hash.clone())),
                None => new.push(index),
            }
        }
        new.extend(self.passwords().differing(compare).await?);
        new.sort_unstable();
        Ok(new)
    }

    /// The PINs that mailboxes have, sealed. One that stays the same keeps its text, so that nothing seems to change.
    pub(super) fn pins(
        &self,
        wanted: &Wanted,
        current: Option<&Snapshot>,
        before: Option<&Before>,
    ) -> Result<BTreeMap<ExtensionNumber, String>, StoreError> {
        let stored: BTreeMap<MailboxId, &MailboxRow> =
            current.iter().flat_map(|rows| &rows.mailboxes).map(|row| (row.mailbox.id, row)).collect();
        let mut pins = BTreeMap::new();
        for (wanted_box, id) in wanted.mailboxes.iter().zip(kept(wanted, current).mailboxes) {
            let row = id.and_then(|id| stored.get(&id).copied());
            if let Some(sealed) = self.pin(&wanted.domain, wanted_box, row, before)? {
                pins.insert(wanted_box.mailbox.number.clone(), sealed);
            }
        }
        Ok(pins)
    }

    /// The same of one mailbox; `row` is what is stored of it.
    fn pin(
        &self,
        domain: &str,
        WantedMailbox { mailbox, no_pin }: &WantedMailbox,
        row: Option<&MailboxRow>,
        before: Option<&Before>,
    ) -> Result<Option<String>, StoreError> {
        if *no_pin {
            return Ok(None);
        }
        let number = &mailbox.number;
        // One that does not open is replaced like one that differs.
        let stored = row.and_then(|row| row.pin(self.key(), domain).ok().flatten());
        let in_place = row.filter(|row| row.mailbox.number == *number).and_then(|row| row.pin_sealed.clone());
        let pin = match (&mailbox.pin, before) {
            (Some(pin), _) => Some(pin.clone()),
            (None, Some(before)) => before.pin(self.key(), domain, number),
            // Nobody asks for another: what cannot be opened here is left alone too.
            (None, None) if in_place.is_some() => return Ok(in_place),
            (None, None) => stored.clone(),
        };
        match (pin, in_place) {
            (None, _) => Ok(None),
            (Some(pin), Some(sealed)) if stored.as_ref() == Some(&pin) => Ok(Some(sealed)),
            // A PIN is sealed for its number: a box that moves has it sealed anew.
            (Some(pin), Some(_) | None) => {
                crate::mailbox::seal(self.key(), domain, number.as_str(), &pin).map(Some)
            }
        }
    }

    /// The sealed secret of requests to outside services, if it is not simply what is stored.
    pub(super) fn sealed_webhook_secret(
        &self,
        wanted: &Wanted,
        current: Option<&Snapshot>,
        before: Option<&Before>,
    ) -> Result<Option<String>, StoreError> {
        let kept = || before.and_then(|before| before.webhook_secret(self.key(), &wanted.domain));
        let Some(secret) = &wanted.webhook_secret.clone().or_else(kept) else { return Ok(None) };
        let stored = current.and_then(|rows| rows.webhook_secret.as_ref());
        crate::webhook_secret::seal(self.key(), &wanted.domain, secret, stored).map(Some)
    }

    /// Which phones' secrets are not what is stored, or are not stored and not named.
    pub(super) fn new_secrets(
        &self,
        wanted: &Wanted,
        current: Option<&Snapshot>,
        before: Option<&Before>,
    ) -> BTreeMap<ExtensionNumber, NewSecret> {
        let stored: BTreeMap<_, _> = current
            .iter()
            .flat_map(|rows| &rows.extensions)
            .filter_map(|row| Some((&row.extension.number, row.secret.as_ref()?)))
            .collect();
        let of_agents = wanted
            .agents
            .iter()
            .filter_map(|wanted| Some((wanted.agent.extension.as_ref()?, &wanted.sip_password)));
        let free = wanted.extensions.iter().map(|wanted| (&wanted.extension.number, &wanted.sip_password));
        let mut new = BTreeMap::new();
        for (number, given) in of_agents.chain(free) {
            let sealed = stored.get(number).copied();
            let open = |sealed: &String| unseal(self.key(), &wanted.domain, number, sealed).ok();
            let kept = before.and_then(|before| before.phones.get(number));
            match (given, sealed) {
                (None, sealed) if let Some(kept) = kept => {
                    if sealed.and_then(open) != open(kept) {
                        new.insert(number.clone(), NewSecret::Restored(kept.clone()));
                    }
                }
                (None, Some(_)) => {}
                (None, None) => {
                    new.insert(number.clone(), NewSecret::Generated);
                }
                (Some(given), sealed) => {
                    if sealed.and_then(open).as_ref() != Some(given) {
                        new.insert(number.clone(), NewSecret::Given(given.clone()));
                    }
                }
            }
        }
        new
    }
    /// The same of webhooks, by name.
    pub(super) fn new_webhook_secrets(
        &self,
        wanted: &Wanted,
        current: Option<&Snapshot>,
        before: Option<&Before>,
    ) -> BTreeMap<String, NewSecret> {
        let rows = || current.iter().flat_map(|rows| &rows.webhooks);
        let mut new = BTreeMap::new();
        for WantedWebhook { webhook, secret } in &wanted.webhooks {
            let name = &webhook.name;
            let open = |sealed: &String| crate::webhook::open(self.key(), &wanted.domain, name, sealed);
            let sealed = rows().find(|row| row.webhook.name == *name).map(|row| &row.secret);
            let kept = before.and_then(|before| before.webhooks.get(name));
            let secret = match (secret, kept, sealed) {
                (Some(given), _, sealed) if sealed.and_then(open).as_ref() == Some(given) => continue,
                (Some(given), _, _) => NewSecret::Given(given.clone()),
                (None, Some(kept), sealed) if sealed.and_then(open) == open(kept) => continue,
                (None, Some(kept), _) => NewSecret::Restored(kept.clone()),
                (None, None, Some(_)) => continue,
                (None, None, None) => NewSecret::Generated,
            };
            new.insert(name.clone(), secret);
        }
        new
    }
}
