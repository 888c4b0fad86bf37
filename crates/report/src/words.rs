//! The words of documents, English and German; a test of [`super`] holds that none is missing.

use store::report::Language;

/// Key, English, German.
pub(crate) type Words = [(&'static str, &'static str, &'static str)];

/// Names.
pub(crate) const NAMES: &Words = &[
    ("abandoned", "Gave up", "Aufgelegt"),
    ("agent", "Agent", "Agent"),
    ("agents", "Agents", "Agenten"),
    ("answered", "Answered", "Angenommen"),
    ("by-agent", "By agent", "Nach Agent"),
    ("by-interval", "By interval", "Nach Zeit"),
    ("by-queue", "By queue", "Nach Warteschlange"),
    ("declined", "Declined", "Abgelehnt"),
    ("elsewhere", "Elsewhere", "Anderswohin"),
    ("from", "From", "Von"),
    ("holds", "Holds", "Gehalten"),
    (
        "left-out",
        "Rows without anything in them are left out.",
        "Zeilen, in denen nichts geschah, sind weggelassen.",
    ),
    ("level", "Service level", "Servicelevel"),
    ("logged-in", "Logged in", "Angemeldet"),
    ("longest-wait", "Longest wait", "Längste Wartezeit"),
    ("made", "made on", "erstellt am"),
    ("mean-handling", "Mean handling", "Mittlere Bearbeitung"),
    ("mean-talk", "Mean talk", "Mittleres Gespräch"),
    ("mean-wait", "Mean wait", "Mittlere Wartezeit"),
    ("meaning", "What these numbers mean", "Was diese Zahlen bedeuten"),
    ("missed", "Missed", "Verpasst"),
    ("not-ready", "Not ready", "Nicht bereit"),
    ("nothing", "Nothing happened in this time.", "In dieser Zeit ist nichts geschehen."),
    ("occupancy", "Occupancy", "Auslastung"),
    ("offered", "Offered", "Angeboten"),
    ("on-hold", "On hold", "Haltezeit"),
    ("other-call", "Other call", "Anderes Gespräch"),
    ("other-calls", "Other calls", "Andere Gespräche"),
    ("page", "Page", "Seite"),
    ("page-of", "of", "von"),
    ("queue", "Queue", "Warteschlange"),
    ("queue-call", "Queue call", "Gespräch"),
    ("queue-calls", "Queue calls", "Gespräche"),
    ("queues", "Queues", "Warteschlangen"),
    ("ready", "Ready", "Bereit"),
    ("rung", "Rung", "Gerufen"),
    ("together", "Together", "Zusammen"),
    ("wrap-up", "Wrap-up", "Nachbearbeitung"),
];

/// What the numbers mean.
pub(crate) const MEANINGS: &Words = &[
    (
        "abandoned",
        "The caller hung up before an agent answered. Who was sent elsewhere by a rule has not given up.",
        "Der Anrufer legte auf, bevor ein Agent annahm. Wer durch eine Regel anderswohin geleitet wurde, hat nicht \
         aufgelegt.",
    ),
    (
        "agent-holds",
        "How often callers of queues were put on hold, and for how long together.",
        "Wie oft Anrufer von Warteschlangen gehalten wurden, und wie lange zusammen.",
    ),
    (
        "agent-offered",
        "Queue calls for which the agent's phones were called: answered, missed, declined, not reached, or taken back.",
        "Warteschlangenanrufe, für die die Telefone gerufen wurden: angenommen, verpasst, abgelehnt, nicht erreicht oder \
         zurückgenommen.",
    ),
    ("answered", "An agent answered.", "Ein Agent hat angenommen."),
    (
        "elsewhere",
        "Everything else: waited too long, line full, nobody there, closed, night mode, left by a key, asked to be \
         called back, taken out.",
        "Alles andere: zu lange gewartet, Warteschlange voll, niemand da, geschlossen, Nachtbetrieb, mit einer Taste \
         verlassen, Rückruf gewünscht, herausgenommen.",
    ),
    (
        "holds",
        "How often callers were put on hold, and for how long together. It is part of the talk.",
        "Wie oft Anrufer gehalten wurden, und wie lange zusammen. Es ist Teil des Gesprächs.",
    ),
    (
        "level",
        "Answered in time / (answered with a threshold + gave up after the threshold). Who gives up before the \
         threshold does not count; without a threshold there is none.",
        "Rechtzeitig angenommen / (mit Schwelle angenommen + nach der Schwelle aufgelegt). Wer vor der Schwelle auflegt, \
         zählt nicht; ohne Schwelle gibt es keinen.",
    ),
    (
        "logged-in",
        "To at least one queue: the sum of ready, not ready, rung, queue call, other call and wrap-up.",
        "In mindestens einer Warteschlange: die Summe aus bereit, nicht bereit, gerufen, Gespräch, anderem Gespräch und \
         Nachbearbeitung.",
    ),
    (
        "mean-handling",
        "Talk and wrap-up for each such call.",
        "Gespräch und Nachbearbeitung je solchem Anruf.",
    ),
    (
        "mean-talk",
        "From the agent's answer to the end of her side, holding included, for each call that an agent talked on, \
         callbacks too.",
        "Von der Annahme bis zum Ende der Seite des Agenten, Halten eingeschlossen, je Anruf, auf dem ein Agent sprach, \
         auch bei Rückrufen.",
    ),
    (
        "mean-wait",
        "Of the answered, from entering the line to the answer. The longest wait is of all calls.",
        "Der angenommenen, vom Eintritt in die Warteschlange bis zur Annahme. Die längste Wartezeit gilt für alle \
         Anrufe.",
    ),
    (
        "missed",
        "The phone rang out. If somebody else answered, or the caller was gone, it is no miss.",
        "Das Telefon klingelte, und niemand nahm ab. Nahm jemand anders an oder war der Anrufer fort, gilt es nicht als \
         verpasst.",
    ),
    (
        "occupancy",
        "(Rung + queue calls + wrap-up) / (the same + ready).",
        "(Gerufen + Gespräche + Nachbearbeitung) / (dasselbe + bereit).",
    ),
    (
        "offered",
        "Calls that entered the queue in the interval, or tried to, whatever came of them later: the sum of answered, \
         gave up and elsewhere. Calls that are not over are not counted.",
        "Anrufe, die in dieser Zeit in die Warteschlange kamen oder es versuchten, was auch immer später aus ihnen wurde: \
         die Summe aus angenommen, aufgelegt und anderswohin. Was noch nicht vorbei ist, zählt nicht.",
    ),
    (
        "other-calls",
        "Calls that came through no queue, from or to the agent's phones, and were answered.",
        "Anrufe ohne Warteschlange, von den oder an die Telefone des Agenten, die angenommen wurden.",
    ),
    (
        "states",
        "And not ready and so on: the most telling over all queues, in this order: queue call, other call, ringing, \
         wrap-up, ready, not ready.",
        "Und nicht bereit und so weiter: das Aussagekräftigste über alle Warteschlangen, in dieser Reihenfolge: Gespräch, \
         anderes Gespräch, Klingeln, Nachbearbeitung, bereit, nicht bereit.",
    ),
    (
        "together",
        "Counts are added; means and shares are made anew from all calls, not from the means of the rows.",
        "Anzahlen werden addiert; Mittelwerte und Anteile werden neu aus allen Anrufen gebildet, nicht aus den \
         Mittelwerten der Zeilen.",
    ),
];

/// A name.
pub(crate) fn say(language: Language, key: &str) -> &'static str {
    find(NAMES, language, key)
}

/// What a number means.
pub(crate) fn define(language: Language, key: &str) -> &'static str {
    find(MEANINGS, language, key)
}

fn find(words: &'static Words, language: Language, key: &str) -> &'static str {
    let found = words.iter().find(|(word, _, _)| *word == key);
    debug_assert!(found.is_some(), "{key} has no words");
    let Some((_, english, german)) = found else { return "" };
    match language {
        Language::En => english,
        Language::De => german,
    }
}
