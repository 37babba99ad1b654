//! Measures natively, and prints nanoseconds a token: the middle of five runs.
#![allow(clippy::print_stdout, reason = "figures for the command that asked")]

use std::time::Instant;

use vaultlet_bench::Work;

const ROUNDS: u32 = 50_000;

fn main() {
    let work = Work::new();
    println!("seal {:.0}", median(|| work.seal(ROUNDS)));
    println!("open {:.0}", median(|| work.open(ROUNDS)));
    println!("bytes-seal {:.0}", median(|| work.seal_bytes(ROUNDS)));
    println!("bytes-open {:.0}", median(|| work.open_bytes(ROUNDS)));
}

fn median(run: impl Fn() -> usize) -> f64 {
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            std::hint::black_box(run());
            begun.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
