//! Starts all that carries out errands, as the settings allow.

use std::sync::Arc;

use api::storage::Storage;
use outbound::http::Client;
use outbound::mail::Mailer;
use store::{RecordWriter, Store};
use switch::Clock;

use super::Outbox;
use super::invitations::{self, Invitations};
use super::mails::{self, Mails};
use super::reports::Reports;
use super::transcripts::{self, Transcripts};
use crate::settings::Settings;
use crate::wiring::{self, SwitchThread};

/// Those who carry out what is to be done outside with messages, invite people and send reports.
pub(crate) fn start(
    settings: &Settings,
    (store, storage, records): (&Store, &Arc<dyn Storage>, &Arc<RecordWriter>),
    switch: &SwitchThread,
    (mailer, client, web): (Option<Mailer>, Client, String),
) -> Vec<Outbox> {
    let reports = mailer.clone().map(|mailer| Reports {
        mailer,
        switch: switch.handle.clone(),
        store: store.clone(),
        storage: storage.clone(),
        clock: Clock::start(),
        web: web.clone(),
        attachment_max: settings.smtp_attachment_max << 20,
        give_up: settings.smtp_give_up,
    });
    let reports =
        reports.map(|it| Outbox::start(it, store.clone(), store.report_mails(), invitations::pace(settings)));
    let invitations = mailer.clone().map(|mailer| Invitations {
        mailer,
        store: store.clone(),
        clock: Clock::start(),
        web,
        give_up: settings.smtp_give_up,
    });
    let mails = mailer.map(|mailer| Mails {
        mailer,
        switch: switch.handle.clone(),
        store: store.clone(),
        recordings: wiring::recordings(settings),
        attachment_max: settings.smtp_attachment_max << 20,
    });
    let transcripts = Transcripts {
        client,
        switch: switch.handle.clone(),
        store: store.clone(),
        records: records.clone(),
        recordings: wiring::recordings(settings),
        clock: Clock::start(),
    };
    let start = |mails| Outbox::start(mails, store.clone(), records.errands(), mails::pace(settings));
    let mails = mails.map(start);
    let start = |carrier| {
        Outbox::start(carrier, store.clone(), store.invitations_made(), invitations::pace(settings))
    };
    let invitations = invitations.map(start);
    let transcripts = Outbox::start(transcripts, store.clone(), records.errands(), transcripts::PACE);
    mails.into_iter().chain(invitations).chain(reports).chain([transcripts]).collect()
}
