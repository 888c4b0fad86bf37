//! Patterns of file names, as `#include` takes them: `*`, `?` and `[a-z]` (POSIX, glob(7)).

/// Whether a part of a path is a pattern.
pub(crate) fn is_pattern(part: &str) -> bool {
    part.contains(['*', '?', '['])
}

/// Whether `name` fits. Takes at most their lengths multiplied: no pattern makes it go back more than once.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    // As in a shell: what is hidden is not meant unless it is named.
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    // Behind the last star, and from where on it has taken what.
    let mut back: Option<(usize, usize)> = None;
    while let Some(c) = name.get(n) {
        if pattern.get(p) == Some(&'*') {
            p += 1;
            back = Some((p, n));
        } else if let Some(next) = one(&pattern, p, *c) {
            p = next;
            n += 1;
        } else if let Some((star, taken)) = back {
            p = star;
            n = taken + 1;
            back = Some((star, n));
        } else {
            return false;
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// Where the pattern goes on if its next part fits `c`.
fn one(pattern: &[char], at: usize, c: char) -> Option<usize> {
    match pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => {
            let rest = pattern.get(at + 1..)?;
            let Some(end) = rest.iter().skip(1).position(|c| *c == ']').map(|end| end + 1) else {
                return (c == '[').then_some(at + 1);
            };
            let class = rest.get(..end)?;
            let (not, class) = match class {
                ['!' | '^', class @ ..] => (true, class),
                class => (false, class),
            };
            (in_class(class, c) != not).then_some(at + end + 2)
        }
        other => (*other == c).then_some(at + 1),
    }
}

/// Whether `c` is one of a class like `a-z_`.
pub(crate) fn in_class(mut class: &[char], c: char) -> bool {
    loop {
        match class {
            [] => return false,
            [from, '-', to, rest @ ..] => {
                if (*from..=*to).contains(&c) {
                    return true;
                }
                class = rest;
            }
            [one, rest @ ..] => {
                if *one == c {
                    return true;
                }
                class = rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_marks_and_classes() {
        for (pattern, name) in [
            ("*.conf", "a.conf"),
            ("*", "a"),
            ("a?c", "abc"),
            ("[a-c]x[!0-9]", "bxy"),
            ("a*b*c", "aXbYbZc"),
            ("[]x", "[]x"),
            (".*", ".hidden"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.conf", "a.conf.bak"),
            ("*", ".hidden"),
            ("a?c", "ac"),
            ("[a-c]", "d"),
            ("[!a]", "a"),
            ("", "a"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let name = "a".repeat(2_000);
        assert!(!fits(&format!("{}b", "*a".repeat(500)), &name));
    }
}
