//! Which numbers of a stream were used: the highest, and of the 128 up to it each. A number that lies further back counts
//! as used. RFC 3711 3.3.2 asks for 64; what we relay may come up to a hundred late.

/// The newest is the lowest bit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    top: Option<u64>,
    used: u128,
}

impl Window {
    /// The highest number that was used.
    pub(crate) const fn top(&self) -> Option<u64> {
        self.top
    }

    pub(crate) fn is_new(&self, number: u64) -> bool {
        let Some(top) = self.top else { return true };
        match top.checked_sub(number) {
            None => true,
            Some(back) => back < u128::BITS.into() && self.used & (1 << back) == 0,
        }
    }

    /// It is used now.
    pub(crate) fn note(&mut self, number: u64) {
        let shifted =
            |bits: u128, by: u64| u32::try_from(by).ok().and_then(|by| bits.checked_shl(by)).unwrap_or(0);
        match self.top {
            Some(top) if number <= top => self.used |= shifted(1, top - number),
            top => {
                self.used = top.map_or(0, |top| shifted(self.used, number - top)) | 1;
                self.top = Some(number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_new_once_and_not_from_too_far_back() {
        let mut window = Window::default();
        assert!(window.is_new(0) && window.is_new(u64::MAX));
        window.note(100);
        assert_eq!(window.top(), Some(100));
        assert!(!window.is_new(100) && window.is_new(101) && window.is_new(99) && window.is_new(1));
        window.note(200);
        assert!(window.is_new(73) && !window.is_new(72), "128 back");
        let mut window = Window::default();
        window.note(100);
        window.note(99);
        window.note(90);
        assert!(!window.is_new(99) && !window.is_new(90) && window.is_new(98));
        window.note(110);
        assert!(!window.is_new(100) && !window.is_new(99) && window.is_new(109) && window.is_new(101));
        window.note(10_000);
        assert!(!window.is_new(110) && window.is_new(9_999), "a leap forgets, and what it forgets is used");
    }
}
