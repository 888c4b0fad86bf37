//! What a REGISTER asks for, read and checked before anything is changed.

use crate::message::{CSeq, Message, Name, NameAddr, Uri, scan};
use crate::{Flow, Moment};

use super::{Binding, RegisterLimits};

/// Bytes of one Contact URI, instance or Path value that we keep.
const KEPT_BYTES_MAX: usize = 1024;
/// Bytes of a User-Agent that we keep.
const USER_AGENT_BYTES_MAX: usize = 128;
/// Bytes of a Call-ID that we keep.
const CALL_ID_BYTES_MAX: usize = 256;
/// Path values of one request.
const PATH_MAX: usize = 8;
/// What a malformed `expires` stands for (RFC 3261 20.10).
const EXPIRES_MALFORMED: u32 = 3600;

/// Why a REGISTER is not carried out. Nothing has been changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reject {
    /// 400: the text says what is wrong.
    BadRequest(&'static str),
    /// 423 with this Min-Expires, in seconds.
    IntervalTooBrief(u32),
    /// 500: a later REGISTER of the same Call-ID has been carried out already (RFC 3261 10.3, 7).
    OutOfOrder,
    /// 503: the table is full.
    Full,
}

impl Reject {
    /// The status to answer with.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest(_) => 400,
            Self::IntervalTooBrief(_) => 423,
            Self::OutOfOrder => 500,
            Self::Full => 503,
        }
    }

    /// The reason phrase to answer with.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::BadRequest(what) => what,
            Self::IntervalTooBrief(_) => "Interval Too Brief",
            Self::OutOfOrder => "REGISTER Out Of Order",
            Self::Full => "Registrar Full",
        }
    }

    /// The value of Min-Expires, where one belongs in the answer.
    #[must_use]
    pub fn min_expires(self) -> Option<u32> {
        match self {
            Self::IntervalTooBrief(seconds) => Some(seconds),
            Self::BadRequest(_) | Self::OutOfOrder | Self::Full => None,
        }
    }
}

/// What is asked.
pub(super) enum Ask {
    /// Which bindings are there?
    Query,
    /// Remove all.
    RemoveAll,
    /// Add, refresh or remove these, in order.
    Update(Vec<Wish>),
}

/// One Contact.
pub(super) struct Wish {
    pub(super) contact: Uri,
    pub(super) instance: Option<String>,
    pub(super) reg_id: Option<u32>,
    pub(super) q: u16,
    /// Granted seconds; zero removes.
    pub(super) expires: u32,
    pub(super) behind_nat: bool,
}

/// Where a REGISTER stands among others, and what it says about its sender.
pub(super) struct Registration {
    pub(super) call_id: Vec<u8>,
    pub(super) cseq: u32,
    pub(super) path: Vec<String>,
    pub(super) user_agent: Option<String>,
}

pub(super) fn read(
    request: &Message,
    flow: Flow,
    limits: &RegisterLimits,
) -> Result<(Ask, Registration), Reject> {
    let call_id = request.call_id().unwrap_or_default();
    if call_id.is_empty() || call_id.len() > CALL_ID_BYTES_MAX {
        return Err(Reject::BadRequest("Call-ID Missing Or Too Long"));
    }
    let CSeq { number: cseq, .. } = request.cseq().ok_or(Reject::BadRequest("CSeq Missing"))?;
    let path: Vec<String> = request.headers.list(Name::Path).take(PATH_MAX + 1).map(scan::text).collect();
    if path.len() > PATH_MAX || path.iter().any(|value| value.len() > KEPT_BYTES_MAX) {
        return Err(Reject::BadRequest("Path Too Long"));
    }
    let user_agent = request.headers.text(Name::UserAgent).map(|mut agent| {
        let end = (0..=USER_AGENT_BYTES_MAX.min(agent.len())).rev().find(|at| agent.is_char_boundary(*at));
        agent.truncate(end.unwrap_or(0));
        agent
    });
    let ask = ask(request, flow, limits)?;
    Ok((ask, Registration { call_id: call_id.to_vec(), cseq, path, user_agent }))
}

fn ask(request: &Message, flow: Flow, limits: &RegisterLimits) -> Result<Ask, Reject> {
    let header_expires = request.headers.get(Name::Expires).map(seconds);
    let values: Vec<&[u8]> = request.headers.list(Name::Contact).take(limits.contacts_max + 1).collect();
    if values.is_empty() {
        return Ok(Ask::Query);
    }
    if values.len() > limits.contacts_max {
        return Err(Reject::BadRequest("Too Many Contacts"));
    }
    if values.contains(&&b"*"[..]) {
        // Only alone and only with Expires: 0 (RFC 3261 10.2.2).
        return match (values.len(), header_expires) {
            (1, Some(0)) => Ok(Ask::RemoveAll),
            _ => Err(Reject::BadRequest("Contact Star Without Expires Zero")),
        };
    }
    let via_lies = via_is_not_the_source(request, flow);
    let mut wishes = Vec::with_capacity(values.len());
    for value in values {
        let address = NameAddr::parse(value).ok_or(Reject::BadRequest("Malformed Contact"))?;
        let wished = match address.params.get("expires") {
            Some(text) => seconds(text.as_bytes()),
            None => header_expires.unwrap_or(limits.expires_default),
        };
        if wished > 0 && wished < limits.expires_min {
            return Err(Reject::IntervalTooBrief(limits.expires_min));
        }
        wishes.push(wish(address, wished.min(limits.expires_max), via_lies)?);
    }
    Ok(Ask::Update(wishes))
}

fn wish(address: NameAddr, expires: u32, via_lies: bool) -> Result<Wish, Reject> {
    let NameAddr { uri, params, .. } = address;
    if !uri.is_sip() {
        // A tel: or mailto: Contact is no place to send a call to.
        return Err(Reject::BadRequest("Contact Is Not A SIP Address"));
    }
    let instance = params.get("+sip.instance").map(|value| value.trim_matches('"').to_owned());
    let too_long = |text: &String| text.len() > KEPT_BYTES_MAX;
    if too_long(&uri.to_string()) || instance.as_ref().is_some_and(too_long) {
        return Err(Reject::BadRequest("Contact Too Long"));
    }
    let nowhere = uri.host_ip().is_none_or(|ip| ip.is_unspecified());
    Ok(Wish {
        // One with quotes inside could not be given back as it was.
        instance: instance.filter(|instance| !instance.is_empty() && !instance.contains(['"', '\\'])),
        reg_id: params.get("reg-id").and_then(|id| id.parse().ok()),
        q: params.get("q").map_or(1000, thousandths),
        expires,
        behind_nat: via_lies || nowhere,
        contact: uri,
    })
}

/// Seconds of an `expires`; what is malformed stands for an hour, what is too large for the most.
fn seconds(value: &[u8]) -> u32 {
    let digits = value.iter().position(|b| !b.is_ascii_digit()).unwrap_or(value.len());
    let Some(text) = value.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok()) else {
        return EXPIRES_MALFORMED;
    };
    match text.parse::<u64>() {
        Ok(seconds) => u32::try_from(seconds).unwrap_or(u32::MAX),
        Err(_) if digits == 0 => EXPIRES_MALFORMED,
        Err(_) => u32::MAX,
    }
}

/// `0.5` as 500; what is malformed counts as 1.
fn thousandths(q: &str) -> u16 {
    let (whole, fraction) = q.split_once('.').unwrap_or((q, ""));
    let mut value: u16 = match whole {
        "1" => return 1000,
        "0" => 0,
        _ => return 1000,
    };
    for (digit, weight) in fraction.bytes().zip([100, 10, 1]) {
        if !digit.is_ascii_digit() {
            return 1000;
        }
        value += u16::from(digit - b'0') * weight;
    }
    value
}

/// Something stands between when the device is not where it believes to be. A port that differs
/// without `rport` is a device that sends from another port than it listens on.
fn via_is_not_the_source(request: &Message, flow: Flow) -> bool {
    let Some(via) = request.via() else { return true };
    let host = via.host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    let here = host.is_ok_and(|ip| ip.to_canonical() == flow.remote.ip().to_canonical());
    let port = via.port.unwrap_or(5060) == flow.remote.port();
    !here || (!port && via.params.has("rport"))
}

impl Registration {
    /// True when `binding` was made by this Call-ID at this CSeq or later.
    pub(super) fn is_behind(&self, binding: &Binding) -> bool {
        binding.call_id == self.call_id && self.cseq <= binding.cseq
    }

    pub(super) fn bind(&self, wish: Wish, id: u64, flow: Flow, now: Moment) -> Binding {
        Binding {
            id,
            contact: wish.contact,
            instance: wish.instance,
            reg_id: wish.reg_id,
            q: wish.q,
            expires_at: now + std::time::Duration::from_secs(u64::from(wish.expires)),
            flow,
            silent: false,
            behind_nat: wish.behind_nat,
            path: self.path.clone(),
            user_agent: self.user_agent.clone(),
            call_id: self.call_id.clone(),
            cseq: self.cseq,
        }
    }
}

impl Wish {
    /// The same device: by its instance where both say so (RFC 5626 6), else by its address.
    pub(super) fn is_for(&self, binding: &Binding) -> bool {
        match (&self.instance, &binding.instance) {
            (Some(one), Some(other)) if one == other && self.reg_id == binding.reg_id => true,
            _ => self.contact.matches(&binding.contact),
        }
    }
}
