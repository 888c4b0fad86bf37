//! What the server costs: CPU-seconds per operation, latency and memory, on loopback, against its aims.
//!
//! `bench [WORD...]` runs the cases whose name has one of the words, or all. The server's CPU time is read
//! from `/proc/PID/stat`, so what the clients spend on the same machine does not count, though it competes.
//! Every case starts a server of its own; SIPp's raw output is kept in the folder named at the end.
#![expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]

mod cases;
mod listener;
mod measure;
mod phones;
mod sockets;
mod table;
mod workplace;

use std::path::PathBuf;
use std::process::ExitCode;

use table::Row;
use workplace::Workplace;

/// What a case is called, and what it measures.
type Case = (&'static str, fn(&Workplace) -> anyhow::Result<Vec<Row>>);

const CASES: [Case; 8] = [
    ("register", cases::register),
    ("call", cases::two_leg_call),
    ("queue", cases::queue_of_200),
    ("offer", cases::first_offer),
    ("reoffer", cases::reoffer),
    ("relay", cases::relay),
    ("waiting", cases::waiting),
    ("sockets", cases::sockets),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> anyhow::Result<()> {
    let binary = std::env::var_os("CORDBOARD_BENCH_BINARY").map(PathBuf::from);
    let place = Workplace::new(binary)?;
    let mut rows = Vec::new();
    let mut failed = 0;
    for (name, case) in
        CASES.iter().filter(|(name, _)| words.is_empty() || words.iter().any(|w| name.contains(w.as_str())))
    {
        eprintln!("bench: {name}");
        match case(&place) {
            Ok(measured) => rows.extend(measured),
            Err(error) => {
                failed += 1;
                rows.push(Row::failed(name, &error));
            }
        }
    }
    print!("{}", table::print(&rows));
    println!("\nServer's CPU time from /proc, one core is 100 %. Raw output: {}", place.folder().display());
    anyhow::ensure!(failed == 0, "{failed} of the cases failed");
    Ok(())
}
