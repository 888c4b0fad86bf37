//! `queues.conf`: queues, their settings and their members.

use std::collections::{BTreeMap, BTreeSet};

use super::strategy::{Ranks, ranks, strategy};
use super::unkept::unkept;
use super::{Mapping, Queue};
use crate::conf::{Section, Setting, is_yes};
use crate::dialplan::lead::Device;
use crate::limits::file::{NAME_MAX, QUEUES_MAX};
use crate::report::shown;
use crate::yaml::Yaml;

/// Seconds that Asterisk rings a member unless told otherwise.
const TIMEOUT_DEFAULT: i64 = 15;

/// A line `member => interface,penalty,name,state_interface,ringinuse,wrapuptime,paused`.
struct Member<'a> {
    setting: &'a Setting,
    penalty: u32,
    seat: usize,
    wrap_up_time: Option<i64>,
}

impl Mapping<'_> {
    /// Reads the file's sections.
    pub(super) fn read_queues(&mut self, sections: &[Section]) {
        let mut names = BTreeSet::new();
        for section in sections.iter().filter(|section| !section.template) {
            if section.name == "general" {
                self.general(section);
            } else if self.queues.len() == QUEUES_MAX {
                self.report.add(
                    &section.place,
                    format!("there are more than {QUEUES_MAX} queues; this one is left out"),
                );
            } else if names.insert(section.name.as_str()) {
                self.queue(section);
            } else {
                self.report
                    .add(&section.place, "a queue of that name is there already, so this one is left out");
            }
        }
    }

    fn general(&mut self, section: &Section) {
        for setting in &section.settings {
            match setting.key.as_str() {
                "persistentmembers"
                | "monitor-type"
                | "enable_cidname_logging"
                | "log_membername_as_agent"
                | "log-restricted-caller-id"
                | "keepstats"
                | "updatecdr"
                | "negative_penalty_invalid" => {}
                "shared_lastcall" if is_yes(&setting.value) => {}
                _ => self.queue_setting(setting),
            }
        }
    }

    fn queue(&mut self, section: &Section) {
        let name: String = section.name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
        let name = name.trim().to_owned();
        if name != section.name {
            self.report.add(&section.place, format!("the queue's name is cut to {NAME_MAX} characters"));
        }
        if name.is_empty() {
            self.report.add(&section.place, "the queue has no name, so it is left out");
            return;
        }
        let members = self.members(section);
        let penalties: Vec<u32> = members.iter().map(|member| member.penalty).collect();
        let differ = penalties.iter().any(|penalty| Some(penalty) != penalties.first());
        let written = section.value("strategy").unwrap_or("ringall");
        let chosen = strategy(written, differ).or_else(|| {
            let text = format!("strategy `{}` is not known; it becomes `ring_all`", shown(written));
            self.report.add(section.last("strategy").map_or(&section.place, |setting| &setting.place), text);
            strategy("ringall", differ)
        });
        let Some(chosen) = chosen else { return };
        if let Some(remark) = chosen.remark {
            let place = section.last("strategy").map_or(&section.place, |setting| &setting.place);
            self.report.add(place, remark);
        }
        let mut fields = vec![("strategy", Yaml::text(chosen.strategy))];
        self.settings(section, &mut fields);
        let rows = self.rows(&members, chosen.ranks);
        self.queues.push(Queue {
            name: section.name.clone(),
            place: section.place.clone(),
            number: None,
            call: None,
            fields,
            members: rows,
        });
    }

    fn members<'s>(&mut self, section: &'s Section) -> Vec<Member<'s>> {
        let mut members: Vec<Member<'_>> = Vec::new();
        let mut known = BTreeSet::new();
        for setting in section.all("member") {
            let parts: Vec<&str> = setting.value.split(',').map(str::trim).collect();
            let part = |at: usize| parts.get(at).copied().filter(|part| !part.is_empty());
            let Some(interface) = part(0) else {
                self.report.add(&setting.place, "the member has no phone, so it is left out");
                continue;
            };
            let device = Device::parse(interface);
            let state = part(3).map(|state| Device::parse(&state.replacen(':', "/", 1)));
            // The phone whose state is watched is the phone that rings in the end.
            let behind =
                state.filter(|state| self.seat_of(&device).is_none() && self.seat_of(state).is_some());
            let Some(seat) = self.agent_of(behind.as_ref().unwrap_or(&device), part(2), &setting.place)
            else {
                continue;
            };
            if !known.insert(seat) {
                self.report.add(
                    &setting.place,
                    "the agent is a member of this queue already, so the line is left out",
                );
                continue;
            }
            if part(6).is_some_and(is_yes) {
                self.report.add(
                    &setting.place,
                    "a member is not paused from the start: agents log in, and are ready then",
                );
            }
            let penalty = part(1).map_or(Some(0), |penalty| penalty.parse().ok());
            if penalty.is_none() {
                self.report.add(&setting.place, "the penalty is no number of 0 or more; it is taken as 0");
            }
            let wrap_up_time = part(5).and_then(|_| self.whole_part(setting, part(5), (0, 3_600)));
            members.push(Member { setting, penalty: penalty.unwrap_or(0), seat, wrap_up_time });
        }
        members
    }

    fn rows(&mut self, members: &[Member<'_>], into: Ranks) -> Vec<Vec<(&'static str, Yaml)>> {
        let penalties: Vec<u32> = members.iter().map(|member| member.penalty).collect();
        let ranked = ranks(&penalties);
        let most = ranked.iter().copied().max().unwrap_or(1);
        // By penalty, and where that is equal as they stand there.
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by_key(|at| penalties.get(*at));
        let orders: BTreeMap<usize, usize> =
            order.into_iter().enumerate().map(|(order, at)| (at, order + 1)).collect();
        let mut rows = Vec::new();
        for (at, (member, rank)) in members.iter().zip(&ranked).enumerate() {
            let Some(seat) = self.seats.get(member.seat) else { continue };
            let mut row = vec![("agent", Yaml::text(seat.number.as_str()))];
            let (field, value, limit) = match into {
                Ranks::None => ("order", 1, 1),
                Ranks::Order => ("order", orders.get(&at).copied().unwrap_or(1), 1_000_000),
                Ranks::Tier => ("tier", *rank, 99),
                Ranks::Skill => ("skill_level", most + 1 - *rank, 100),
            };
            if value > limit {
                self.report.add(
                    &member.setting.place,
                    format!("there are more than {limit} penalties; the rest are one"),
                );
            }
            if into != Ranks::None {
                row.push((field, Yaml::Whole(i64::try_from(value.min(limit)).unwrap_or(1))));
            }
            row.extend(member.wrap_up_time.map(|time| ("wrap_up_time", Yaml::Whole(time))));
            rows.push(row);
        }
        rows
    }

    /// The settings that have a field of ours; of the others a remark.
    fn settings(&mut self, section: &Section, fields: &mut Vec<(&'static str, Yaml)>) {
        let timeout = self.whole(section, "timeout", (0, 65_535)).unwrap_or(TIMEOUT_DEFAULT);
        if timeout == 0
            && let Some(setting) = section.last("timeout")
        {
            self.report.add(&setting.place, "a phone does not ring without an end: `ring_time` becomes 600");
        }
        fields.push(("ring_time", Yaml::Whole(if timeout == 0 { 600 } else { timeout })));
        for (key, field, range) in [
            ("retry", "retry_delay", (0, 3_600)),
            ("wrapuptime", "wrap_up_time", (0, 3_600)),
            ("maxlen", "max_callers", (0, 100_000)),
            ("weight", "weight", (-1_000, 1_000)),
            ("servicelevel", "sla_time", (0, 65_535)),
        ] {
            fields.extend(self.whole(section, key, range).map(|value| (field, Yaml::Whole(value))));
        }
        self.empty(section, fields);
        if let Some(autopause) = section.last("autopause").filter(|setting| setting.value != "no") {
            let all = autopause.value == "all";
            if all || is_yes(&autopause.value) {
                let scope = if all { "all" } else { "queue" };
                let policy = vec![("action", Yaml::text("not_ready")), ("scope", Yaml::text(scope))];
                fields.push(("rna_policy", Yaml::Map(policy)));
            }
        }
        self.place(section, fields);
        for setting in &section.settings {
            self.queue_setting(setting);
        }
    }

    /// Whether callers may wait while nobody is there.
    fn empty(&mut self, section: &Section, fields: &mut Vec<(&'static str, Yaml)>) {
        let join = section.value("joinempty").unwrap_or("yes");
        let leave = section.value("leavewhenempty").unwrap_or("no");
        let (may_join, must_leave) = (is_yes(join), !leave.eq_ignore_ascii_case("no"));
        fields.push(("wait_when_no_agents", Yaml::Flag(may_join && !must_leave)));
        if may_join == must_leave {
            let setting = section.last("leavewhenempty").or_else(|| section.last("joinempty"));
            let text = "`joinempty` and `leavewhenempty` differ: with `wait_when_no_agents: false` callers neither come in \
                        nor stay while no agent is logged in and reachable; with true they do both";
            self.report.add(setting.map_or(&section.place, |setting| &setting.place), text);
        }
        for (key, value) in [("joinempty", join), ("leavewhenempty", leave)] {
            let word = ["yes", "no", "strict", "loose"].iter().any(|word| value.eq_ignore_ascii_case(word));
            if let Some(setting) = section.last(key).filter(|_| !word && !is_yes(value)) {
                let text =
                    "who is logged in and reachable counts as there, whether she is ready or on a call";
                self.report.add(&setting.place, format!("`{key}`: {text}"));
            }
        }
    }

    /// Whether callers are told where they stand.
    fn place(&mut self, section: &Section, fields: &mut Vec<(&'static str, Yaml)>) {
        let Some(every) = self.whole(section, "announce-frequency", (0, 65_535)).filter(|every| *every > 0)
        else {
            return;
        };
        let position = section.value("announce-position").is_none_or(|value| value != "no");
        let wait = section.value("announce-holdtime").is_some_and(|value| value == "once" || is_yes(value));
        if position || wait {
            let every = Yaml::Whole(every.clamp(10, 1_800));
            let place =
                vec![("position", Yaml::Flag(position)), ("wait", Yaml::Flag(wait)), ("every", every)];
            fields.push(("announce_place", Yaml::Map(place)));
        }
    }

    /// A whole number in a range; what lies outside is brought into it, with a remark.
    fn whole(&mut self, section: &Section, key: &str, range: (i64, i64)) -> Option<i64> {
        let setting = section.last(key)?;
        self.whole_part(setting, Some(setting.value.as_str()), range)
    }

    fn whole_part(&mut self, setting: &Setting, text: Option<&str>, (min, max): (i64, i64)) -> Option<i64> {
        let text = text.filter(|text| !text.is_empty())?;
        let Ok(value) = text.parse::<i64>() else {
            let text = format!("`{}` is `{}`, which is no number; it is left out", setting.key, shown(text));
            self.report.add(&setting.place, text);
            return None;
        };
        if !(min..=max).contains(&value) {
            let text =
                format!("`{}` goes from {min} to {max} here; {value} is brought into that", setting.key);
            self.report.add(&setting.place, text);
        }
        Some(value.clamp(min, max))
    }

    /// A remark on a setting of a queue that is not carried over.
    fn queue_setting(&mut self, setting: &Setting) {
        if let Some(text) = unkept(&setting.key, &setting.value) {
            self.report.add(&setting.place, format!("`{}`: {text}", shown(&setting.key)));
        }
    }
}
