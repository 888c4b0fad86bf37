//! Where a dialed number leads, as far as no step decides it while a call is there.

use super::step::{Step, split};
use super::{Dialplan, Exten, variables};
use crate::limits::HOPS_MAX;
use crate::report::Place;

/// Stands for whatever was dialed, where that is not known: no number looks like it.
pub(crate) const ITSELF: &str = "\u{1}";

/// A place in the dialplan: the next step of a number.
#[derive(Clone, Debug)]
pub(crate) struct At<'a> {
    context: &'a str,
    pub(crate) exten: &'a Exten,
    /// What was dialed, which differs from the extension's name where that is a pattern.
    dialed: String,
    /// The step's index.
    step: usize,
}

/// Something that `Dial` rings or a queue has as a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Device {
    /// An endpoint of `pjsip.conf`, or of a driver that calls them so too.
    Endpoint(String),
    /// A number of a context.
    Local { number: String, context: String },
    /// A number at an endpoint: through a trunk.
    Outside { endpoint: String },
    /// Another technology.
    Other { name: String },
}

/// Where it leads.
#[derive(Clone, Debug)]
pub(crate) enum Lead<'a> {
    /// Into a queue, for so many seconds if there is a limit; then on.
    Queue { name: String, limit: Option<u32>, next: At<'a> },
    /// To phones, for so many seconds if there is a limit; then on.
    Dial { devices: Vec<Device>, limit: Option<u32>, next: At<'a>, place: Place },
    /// Nowhere: the call ends.
    End,
    /// To a step that cannot be followed.
    Lost { app: String, place: Place },
}

/// A lead, and the steps that it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Way<'a> {
    pub(crate) lead: Lead<'a>,
    pub(crate) used: Vec<Place>,
}

impl Dialplan {
    /// Where an extension leads that stands in this context itself.
    pub(crate) fn way_of<'a>(&'a self, context: &'a str, exten: &'a Exten) -> Way<'a> {
        self.way(At { context, exten, dialed: exten.name.clone(), step: 0 })
    }

    /// Where a number leads that is dialed in a context; none if there is no such extension.
    pub(crate) fn way_to<'a>(&'a self, context: &str, dialed: &str) -> Option<Way<'a>> {
        let (context, exten) = self.find(context, dialed)?;
        Some(self.way(At { context, exten, dialed: dialed.to_owned(), step: 0 }))
    }

    /// Where a call goes from a step on.
    pub(crate) fn way<'a>(&'a self, mut at: At<'a>) -> Way<'a> {
        let mut used = Vec::new();
        let mut hops = 0;
        loop {
            let Some(step) = at.exten.steps.get(at.step) else { return Way { lead: Lead::End, used } };
            let lost = || Lead::Lost { app: step.app.clone(), place: step.place.clone() };
            at.step += 1;
            if step.is("goto") {
                hops += 1;
                let Some(next) = self.goto(&at, step).filter(|_| hops <= HOPS_MAX) else {
                    return Way { lead: lost(), used };
                };
                used.push(step.place.clone());
                at = next;
            } else if step.is("queue") || step.is("dial") {
                let Some(lead) = self.rings(&at, step) else { return Way { lead: lost(), used } };
                used.push(step.place.clone());
                return Way { lead, used };
            } else if ends(step) {
                used.push(step.place.clone());
                return Way { lead: Lead::End, used };
            } else if !goes_on(step) {
                return Way { lead: lost(), used };
            }
        }
    }

    fn filled(&self, at: &At<'_>, text: &str) -> Option<String> {
        variables::filled(text.trim(), &at.dialed, &self.globals)
    }

    fn goto<'a>(&'a self, at: &At<'a>, step: &Step) -> Option<At<'a>> {
        let args: Vec<String> = step.args.iter().map(|arg| self.filled(at, arg)).collect::<Option<_>>()?;
        let (context, dialed, priority) = match args.as_slice() {
            [priority] => {
                let step = index(at.exten, priority)?;
                return Some(At { step, ..at.clone() });
            }
            [dialed, priority] => (at.context, dialed, priority),
            [context, dialed, priority] => (context.as_str(), dialed, priority),
            _ => return None,
        };
        let (context, exten) = self.find(context, dialed)?;
        Some(At { context, exten, dialed: dialed.clone(), step: index(exten, priority)? })
    }

    fn rings<'a>(&'a self, at: &At<'a>, step: &Step) -> Option<Lead<'a>> {
        let next = at.clone();
        let limit =
            |index| step.arg(index).and_then(|arg| self.filled(at, arg)).and_then(|arg| arg.parse().ok());
        if step.is("queue") {
            let name = self.filled(at, step.arg(0)?)?;
            return Some(Lead::Queue { name, limit: limit(4), next });
        }
        let filled = self.filled(at, &contacts(step.arg(0)?))?;
        // A variable may bring further arguments with it.
        let (devices, more) = filled.split_once(',').unwrap_or((filled.as_str(), ""));
        let more = || more.split(',').next().and_then(|limit| limit.trim().parse().ok());
        let devices = devices.split('&').map(Device::parse).collect();
        Some(Lead::Dial { devices, limit: limit(1).or_else(more), next, place: step.place.clone() })
    }

    /// What a `Dial` behind a pattern rings; [`ITSELF`] stands for the number that was dialed.
    pub(crate) fn devices_of_pattern(&self, step: &Step) -> Option<Vec<Device>> {
        let filled = variables::filled(&contacts(step.arg(0)?), ITSELF, &self.globals)?;
        let devices = filled.split(',').next()?;
        Some(devices.split('&').map(Device::parse).collect())
    }
}

/// `${PJSIP_DIAL_CONTACTS(1001)}`, all phones of an endpoint, as the endpoint: here it means all of them anyway.
fn contacts(text: &str) -> String {
    const CONTACTS: &str = "${PJSIP_DIAL_CONTACTS(";
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(CONTACTS) {
        let Some((inside, behind)) = behind.split_once(")}") else { break };
        out.push_str(before);
        out.push_str("PJSIP/");
        out.push_str(split(inside).first().map_or("", |name| name.trim()));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The index of a step by its priority or label.
fn index(exten: &Exten, priority: &str) -> Option<usize> {
    let priority = priority.trim();
    let number: Option<u32> = priority.parse().ok();
    exten
        .steps
        .iter()
        .position(|step| Some(step.priority) == number || step.label.as_deref() == Some(priority))
}

/// Steps that end the call.
fn ends(step: &Step) -> bool {
    ["hangup", "busy", "congestion"].iter().any(|app| step.is(app))
}

/// Steps after which a call goes on to the next one, whatever they do.
fn goes_on(step: &Step) -> bool {
    const APPS: [&str; 24] = [
        "answer",
        "noop",
        "verbose",
        "log",
        "progress",
        "proceeding",
        "ringing",
        "wait",
        "set",
        "mset",
        "playback",
        "playtones",
        "saydigits",
        "saynumber",
        "resetcdr",
        "nocdr",
        "forkcdr",
        "queuelog",
        "stackpop",
        "mixmonitor",
        "monitor",
        "userevent",
        "setglobalvar",
        "",
    ];
    APPS.iter().any(|app| step.is(app))
}

impl Device {
    /// `PJSIP/1001`, `PJSIP/+4930@carrier`, `SIP/carrier/4930`, `Local/1001@agents/n`.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        let Some((tech, rest)) = text.split_once('/') else { return Self::Other { name: text.to_owned() } };
        match tech.to_ascii_lowercase().as_str() {
            "pjsip" | "sip" => {
                if let Some((_, endpoint)) = rest.split_once('@').filter(|(number, _)| !number.contains('/'))
                {
                    return Self::Outside {
                        endpoint: endpoint.split('/').next().unwrap_or(endpoint).to_owned(),
                    };
                }
                match rest.split_once('/') {
                    Some((endpoint, _)) => Self::Outside { endpoint: endpoint.to_owned() },
                    None => Self::Endpoint(rest.to_owned()),
                }
            }
            "local" => {
                let (number, context) = rest.split_once('@').unwrap_or((rest, "default"));
                let context = context.split('/').next().unwrap_or(context);
                let number = number.split('/').next().unwrap_or(number);
                Self::Local { number: number.to_owned(), context: context.to_owned() }
            }
            _ => Self::Other { name: text.to_owned() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices() {
        let endpoint = |name: &str| Device::Endpoint(name.into());
        let outside = |name: &str| Device::Outside { endpoint: name.into() };
        for (text, wanted) in [
            ("PJSIP/1001", endpoint("1001")),
            ("sip/ann", endpoint("ann")),
            ("PJSIP/+4930@carrier", outside("carrier")),
            ("PJSIP/carrier/sip:4930@192.0.2.1", outside("carrier")),
            ("SIP/carrier/4930", outside("carrier")),
            ("Local/1001@agents/n", Device::Local { number: "1001".into(), context: "agents".into() }),
            ("DAHDI/1", Device::Other { name: "DAHDI/1".into() }),
            ("", Device::Other { name: String::new() }),
        ] {
            assert_eq!(Device::parse(text), wanted, "{text}");
        }
        assert_eq!(contacts("${PJSIP_DIAL_CONTACTS(${EXTEN})}&PJSIP/2"), "PJSIP/${EXTEN}&PJSIP/2");
    }
}
