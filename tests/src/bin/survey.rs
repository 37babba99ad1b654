//! Records what the real server answers to the survey of the API: `cargo run -p vaultlet-tests --bin survey -- AREA..`, or `all`.
//! With `differs` before them it writes where the engine answers otherwise, to be fixed or declared.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use vaultlet_tests::engine::Engine;
use vaultlet_tests::openbao::OpenBao;
use vaultlet_tests::surface::{self, Survey};

fn main() -> ExitCode {
    let mut wanted: Vec<String> = env::args().skip(1).collect();
    let differs = wanted.first().is_some_and(|word| word == "differs");
    wanted.drain(..usize::from(differs));
    let chosen = |area: &str| wanted.iter().any(|word| word == "all" || word == area);
    let areas: Vec<_> = surface::areas().into_iter().filter(|area| chosen(area)).collect();
    if areas.is_empty() {
        eprintln!("no area of that name; there are {}, and `all`", surface::areas().join(", "));
        return ExitCode::FAILURE;
    }
    for area in areas {
        let written = if differs { difference(area) } else { record(area) };
        if let Err(error) = written {
            eprintln!("{area}: {error}");
            return ExitCode::FAILURE;
        }
        eprintln!("{area} is written");
    }
    ExitCode::SUCCESS
}

fn record(area: &str) -> Result<(), String> {
    write(surface::recorded(area), &surface::survey(area, &mut OpenBao::dev()))
}

fn difference(area: &str) -> Result<(), String> {
    let survey = surface::survey(area, &mut Engine::dev(1));
    write(surface::declared(area), &surface::differences(area, survey)?)
}

fn write(path: PathBuf, survey: &Survey) -> Result<(), String> {
    fs::write(path, surface::write(survey)).map_err(|error| error.to_string())
}
