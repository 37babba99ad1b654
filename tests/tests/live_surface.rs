//! The survey of the API, asked again of the real server.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use vaultlet_tests::openbao::OpenBao;
use vaultlet_tests::scenario::Side;
use vaultlet_tests::surface;

fn main() -> ExitCode {
    let trial = |area| {
        Trial::test(area, move || {
            let survey = surface::survey(area, &mut OpenBao::dev());
            Ok(surface::compare(area, survey, Side::Server)?)
        })
    };
    libtest_mimic::run(&Arguments::from_args(), surface::areas().into_iter().map(trial).collect()).exit_code()
}
