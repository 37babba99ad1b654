//! Records scenarios from the real server: `cargo run -p vaultlet-tests --bin record -- NAME..`, or `all`.

use std::process::ExitCode;
use std::{env, fs, thread};

use vaultlet_tests::openbao::OpenBao;
use vaultlet_tests::scenario::{self, Scenario};

fn main() -> ExitCode {
    let wanted: Vec<String> = env::args().skip(1).collect();
    let chosen = |name: &str| {
        wanted.iter().any(|word| word == "all" || name == word || name.starts_with(&format!("{word}/")))
    };
    let files: Vec<_> = scenario::files().into_iter().filter(|(name, _)| chosen(name)).collect();
    if files.is_empty() {
        eprintln!("no scenario of that name; they are below tests/scenarios/, and `all` is all of them");
        return ExitCode::FAILURE;
    }
    let recorded = thread::scope(|scope| {
        let threads: Vec<_> = files
            .iter()
            .map(|(name, path)| {
                scope.spawn(move || {
                    let text = fs::read_to_string(path).expect("the file is readable");
                    let recorded = Scenario::parse(&text).and_then(|scenario| {
                        scenario::record(&text, OpenBao::start_as(scenario.server).as_mut())
                    });
                    match recorded.and_then(|text| fs::write(path, text).map_err(|error| error.to_string())) {
                        Ok(()) => eprintln!("recorded {name}"),
                        Err(error) => panic!("{name}: {error}"),
                    }
                })
            })
            .collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).filter(Result::is_ok).count()
    });
    if recorded == files.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
