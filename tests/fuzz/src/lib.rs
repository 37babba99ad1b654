//! What is fuzzed: each target reads bytes as somebody else may have written them, and panics if an invariant breaks. It knows no fuzzer.
#![forbid(unsafe_code)]

mod policies;
mod requests;
#[cfg(not(fuzzing))]
mod seeds;
mod shell;
mod snapshots;
mod tokens;

#[cfg(not(fuzzing))]
pub use seeds::write as write_seeds;

/// A target: its name, as `cargo xtask fuzz` takes it, and what it does with bytes. It panics if an invariant breaks.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 9] = [
    ("token", tokens::text),
    ("frame", tokens::frame),
    ("protobuf", tokens::protobuf),
    ("policy", policies::policy),
    ("json", requests::json),
    ("request", requests::requests),
    ("shell", shell::script),
    ("arguments", shell::arguments),
    ("snapshot", snapshots::snapshot),
];

/// What the target of a name does.
pub fn target(name: &str) -> Option<fn(&[u8])> {
    TARGETS.iter().find(|(known, _)| *known == name).map(|(_, run)| *run)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Also without a fuzzer what is recorded must pass.
    #[test]
    fn every_target_takes_its_seeds() {
        let recorded = seeds::Recorded::read();
        for (name, run) in TARGETS {
            let seeds = recorded.seeds(name);
            assert!(!seeds.is_empty(), "{name} begins with nothing");
            seeds.iter().step_by(seeds.len().div_ceil(40)).for_each(|seed| run(seed));
            [b"".as_slice(), b"\0", b"\xff\xff"].into_iter().for_each(run);
        }
    }
}
