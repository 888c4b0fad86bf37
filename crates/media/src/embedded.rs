//! The default sounds, compiled in: a lone binary speaks.

/// Language and name (`en/goodbye`), and the WAV file, of everything in `sounds`; the build script lists them.
pub(crate) const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sounds.rs"));

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Tables of texts by language.
    const TEXTS: [(&str, &str); 2] = [
        ("de", include_str!("../../../sounds/de/prompts.tsv")),
        ("en", include_str!("../../../sounds/en/prompts.tsv")),
    ];

    #[test]
    fn every_text_has_its_sound_and_every_sound_but_the_music_has_its_text() {
        let mut named = BTreeSet::from(["en/music".to_owned()]);
        for (language, table) in TEXTS {
            let names = table.lines().map(|line| line.split_once('\t').unwrap().0);
            named.extend(names.map(|name| format!("{language}/{name}")));
        }
        let held: BTreeSet<String> = FILES.iter().map(|(key, _)| (*key).to_owned()).collect();
        assert_eq!(held, named);
    }

    /// The words of the English clock, which has hours before and after noon.
    const ENGLISH_ONLY: [&str; 6] = ["am", "in-line", "midnight", "noon", "oh", "pm"];

    #[test]
    fn whatever_is_said_in_english_is_said_in_german() {
        let [german, english] =
            TEXTS.map(|(_, table)| table.lines().map(|line| line.split('\t').next().unwrap()));
        let german: BTreeSet<&str> = german.chain(ENGLISH_ONLY).collect();
        let missing: Vec<&str> = english.filter(|name| !german.contains(name)).collect();
        assert_eq!(missing, [""; 0], "sounds/de/prompts.tsv lacks them; sounds/make.sh makes the files");
    }
}
