//! Business hours: when a place is open, with its holidays, under a name that numbers, queues and agents share.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::date::Date;
use crate::schedule::Schedule;
use crate::time::Timestamp;

/// How many edges are looked at for the next real change; beyond, none is known.
const EDGES_MAX: usize = 4_000;

/// When a place is open.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct BusinessHours {
    /// 1–64 characters, unique in the domain.
    pub name: String,
    /// The slots of a week, and whose local time counts, for the holidays too.
    pub schedule: Schedule,
    /// Days that are no working days, whatever the slots say. Of two that hold at once the first counts.
    pub holidays: Vec<Holiday>,
}

/// A holiday: one day or several, from midnight to midnight.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Holiday {
    /// What it is called, 1–64 characters.
    pub name: String,
    /// Whether it comes again every year. The years of its days mean nothing then.
    pub yearly: bool,
    /// Its first day.
    pub from: Date,
    /// Its last day. A yearly one may go over the end of a year; every other has `from <= to`.
    pub to: Date,
}

/// What business hours say of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening<'a> {
    /// In a slot of the week.
    Open,
    /// In none.
    Closed,
    /// On a holiday, by its name.
    Holiday(&'a str),
}

/// An agent's working hours.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum AgentHours {
    /// Hours of her own.
    Own(Schedule),
    /// Business hours of the domain, by name.
    Business(String),
}

impl Holiday {
    /// Whether it falls on this day. A yearly one on 29 February alone falls on no day of an ordinary year.
    #[must_use]
    pub fn is_on(&self, date: Date) -> bool {
        if !self.yearly {
            return self.from <= date && date <= self.to;
        }
        let (from, to, day) = (self.from.in_year(), self.to.in_year(), date.in_year());
        if from <= to { from <= day && day <= to } else { from <= day || day <= to }
    }
}

impl BusinessHours {
    /// What holds at `at`. A holiday is stronger than every slot, also than one that began the day before.
    #[must_use]
    pub fn opening(&self, at: Timestamp) -> Opening<'_> {
        let date = self.schedule.zone.date(at);
        match self.holidays.iter().find(|holiday| holiday.is_on(date)) {
            Some(holiday) => Opening::Holiday(&holiday.name),
            None if self.schedule.is_open(at) => Opening::Open,
            None => Opening::Closed,
        }
    }

    /// The next moment after `at` at which [`Self::opening`] may differ; none if it never does.
    #[must_use]
    pub fn next_edge(&self, at: Timestamp) -> Option<Timestamp> {
        let midnight = (!self.holidays.is_empty()).then(|| self.schedule.zone.next_midnight(at));
        [self.schedule.next_change(at), midnight].into_iter().flatten().min()
    }

    /// The next moment after `at` at which [`Self::opening`] does differ; none if it does not for some years.
    #[must_use]
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let now = self.opening(at);
        let edges = std::iter::successors(self.next_edge(at), |edge| self.next_edge(*edge));
        edges.take(EDGES_MAX).find(|edge| self.opening(*edge) != now)
    }
}
