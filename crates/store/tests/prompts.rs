//! A domain's own sounds: what a file says of them, what others brought, and what is left on the disk.

use std::time::Duration;

use model::TenantId;
use store::prompt::PROMPTS_LENGTH_MAX;
use store::{ApplyError, Author, KeptSound, Plan, PlanError, Prompt, PromptSource, SavePromptError};

use crate::world::{NOW, PROMPTS, World};

const FILE: &str = "domain: acme.test
language: de-AT
prompts:
  - {name: welcome, text: Guten Tag.}
  - {name: welcome, language: en, text: Hello., voice: en-us}
  - {name: hold, language: en, file: music/hold.mp3}
queues:
  - number: \"8000\"
    name: Support
    moh: hold
    on_no_answer: {hangup: {message: goodbye}}
numbers:
  - {number: \"+4930111\", open: {hangup: {message: welcome}}}
";

/// A sound that stands for its text.
fn sound(world: &World, of: &str, seconds: u64) -> KeptSound {
    let sha256 = world.store.keep_sound(of.as_bytes()).unwrap();
    KeptSound { sha256, length: Duration::from_secs(seconds), loudness: -18.5, bytes: of.len() as u64 }
}

fn uploaded(world: &World, language: &str, name: &str, of: &str) -> Prompt {
    Prompt {
        language: language.into(),
        name: name.into(),
        source: PromptSource::Upload,
        provisioned: false,
        sound: sound(world, of, 2),
        changed_at: NOW,
        changed_by: "Ada Bay".into(),
    }
}

/// A plan, with the sounds of all files but not those of texts.
async fn plan(world: &World, text: &str) -> Result<Plan, PlanError> {
    let mut wanted = world.store.read_file(text, &PROMPTS).await?;
    for prompt in wanted.prompts_mut() {
        if let PromptSource::File { path } = &prompt.source {
            prompt.sound = Some(sound(world, path, 3));
        }
    }
    world.store.plan(wanted).await
}

/// Makes what the plan wants, and carries it out.
async fn carry_out(world: &World, mut plan: Plan) -> TenantId {
    for index in plan.sounds_wanted().to_vec() {
        let prompt = plan.prompt(index).unwrap();
        let made = sound(world, &format!("{:?}", prompt.source), 1);
        plan.give_sound(index, made);
    }
    let tenant = world.store.apply_by(&plan, NOW, &Author::named("Ada Bay")).await.unwrap().tenant;
    world.document_says_what_is_there(plan.domain()).await;
    tenant
}

async fn lines(world: &World, text: &str) -> Vec<String> {
    plan(world, text).await.unwrap().lines().to_vec()
}

async fn names(world: &World, tenant: TenantId) -> Vec<String> {
    let prompts = world.store.prompts(tenant).await.unwrap();
    prompts
        .into_iter()
        .map(|prompt| format!("{}/{} {}", prompt.language, prompt.name, prompt.source.word()))
        .collect()
}

#[tokio::test]
async fn a_file_brings_its_prompts_and_a_second_run_changes_nothing() {
    let world = World::new().await;
    let first = plan(&world, FILE).await.unwrap();
    assert_eq!(first.sounds_wanted(), [0, 1], "the file's sound is there, the texts' are not");
    let tail = first.lines().iter().rev().take(3).rev().collect::<Vec<_>>();
    assert_eq!(tail, ["+ prompt de-at/welcome", "+ prompt en/hold", "+ prompt en/welcome"]);
    assert!(
        matches!(world.store.apply(&first, NOW).await, Err(ApplyError::Prompts(_))),
        "no silence is applied"
    );

    let tenant = carry_out(&world, first).await;
    assert_eq!(world.store.directory(tenant).await.unwrap().tenant.language, "de-at");
    assert_eq!(names(&world, tenant).await, ["de-at/welcome text", "en/hold file", "en/welcome text"]);
    let again = plan(&world, FILE).await.unwrap();
    assert_eq!((again.to_string().as_str(), again.sounds_wanted().len()), ("no changes", 0));
    let world = world.reopen().await;
    assert_eq!(lines(&world, FILE).await, [""; 0]);
    let kept = &world.store.prompts(tenant).await.unwrap()[0];
    assert_eq!((kept.changed_by.as_str(), kept.changed_at, kept.sound.loudness), ("Ada Bay", NOW, -18.5));
    assert!(world.store.sound_path(&kept.sound.sha256).exists());
}

#[tokio::test]
async fn a_plan_says_what_changes_in_a_prompt() {
    let world = World::new().await;
    let first = plan(&world, FILE).await.unwrap();
    carry_out(&world, first).await;
    let other = FILE
        .replace("Guten Tag.", "Grüß Gott.")
        .replace("voice: en-us", "voice: en-gb")
        .replace("music/hold.mp3", "music/other.mp3")
        .replace("de-AT", "de");
    assert_eq!(
        lines(&world, &other.replace("language: de\n", "language: de-at\n")).await,
        [
            "~ prompt de-at/welcome text \"Guten Tag.\" -> \"Grüß Gott.\"",
            "~ prompt en/hold file music/hold.mp3 -> music/other.mp3",
            "~ prompt en/hold sound",
            "~ prompt en/welcome voice en-us -> en-gb",
        ]
    );
    let gone = lines(&world, &other).await;
    assert!(gone.contains(&"~ domain acme.test language de-at -> de".to_owned()), "{gone:?}");
    assert!(gone.contains(&"- prompt de-at/welcome".to_owned()), "{gone:?}");
}

#[tokio::test]
async fn what_was_uploaded_is_left_alone_until_the_file_names_it() {
    let world = World::new().await;
    let first = plan(&world, FILE).await.unwrap();
    let tenant = carry_out(&world, first).await;
    world
        .store
        .save_prompt(tenant, &uploaded(&world, "en", "sorry", "sorry"), &Author::named("Ada Bay"))
        .await
        .unwrap();
    assert_eq!(lines(&world, FILE).await, [""; 0]);
    let named = FILE.replace("message: goodbye", "message: sorry");
    assert_eq!(
        lines(&world, &named).await,
        ["~ queue 8000 on_no_answer hangup:goodbye -> hangup:sorry"],
        "the file may name it"
    );
    let unknown = world.store.read_file(&FILE.replace("message: goodbye", "message: sory"), &PROMPTS).await;
    assert!(unknown.unwrap_err().to_string().contains("did you mean `sorry`?"));

    let taken =
        FILE.replace("  - {name: hold", "  - {name: sorry, language: en, text: Sorry.}\n  - {name: hold");
    let plan = plan(&world, &taken).await.unwrap();
    assert_eq!(plan.lines()[0], "~ prompt en/sorry source upload -> text");
    carry_out(&world, plan).await;
    let without = lines(&world, FILE).await;
    assert_eq!(without, ["- prompt en/sorry"], "from then on it is the file's");
}

#[tokio::test]
async fn a_prompt_that_the_file_no_longer_brings_cannot_be_named_in_it() {
    let world = World::new().await;
    let first = plan(&world, FILE).await.unwrap();
    carry_out(&world, first).await;
    let without = FILE.replace("  - {name: hold, language: en, file: music/hold.mp3}\n", "");
    let problem = world.store.read_file(&without, &PROMPTS).await.unwrap_err().to_string();
    assert!(
        problem.contains("`moh` of the queue is `hold`, and there is no prompt of that name"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_step_back_brings_the_sounds_of_then() {
    let world = World::new().await;
    let first = plan(&world, FILE).await.unwrap();
    let tenant = carry_out(&world, first).await;
    let before = world.store.prompts(tenant).await.unwrap();
    let other = FILE.replace("Guten Tag.", "Grüß Gott.").replace("music/hold.mp3", "music/other.mp3");
    let second = plan(&world, &other).await.unwrap();
    carry_out(&world, second).await;
    assert_eq!(world.store.sweep_sounds().await.unwrap(), 0, "the history still names them");

    let back = world.store.plan_revert("acme.test", &PROMPTS).await.unwrap();
    assert_eq!(back.sounds_wanted(), [0_usize; 0], "nothing has to be made again");
    world.store.apply(&back, NOW).await.unwrap();
    let sounds = |prompts: Vec<Prompt>| prompts.into_iter().map(|prompt| prompt.sound).collect::<Vec<_>>();
    assert_eq!(sounds(world.store.prompts(tenant).await.unwrap()), sounds(before));
}

#[tokio::test]
async fn every_fault_of_a_prompt_is_told_with_its_line() {
    let world = World::new().await;
    let file = "domain: acme.test
language: deutsch
prompts:
  - {name: Up, text: a}
  - {name: a}
  - {name: b, text: a, file: b}
  - {name: c, file: c.wav, voice: de}
  - {name: d, text: \" \"}
  - {name: e, language: \"../..\", text: a}
  - {name: f, text: a, voice: \"-w/etc/x\"}
  - {name: g, text: a}
  - {name: g, text: b}
  - {name: h, texts: b}
";
    let PlanError::Problems(problems) = world.store.read_file(file, &PROMPTS).await.unwrap_err() else {
        panic!()
    };
    let found: Vec<String> =
        problems.iter().map(|problem| format!("{} {}", problem.line, problem.text)).collect();
    let expected = [
        "2 `language` of the file is `deutsch`; it is a tag like de or de-AT",
        "4 `name` of the prompt is `Up`; it has 1 to 64 of lower-case letters, digits and `-`",
        "5 the prompt wants exactly one of text, file",
        "6 the prompt wants exactly one of text, file",
        "7 `voice` of the prompt is for a `text`, not for a `file`",
        "8 `text` of the prompt has 0 characters; 1 to 2000 are allowed",
        "9 `language` of the prompt is `../..`; it is a tag like de or de-AT",
        "10 `voice` of the prompt is the name of an espeak-ng voice, like en-us or de+f3",
        "12 prompt en/g is there already on line 11",
    ];
    assert_eq!(found[..expected.len()], expected);
    assert!(found[expected.len()..].iter().all(|line| line.starts_with("13 ")), "{found:#?}");
}

#[tokio::test]
async fn where_a_prompt_is_played_is_known() {
    let world = World::new().await;
    let flows = "flows:
  - number: \"7000\"
    name: Support direct
    kind: agent_extension
    greeting: welcome
    on_unavailable: {hangup: {message: hold}}
    on_no_answer: {hangup: }
    on_busy: {hangup: }
    on_repeats_exhausted: {hangup: }
    on_star: {queue: \"8000\"}
  - number: \"7001\"
    name: Main
    kind: tree
    steps:
      - {id: hello, do: play, prompts: [welcome, {number: dialed}], next: menu}
      - {id: menu, do: menu, prompts: [hold], keys: {\"1\": bye}, no_input: hold, on_failed: bye}
      - {id: bye, do: leave, to: {hangup: {message: goodbye}}}
";
    let plan = plan(&world, &format!("{FILE}{flows}")).await.unwrap_or_else(|error| panic!("{error}"));
    let tenant = carry_out(&world, plan).await;
    let uses = world.store.prompt_uses(tenant).await.unwrap();
    assert_eq!(
        uses["hold"],
        [
            "queue 8000 moh",
            "flow 7000 on_unavailable",
            "flow 7001 step menu prompts",
            "flow 7001 step menu no_input"
        ]
    );
    assert_eq!(
        uses["welcome"],
        ["flow 7000 greeting", "flow 7001 step hello prompts", "number +4930111 open"]
    );
    assert_eq!(uses["goodbye"], ["queue 8000 on_no_answer", "flow 7001 step bye leave"]);
}

#[tokio::test]
async fn there_is_a_limit_to_how_long_all_play_together() {
    let world = World::new().await;
    let first = plan(&world, FILE).await.unwrap();
    let tenant = carry_out(&world, first).await;
    let mut long = uploaded(&world, "en", "long", "long");
    long.sound.length = PROMPTS_LENGTH_MAX;
    let refused = world.store.save_prompt(tenant, &long, &Author::named("Ada Bay")).await;
    assert!(matches!(refused, Err(SavePromptError::TooLong)), "{refused:?}");
    long.sound.length -= Duration::from_secs(5);
    world.store.save_prompt(tenant, &long, &Author::named("Ada Bay")).await.unwrap();
    world.store.save_prompt(tenant, &long, &Author::named("Ada Bay")).await.unwrap();
    assert!(world.store.remove_prompt(tenant, ("en", "long"), NOW, &Author::named("Ada Bay")).await.unwrap());
    assert!(
        !world.store.remove_prompt(tenant, ("en", "long"), NOW, &Author::named("Ada Bay")).await.unwrap()
    );
}

#[tokio::test]
async fn a_sound_is_kept_once_and_goes_when_nothing_names_it() {
    let world = World::new().await;
    let first = plan(&world, FILE).await.unwrap();
    let tenant = carry_out(&world, first).await;
    let prompt = uploaded(&world, "en", "sorry", "sorry");
    world.store.save_prompt(tenant, &prompt, &Author::named("Ada Bay")).await.unwrap();
    assert_eq!(sound(&world, "sorry", 2), prompt.sound);
    let path = world.store.sound_path(&prompt.sound.sha256);
    std::fs::write(path.with_extension("1.part"), "half of something").unwrap();
    assert_eq!(world.store.sweep_sounds().await.unwrap(), 1);
    assert_eq!(std::fs::read(&path).unwrap(), b"sorry");

    // A file that was damaged is made whole by the next upload of the same.
    std::fs::write(&path, "sor").unwrap();
    sound(&world, "sorry", 2);
    assert_eq!(std::fs::read(&path).unwrap(), b"sorry");
    world.store.remove_prompt(tenant, ("en", "sorry"), NOW, &Author::named("Ada Bay")).await.unwrap();
    assert_eq!(world.store.sweep_sounds().await.unwrap(), 1);
    assert!(!path.exists());
}

#[tokio::test]
async fn a_playlist_stands_wherever_a_prompt_may() {
    let world = World::new().await;
    let text = FILE
        .replace("queues:", "playlists:\n  - {name: jazz, prompts: [hold, goodbye, hold]}\nqueues:")
        .replace("moh: hold", "moh: jazz");
    let tenant = carry_out(&world, plan(&world, &text).await.unwrap()).await;
    assert_eq!(lines(&world, &text).await, [""; 0]);
    let world = world.reopen().await;
    let jazz = ["hold", "goodbye", "hold"].map(str::to_owned).to_vec();
    assert_eq!(world.store.playlists(tenant).await.unwrap(), [("jazz".to_owned(), jazz)].into());
    let uses = world.store.prompt_uses(tenant).await.unwrap();
    assert_eq!(uses["jazz"], ["queue 8000 moh"]);
    assert_eq!(uses["hold"], ["playlist jazz prompts", "playlist jazz prompts"]);
    assert_eq!(
        lines(&world, &text.replace(", goodbye, hold]", "]")).await,
        ["~ playlist jazz prompts [hold, goodbye, hold] -> [hold]"]
    );
    assert_eq!(lines(&world, FILE).await, ["~ queue 8000 moh jazz -> hold", "- playlist jazz"]);
}

#[tokio::test]
async fn a_playlist_that_cannot_be_is_refused_with_its_line() {
    let world = World::new().await;
    for (playlists, problem) in [
        ("[{name: jazz, prompts: []}]", "`prompts` of the playlist names none"),
        ("[{name: jazz}]", "the playlist wants `prompts`"),
        (
            "[{name: Jazz!, prompts: [hold]}]",
            "`name` of the playlist is `Jazz!`; it has 1 to 64 of lower-case",
        ),
        ("[{name: hold, prompts: [hold]}]", "`name` of the playlist is `hold`, and a prompt has it already"),
        ("[{name: goodbye, prompts: [hold]}]", "`goodbye`, and a prompt has it already"),
        ("[{name: a, prompts: [hold]}, {name: a, prompts: [hold]}]", "there is a playlist a already"),
        (
            "[{name: a, prompts: [holt]}]",
            "is `holt`, and there is no prompt of that name; did you mean `hold`?",
        ),
        (
            "[{name: a, prompts: [b]}, {name: b, prompts: [hold]}]",
            "is `b`, and there is no prompt of that name",
        ),
        ("[{name: a, prompts: [hold], shuffle: true}]", "shuffle"),
    ] {
        let text = FILE.replace("queues:", &format!("playlists: {playlists}\nqueues:"));
        let refused = world.store.read_file(&text, &PROMPTS).await.unwrap_err().to_string();
        assert!(refused.contains(problem) && refused.contains("line 7"), "{playlists}: {refused}");
    }
}
