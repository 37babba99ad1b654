//! Every check there is, in order. It knows no check's inside.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::{browsers, fuzz, npm, package, places, run, site, step, tools};

/// A check: its name, and how it is done.
type Check = (&'static str, fn() -> Result<()>);

/// The quick ones first.
const CHECKS: [Check; 11] = [
    ("format", format),
    ("tools and browsers", tools::install_all),
    ("lints", lints),
    ("lints for the browser", browser_lints),
    ("docs", docs),
    ("native tests, offline", native),
    ("fuzz every target for a moment", fuzz::short),
    ("differential tests against the real server", live),
    ("npm package and its consumers", consumers),
    ("wasm tests in Chromium and Firefox", wasm),
    ("site and page tests", page),
];

/// Does every check, or those whose name contains one of the words.
///
/// # Errors
/// The first check that fails, and nothing of what follows; or no check has such a name.
pub(crate) fn test(wanted: &[String]) -> Result<()> {
    let chosen = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    let checks: Vec<Check> = CHECKS.into_iter().filter(|(name, _)| chosen(name)).collect();
    if checks.is_empty() {
        bail!("no check of that name; there are: {}", CHECKS.map(|(name, _)| name).join(", "));
    }
    let begun = Instant::now();
    let mut times = Vec::new();
    for (name, check) in checks {
        times.push((name, step::step(name, check)?));
    }
    summary(&times, begun.elapsed());
    Ok(())
}

fn summary(times: &[(&str, Duration)], total: Duration) {
    println!("\n== all checks passed in {}", step::shown(total));
    for (name, took) in times {
        println!("{:>12}  {name}", step::shown(*took));
    }
}

fn format() -> Result<()> {
    run::run(&mut run::cargo(&["fmt", "--all", "--check"])?)
}

fn lints() -> Result<()> {
    let all =
        ["clippy", "--quiet", "--all-targets", "--features", "vaultlet-tests/live", "--", "-D", "warnings"];
    run::run(&mut run::cargo(&all)?)
}

fn browser_lints() -> Result<()> {
    run::run(&mut run::cargo(&[
        "clippy",
        "--quiet",
        "--all-targets",
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        "vaultlet-wasm",
        "--package",
        "vaultlet-web",
        "--",
        "-D",
        "warnings",
    ])?)
}

fn docs() -> Result<()> {
    let mut doc = run::cargo(&["doc", "--quiet", "--no-deps", "--document-private-items"])?;
    run::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

fn native() -> Result<()> {
    run::run(&mut run::cargo(&["test", "--quiet"])?)
}

fn live() -> Result<()> {
    let tests = ["test", "--quiet", "--package", "vaultlet-tests", "--features", "live", "--test", "live_*"];
    run::run(&mut run::cargo(&tests)?)
}

fn consumers() -> Result<()> {
    package::build()?;
    npm::test(&places::root().join("tests/npm"))
}

/// One build a crate serves both browsers.
fn wasm() -> Result<()> {
    browsers::install()?;
    for folder in ["crates/wasm", "web"] {
        let mut pack = run::program("wasm-pack")?;
        // `--quiet` would reach wasm-bindgen's runner, which does not know it.
        pack.args([
            "--log-level",
            "warn",
            "test",
            "--headless",
            "--mode",
            "no-install",
            "--chrome",
            "--firefox",
        ]);
        pack.args(["--chromedriver", "/usr/bin/chromedriver", "--geckodriver"])
            .arg(tools::binary("geckodriver")?);
        run::run(pack.arg(folder).env("WASM_BINDGEN_TEST_TIMEOUT", "120"))?;
    }
    Ok(())
}

fn page() -> Result<()> {
    site::build()?;
    npm::test(&places::root().join("tests/page"))
}
