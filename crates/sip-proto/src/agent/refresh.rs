//! Session timers: calls whose peer vanished end by themselves (RFC 4028).

use std::time::Duration;

use super::core::{Core, Cx, UsageTimer};
use super::transactions::Owner;
use super::usage::{Confirmed, Usage};
use crate::message::{Message, Method, Name, Params, scan};

/// How long a session lasts without a refresh, and who refreshes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionTimer {
    pub(crate) interval: Duration,
    pub(crate) ours: bool,
}

/// What we answer to a request that makes or refreshes a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TimerAnswer {
    pub(crate) timer: Option<SessionTimer>,
    header: Option<String>,
    require: bool,
}

/// Wait before a refresh is tried again that could not be sent or was refused for now.
const RETRY: Duration = Duration::from_secs(5);

impl TimerAnswer {
    /// As the side that answers; `Err` is the Min-SE of a 422 (section 9).
    pub(crate) fn to_request(core: &Core, request: &Message) -> Result<TimerAnswer, u64> {
        let supported = request.headers.has_token(Name::Supported, "timer");
        let offered = read(request);
        let least = core.config.min_se.as_secs();
        let ours = core.config.session_expires.as_secs();
        match offered {
            Some((interval, _)) if interval < least && supported => return Err(least),
            None if !supported => return Ok(TimerAnswer::default()),
            Some(_) | None => {}
        }
        let peer_least = request.number(Name::MinSe).map_or(0, u64::from);
        let wanted = offered.as_ref().map_or(ours, |(interval, _)| (*interval).min(ours));
        let interval = wanted.max(least).max(peer_least);
        let refresher = offered.and_then(|(_, refresher)| refresher);
        // Where the choice is ours we refresh: then a dead peer shows at once by not answering.
        let peer_refreshes = supported && refresher.as_deref() == Some("uac");
        let who = if peer_refreshes { "uac" } else { "uas" };
        Ok(TimerAnswer {
            timer: Some(SessionTimer { interval: Duration::from_secs(interval), ours: !peer_refreshes }),
            header: Some(format!("{interval};refresher={who}")),
            require: peer_refreshes,
        })
    }

    /// Puts the answer on a 2xx.
    pub(crate) fn write(&self, response: &mut Message) {
        if let Some(header) = &self.header {
            response.headers.set(Name::SessionExpires, header);
        }
        if self.require {
            response.headers.push(Name::Require, "timer");
        }
    }
}

impl SessionTimer {
    /// As the side that asked: what the 2xx says (section 7.2).
    pub(crate) fn of_response(response: &Message) -> Option<SessionTimer> {
        let (interval, refresher) = read(response)?;
        // Shorter than RFC 4028 allows would only make us send refreshes as fast as the peer likes.
        let interval = Duration::from_secs(interval.max(90));
        Some(SessionTimer { interval, ours: refresher.as_deref() != Some("uas") })
    }

    /// When the session ends if nothing refreshes it (section 10).
    fn patience(self) -> Duration {
        self.interval.saturating_sub(Duration::from_secs(32).min(self.interval / 3))
    }
}

/// Session-Expires as seconds and refresher in lower case.
fn read(message: &Message) -> Option<(u64, Option<String>)> {
    let value = message.headers.get(Name::SessionExpires)?;
    let end = value.iter().position(|&byte| byte == b';').unwrap_or(value.len());
    let interval = scan::number::<u32>(scan::trim(&value[..end]))?;
    let params = Params::parse(&value[end..])?;
    Some((u64::from(interval), params.get("refresher").map(str::to_ascii_lowercase)))
}

impl Cx<'_> {
    /// Puts our wishes on an INVITE or UPDATE; `refresher` in a session that has one.
    pub(crate) fn write_session_timer(&self, request: &mut Message, interval: Duration, refresher: &str) {
        let mut value = interval.as_secs().to_string();
        if !refresher.is_empty() {
            value.push_str(";refresher=");
            value.push_str(refresher);
        }
        request.headers.set(Name::SessionExpires, value);
        let least = self.core.config.min_se.as_secs().max(90);
        request.headers.set(Name::MinSe, least.to_string());
    }
}

impl Usage {
    /// The session was made or refreshed: starts its timers anew.
    pub(crate) fn restart_session_timer(&mut self, cx: &mut Cx<'_>, timer: Option<SessionTimer>) {
        self.stop_timer(cx, UsageTimer::Refresh);
        self.stop_timer(cx, UsageTimer::Expire);
        let Some(confirmed) = self.confirmed() else { return };
        confirmed.session = timer;
        if let Some(timer) = timer {
            self.set_timer(cx, UsageTimer::Expire, timer.patience());
            if timer.ours {
                self.set_timer(cx, UsageTimer::Refresh, timer.interval / 2);
            }
        }
    }

    /// Half of the interval is over: refresh by UPDATE if the peer knows it, else by re-INVITE.
    pub(crate) fn refresh_session(&mut self, cx: &mut Cx<'_>) {
        let id = self.id;
        let user = self.contact_user.clone();
        let Some(confirmed) = self.confirmed() else { return };
        let Some(timer) = confirmed.session else { return };
        if confirmed.is_negotiating() {
            return self.set_timer(cx, UsageTimer::Refresh, RETRY);
        }
        if !confirmed.updates {
            let sdp = confirmed.sdp.clone();
            return self.send_reinvite(cx, sdp, true);
        }
        let Some(hop) = confirmed.dialog.next_hop() else {
            return self.set_timer(cx, UsageTimer::Refresh, RETRY);
        };
        let mut update = confirmed.dialog.request(Method::Update);
        cx.core.describe(&mut update, &user, hop.transport(), &confirmed.dialog.target);
        cx.write_session_timer(&mut update, timer.interval, "uac");
        cx.start_client(update, hop, Owner::Update(id));
    }

    /// A refreshing UPDATE was answered, or not.
    pub(crate) fn update_answered(&mut self, cx: &mut Cx<'_>, status: u16, response: Option<&Message>) {
        let Some(confirmed) = self.confirmed() else { return };
        match (status, response) {
            (..200, _) => {}
            (200..=299, Some(response)) => {
                confirmed.dialog.refresh_target(response);
                let timer = SessionTimer::of_response(response);
                self.restart_session_timer(cx, timer);
            }
            (405 | 501, _) => {
                confirmed.updates = false;
                self.refresh_session(cx);
            }
            (408 | 481, _) => self.lost(cx, status),
            _ => self.set_timer(cx, UsageTimer::Refresh, RETRY),
        }
    }

    /// A refreshing re-INVITE failed for a reason that may pass.
    pub(crate) fn refresh_again(&mut self, cx: &mut Cx<'_>) {
        self.set_timer(cx, UsageTimer::Refresh, RETRY);
    }
}

impl Confirmed {
    /// Whether an offer is under way in either direction, or an ACK is.
    pub(crate) fn is_negotiating(&self) -> bool {
        self.outgoing.is_some()
            || self.incoming.is_some()
            || self.unacked.is_some()
            || self.acknowledge.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::UaConfig;
    use crate::message::Uri;

    fn answer(expires: &str, supported: bool) -> Result<TimerAnswer, u64> {
        let core = Core::new(UaConfig::new(([192, 0, 2, 1], 5060).into()), 1);
        let mut request = Message::request(Method::Invite, Uri::default());
        if !expires.is_empty() {
            request.headers.push("x", expires);
        }
        if supported {
            request.headers.push("k", "timer");
        }
        TimerAnswer::to_request(&core, &request)
    }

    #[test]
    fn the_answer_follows_the_table_of_rfc_4028() {
        let header = |expires, supported| answer(expires, supported).unwrap().header;
        assert_eq!(header("", false), None);
        assert_eq!(header("", true).as_deref(), Some("1800;refresher=uas"));
        assert_eq!(header("600;refresher=uac", true).as_deref(), Some("600;refresher=uac"));
        assert_eq!(header("600;refresher=uas", true).as_deref(), Some("600;refresher=uas"));
        assert_eq!(header("7200", true).as_deref(), Some("1800;refresher=uas"));
        assert_eq!(header("600", false).as_deref(), Some("600;refresher=uas"));
        assert_eq!(answer("60", true), Err(90));
        assert_eq!(header("60", false).as_deref(), Some("90;refresher=uas"));
    }
}
