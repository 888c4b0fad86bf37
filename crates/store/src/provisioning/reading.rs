//! What is found while a file is read: problems, who has which number, and who points to what.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use model::ExtensionNumber;

use super::agents::clean;
use super::edit::origins::Origins;
use super::problem::{Problem, Problems};

/// What a number reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Agent,
    Extension,
    Queue,
    Flow,
    RingGroup,
    Mailbox,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Extension => "extension",
            Self::Queue => "queue",
            Self::Flow => "flow",
            Self::RingGroup => "ring group",
            Self::Mailbox => "mailbox",
        }
    }
}

/// What a reference may point to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Agent,
    Queue,
    Flow,
    RingGroup,
    /// A phone: an agent's or a free one.
    Phone,
    /// A mailbox: a shared one, an agent's or a queue's.
    Mailbox,
    /// Anything that has a number.
    Any,
}

impl Target {
    fn accepts(self, kind: Kind) -> bool {
        match self {
            Self::Agent => kind == Kind::Agent,
            Self::Queue => kind == Kind::Queue,
            Self::Flow => kind == Kind::Flow,
            Self::RingGroup => kind == Kind::RingGroup,
            Self::Phone => matches!(kind, Kind::Agent | Kind::Extension),
            // Whether there is one is not told by whose number it is.
            Self::Mailbox => false,
            Self::Any => true,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Queue => "queue",
            Self::Flow => "flow",
            Self::RingGroup => "ring group",
            Self::Phone => "agent or extension",
            Self::Mailbox => "mailbox",
            Self::Any => "agent, extension, queue, flow, ring group or mailbox",
        }
    }

    fn phrase(self) -> &'static str {
        match self {
            Self::Agent => "an agent",
            Self::Queue => "a queue",
            Self::Flow => "a flow",
            Self::RingGroup => "a ring group",
            Self::Phone => "an agent or an extension",
            Self::Mailbox => "a mailbox",
            Self::Any => "anything with a number",
        }
    }
}

struct Place {
    kind: Kind,
    line: u64,
}

struct Reference {
    line: u64,
    /// The field, for the message.
    field: String,
    /// Whose callers are sent there; none where a way back is no circle.
    from: Option<ExtensionNumber>,
    to: ExtensionNumber,
    target: Target,
}

/// Collects what is found. One file, one reading.
pub(crate) struct Reading<'a> {
    /// What its lines are, if it is a document that stands in no text.
    origins: Option<&'a Origins>,
    prompts: BTreeSet<&'a str>,
    /// Names that the file itself brings.
    declared: RefCell<BTreeSet<String>>,
    hours: RefCell<BTreeSet<String>>,
    problems: RefCell<Problems>,
    places: RefCell<BTreeMap<ExtensionNumber, Place>>,
    /// Mailboxes by number, with their lines.
    mailboxes: RefCell<BTreeMap<ExtensionNumber, u64>>,
    /// Who sends callers to his own mailbox, and what happens to them if there is none.
    own_boxes: RefCell<Vec<(ExtensionNumber, String)>>,
    references: RefCell<Vec<Reference>>,
    warnings: RefCell<Vec<String>>,
    /// Numbers dialed from outside, without their `+`.
    dialed: RefCell<BTreeSet<String>>,
    /// Personal phones, with their lines.
    phones: RefCell<Vec<(String, u64)>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(known_prompts: &[&'a str], origins: Option<&'a Origins>) -> Self {
        Self {
            origins,
            prompts: known_prompts.iter().copied().collect(),
            declared: RefCell::default(),
            hours: RefCell::default(),
            problems: RefCell::default(),
            places: RefCell::default(),
            mailboxes: RefCell::default(),
            own_boxes: RefCell::default(),
            references: RefCell::default(),
            warnings: RefCell::default(),
            dialed: RefCell::default(),
            phones: RefCell::default(),
        }
    }

    /// Notes a problem.
    pub(crate) fn problem(&self, line: u64, text: impl Into<String>) {
        self.problems.borrow_mut().push(Problem::new(line, text));
    }

    /// Where something stands, behind what it is called by its number or name: ` on line 5`. Where there are no lines,
    /// that says enough.
    pub(crate) fn on(&self, line: u64) -> String {
        self.origins.map_or_else(|| format!(" on line {line}"), |_| String::new())
    }

    /// The same behind a whole sentence: ` (line 5)`.
    pub(crate) fn seen(&self, line: u64) -> String {
        self.origins.map_or_else(|| format!(" (line {line})"), |_| String::new())
    }

    /// Where something stands, behind its kind alone: ` on line 5`, or ` 1001`.
    pub(crate) fn which(&self, line: u64) -> String {
        self.origins.map_or_else(|| format!(" on line {line}"), |origins| origins.key(line))
    }

    /// Where something stands, before what is said of it: `line 5: `, or `number +4930: `.
    fn before(&self, line: u64) -> String {
        self.origins.map_or_else(|| format!("line {line}: "), |origins| origins.prefix(line))
    }

    /// Notes something on a line that is kept and is not what was meant, perhaps.
    pub(crate) fn warning_on(&self, line: u64, text: &str) {
        self.warning(format!("{}{text}", self.before(line)));
    }

    /// Notes something that is kept and does not work yet.
    pub(crate) fn warning(&self, text: String) {
        let mut warnings = self.warnings.borrow_mut();
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    }

    /// Takes a number of the domain's one number space.
    pub(crate) fn claim(&self, number: &ExtensionNumber, kind: Kind, line: u64) {
        let mut places = self.places.borrow_mut();
        if let Some(taken) = places.get(number) {
            let (word, at) = (taken.kind.word(), self.on(taken.line));
            self.problem(line, format!("number {number} is already that of the {word}{at}"));
            return;
        }
        places.insert(number.clone(), Place { kind, line });
    }

    /// Takes a number for a mailbox: that of an agent, a queue or a flow, or else one of its own.
    pub(crate) fn claim_mailbox(&self, number: &ExtensionNumber, line: u64) {
        if let Some(at) = self.mailboxes.borrow_mut().insert(number.clone(), line) {
            let at = self.on(at);
            self.problem(line, format!("number {number} already has the mailbox{at}"));
        }
        let mut places = self.places.borrow_mut();
        places.entry(number.clone()).or_insert(Place { kind: Kind::Mailbox, line });
    }

    /// Notes that callers of `number` go to its own mailbox; `otherwise` warns of there being none.
    pub(crate) fn own_box(&self, number: &ExtensionNumber, otherwise: String) {
        self.own_boxes.borrow_mut().push((number.clone(), otherwise));
    }

    /// Notes that something points to a number; it is checked when the whole file is read.
    pub(crate) fn refer(
        &self,
        line: u64,
        field: &str,
        from: Option<&ExtensionNumber>,
        to: &ExtensionNumber,
        target: Target,
    ) {
        let reference = Reference { line, field: field.into(), from: from.cloned(), to: to.clone(), target };
        self.references.borrow_mut().push(reference);
    }

    /// Notes a number of the domain that is dialed from outside.
    pub(crate) fn dialed(&self, number: &str) {
        self.dialed.borrow_mut().insert(without_plus(number).to_owned());
    }

    /// Notes that calls are forwarded to a personal phone.
    pub(crate) fn calls_out(&self, phone: &str, line: u64) {
        self.phones.borrow_mut().push((phone.to_owned(), line));
    }

    /// From now on there is a prompt of this name.
    pub(crate) fn declare_prompt(&self, name: &str) {
        self.declared.borrow_mut().insert(name.to_owned());
    }

    /// Checks the name of a prompt.
    pub(crate) fn prompt(&self, line: u64, field: &str, name: &str) {
        if self.has_prompt(name) {
            return;
        }
        let declared = self.declared.borrow();
        let near = nearest(name, self.prompts.iter().copied().chain(declared.iter().map(String::as_str)));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        self.problem(line, format!("{field} is `{name}`, and there is no prompt of that name{hint}"));
    }

    /// Whether there is a prompt of this name.
    pub(crate) fn has_prompt(&self, name: &str) -> bool {
        self.prompts.contains(name) || self.declared.borrow().contains(name)
    }

    /// What a number reaches, as far as the file was read.
    pub(crate) fn kind_of(&self, number: &str) -> Option<Kind> {
        self.places.borrow().get(number).map(|place| place.kind)
    }

    /// Whether a number is exactly these digits, and whether a longer one begins with them.
    pub(crate) fn begins(&self, digits: &str) -> (bool, bool) {
        let places = self.places.borrow();
        let longer = |number: &&ExtensionNumber| {
            number.as_str().len() > digits.len() && number.as_str().starts_with(digits)
        };
        (places.contains_key(digits), places.keys().any(|number| longer(&number)))
    }

    /// How many digits the longest number has.
    pub(crate) fn longest_number(&self) -> usize {
        self.places.borrow().keys().map(|number| number.as_str().len()).max().unwrap_or(0)
    }

    /// Notes that there are business hours of this name.
    pub(crate) fn has_hours(&self, name: &str) {
        self.hours.borrow_mut().insert(name.to_owned());
    }

    /// Whether there are business hours of this name.
    pub(crate) fn knows_hours(&self, name: &str) -> bool {
        self.hours.borrow().contains(name)
    }

    /// Checks the name of business hours; false if there are none of that name.
    pub(crate) fn hours(&self, line: u64, field: &str, name: &str) -> bool {
        let hours = self.hours.borrow();
        if hours.contains(name) {
            return true;
        }
        let near = nearest(name, hours.iter().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let name = clean(name);
        self.problem(
            line,
            format!("{field} is `{name}`, and there are no business hours of that name{hint}"),
        );
        false
    }

    /// Checks every reference, and hands over problems by line and warnings.
    pub(crate) fn finish(self) -> (Vec<Problem>, Vec<String>) {
        for reference in self.references.borrow().iter() {
            if let Some(text) = self.judge(reference) {
                self.problem(reference.line, text);
            }
        }
        for (phone, line) in self.phones.borrow().iter() {
            if self.dialed.borrow().contains(without_plus(phone)) {
                let text = "`personal_phone` of the agent is one of `numbers`: the calls would come back";
                self.problem(*line, text);
            }
        }
        for (number, otherwise) in self.own_boxes.borrow().iter() {
            if !self.mailboxes.borrow().contains_key(number) {
                self.warning(otherwise.clone());
            }
        }
        (self.problems.into_inner().into_sorted(), self.warnings.into_inner())
    }

    fn judge(&self, Reference { line: _, field, from, to, target }: &Reference) -> Option<String> {
        if from.as_ref() == Some(to) {
            return Some(format!("{field} sends callers of {to} back to itself"));
        }
        if matches!(target, Target::Mailbox) && self.mailboxes.borrow().contains_key(to) {
            return None;
        }
        match self.places.borrow().get(to) {
            None => Some(format!("{field} points to {to}, and there is no {} {to}", target.word())),
            Some(place) if !target.accepts(place.kind) => {
                let (word, line) = (place.kind.word(), self.on(place.line));
                Some(format!("{field} wants {} and {to} is the {word}{line}", target.phrase()))
            }
            Some(_) => None,
        }
    }
}

/// A number as it is compared: trunks send it with and without its `+`.
fn without_plus(number: &str) -> &str {
    number.strip_prefix('+').unwrap_or(number)
}

/// The name among `names` that differs least, if it differs little.
pub(crate) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = (name.len() / 3).clamp(1, 3);
    names.map(|other| (distance(name, other), other)).filter(|(far, _)| *far <= allowed).min().map(|(_, n)| n)
}

/// Letters to change, add or leave out to come from one word to the other.
fn distance(a: &str, b: &str) -> usize {
    const WORD_MAX: usize = 64;
    if a.len() > WORD_MAX || b.len() > WORD_MAX {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_the_word_that_was_meant() {
        let names = ["ring_time", "retry_delay", "name"];
        assert_eq!(nearest("ring_tme", names.into_iter()), Some("ring_time"));
        assert_eq!(nearest("retry-delay", names.into_iter()), Some("retry_delay"));
        assert_eq!(nearest("colour", names.into_iter()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
