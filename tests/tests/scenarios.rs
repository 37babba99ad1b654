//! Every scenario, replayed on the engine in this process and compared with what the real server answered.

use std::fs;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use vaultlet_tests::engine::Engine;
use vaultlet_tests::scenario::{self, Scenario, Side};

fn main() -> ExitCode {
    let trial = |(name, path): (String, _)| {
        Trial::test(name, move || {
            let scenario = Scenario::parse(&fs::read_to_string(path)?)?;
            Ok(scenario::run(&scenario, Engine::start(scenario.server, 1).as_mut(), Side::Engine)?)
        })
    };
    libtest_mimic::run(&Arguments::from_args(), scenario::files().into_iter().map(trial).collect())
        .exit_code()
}
