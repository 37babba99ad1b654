//! What a vault costs as it grows: time for each request and memory for each token. Natively alone; it prints `name figure` lines.
#![allow(clippy::print_stdout, reason = "figures for the command that asked")]

use vaultlet_core::Method;

use crate::{median, worked};
use vaultlet_bench::Engine;

/// How many service tokens live when it is measured.
const LIVE: [usize; 3] = [1_000, 100_000, 1_000_000];
const CHILDREN: usize = 100_000;
const BATCH: usize = 1_000_000;
const ROUNDS: usize = 2_000;

/// Measures one of: batch tokens, a parent with many children, many service tokens. Memory is that of the process, so one a process.
pub(crate) fn run(part: &str) {
    match part {
        "batch" => batch_tokens(),
        "children" => children(),
        _ => service_tokens(),
    }
}

/// A batch token is stored nowhere.
fn batch_tokens() {
    let mut engine = Engine::new();
    let found =
        |engine: &mut Engine, count: usize| (0..count).filter(|_| engine.make_and_look_up_batch()).count();
    let warm = found(&mut engine, ROUNDS);
    let before = resident();
    let found = found(&mut engine, BATCH);
    assert_eq!((warm, found), (ROUNDS, BATCH), "every token is found");
    println!("batch-growth {}", resident().saturating_sub(before));
}

/// A parent takes its children along.
fn children() {
    let mut engine = Engine::new();
    let parent = engine.create_under("root");
    (0..CHILDREN).for_each(|_| drop(engine.create_under(&parent)));
    let before = engine.core().entries().count();
    let begun = worked();
    let body = format!("{{\"token\":\"{parent}\"}}");
    let status = engine.ask(Method::Post, "auth/token/revoke", "root", &body).status;
    println!("revoke-seconds {:.3}", (worked() - begun).as_secs_f64());
    let gone = before - engine.core().entries().count();
    assert_eq!((status, gone), (204, 4 * (CHILDREN + 1)), "parent and children are gone");
}

fn service_tokens() {
    let mut engine = Engine::new();
    let (empty, stored) = (resident(), stored(&engine));
    let (mut live, mut known) = (0, Vec::new());
    for wanted in LIVE {
        while live < wanted {
            let token = engine.create_under("root");
            // Some from everywhere are asked for again; the bench's own memory must not be counted.
            if live % (wanted / 1_000) == 0 {
                known.push(token);
            }
            live += 1;
        }
        println!("memory-{wanted} {:.0}", (resident() - empty) as f64 / live as f64);
        println!("stored-{wanted} {:.0}", (self::stored(&engine) - stored) as f64 / live as f64);
        measure(&mut engine, wanted, &known, &mut live);
    }
}

fn measure(engine: &mut Engine, size: usize, known: &[String], live: &mut usize) {
    let mut turn = 0;
    let mut next = || {
        turn += 7_919;
        known.get(turn % known.len()).cloned().unwrap_or_default()
    };
    let mut answered = 0;
    let lookup = median(ROUNDS, || {
        let body = format!("{{\"token\":\"{}\"}}", next());
        answered += usize::from(engine.ask(Method::Post, "auth/token/lookup", "root", &body).status == 200);
    });
    let renew = median(ROUNDS, || {
        let body = format!("{{\"token\":\"{}\"}}", next());
        answered += usize::from(engine.ask(Method::Post, "auth/token/renew", "root", &body).status == 200);
    });
    let create = median(ROUNDS / 20, || {
        answered += usize::from(!engine.create_under("root").is_empty());
        *live += 1;
    });
    assert_eq!(answered, 5 * (2 * ROUNDS + ROUNDS / 20), "every request is answered");
    println!("lookup-{size} {lookup:.0}\nrenew-{size} {renew:.0}\ncreate-{size} {create:.0}");
}

/// Bytes of keys and sealed values.
fn stored(engine: &Engine) -> usize {
    engine.core().entries().map(|(key, value)| key.len() + value.len()).sum()
}

/// Bytes of this process in memory, as Linux counts them.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.unwrap_or(0usize) * 1024
}
