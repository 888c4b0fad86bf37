//! Tells code from comments and literals, well enough for textual checks.
//!
//! A check that looks for a word must not trip over the word in a string or a comment, and one that counts
//! braces must not count those in a literal. This is a scanner for that, not a Rust parser.

/// The same text twice, each of the original's length and lines: what is not code is blank in `code`, and
/// what is not a comment is blank in `comments`.
pub(crate) struct Masks {
    pub(crate) code: String,
    pub(crate) comments: String,
}

/// Splits `text` into its two masks. Unterminated literals run to the end, as they would for the compiler.
pub(crate) fn masks(text: &str) -> Masks {
    let chars: Vec<char> = text.chars().collect();
    let mut scanner = Scanner { chars: &chars, at: 0, code: String::new(), comments: String::new() };
    while scanner.at < chars.len() {
        scanner.step();
    }
    Masks { code: scanner.code, comments: scanner.comments }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

struct Scanner<'a> {
    chars: &'a [char],
    at: usize,
    code: String,
    comments: String,
}

impl Scanner<'_> {
    fn step(&mut self) {
        match (self.peek(0), self.peek(1)) {
            (Some('/'), Some('/')) => self.take_while(Kind::Comment, |c| c != '\n'),
            (Some('/'), Some('*')) => self.block_comment(),
            (Some('"'), _) => self.quoted(),
            (Some('r'), Some('"' | '#')) if !self.in_word() && self.raw_hashes().is_some() => self.raw(),
            (Some('\''), _) => self.char_or_lifetime(),
            _ => self.take(Kind::Code, 1),
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Whether the character before is part of a word other than the prefixes `b` and `c` of a raw string.
    fn in_word(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).and_then(|i| self.chars.get(i)).copied();
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        match before(1) {
            Some('b' | 'c') => word(before(2)),
            other => word(other),
        }
    }

    fn take(&mut self, kind: Kind, count: usize) {
        for _ in 0..count {
            let Some(c) = self.peek(0) else { return };
            self.at += 1;
            let blank = if c == '\n' { '\n' } else { ' ' };
            self.code.push(if kind == Kind::Code { c } else { blank });
            self.comments.push(if kind == Kind::Comment { c } else { blank });
        }
    }

    fn take_while(&mut self, kind: Kind, keep: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&keep) {
            self.take(kind, 1);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.take(Kind::Comment, 2);
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.take(Kind::Comment, 2);
                    if depth == 0 {
                        return;
                    }
                }
                (Some(_), _) => self.take(Kind::Comment, 1),
                (None, _) => return,
            }
        }
    }

    fn quoted(&mut self) {
        self.take(Kind::Literal, 1);
        while let Some(c) = self.peek(0) {
            self.take(Kind::Literal, if c == '\\' { 2 } else { 1 });
            if c == '"' {
                return;
            }
        }
    }

    /// The number of hashes of the raw string that starts here; nothing when it is a raw identifier.
    fn raw_hashes(&self) -> Option<usize> {
        let hashes = self.chars[self.at + 1..].iter().take_while(|&&c| c == '#').count();
        (self.peek(1 + hashes) == Some('"')).then_some(hashes)
    }

    fn raw(&mut self) {
        let hashes = self.raw_hashes().unwrap_or(0);
        self.take(Kind::Literal, hashes + 2);
        while let Some(c) = self.peek(0) {
            let closes = c == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#'));
            self.take(Kind::Literal, if closes { hashes + 1 } else { 1 });
            if closes {
                return;
            }
        }
    }

    fn char_or_lifetime(&mut self) {
        match (self.peek(1), self.peek(2)) {
            (Some('\\'), _) => {
                self.take(Kind::Literal, 3);
                self.take_while(Kind::Literal, |c| c != '\'');
                self.take(Kind::Literal, 1);
            }
            (Some(_), Some('\'')) => self.take(Kind::Literal, 3),
            _ => self.take(Kind::Code, 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_strings_and_comments_are_not_code() {
        let masked =
            masks("let a = \"panic \\\" {\"; // note {\nb(r#\"x\" {\"#, '{', '\\n'); /* a /* b */ { */ c");
        assert_eq!(masked.code.matches('{').count(), 0);
        assert!(masked.code.contains("let a =") && masked.code.trim_end().ends_with('c'));
        assert!(masked.comments.contains("// note {"));
        assert!(!masked.comments.contains("panic"));
    }

    #[test]
    fn lifetimes_and_raw_identifiers_stay_code() {
        let masked = masks("fn r#match<'a>(x: &'a str, br: u8) -> &'a str { x }");
        assert_eq!(masked.code, "fn r#match<'a>(x: &'a str, br: u8) -> &'a str { x }");
    }

    #[test]
    fn lines_stay_where_they_were() {
        let text = "a\n/* b\nc */\n\"d\ne\"\nf";
        assert_eq!(masks(text).code.lines().count(), text.lines().count());
    }
}
