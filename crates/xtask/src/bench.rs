//! The figures: sealing and opening natively and in wasm, and the size of every wasm file. It knows no token.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::package::{self, gzip};
use crate::{places, run, site, step, tools};

/// What the bench prints, and what it is.
const FIGURES: [(&str, &str); 4] = [
    ("seal", "a token sealed"),
    ("open", "a token opened"),
    ("bytes-seal", "its bytes alone"),
    ("bytes-open", "and opened"),
];

/// Measures and prints a table.
///
/// # Errors
/// A build fails, or a measurement prints no figure.
pub(crate) fn bench() -> Result<()> {
    tools::install(&tools::SITE)?;
    let (mut native, mut wasm) = (String::new(), String::new());
    step::step("build and measure natively", || {
        let bench = ["run", "--quiet", "--release", "--package", "vaultlet-bench", "--bin", "vaultlet-bench"];
        native = run::output(&mut run::cargo(&bench)?)?;
        Ok(())
    })?;
    step::step("build and measure in wasm under Node", || {
        let glue = glue()?;
        let script = places::root().join("tests/bench/node.mjs");
        wasm = run::output(run::program("node")?.arg(script).arg(glue))?;
        Ok(())
    })?;
    site::build_if_changed()?;
    package::build()?;
    println!("\nns, 96-byte plaintext, median of five\n");
    println!("                     native     wasm  wasm / native");
    for (name, shown) in FIGURES {
        let (native, wasm) = (figure(&native, name)?, figure(&wasm, name)?);
        println!("{shown:<19} {native:>7.0} {wasm:>8.0} {:>14.1}", wasm / native);
    }
    println!("\n    bytes      gzip  wasm file");
    ["site", "npm"].into_iter().try_for_each(|name| sizes(&places::dist(name)))
}

/// The bench's wasm and its glue for Node.
fn glue() -> Result<PathBuf> {
    let target = "wasm32-unknown-unknown";
    let build = ["build", "--quiet", "--release", "--package", "vaultlet-bench", "--lib", "--target", target];
    run::run(&mut run::cargo(&build)?)?;
    let folder = places::target()?.join("bench-glue");
    let mut bindgen = run::program("wasm-bindgen")?;
    bindgen.args(["--target", "nodejs", "--no-typescript", "--out-name", "bench", "--out-dir"]).arg(&folder);
    run::run(bindgen.arg(places::target()?.join(target).join("release/vaultlet_bench.wasm")))?;
    Ok(folder)
}

fn figure(text: &str, name: &str) -> Result<f64> {
    let of = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
    text.lines().find_map(of).with_context(|| format!("no figure for {name} in {text:?}"))
}

fn sizes(folder: &Path) -> Result<()> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|end| end == "wasm"));
    files.sort();
    for file in files {
        let bytes = fs::read(&file)?;
        let name = file.strip_prefix(places::root()).unwrap_or(&file).display().to_string();
        println!("{:>9} {:>9}  {name}", bytes.len(), gzip(&bytes)?.len());
    }
    Ok(())
}
