//! The commands of the README and the chores behind them: `cargo xtask play | test | site | package | bench | fuzz | tools`.
//!
//! It knows how to install, build and start things, and nothing of what they do.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command for people at a terminal")]

mod bench;
mod browsers;
mod csp;
mod debian;
mod fuzz;
mod npm;
mod package;
mod places;
mod play;
mod prerender;
mod run;
mod site;
mod step;
mod suite;
mod tools;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask play            builds the playground and serves it on loopback
cargo xtask test [STEP..]   every check there is, or those whose name contains one of the words
cargo xtask site            builds the static site into dist/site
cargo xtask package         builds the npm package into dist/npm
cargo xtask bench           measures, and prints the figures
cargo xtask fuzz TARGET S   fuzzes a target, or all, for S seconds each
cargo xtask tools           installs the pinned tools into the cache";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    match command(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(words: &[String]) -> Result<()> {
    let (name, rest) = words.split_first().map_or(("", &[][..]), |(name, rest)| (name.as_str(), rest));
    match (name, rest) {
        ("play", []) => play::play(),
        ("test", wanted) => suite::test(wanted),
        ("site", []) => site::build(),
        ("package", []) => package::build(),
        ("bench", []) => bench::bench(),
        ("fuzz", [target, seconds]) => fuzz::long(target, seconds),
        ("tools", []) => tools::install_all(),
        _ => bail!("this is what can be asked for:\n\n{USAGE}"),
    }
}
