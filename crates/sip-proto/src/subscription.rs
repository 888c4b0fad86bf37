//! Subscriptions to the messages of a mailbox: SUBSCRIBE and NOTIFY (RFC 6665) of the event package
//! `message-summary` (RFC 3842), on the side that notifies.
//!
//! A table like the registrar's: the caller has proved who asks and that she may, answers with what comes back,
//! and sends the notifications. Each subscription has one NOTIFY under way at most; what changes meanwhile is told
//! with the next. Whoever does not take one is a watcher no more (RFC 6665 4.2.2).

mod request;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::agent::OutboundRequest;
use crate::dialog::Dialog;
use crate::message::{Headers, Message, Method, Name, NameAddr};
use crate::{Flow, Moment};

pub use request::Refused;

/// The one event package that is served.
pub const PACKAGE: &str = "message-summary";
/// The media type of its notifications (RFC 3842 5).
pub const CONTENT_TYPE: &str = "application/simple-message-summary";

/// Bounds of the table.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionLimits {
    /// Subscriptions of one watcher; phones that are restarted leave old ones behind until they expire.
    pub per_watcher_max: usize,
    /// Subscriptions in all.
    pub total_max: usize,
    /// Seconds, where the watcher names none (RFC 3842 3.4 leaves it to the application).
    pub expires_default: u32,
    /// Shortest, seconds.
    pub expires_min: u32,
    /// Longest, seconds; a longer wish is cut.
    pub expires_max: u32,
}

impl Default for SubscriptionLimits {
    fn default() -> Self {
        Self {
            per_watcher_max: 10,
            total_max: 50_000,
            expires_default: 3_600,
            expires_min: 60,
            expires_max: 7_200,
        }
    }
}

/// How many messages there are in a mailbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Not yet heard.
    pub new: u32,
    /// Heard.
    pub old: u32,
}

impl Summary {
    /// The body of a notification (RFC 3842 5.2); no urgent messages are told apart.
    fn body(self) -> String {
        let Self { new, old } = self;
        let waiting = if new > 0 { "yes" } else { "no" };
        format!("Messages-Waiting: {waiting}\r\nVoice-Message: {new}/{old} (0/0)\r\n")
    }
}

/// A NOTIFY to send; its answer comes back by [`Subscriptions::answered`].
#[derive(Debug)]
pub struct Notification {
    /// Names the subscription.
    pub subscription: u64,
    /// What to send.
    pub request: OutboundRequest,
}

/// What to answer a SUBSCRIBE with, before its first notification is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The Expires of the 200, seconds; 0 if it is over.
    pub expires: u32,
}

#[derive(Debug)]
struct Subscription {
    watcher: String,
    mailbox: String,
    dialog: Dialog,
    local_tag: String,
    /// The `id` of the Event header, which tells subscriptions of one dialog apart (RFC 6665 4.5.2).
    event: String,
    expires_at: Moment,
    /// A NOTIFY has no answer yet.
    under_way: bool,
    /// What was told last.
    told: Option<Summary>,
    summary: Summary,
}

/// Every subscription.
#[derive(Debug, Default)]
pub struct Subscriptions {
    limits: SubscriptionLimits,
    by_id: BTreeMap<u64, Subscription>,
    by_mailbox: BTreeSet<(String, u64)>,
    by_watcher: BTreeSet<(String, u64)>,
    /// By our tag.
    by_tag: BTreeMap<String, u64>,
    by_time: BTreeSet<(Moment, u64)>,
    last_id: u64,
}

impl Subscriptions {
    /// An empty table.
    #[must_use]
    pub fn new(limits: SubscriptionLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Carries out a SUBSCRIBE: a new one, a refresh, or the end. `tag` is ours in the answer to it. The first
    /// notification follows at once, as every one that refreshes or ends (RFC 6665 4.2.1.2).
    ///
    /// # Errors
    /// [`Refused`] says how to answer; nothing has changed.
    pub fn subscribe(
        &mut self,
        (watcher, mailbox): (&str, &str),
        request: &Message,
        (tag, flow): (&str, Flow),
        summary: Summary,
        now: Moment,
        out: &mut Vec<Notification>,
    ) -> Result<Accepted, Refused> {
        let asked = request::read(request, &self.limits)?;
        let id = match request.to_tag() {
            Some(ours) => self.refresh(watcher, request, &ours, flow)?,
            None if asked.expires == 0 => {
                // A fetch: the state once, and nothing is kept (RFC 6665 4.4.3).
                let id = self.begin((watcher, mailbox), request, (tag, flow), asked.event)?;
                self.end(id, "timeout", Some(summary), out);
                return Ok(Accepted { expires: 0 });
            }
            None => self.begin((watcher, mailbox), request, (tag, flow), asked.event)?,
        };
        if asked.expires == 0 {
            self.end(id, "timeout", Some(summary), out);
            return Ok(Accepted { expires: 0 });
        }
        let Some(subscription) = self.by_id.get_mut(&id) else { return Err(Refused::Gone) };
        self.by_time.remove(&(subscription.expires_at, id));
        subscription.expires_at = after(now, asked.expires);
        self.by_time.insert((subscription.expires_at, id));
        subscription.summary = summary;
        subscription.told = None;
        self.tell(id, now, out);
        Ok(Accepted { expires: asked.expires })
    }

    /// The messages of a mailbox changed: everybody who watches it is told.
    pub fn changed(&mut self, mailbox: &str, summary: Summary, now: Moment, out: &mut Vec<Notification>) {
        let watching = self.by_mailbox.range((mailbox.to_owned(), 0)..);
        let ids: Vec<u64> = watching.take_while(|(of, _)| of == mailbox).map(|(_, id)| *id).collect();
        for id in ids {
            if let Some(subscription) = self.by_id.get_mut(&id) {
                subscription.summary = summary;
            }
            self.tell(id, now, out);
        }
    }

    /// A NOTIFY was answered; 408 if it was not. What is no success ends the subscription: the watcher is gone, or
    /// knows nothing of it.
    pub fn answered(&mut self, subscription: u64, status: u16, now: Moment, out: &mut Vec<Notification>) {
        let Some(known) = self.by_id.get_mut(&subscription) else { return };
        known.under_way = false;
        if (200..300).contains(&status) {
            self.tell(subscription, now, out);
        } else {
            self.forget(subscription);
        }
    }

    /// Ends those whose time is over, and tells their watchers.
    pub fn expire(&mut self, now: Moment, out: &mut Vec<Notification>) {
        while let Some(&(_, id)) = self.by_time.first().filter(|(at, _)| *at <= now) {
            self.end(id, "timeout", None, out);
        }
    }

    /// Ends those of a mailbox that is no more, or may be watched no more.
    pub fn end_mailbox(&mut self, mailbox: &str, out: &mut Vec<Notification>) {
        let watching = self.by_mailbox.range((mailbox.to_owned(), 0)..);
        let ids: Vec<u64> = watching.take_while(|(of, _)| of == mailbox).map(|(_, id)| *id).collect();
        for id in ids {
            self.end(id, "noresource", None, out);
        }
    }

    /// When [`expire`](Self::expire) has something to do next.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Moment> {
        self.by_time.first().map(|(at, _)| *at)
    }

    fn begin(
        &mut self,
        (watcher, mailbox): (&str, &str),
        request: &Message,
        (tag, flow): (&str, Flow),
        event: String,
    ) -> Result<u64, Refused> {
        let dialog = Dialog::of_server(request, tag, flow).ok_or(Refused::BadRequest("Missing Contact"))?;
        let of_watcher = self.by_watcher.range((watcher.to_owned(), 0)..);
        let count = of_watcher.take_while(|(of, _)| of == watcher).count();
        if self.by_id.len() >= self.limits.total_max {
            return Err(Refused::Full);
        }
        if count >= self.limits.per_watcher_max {
            // A phone that forgot its subscriptions must not wait for their end: its oldest goes.
            let oldest = self.by_watcher.range((watcher.to_owned(), 0)..).next().map(|(_, id)| *id);
            oldest.into_iter().for_each(|id| self.forget(id));
        }
        self.last_id += 1;
        let id = self.last_id;
        let subscription = Subscription {
            watcher: watcher.to_owned(),
            mailbox: mailbox.to_owned(),
            dialog,
            local_tag: tag.to_owned(),
            event,
            expires_at: Moment(u64::MAX),
            under_way: false,
            told: None,
            summary: Summary::default(),
        };
        self.by_mailbox.insert((subscription.mailbox.clone(), id));
        self.by_watcher.insert((subscription.watcher.clone(), id));
        self.by_tag.insert(subscription.local_tag.clone(), id);
        self.by_id.insert(id, subscription);
        Ok(id)
    }

    /// The subscription that a SUBSCRIBE within a dialog is for.
    fn refresh(&mut self, watcher: &str, request: &Message, tag: &str, flow: Flow) -> Result<u64, Refused> {
        let id = self.by_tag.get(tag).copied().ok_or(Refused::Gone)?;
        let known = self.by_id.get_mut(&id).ok_or(Refused::Gone)?;
        let theirs = request.from_tag().unwrap_or_default();
        if known.watcher != watcher || !known.dialog.is_of(&request.headers, &theirs) {
            return Err(Refused::Gone);
        }
        let number = request.cseq().ok_or(Refused::BadRequest("Missing CSeq"))?.number;
        if !known.dialog.accept_cseq(number) {
            return Err(Refused::OutOfOrder);
        }
        known.dialog.refresh_target(request);
        known.dialog.arrived_on(flow);
        Ok(id)
    }

    /// Sends what is not told yet, unless a NOTIFY is under way.
    fn tell(&mut self, id: u64, now: Moment, out: &mut Vec<Notification>) {
        let Some(subscription) = self.by_id.get_mut(&id) else { return };
        if subscription.under_way || subscription.told == Some(subscription.summary) {
            return;
        }
        let left = subscription.expires_at.saturating_since(now).as_secs();
        match subscription.notify(&format!("active;expires={left}"), Some(subscription.summary)) {
            Some(request) => {
                subscription.under_way = true;
                subscription.told = Some(subscription.summary);
                out.push(Notification { subscription: id, request });
            }
            // The only way to it is lost.
            None => self.forget(id),
        }
    }

    /// The last NOTIFY: whether it arrives changes nothing any more.
    fn end(&mut self, id: u64, why: &str, summary: Option<Summary>, out: &mut Vec<Notification>) {
        if let Some(subscription) = self.by_id.get_mut(&id)
            && let Some(request) = subscription.notify(&format!("terminated;reason={why}"), summary)
        {
            out.push(Notification { subscription: id, request });
        }
        self.forget(id);
    }

    fn forget(&mut self, id: u64) {
        let Some(gone) = self.by_id.remove(&id) else { return };
        self.by_mailbox.remove(&(gone.mailbox, id));
        self.by_watcher.remove(&(gone.watcher, id));
        self.by_tag.remove(&gone.local_tag);
        self.by_time.remove(&(gone.expires_at, id));
    }
}

impl Subscription {
    /// The next NOTIFY of this dialog; none if there is no way to the watcher.
    fn notify(&mut self, state: &str, summary: Option<Summary>) -> Option<OutboundRequest> {
        let destination = self.dialog.next_hop()?;
        let message = self.dialog.request(Method::Notify);
        let mut headers = Headers::new();
        headers.copy(&message.headers, Name::Route);
        headers.push(Name::Event, &self.event);
        headers.push(Name::SubscriptionState, state);
        let body = summary.map(Summary::body).unwrap_or_default().into_bytes();
        if !body.is_empty() {
            headers.push(Name::ContentType, CONTENT_TYPE);
        }
        Some(OutboundRequest {
            destination,
            method: Method::Notify,
            request_uri: message.request_uri()?.clone(),
            from: NameAddr::parse(&self.dialog.local)?,
            to: NameAddr::parse(&self.dialog.remote)?,
            sequence: Some((String::from_utf8(self.dialog.call_id.clone()).ok()?, self.dialog.local_cseq)),
            headers,
            body,
        })
    }
}

fn after(now: Moment, seconds: u32) -> Moment {
    now + Duration::from_secs(seconds.into())
}
