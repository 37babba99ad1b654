//! Records transcripts from the real command line: `cargo run -p vaultlet-tests --bin transcribe -- NAME..`, or `all`.

use std::process::ExitCode;
use std::{env, fs};

use vaultlet_tests::terminal::Real;
use vaultlet_tests::transcript::{self, Transcript};

fn main() -> ExitCode {
    let wanted: Vec<String> = env::args().skip(1).collect();
    let chosen = |name: &str| {
        wanted.iter().any(|word| word == "all" || name == word || name.starts_with(&format!("{word}/")))
    };
    let files: Vec<_> = transcript::files().into_iter().filter(|(name, _)| chosen(name)).collect();
    if files.is_empty() {
        eprintln!("no transcript of that name; they are below tests/transcripts/, and `all` is all of them");
        return ExitCode::FAILURE;
    }
    for (name, path) in files {
        let text = fs::read_to_string(&path).expect("the file is readable");
        if Transcript::parse(&text).is_ok_and(|transcript| transcript.unjudged) {
            eprintln!("{name} is written by hand");
            continue;
        }
        let recorded = Transcript::parse(&text)
            .and_then(|transcript| transcript::record(&text, &mut Real::start_as(transcript.server)));
        match recorded.and_then(|text| fs::write(&path, text).map_err(|error| error.to_string())) {
            Ok(()) => eprintln!("recorded {name}"),
            Err(error) => {
                eprintln!("{name}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
