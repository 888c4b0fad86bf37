//! From what Asterisk's files say to what a provisioning file says.
//!
//! In this order: phones get their numbers ([`people`]), queues their settings and members ([`queues`]), mailboxes
//! theirs ([`mailboxes`]), the dialplan gives numbers to queues and ring groups and leads calls from outside somewhere ([`numbers`]), and what is known
//! then is written ([`render`]).

mod mailboxes;
mod numbers;
mod people;
mod plans;
mod queues;
mod render;
mod strategy;
mod unkept;

use std::collections::{BTreeMap, BTreeSet};

use model::ExtensionNumber;

use crate::conf::Section;
use crate::dialplan::Dialplan;
use crate::dialplan::lead::{At, Way};
use crate::pjsip::{Pjsip, Trunk};
use crate::report::{Place, Report};
use crate::yaml::Yaml;

/// Where a search for a free number begins.
const FREE_FROM: u32 = 8_000;

/// Somebody with a phone.
#[derive(Debug)]
struct Seat {
    number: ExtensionNumber,
    name: Option<String>,
    password: Option<String>,
    /// A member of a queue; else a free extension.
    agent: bool,
    /// How long a call rings there, if the dialplan says so.
    ring_time: Option<u32>,
}

/// A queue.
#[derive(Debug)]
struct Queue<'a> {
    name: String,
    place: Place,
    number: Option<ExtensionNumber>,
    /// How long a caller waits at most, and where he goes then, as the first number says that leads here.
    call: Option<(Option<u32>, At<'a>)>,
    fields: Vec<(&'static str, Yaml)>,
    members: Vec<Vec<(&'static str, Yaml)>>,
}

/// Several phones under one number.
#[derive(Debug)]
struct Group<'a> {
    number: ExtensionNumber,
    name: String,
    members: Vec<ExtensionNumber>,
    ring_time: Option<u32>,
    next: At<'a>,
}

/// What a number of the domain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Seat(usize),
    Queue,
    Group,
}

/// All that is known while the files are being mapped.
struct Mapping<'a> {
    dialplan: &'a Dialplan,
    report: &'a mut Report,
    seats: Vec<Seat>,
    /// Seats by the name of their endpoint.
    endpoints: BTreeMap<String, usize>,
    queues: Vec<Queue<'a>>,
    groups: Vec<Group<'a>>,
    mailboxes: BTreeMap<ExtensionNumber, Yaml>,
    /// Numbers dialed from outside, with their plans.
    dialed: BTreeMap<String, Yaml>,
    trunks: Vec<Trunk>,
    taken: BTreeMap<ExtensionNumber, Taken>,
    /// Steps of the dialplan that are carried over, or whose remark has been made.
    used: BTreeSet<Place>,
    /// How many of the seats are agents.
    agents: usize,
    /// Names of all extensions of the dialplan, which no free number may be.
    known: BTreeSet<&'a str>,
    /// Where the search for a free number goes on.
    next_free: u32,
}

/// Writes the provisioning file.
pub(crate) fn map(
    domain: &str,
    pjsip: Pjsip,
    queues: &[Section],
    mailboxes: &[Section],
    dialplan: &Dialplan,
    report: &mut Report,
) -> String {
    let rooms = numbers::Rooms::of(dialplan, &pjsip);
    let Pjsip { phones, trunks, outside: _ } = pjsip;
    let mut mapping = Mapping {
        dialplan,
        report,
        seats: Vec::new(),
        endpoints: BTreeMap::new(),
        queues: Vec::new(),
        groups: Vec::new(),
        mailboxes: BTreeMap::new(),
        dialed: BTreeMap::new(),
        trunks,
        taken: BTreeMap::new(),
        used: BTreeSet::new(),
        agents: 0,
        known: dialplan
            .contexts
            .values()
            .flat_map(|context| context.extens.keys().map(String::as_str))
            .collect(),
        next_free: FREE_FROM,
    };
    mapping.people(phones, &rooms);
    mapping.read_queues(queues);
    mapping.read_mailboxes(mailboxes);
    mapping.inside(&rooms);
    mapping.number_queues();
    mapping.outside(&rooms);
    let after = mapping.afterwards();
    mapping.remains();
    mapping.render(domain, after)
}

impl Mapping<'_> {
    /// Notes that the steps of a way are carried over.
    fn commit(&mut self, way: &Way<'_>) {
        self.used.extend(way.used.iter().cloned());
    }

    /// The next number from [`FREE_FROM`] on that nothing has, and no extension of the dialplan.
    fn free_number(&mut self) -> Option<ExtensionNumber> {
        loop {
            let number = self.next_free.to_string();
            self.next_free = self.next_free.checked_add(1)?;
            let boxed = self.mailboxes.contains_key(number.as_str());
            if !boxed && !self.taken.contains_key(number.as_str()) && !self.known.contains(number.as_str()) {
                return ExtensionNumber::parse(&number).ok();
            }
        }
    }
}
