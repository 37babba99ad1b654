//! Every transcript, run again with the real command line on the real server.

use std::collections::BTreeSet;
use std::fs;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use vaultlet_tests::real_cli::RealCli;
use vaultlet_tests::terminal::Real;
use vaultlet_tests::transcript::{self, Side, Transcript};

fn main() -> ExitCode {
    let trial = |(name, path): (String, _)| {
        Trial::test(name, move || {
            let transcript = Transcript::parse(&fs::read_to_string(path)?)?;
            if transcript.unjudged {
                return Ok(());
            }
            Ok(transcript::run(&transcript, &mut Real::start_as(transcript.server), Side::Real)?)
        })
    };
    let mut trials: Vec<Trial> = transcript::files().into_iter().map(trial).collect();
    trials.push(Trial::test("the flags are the real ones", the_flags_are_the_real_ones));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// What the real help lists beside the flags of every command, against what ours knows. Second names are not in the real help.
fn the_flags_are_the_real_ones() -> Result<(), Failed> {
    const SECOND: [&str; 4] = ["f", "i", "n", "t"];
    let home = tempfile::tempdir()?;
    let real = RealCli::new(home.path());
    let shared = vaultlet_cli::shared_flags();
    for command in vaultlet_cli::commands() {
        let words: Vec<&str> = command.name.split(' ').chain(["-h"]).collect();
        let help = real.run(&words, b"").stdout;
        let flags = help.lines().filter_map(|line| line.strip_prefix("  -"));
        let names = flags.map(|flag| flag.split(['=', ' ']).next().unwrap_or_default().to_owned());
        let listed: BTreeSet<String> = names.filter(|name| !shared.contains(&name.as_str())).collect();
        let known = command.flags.iter().filter(|flag| !SECOND.contains(flag)).map(|flag| (*flag).to_owned());
        let known: BTreeSet<String> = known.collect();
        // A line of one help's text begins as a flag does.
        let listed: BTreeSet<String> =
            listed.into_iter().filter(|name| name != "path" || known.contains(name)).collect();
        if listed != known {
            return Err(format!("{}: the real one has {listed:?}, ours {known:?}", command.name).into());
        }
    }
    Ok(())
}
