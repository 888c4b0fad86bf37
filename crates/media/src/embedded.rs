//! The default sounds, compiled in: a lone binary speaks.

/// Name and WAV file of each.
macro_rules! wav_files {
    ($($name:literal,)*) => {
        &[$(($name, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sounds/en/", $name, ".wav")))),*]
    };
}

/// Everything in `sounds/en`; a test holds the list to `prompts.tsv`.
pub(crate) const FILES: &[(&str, &[u8])] = wav_files![
    "all-busy",
    "blocked",
    "blocked-warning",
    "digit-0",
    "digit-1",
    "digit-2",
    "digit-3",
    "digit-4",
    "digit-5",
    "digit-6",
    "digit-7",
    "digit-8",
    "digit-9",
    "failed",
    "goodbye",
    "in-all-queues",
    "in-queue",
    "invalid-code",
    "leave-a-message",
    "music",
    "no-agents",
    "no-queues",
    "not-a-member",
    "not-in-service",
    "not-logged-in",
    "please-wait",
    "press-one-to-accept",
    "queue-full",
    "thank-you",
    "wrap-up",
    "you-are-logged-in",
    "you-are-logged-out",
    "you-are-not-ready",
    "you-are-ready",
    "your-queue-call",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_its_sound_and_no_sound_is_left_out() {
        let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sounds/en/prompts.tsv"));
        let mut named: Vec<&str> = table.lines().filter_map(|line| Some(line.split_once('\t')?.0)).collect();
        named.push("music");
        named.sort_unstable();
        let held: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(held, named);
    }
}
