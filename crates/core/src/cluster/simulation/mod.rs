//! A cluster under a hostile network and hostile luck, from a seed: delays, losses, repetitions, reorderings, cut links, crashes between
//! any two things that a node does, promotions that nobody needed. Only in tests.
//!
//! ```text
//! cargo test -p vaultlet-core --lib cluster::simulation                                               two dozen seeds
//! VAULTLET_SEEDS=10000 cargo test --profile thorough -p vaultlet-core --lib cluster::simulation       as many as asked
//! VAULTLET_SEED=4711 cargo test -p vaultlet-core --lib cluster::simulation                            that one again
//! ```

mod clients;
mod world;

use std::env;
use std::thread;

use world::World;

/// How many seeds a plain test run takes.
const SEEDS: u64 = 24;

/// One run from its seed: what was done, or which promise was broken.
fn run(seed: u64) -> Result<Tally, String> {
    let mut world = World::new(seed);
    let steps = 100 + world.dice.below(300);
    for _ in 0..steps {
        world.step()?;
    }
    world.calm_down()?;
    world.judge()?;
    Ok(world.tally)
}

/// What runs did, so that a simulation that does nothing is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    acknowledged: u64,
    revoked: u64,
    crashes: u64,
    promotions: u64,
    lost: u64,
    states: u64,
    nonces: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.revoked += other.revoked;
        self.crashes += other.crashes;
        self.promotions += other.promotions;
        self.lost += other.lost;
        self.states += other.states;
        self.nonces += other.nonces;
    }
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Runs every `stride`th seed from `first`.
fn share(first: u64, end: u64, stride: usize) -> Tally {
    let mut tally = Tally::default();
    for seed in (first..end).step_by(stride) {
        let ran = std::panic::catch_unwind(|| run(seed)).unwrap_or_else(|_| Err("it panicked".to_owned()));
        match ran {
            Ok(ran) => tally.add(ran),
            Err(broken) => panic!(
                "seed {seed}: {broken}\nreplay: VAULTLET_SEED={seed} cargo test -p vaultlet-core --lib cluster::simulation"
            ),
        }
    }
    tally
}

#[test]
#[allow(clippy::print_stderr, reason = "the figures of a long run")]
fn nothing_acknowledged_is_lost_and_nothing_revoked_lives_on() {
    if let Some(seed) = number("VAULTLET_SEED") {
        eprintln!("{:?}", run(seed).unwrap_or_else(|broken| panic!("seed {seed}: {broken}")));
        return;
    }
    let seeds = number("VAULTLET_SEEDS").unwrap_or(SEEDS);
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let halves = [0, 1].map(|first| scope.spawn(move || share(first, seeds, 2)));
        for half in halves {
            match half.join() {
                Ok(half) => tally.add(half),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    eprintln!("{seeds} seeds: {tally:?}");
    let Tally { acknowledged, revoked, crashes, promotions, lost, states, nonces } = tally;
    let least = seeds / 2;
    let all = [acknowledged, revoked, crashes, promotions, lost, states, nonces];
    assert!(all.iter().all(|&count| count > least), "something hardly ever happens: {tally:?}");
}

#[test]
fn a_seed_replays() {
    assert_eq!(run(7).unwrap(), run(7).unwrap());
}
