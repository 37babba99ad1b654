//! Every scenario, asked again of the real server, side by side.

use std::fs;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use vaultlet_tests::openbao::OpenBao;
use vaultlet_tests::scenario::{self, Scenario, Side};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Scenarios that move time mostly wait, so more of them than cores run side by side.
    arguments.test_threads.get_or_insert(8);
    let trial = |(name, path): (String, _)| {
        Trial::test(name, move || {
            let scenario = Scenario::parse(&fs::read_to_string(path)?)?;
            Ok(scenario::run(&scenario, OpenBao::start_as(scenario.server).as_mut(), Side::Server)?)
        })
    };
    libtest_mimic::run(&arguments, scenario::files().into_iter().map(trial).collect()).exit_code()
}
