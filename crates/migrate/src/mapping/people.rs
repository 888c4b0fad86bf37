//! Phones and their numbers.

use model::ExtensionNumber;

use super::numbers::Rooms;
use super::{Mapping, Seat, Taken};
use crate::dialplan::lead::{Device, Lead};
use crate::limits::file::{AGENTS_MAX, EXTENSIONS_MAX, PERSON_MAX};
use crate::pjsip::Phone;
use crate::report::{Place, shown};

impl Mapping<'_> {
    /// Gives each phone its number: its own name, else the number that rings it alone, else its user name.
    pub(super) fn people(&mut self, phones: Vec<Phone>, rooms: &Rooms<'_>) {
        let rung = rooms.rung_alone();
        for phone in phones {
            let Phone { endpoint, user, password, name, context: _, place } = phone;
            let rung = rung.get(&endpoint).map(String::as_str);
            let names = [Some(endpoint.as_str()), rung, user.as_deref()];
            let Some(number) = names.into_iter().flatten().find_map(|name| ExtensionNumber::parse(name).ok())
            else {
                let text = format!(
                    "phone `{}` is left out: it has no number of 3 to 64 digits, and no extension rings it alone; give it \
                     one in `extensions` or `agents`",
                    shown(&endpoint)
                );
                self.report.add(&place, text);
                continue;
            };
            let logs_in = user.as_deref().unwrap_or(&endpoint);
            if logs_in != number.as_str() {
                let text = format!(
                    "the phone logs in as {number} here, not as `{}`: change it there",
                    shown(logs_in)
                );
                self.report.add(&place, text);
            }
            self.seat(&place, Some(endpoint), Seat { number, name, password, agent: false, ring_time: None });
        }
    }

    /// Takes somebody in; none if the number is somebody else's.
    fn seat(&mut self, place: &Place, endpoint: Option<String>, seat: Seat) -> Option<usize> {
        let number = &seat.number;
        if self.taken.contains_key(number) {
            self.report.add(place, format!("the phone is left out: number {number} is that of another one"));
            return None;
        }
        if self.seats.len() == EXTENSIONS_MAX {
            self.report
                .add(place, format!("there are more than {EXTENSIONS_MAX} phones; this one is left out"));
            return None;
        }
        let at = self.seats.len();
        self.taken.insert(number.clone(), Taken::Seat(at));
        self.endpoints.extend(endpoint.map(|endpoint| (endpoint, at)));
        self.seats.push(seat);
        Some(at)
    }

    /// Whose phone a device is.
    pub(super) fn seat_of(&self, device: &Device) -> Option<usize> {
        match device {
            Device::Endpoint(name) | Device::Outside { endpoint: name } => self.endpoints.get(name).copied(),
            Device::Local { number, context } => {
                let way = self.dialplan.way_to(context, number);
                if let Some(Lead::Dial { devices, .. }) = way.map(|way| way.lead)
                    && let [Device::Endpoint(name)] = devices.as_slice()
                    && let Some(seat) = self.endpoints.get(name)
                {
                    return Some(*seat);
                }
                match self.taken.get(number.as_str()) {
                    Some(Taken::Seat(seat)) => Some(*seat),
                    Some(Taken::Queue | Taken::Group) | None => None,
                }
            }
            Device::Other { .. } => None,
        }
    }

    /// The agent behind the member of a queue; whoever is not known yet and has a number becomes one.
    pub(super) fn agent_of(&mut self, device: &Device, name: Option<&str>, place: &Place) -> Option<usize> {
        let seat = match self.seat_of(device) {
            Some(seat) => seat,
            None => self.unknown_agent(device, place)?,
        };
        let seat_of_hers = self.seats.get_mut(seat)?;
        if !seat_of_hers.agent {
            if self.agents == AGENTS_MAX {
                self.report
                    .add(place, format!("there are more than {AGENTS_MAX} agents; this one is left out"));
                return None;
            }
            self.agents += 1;
        }
        seat_of_hers.agent = true;
        if seat_of_hers.name.is_none() {
            seat_of_hers.name = name.and_then(person);
        }
        Some(seat)
    }

    fn unknown_agent(&mut self, device: &Device, place: &Place) -> Option<usize> {
        let named = match device {
            Device::Endpoint(name) | Device::Local { number: name, .. } => name,
            // `Agent/1001`
            Device::Other { name } => name.strip_prefix("Agent/").unwrap_or(name),
            Device::Outside { endpoint } => endpoint,
        };
        let number = ExtensionNumber::parse(named).ok();
        let Some(number) = number.filter(|_| !matches!(device, Device::Outside { .. })) else {
            let text =
                format!("member `{}` is left out: it is no phone of pjsip.conf and no number", shown(named));
            self.report.add(place, text);
            return None;
        };
        let text =
            format!("{number} has no phone in pjsip.conf; the agent gets a new password, shown by apply");
        self.report.add(place, text);
        let endpoint = matches!(device, Device::Endpoint(_)).then(|| number.to_string());
        self.seat(place, endpoint, Seat { number, name: None, password: None, agent: false, ring_time: None })
    }
}

/// Text as the name of a person.
pub(super) fn person(text: &str) -> Option<String> {
    let name: String =
        text.trim().trim_matches('"').chars().filter(|c| !c.is_control()).take(PERSON_MAX).collect();
    let name = name.trim().to_owned();
    (!name.is_empty()).then_some(name)
}
