//! Coverage-guided fuzzing: builds the fuzzer with counters in our code, and runs it on every target. It knows no target's inside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::{debian, places, run, step};

/// The targets, as the fuzzer knows them.
const TARGETS: [&str; 9] =
    ["token", "frame", "protobuf", "policy", "json", "request", "shell", "arguments", "snapshot"];

/// What counts which code was reached, and what tells the fuzzer of comparisons. Stable compilers have it too.
const FLAGS: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// As long as the check in the suite takes for each target.
const SHORT: u32 = 4;

/// Every target for a few seconds, from the recorded seeds and what was found before.
///
/// # Errors
/// A target panics, hangs or eats memory: what it was given lies where the text says.
pub(crate) fn short() -> Result<()> {
    let fuzzer = Fuzzer::build()?;
    TARGETS.iter().try_for_each(|target| fuzzer.run(target, SHORT, Some(1)))
}

/// One target, or all, for as many seconds each.
///
/// # Errors
/// As [`short`], or there is no such target.
pub(crate) fn long(target: &str, seconds: &str) -> Result<()> {
    let seconds = seconds.parse().with_context(|| format!("{seconds} is no number of seconds"))?;
    let chosen: Vec<&str> = TARGETS.into_iter().filter(|name| target == "all" || *name == target).collect();
    ensure!(!chosen.is_empty(), "no target {target}; there are: all, {}", TARGETS.join(", "));
    let fuzzer = Fuzzer::build()?;
    chosen.into_iter().try_for_each(|target| fuzzer.run(target, seconds, None))
}

struct Fuzzer {
    program: PathBuf,
    /// Seeds, what was found, and what failed, in a folder for each.
    work: PathBuf,
}

impl Fuzzer {
    fn build() -> Result<Self> {
        debian::install(&[("/usr/bin/c++", "g++")])?;
        let work = places::cache()?.join("fuzz");
        let triple = triple()?;
        step::step("build the fuzzer", || {
            let seeds = work.join("seeds");
            let _ = fs::remove_dir_all(&seeds);
            run::run(run::cargo(&["run", "--quiet", "--package", "vaultlet-fuzz", "--"])?.arg(&seeds))?;
            let build = [
                "build",
                "--quiet",
                "--profile",
                "fuzz",
                "--package",
                "vaultlet-fuzz",
                "--bin",
                "vaultlet-fuzz",
            ];
            // With a target named, the flags are not for what runs while it is built.
            let mut build = run::cargo(&build)?;
            build.args(["--target", &triple]).env("CARGO_TARGET_DIR", work.join("target"));
            run::run(build.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}")))
        })?;
        let program = work.join("target").join(triple).join("fuzz/vaultlet-fuzz");
        Ok(Self { program, work })
    }

    /// With a seed it tries the same inputs each time: a check finds what the change broke, the long run what nobody has thought of.
    fn run(&self, target: &str, seconds: u32, seed: Option<u32>) -> Result<()> {
        let folder = |name: &str| self.work.join(name).join(target);
        let (corpus, seeds, failed) = (folder("corpus"), folder("seeds"), folder("failed"));
        fs::create_dir_all(&corpus)?;
        fs::create_dir_all(&failed)?;
        step::step(&format!("fuzz {target} for {seconds} s"), || {
            let mut fuzz = run::program(&self.program)?;
            fuzz.args([&corpus, &seeds]).env("VAULTLET_FUZZ", target);
            fuzz.arg(format!("-max_total_time={seconds}")).args(seed.map(|seed| format!("-seed={seed}")));
            fuzz.arg(format!("-artifact_prefix={}/", failed.display()));
            fuzz.args(["-max_len=16384", "-len_control=20", "-timeout=20", "-rss_limit_mb=2048"]);
            fuzz.args(["-use_value_profile=0", "-print_final_stats=0", "-verbosity=1"]);
            show(&mut fuzz, &failed)
        })?;
        Ok(())
    }
}

/// Runs it, and says of its many lines only the last that counts; all of them if it fails.
fn show(fuzz: &mut Command, failed: &Path) -> Result<()> {
    let output = fuzz.output().context("the fuzzer does not start")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{said}\nit failed ({}): what it was given lies in {}", output.status, failed.display());
    }
    let counts =
        said.lines().rfind(|line| line.starts_with('#') && line.contains("DONE")).unwrap_or_default();
    println!("{counts}");
    Ok(())
}

/// The machine's own triple, as the compiler names it.
fn triple() -> Result<String> {
    let text = run::output(Command::new("rustc").arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("the compiler does not say what it compiles for")
}
