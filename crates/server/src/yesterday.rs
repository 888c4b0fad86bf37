//! What a plan would have made of the last recorded day, reckoned within seconds: the day is run again under both
//! provisionings, on a thread of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::provisioning::{Compared, QueueForecast};
use forecast::Estimate;
use forecast::day::Day;
use forecast::rerun::{Counts, Figures, Rerun, past, touched};
use model::{Directory, ExtensionNumber};
use store::{Plan, Store};
use tokio::sync::oneshot;

use crate::recorded::{self, FOLDER, Place};

/// How long the recorded stretch is at most.
const LENGTH_MAX: Duration = Duration::from_secs(24 * 3_600);
/// Most bytes of the journal that are read, but for its newest segment: the stretch is shorter otherwise.
const BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most calls that are run again: the last ones.
const CALLS_MAX: usize = 50_000;
/// Fewest calls of a queue that say anything.
const CALLS_MIN: u64 = 20;
/// How long reading may take.
const READ_MAX: Duration = Duration::from_secs(2);
/// How long all of it may take.
const TIME_MAX: Duration = Duration::from_secs(4);
/// Most runs under each provisioning.
const RUNS_MAX: u32 = 10;
/// Fewest runs of which an error can be made.
const RUNS_MIN: u32 = 3;
/// Most queues in an answer.
const QUEUES_MAX: usize = 50;
/// The same day again gives the same figures.
const SEED: u64 = 1;
/// The model is said to be off where its service level of the day as it was lies further from the recorded one.
const OFF: f64 = 0.02;

/// What was reckoned.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Forecast {
    /// One for each queue whose routing the plan changes.
    pub(crate) queues: Vec<QueueForecast>,
    /// Why there is none, or what is left out.
    pub(crate) note: Option<String>,
}

impl Forecast {
    fn none(why: impl Into<String>) -> Self {
        Self { queues: Vec::new(), note: Some(why.into()) }
    }
}

/// Reckons what a plan would have made of the day that the journal of this data directory has. A switch may be
/// writing it; it is not held up.
pub(crate) async fn forecast(store: &Store, plan: &Plan) -> Forecast {
    let (Some(tenant), Some(routing)) = (plan.tenant(), plan.routing()) else { return Forecast::default() };
    let queues = touched(&routing.0, &routing.1);
    if queues.is_empty() {
        return Forecast::default();
    }
    let folder: PathBuf = store.data_dir().join(FOLDER);
    let place = Place::new(folder, store.journal_key());
    let (done, reckoned) = oneshot::channel();
    let work = move || {
        let until = Clock::start();
        let day = recorded::last(&place, tenant, LENGTH_MAX, BYTES_MAX, &mut || until.has(READ_MAX));
        let forecast = match day {
            Ok(Some(day)) => of(day, &routing, queues.into_iter().collect(), &until),
            Ok(None) if until.has(READ_MAX) => Forecast::none("nothing is recorded yet"),
            Ok(None) => Forecast::none(too_long("reading the journal")),
            Err(error) => Forecast::none(format!("the journal cannot be read: {error:#}")),
        };
        // Whoever asked may be gone.
        let _gone = done.send(forecast);
    };
    if let Err(error) = std::thread::Builder::new().name("forecast".into()).spawn(work) {
        return Forecast::none(format!("no thread can be started: {error}"));
    }
    reckoned.await.unwrap_or_else(|_| Forecast::none("reckoning broke; please report it"))
}

/// How long it has been going on.
struct Clock(Instant);

impl Clock {
    fn start() -> Self {
        Self(Instant::now())
    }

    fn has(&self, time: Duration) -> bool {
        self.0.elapsed() < time
    }
}

fn too_long(what: &str) -> String {
    format!("{what} takes too long for a plan; `cordboard replay --journal DIR --with FILE` takes its time")
}

fn of(
    mut day: Day,
    routing: &Arc<(Directory, Directory)>,
    queues: Vec<ExtensionNumber>,
    clock: &Clock,
) -> Forecast {
    day.keep_last(CALLS_MAX);
    let recorded = past(&day);
    let same = Rerun::new(&day, Directory::clone(&day.directory), SEED);
    let other = Rerun::new(&day, routing.1.clone(), SEED);
    let (mut modelled, mut planned) = (Vec::new(), Vec::new());
    for index in 0..RUNS_MAX {
        let mut go_on = || clock.has(TIME_MAX);
        let (Some(as_it_was), Some(under)) =
            (same.run_while(index, &mut go_on), other.run_while(index, &mut go_on))
        else {
            break;
        };
        modelled.push(as_it_was);
        planned.push(under);
    }
    let runs = u32::try_from(planned.len()).unwrap_or(RUNS_MAX);
    if runs < RUNS_MIN {
        return Forecast::none(too_long(&format!("running {} calls again", day.calls.len())));
    }
    let length = day.to.since(day.from).as_secs_f64().round();
    let mut few: Vec<String> = Vec::new();
    let mut forecasts = Vec::new();
    for number in queues {
        let calls = |figures: &Figures| figures.queues.get(&number).copied().unwrap_or_default().offered;
        let most = planned.iter().map(calls).max().unwrap_or_default().max(calls(&recorded));
        if most < CALLS_MIN {
            few.push(number.to_string());
            continue;
        }
        let figure = |of: fn(&Counts) -> Option<f64>| compared(&number, of, &recorded, &modelled, &planned);
        forecasts.push(QueueForecast {
            queue: number.to_string(),
            length,
            runs,
            offered: figure(|counts| Some(counts.offered as f64)),
            service_level: figure(|counts| counts.share(counts.in_time)),
            wait_mean: figure(Counts::wait_mean),
            abandoned: figure(|counts| counts.share(counts.abandoned)),
            left: figure(|counts| counts.share(counts.left)),
        });
    }
    let mut notes = Vec::new();
    if !few.is_empty() {
        few.truncate(QUEUES_MAX);
        let last = span(length);
        notes.push(format!("fewer than {CALLS_MIN} calls in the last {last}: {}", few.join(", ")));
    }
    if forecasts.len() > QUEUES_MAX {
        notes.push(format!("{} more queues change", forecasts.len() - QUEUES_MAX));
        forecasts.truncate(QUEUES_MAX);
    }
    Forecast { queues: forecasts, note: (!notes.is_empty()).then(|| notes.join("; ")) }
}

fn compared(
    queue: &ExtensionNumber,
    figure: fn(&Counts) -> Option<f64>,
    recorded: &Figures,
    modelled: &[Figures],
    planned: &[Figures],
) -> Compared {
    let one = |figures: &Figures| figure(figures.queues.get(queue)?);
    let mean = |runs: &[Figures]| {
        let values: Vec<f64> = runs.iter().filter_map(one).collect();
        (!values.is_empty()).then(|| Estimate::of(values))
    };
    let planned = mean(planned);
    Compared {
        recorded: one(recorded),
        modelled: mean(modelled).map(|estimate| estimate.mean),
        planned: planned.map(|estimate| estimate.mean),
        planned_error: planned.map(|estimate| estimate.error),
    }
}

/// One line of it, for people.
pub(crate) fn line(of: &QueueForecast) -> String {
    let percent = |figure| shown(figure, 100.0, " %");
    let calls = of.offered.recorded.unwrap_or_default();
    let mut line = format!(
        "last {}: queue {} ({calls:.0} calls): service level {}, mean wait {}, abandoned {}",
        span(of.length),
        of.queue,
        percent(of.service_level),
        shown(of.wait_mean, 1.0, " s"),
        percent(of.abandoned),
    );
    let changed = of.offered.planned.unwrap_or_default() - calls;
    if changed.abs() >= 1.0 {
        line.push_str(&format!(", calls {}", shown(of.offered, 1.0, "")));
    }
    let left = of.left;
    if (left.planned.unwrap_or_default() - left.recorded.unwrap_or_default()).abs() >= 0.001 {
        line.push_str(&format!(", sent away {}", percent(left)));
    }
    let level = of.service_level;
    if let (Some(recorded), Some(modelled)) = (level.recorded, level.modelled)
        && (recorded - modelled).abs() > OFF
    {
        let modelled = modelled * 100.0;
        line.push_str(&format!("; trust it little: the model has {modelled:.1} % for the day as it was"));
    }
    line
}

fn shown(of: Compared, times: f64, unit: &str) -> String {
    let one = |value: Option<f64>| {
        value.map_or_else(|| "-".to_owned(), |value| format!("{:.1}{unit}", value * times))
    };
    let error = of.planned_error.map(|error| format!(" (±{:.1})", error * times)).unwrap_or_default();
    format!("{} -> {}{error}", one(of.recorded), one(of.planned))
}

/// A length of time, roughly.
fn span(seconds: f64) -> String {
    match seconds / 60.0 {
        minutes if minutes < 120.0 => format!("{minutes:.0} min"),
        minutes => format!("{:.0} h", minutes / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;
    use crate::recorded::written::{FILE, Office};

    async fn planned(store: &Store, text: &str) -> Forecast {
        let plan = store.plan(store::provisioning::parse(text, &[]).unwrap()).await.unwrap();
        forecast(store, &plan).await
    }

    /// A second agent in the queue, who was there all day.
    fn with_bob() -> String {
        FILE.replace("[{agent: \"100\"}]", "[{agent: \"100\"}, {agent: \"101\"}]")
    }

    #[tokio::test]
    async fn a_plan_says_what_it_would_have_made_of_the_day_that_a_running_switch_records() {
        let folder = tempfile::tempdir().unwrap();
        let mut office = Office::open(folder.path()).await;
        office.calls(40, 47);
        let Forecast { queues, note } = planned(&office.store, &with_bob()).await;
        assert_eq!((queues.len(), note), (1, None));
        let of = &queues[0];
        assert_eq!((of.queue.as_str(), of.runs), ("800", RUNS_MAX));
        assert_eq!((of.offered.recorded, of.offered.planned), (Some(40.0), Some(40.0)));
        // Ann alone falls behind by three seconds with each call; with Bob each caller waits as long as the phone rings.
        let level = of.service_level;
        assert!(level.recorded < Some(0.2) && level.planned > Some(0.99), "{of:?}");
        assert!((level.recorded.unwrap() - level.modelled.unwrap()).abs() < OFF, "{of:?}");
        assert!(of.wait_mean.recorded > Some(20.0) && of.wait_mean.planned < Some(5.0), "{of:?}");
        let line = line(of);
        assert!(
            line.starts_with("last 34 min: queue 800 (40 calls): service level 15.0 % -> 100.0 % (±0.0), "),
            "{line}"
        );
        office.switch.close(Timestamp::from_secs(3_000)).unwrap();
    }

    #[tokio::test]
    async fn nothing_is_said_where_routing_does_not_change_and_why_where_there_is_too_little() {
        let folder = tempfile::tempdir().unwrap();
        let mut office = Office::open(folder.path()).await;
        assert_eq!(planned(&office.store, FILE).await, Forecast::default());
        let renamed = FILE.replace("Front desk", "Reception");
        assert_eq!(planned(&office.store, &renamed).await, Forecast::default());
        let new = FILE.replace("tiny.test", "new.test");
        assert_eq!(planned(&office.store, &new).await, Forecast::default());
        office.calls(3, 60);
        let few = "fewer than 20 calls in the last 3 min: 800";
        assert_eq!(planned(&office.store, &with_bob()).await, Forecast::none(few));

        let empty = tempfile::tempdir().unwrap();
        let store = Store::open(empty.path()).await.unwrap();
        let plan = store.plan(store::provisioning::parse(FILE, &[]).unwrap()).await.unwrap();
        store.apply(&plan, Timestamp::ZERO).await.unwrap();
        assert_eq!(planned(&store, &with_bob()).await, Forecast::none("nothing is recorded yet"));
    }

    #[test]
    fn a_line_says_what_the_model_cannot_be_trusted_with_and_where_calls_go() {
        let compared = |recorded, modelled, planned| Compared {
            recorded,
            modelled: Some(modelled),
            planned: Some(planned),
            planned_error: Some(0.0114),
        };
        let mut of = QueueForecast {
            queue: "8000".into(),
            length: 86_400.0,
            runs: 10,
            offered: compared(Some(412.0), 412.0, 412.0),
            service_level: compared(Some(0.812), 0.807, 0.84),
            wait_mean: compared(Some(23.0), 22.0, 18.04),
            abandoned: compared(Some(0.061), 0.06, 0.049),
            left: compared(Some(0.0), 0.0, 0.0),
        };
        assert_eq!(
            line(&of),
            "last 24 h: queue 8000 (412 calls): service level 81.2 % -> 84.0 % (±1.1), mean wait 23.0 s -> 18.0 s \
             (±0.0), abandoned 6.1 % -> 4.9 % (±1.1)"
        );
        of.service_level = compared(Some(0.812), 0.7, 0.84);
        of.left = compared(Some(0.0), 0.0, 0.2);
        of.offered = compared(None, 0.0, 100.0);
        of.wait_mean = compared(None, 22.0, 18.0);
        assert_eq!(
            line(&of),
            "last 24 h: queue 8000 (0 calls): service level 81.2 % -> 84.0 % (±1.1), mean wait - -> 18.0 s (±0.0), \
             abandoned 6.1 % -> 4.9 % (±1.1), calls - -> 100.0 (±0.0), sent away 0.0 % -> 20.0 % (±1.1); trust it \
             little: the model has 70.0 % for the day as it was"
        );
    }
}
