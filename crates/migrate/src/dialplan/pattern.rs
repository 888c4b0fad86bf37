//! Patterns of numbers, `_NXX.`: `X` is 0 to 9, `Z` 1 to 9, `N` 2 to 9, `[…]` one of those in it, `.` one or more
//! of anything, `!` anything or nothing; a `-` means nothing.

use crate::glob::in_class;

/// Whether a number fits.
pub(super) fn fits(pattern: &str, dialed: &str) -> bool {
    let mut digits = dialed.chars();
    let mut signs = pattern.chars().skip(1);
    while let Some(sign) = signs.next() {
        let fits = match sign {
            '-' => continue,
            '!' => return true,
            '.' => return digits.next().is_some(),
            '[' => {
                let class: Vec<char> = signs.by_ref().take_while(|c| *c != ']').collect();
                digits.next().is_some_and(|digit| in_class(&class, digit))
            }
            sign => {
                let digit = digits.next();
                match sign.to_ascii_uppercase() {
                    'X' => digit.is_some_and(|digit| digit.is_ascii_digit()),
                    'Z' => digit.is_some_and(|digit| ('1'..='9').contains(&digit)),
                    'N' => digit.is_some_and(|digit| ('2'..='9').contains(&digit)),
                    _ => digit == Some(sign),
                }
            }
        };
        if !fits {
            return false;
        }
    }
    digits.next().is_none()
}

/// How much a pattern leaves open, sign by sign: of several that fit, the smallest is meant.
pub(super) fn width(pattern: &str) -> Vec<u8> {
    let mut widths = Vec::new();
    let mut signs = pattern.chars().skip(1);
    while let Some(sign) = signs.next() {
        match sign.to_ascii_uppercase() {
            '-' => {}
            '[' => {
                signs.by_ref().find(|c| *c == ']');
                widths.push(2);
            }
            'N' => widths.push(8),
            'Z' => widths.push(9),
            'X' => widths.push(10),
            '.' => widths.push(18),
            '!' => widths.push(19),
            _ => widths.push(1),
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits() {
        for (pattern, dialed) in [
            ("_X.", "12"),
            ("_1XXX", "1001"),
            ("_N-Z", "21"),
            ("_[1-35]0", "50"),
            ("_9!", "9"),
            ("_+49.", "+493"),
        ] {
            assert!(fits(pattern, dialed), "{pattern} {dialed}");
        }
        for (pattern, dialed) in
            [("_X.", "1"), ("_1XXX", "10010"), ("_N", "1"), ("_[1-35]", "4"), ("_1XXX", "100")]
        {
            assert!(!fits(pattern, dialed), "{pattern} {dialed}");
        }
    }

    #[test]
    fn the_narrower_one_is_meant() {
        assert!(width("_10XX") < width("_1XXX"));
        assert!(width("_1XXX") < width("_1."));
    }
}
