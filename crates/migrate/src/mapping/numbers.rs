//! The dialplan: which numbers queues and ring groups have, and where calls from outside lead.

use std::collections::{BTreeMap, BTreeSet};

use model::ExtensionNumber;

use super::{Mapping, Taken};
use crate::dialplan::lead::{Device, ITSELF, Lead, Way};
use crate::dialplan::{Dialplan, Exten, instead::instead};
use crate::limits::file::{DID_DIGITS, NUMBERS_MAX};
use crate::pjsip::Pjsip;
use crate::report::{Place, shown};

/// Digits of a number that is one of the network's even where phones reach its context too.
const NATIONAL_MIN: usize = 7;

/// Who may dial what: contexts that phones reach, and those that only calls from outside do.
pub(super) struct Rooms<'a> {
    outside: BTreeSet<&'a str>,
    /// Contexts that both reach.
    shared: BTreeSet<&'a str>,
    /// Every extension that phones dial, and where it leads.
    ways: Vec<(&'a Exten, Way<'a>)>,
    /// Numbers from outside that stand among them.
    dialed: Vec<(&'a Exten, Way<'a>)>,
}

impl<'a> Rooms<'a> {
    pub(super) fn of(dialplan: &'a Dialplan, pjsip: &Pjsip) -> Self {
        let trunks = pjsip.trunks.iter().map(|trunk| trunk.context.as_str());
        let from_outside = dialplan.reach(trunks.chain(pjsip.outside.iter().map(String::as_str)));
        let mut inside = dialplan.reach(pjsip.phones.iter().map(|phone| phone.context.as_str()));
        if inside.is_empty() {
            let all = dialplan.contexts.keys().map(String::as_str);
            inside = all.filter(|name| !from_outside.contains(name)).collect();
        }
        let outside = from_outside.difference(&inside).copied().collect();
        let shared: BTreeSet<&str> = from_outside.intersection(&inside).copied().collect();
        let ways = extens(dialplan, &inside)
            // A number with a `+` is one of the network's, wherever it stands.
            .map(|(context, exten)| {
                let long = exten.name.len() >= NATIONAL_MIN && shared.contains(context);
                let dialed = is_from_outside(&exten.name) && (long || exten.name.starts_with('+'));
                (exten, dialplan.way_of(context, exten), dialed)
            });
        let (dialed, ways): (Vec<_>, Vec<_>) = ways.partition(|(_, _, dialed)| *dialed);
        let two = |list: Vec<(&'a Exten, Way<'a>, bool)>| {
            list.into_iter().map(|(exten, way, _)| (exten, way)).collect()
        };
        Self { outside, shared, ways: two(ways), dialed: two(dialed) }
    }

    /// Endpoints whose name is no number, by the number that rings them alone.
    pub(super) fn rung_alone(&self) -> BTreeMap<String, String> {
        let mut rung = BTreeMap::new();
        for (exten, way) in &self.ways {
            let Lead::Dial { devices, .. } = &way.lead else { continue };
            let [Device::Endpoint(name)] = devices.as_slice() else { continue };
            if ExtensionNumber::parse(&exten.name).is_ok() && ExtensionNumber::parse(name).is_err() {
                rung.entry(name.clone()).or_insert_with(|| exten.name.clone());
            }
        }
        rung
    }
}

fn extens<'a>(
    dialplan: &'a Dialplan,
    names: &BTreeSet<&'a str>,
) -> impl Iterator<Item = (&'a str, &'a Exten)> + use<'a> {
    let names: Vec<&str> = names.iter().copied().collect();
    names.into_iter().flat_map(|name| {
        let context = dialplan.contexts.get(name);
        context.into_iter().flat_map(move |context| context.extens.values().map(move |exten| (name, exten)))
    })
}

/// A number as carriers send it.
fn is_from_outside(name: &str) -> bool {
    let digits = name.strip_prefix('+').unwrap_or(name);
    DID_DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

const ANY_OUTSIDE: &str =
    "calls out leave as they are dialed, by the first trunk: no digits are taken off or put before them";

impl<'a> Mapping<'a> {
    /// What phones dial.
    pub(super) fn inside(&mut self, rooms: &Rooms<'a>) {
        for (exten, way) in &rooms.ways {
            if exten.is_pattern() {
                self.pattern(exten);
                continue;
            }
            let Ok(number) = ExtensionNumber::parse(&exten.name) else {
                let rings = matches!(way.lead, Lead::Queue { .. } | Lead::Dial { .. });
                if rings && exten.name.bytes().all(|byte| byte.is_ascii_digit()) {
                    let text = "numbers have 3 to 64 digits here, so it needs another one";
                    Dialplan::remark(self.report, exten, text);
                    self.commit(way);
                }
                continue;
            };
            match &way.lead {
                Lead::Queue { name, .. } => self.number_of_queue(exten, number, name, way),
                Lead::Dial { devices, limit, place, .. } => {
                    self.number_of_phones(exten, number, (devices, *limit, place), way);
                }
                Lead::End | Lead::Lost { .. } => {}
            }
        }
    }

    fn number_of_queue(&mut self, exten: &Exten, number: ExtensionNumber, name: &str, way: &Way<'a>) {
        let taken = self.taken.contains_key(&number);
        let Some(queue) = self.queues.iter_mut().find(|queue| queue.name == name) else { return };
        match &queue.number {
            Some(known) if *known == number => {}
            Some(known) => {
                let text = format!(
                    "queue `{}` has number {known}: dial that, or make a flow of this one",
                    shown(name)
                );
                Dialplan::remark(self.report, exten, &text);
            }
            None if taken => {
                let text =
                    format!("the number is that of a phone, so queue `{}` gets another one", shown(name));
                Dialplan::remark(self.report, exten, &text);
            }
            None => {
                self.taken.insert(number.clone(), Taken::Queue);
                queue.number = Some(number);
            }
        }
        if let (None, Lead::Queue { limit, next, .. }) = (&queue.call, &way.lead) {
            queue.call = Some((*limit, next.clone()));
        }
        self.commit(way);
    }

    fn number_of_phones(
        &mut self,
        exten: &Exten,
        number: ExtensionNumber,
        (devices, limit, place): (&[Device], Option<u32>, &Place),
        way: &Way<'a>,
    ) {
        let Some(phones) = self.phones(devices) else {
            self.not_rung(devices, place);
            return;
        };
        match (phones.as_slice(), self.taken.get(&number)) {
            ([alone], Some(Taken::Seat(seat))) if *alone == number => {
                let seat = self.seats.get_mut(*seat);
                if let Some(seat) = seat
                    && seat.ring_time.is_none()
                {
                    seat.ring_time = limit;
                    if let (true, Some(limit)) = (seat.agent, limit) {
                        let text = format!(
                            "`Dial`: an agent's phone rings for a minute when she is dialed, not for {limit} s"
                        );
                        self.report.add(place, text);
                    }
                }
            }
            (_, Some(Taken::Seat(_))) => {
                Dialplan::remark(
                    self.report,
                    exten,
                    "the number is a phone's, and rings that phone alone here",
                );
            }
            // In another context there is one already.
            (_, Some(Taken::Queue | Taken::Group)) => {}
            (_, None) => {
                if let Lead::Dial { next, .. } = &way.lead {
                    self.group(Some(number), phones, limit, next, place);
                }
            }
        }
        self.commit(way);
    }

    /// The numbers of devices, each once; none if one of them is no phone of ours.
    pub(super) fn phones(&self, devices: &[Device]) -> Option<Vec<ExtensionNumber>> {
        let mut phones = Vec::new();
        for device in devices {
            let number = &self.seats.get(self.seat_of(device)?)?.number;
            if !phones.contains(number) {
                phones.push(number.clone());
            }
        }
        (!phones.is_empty()).then_some(phones)
    }

    /// Why a `Dial` rings nobody here.
    fn not_rung(&mut self, devices: &[Device], place: &Place) {
        let trunk = |name: &str| self.trunks.iter().any(|trunk| trunk.endpoint == name);
        let out = devices.iter().any(|device| match device {
            Device::Outside { endpoint } => trunk(endpoint),
            Device::Endpoint(_) | Device::Local { .. } | Device::Other { .. } => false,
        });
        let lost = devices.iter().find(|device| self.seat_of(device).is_none());
        let text = match lost {
            _ if out => ANY_OUTSIDE.to_owned(),
            Some(Device::Endpoint(name)) => {
                format!("`{}` is no phone of pjsip.conf that was carried over", shown(name))
            }
            Some(Device::Local { number, .. }) => {
                format!("`{}` rings no phone that was carried over", shown(number))
            }
            Some(Device::Outside { endpoint }) => format!("`{}` is no trunk of pjsip.conf", shown(endpoint)),
            // What stands behind the technology may be a password.
            Some(Device::Other { name }) => {
                format!(
                    "`{}` is no SIP phone; only those ring",
                    shown(name.split('/').next().unwrap_or_default())
                )
            }
            None => return,
        };
        self.report.add(place, format!("`Dial`: {text}"));
        self.used.insert(place.clone());
    }

    /// A pattern that phones dial: it is carried over if it only says that a phone's number rings the phone.
    fn pattern(&mut self, exten: &Exten) {
        let Some(step) = exten.steps.iter().find(|step| step.is("dial")) else { return };
        let Some(devices) = self.dialplan.devices_of_pattern(step) else { return };
        if devices.iter().all(|device| *device == Device::Endpoint(ITSELF.to_owned())) {
            self.used.insert(step.place.clone());
            return;
        }
        let out = devices.iter().any(|device| match device {
            Device::Outside { endpoint } => self.trunks.iter().any(|trunk| trunk.endpoint == *endpoint),
            Device::Endpoint(_) | Device::Local { .. } | Device::Other { .. } => false,
        });
        if out {
            self.report.add(&step.place, format!("`Dial`: {ANY_OUTSIDE}"));
            self.used.insert(step.place.clone());
        }
    }

    /// Gives a number to each queue that no extension leads to.
    pub(super) fn number_queues(&mut self) {
        for at in 0..self.queues.len() {
            if self.queues.get(at).is_none_or(|queue| queue.number.is_some()) {
                continue;
            }
            let Some(number) = self.free_number() else { return };
            self.taken.insert(number.clone(), Taken::Queue);
            if let Some(queue) = self.queues.get_mut(at) {
                let text = format!(
                    "no extension that phones dial leads to the queue; it gets the free number {number}"
                );
                self.report.add(&queue.place, text);
                queue.number = Some(number);
            }
        }
    }

    /// What is dialed from outside.
    pub(super) fn outside(&mut self, rooms: &Rooms<'a>) {
        for trunk in self.trunks.iter().filter(|trunk| rooms.shared.contains(trunk.context.as_str())) {
            let text = format!(
                "its calls reach all of context `{}` there, as phones do; here they reach `numbers` alone",
                shown(&trunk.context)
            );
            self.report.add(&trunk.place, text);
        }
        for (context, exten) in extens(self.dialplan, &rooms.outside) {
            if exten.is_pattern() {
                let text = "a pattern stands for many numbers: list each that the carrier sends in `numbers`";
                self.said(exten, text);
            } else if exten.name == "s" {
                let text = "it takes calls without a number: list those that the carrier sends in `numbers`";
                self.said(exten, text);
            } else if is_from_outside(&exten.name) {
                self.number(exten, &self.dialplan.way_of(context, exten));
            }
        }
        for (exten, way) in &rooms.dialed {
            self.number(exten, way);
        }
    }

    /// A remark that holds for the steps of an extension that lead somewhere, too.
    fn said(&mut self, exten: &Exten, text: &str) {
        Dialplan::remark(self.report, exten, text);
        let leads =
            exten.steps.iter().filter(|step| ["goto", "queue", "dial"].iter().any(|app| step.is(app)));
        self.used.extend(leads.map(|step| step.place.clone()));
    }

    fn number(&mut self, exten: &Exten, way: &Way<'a>) {
        if self.dialed.contains_key(&exten.name) {
            Dialplan::remark(self.report, exten, "the number is in another context already, which counts");
            return;
        }
        if self.dialed.len() == NUMBERS_MAX {
            Dialplan::remark(self.report, exten, "there are more numbers than may be; this one is left out");
            return;
        }
        if let Lead::Queue { name, limit, next } = &way.lead
            && let Some(queue) = self.queues.iter_mut().find(|queue| queue.name == *name)
            && queue.call.is_none()
        {
            queue.call = Some((*limit, next.clone()));
        }
        match self.plan(&way.lead) {
            Some(open) => {
                self.commit(way);
                self.dialed.insert(exten.name.clone(), open);
            }
            None => {
                let why = match &way.lead {
                    Lead::Lost { app, place } => format!("`{}` ({place}) cannot be followed", shown(app)),
                    Lead::End => "the call ends".to_owned(),
                    Lead::Queue { name, .. } => format!("there is no queue `{}` in queues.conf", shown(name)),
                    Lead::Dial { .. } => "it rings nobody who was carried over".to_owned(),
                };
                let text = format!(
                    "the number is left out, since {why}; list it in `numbers` with what it is to `open`"
                );
                Dialplan::remark(self.report, exten, &text);
            }
        }
    }

    /// A remark on every step that is neither carried over nor of no account.
    pub(super) fn remains(&mut self) {
        for (exten, step) in self.dialplan.steps() {
            if self.used.contains(&step.place) {
                continue;
            }
            if let Some(text) = instead(&step.app) {
                let text = format!("{}: `{}`: {text}", shown(&exten.name), shown(&step.app));
                self.report.add(&step.place, text);
            }
        }
        if self.dialplan.gave_up() {
            let text =
                "so many patterns are looked at on the way of so many numbers that not all were followed";
            self.report.add(&Place::file("extensions.conf"), text);
        }
    }
}
