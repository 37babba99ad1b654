//! Measures natively, and prints `name figure` lines: nanoseconds of the processor's time, the middle of five runs. With a word it measures only the requests
//! whose names contain it, with `growth PART` what a vault costs as it grows.
#![allow(clippy::print_stdout, reason = "figures for the command that asked")]

mod growth;

use std::fs;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use vaultlet_bench::{Engine, Work};

const ROUNDS: u32 = 50_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["growth", part] => growth::run(part),
        [only] => requests(only),
        _ => {
            tokens();
            requests("");
        }
    }
}

fn tokens() {
    let work = Work::new();
    let figure = |name: &str, run: &dyn Fn() -> usize| {
        let all = median(1, || {
            std::hint::black_box(run());
        });
        println!("{name} {:.0}", all / f64::from(ROUNDS));
    };
    figure("seal", &|| work.seal(ROUNDS));
    figure("open", &|| work.open(ROUNDS));
    figure("bytes-seal", &|| work.seal_bytes(ROUNDS));
    figure("bytes-open", &|| work.open_bytes(ROUNDS));
}

/// Those whose names contain a word, so that one can be profiled alone.
fn requests(only: &str) {
    let rounds = 10_000;
    let mut engine = Engine::new();
    let mut figure = |name: &str, run: fn(&mut Engine, u32) -> u32| {
        if !name.contains(only) {
            return;
        }
        let each = median(1, || assert_eq!(run(&mut engine, rounds), rounds)) / f64::from(rounds);
        println!("{name} {each:.0}");
    };
    figure("lookup-service", Engine::lookup_service);
    figure("lookup-batch", Engine::lookup_batch);
    figure("create-batch", Engine::create_batch);
    figure("create-service", Engine::create_service);
}

/// Nanoseconds a round: the middle of five runs.
fn median(rounds: usize, mut round: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let begun = worked();
            (0..rounds).for_each(|_| round());
            (worked() - begun).as_secs_f64() * 1e9 / rounds as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long this process has worked, whatever else the machine did; where that is not told, how long it has lived.
fn worked() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let begun = BEGUN.get_or_init(Instant::now);
    let told = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse().ok());
    nanos.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}
