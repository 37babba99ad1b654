//! Every transcript, replayed on our shell over the engine and compared with what the real command line printed.

use std::fs;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use vaultlet_tests::terminal::Ours;
use vaultlet_tests::transcript::{self, Side, Transcript};

fn main() -> ExitCode {
    let trial = |(name, path): (String, _)| {
        Trial::test(name, move || {
            let transcript = Transcript::parse(&fs::read_to_string(path)?)?;
            Ok(transcript::run(&transcript, &mut Ours::start(transcript.server), Side::Ours)?)
        })
    };
    let mut trials: Vec<Trial> = transcript::files().into_iter().map(trial).collect();
    trials.push(Trial::test("every command and flag is cited", every_command_and_flag_is_cited));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn every_command_and_flag_is_cited() -> Result<(), Failed> {
    let mut lines = Vec::new();
    for path in transcript::files().into_values() {
        let transcript = Transcript::parse(&fs::read_to_string(path)?)?;
        lines.extend(transcript.steps.into_iter().map(|step| step.run));
    }
    match transcript::uncited(&lines).as_slice() {
        [] => Ok(()),
        missing => Err(format!("no transcript shows {}", missing.join(", ")).into()),
    }
}
