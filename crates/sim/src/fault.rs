//! Faults: what may go wrong in one world. Each world draws its own subset (swarm testing): a world with every
//! fault at once never gets far enough to show what two of them do together.

use crate::rng::Chance;

/// What may go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Callers with little patience.
    Impatient,
    /// Agents who press the decline key.
    Declines,
    /// Agents who let it ring.
    NoAnswers,
    /// Agents whose phones are busy or refuse what they are offered.
    BusyPhones,
    /// Agents who change their mind every few seconds, also while they are rung.
    Fickle,
    /// Phones that unregister and come back, also while they ring.
    Vanishing,
    /// Reports that take seconds: answers cross cancels.
    SlowWire,
    /// Reports that come twice.
    TwiceWire,
    /// Messages that are lost and sent again much later.
    LossyWire,
    /// Provisioning changes under load.
    Reprovision,
    /// The process is killed and takes up where its journal ends.
    Kills,
    /// The process dies with every leg.
    Restarts,
    /// The clock's alarm comes late, after other inputs.
    LateTicks,
    /// Everything happens on whole seconds, so that clocks and inputs meet.
    Coincidence,
    /// Agents call and are called directly.
    DirectCalls,
    /// Supervisors end calls.
    HangUps,
    /// Inputs that mean nothing: unknown legs, stale players, keys, hold.
    Noise,
}

impl Fault {
    /// All of them, in a fixed order.
    pub const ALL: [Self; 17] = [
        Self::Impatient,
        Self::Declines,
        Self::NoAnswers,
        Self::BusyPhones,
        Self::Fickle,
        Self::Vanishing,
        Self::SlowWire,
        Self::TwiceWire,
        Self::LossyWire,
        Self::Reprovision,
        Self::Kills,
        Self::Restarts,
        Self::LateTicks,
        Self::Coincidence,
        Self::DirectCalls,
        Self::HangUps,
        Self::Noise,
    ];

    /// As a kept seed names it.
    #[must_use]
    pub fn name(self) -> String {
        format!("{self:?}")
    }
}

/// The faults of one world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Each fault is in one world of two, and one world of sixteen has none at all.
    #[must_use]
    pub fn drawn(seed: u64) -> Self {
        let mut chance = Chance::about(seed, 0xFA);
        if chance.one_in(16) {
            return Self::default();
        }
        Self(Fault::ALL.into_iter().filter(|_| chance.one_in(2)).collect())
    }

    /// Whether this one is among them.
    #[must_use]
    pub fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }

    /// Without one of them.
    #[must_use]
    pub fn without(&self, fault: Fault) -> Self {
        Self(self.0.iter().copied().filter(|had| *had != fault).collect())
    }

    /// In their fixed order.
    pub fn iter(&self) -> impl Iterator<Item = Fault> + '_ {
        self.0.iter().copied()
    }
}
