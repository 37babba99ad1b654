//! The survey of the API, asked of the engine in this process and compared with what the real server answered.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use vaultlet_tests::engine::Engine;
use vaultlet_tests::scenario::Side;
use vaultlet_tests::surface;

fn main() -> ExitCode {
    let trial = |area| {
        Trial::test(area, move || {
            let survey = surface::survey(area, &mut Engine::dev(1));
            Ok(surface::compare(area, survey, Side::Engine)?)
        })
    };
    libtest_mimic::run(&Arguments::from_args(), surface::areas().into_iter().map(trial).collect()).exit_code()
}
