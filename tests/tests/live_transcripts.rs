//! Every transcript, run again with the real command line on the real server.

use std::fs;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use vaultlet_tests::terminal::Real;
use vaultlet_tests::transcript::{self, Side, Transcript};

fn main() -> ExitCode {
    let trial = |(name, path): (String, _)| {
        Trial::test(name, move || {
            let transcript = Transcript::parse(&fs::read_to_string(path)?)?;
            Ok(transcript::run(&transcript, &mut Real::start_as(transcript.server), Side::Real)?)
        })
    };
    let trials = transcript::files().into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
