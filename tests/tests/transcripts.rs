//! Every transcript, replayed on our shell over the engine and compared with what the real command line printed.

use std::fs;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use vaultlet_tests::terminal::Ours;
use vaultlet_tests::transcript::{self, Side, Transcript};

fn main() -> ExitCode {
    let trial = |(name, path): (String, _)| {
        Trial::test(name, move || {
            let transcript = Transcript::parse(&fs::read_to_string(path)?)?;
            Ok(transcript::run(&transcript, &mut Ours::start(transcript.server), Side::Ours)?)
        })
    };
    let trials = transcript::files().into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
