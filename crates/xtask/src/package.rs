//! The npm package: the wasm crate and its glue, with the hand-written files beside them. It knows nothing of what it does.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{places, run, step, tools};

/// What Rust's compiler uses of newer wasm; every engine since 2022 has it.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds the package into `dist/npm`.
///
/// # Errors
/// A tool cannot be installed, or the build fails.
pub(crate) fn build() -> Result<()> {
    tools::install(&tools::PACKAGE)?;
    step::step("build the npm package", || {
        let package = places::dist("npm");
        let _ = fs::remove_dir_all(&package);
        fs::create_dir_all(&package)?;
        compile(&package)?;
        copy(&places::root().join("crates/wasm/npm"), &package)?;
        copy(&places::root().join("crates/wasm/npm/bin"), &package.join("bin"))?;
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            fs::copy(places::root().join(licence), package.join(licence))?;
        }
        check_version(&package)?;
        common_js(&package)?;
        for types in ["index", "node"] {
            types_for_common_js(&package, types)?;
        }
        let wasm = fs::read(package.join("vaultlet_bg.wasm"))?;
        let packed = gzip(&wasm)?;
        println!("{:>9} bytes {:>9} gzip  vaultlet_bg.wasm", wasm.len(), packed.len());
        fs::write(package.join("packed.js"), inline(&packed))?;
        Ok(())
    })?;
    Ok(())
}

/// What a host that compresses sends.
///
/// # Errors
/// Never for bytes in memory.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn compile(package: &Path) -> Result<()> {
    run::run(&mut run::cargo(&[
        "build",
        "--quiet",
        "--release",
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        "vaultlet-wasm",
    ])?)?;
    let built = places::target()?.join("wasm32-unknown-unknown/release/vaultlet_wasm.wasm");
    let mut bindgen = run::program("wasm-bindgen")?;
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", "vaultlet", "--out-dir"]);
    run::run(bindgen.arg(package).arg(built))?;
    let wasm = package.join("vaultlet_bg.wasm");
    run::run(run::program("wasm-opt")?.arg("-Os").args(FEATURES).arg(&wasm).arg("-o").arg(&wasm))
}

/// `require` by tools that do not know modules, such as Jest: one file, which finds the wasm beside itself.
fn common_js(package: &Path) -> Result<()> {
    let mut bundle = run::program("esbuild")?;
    bundle.args(["--bundle", "--platform=node", "--format=cjs", "--log-level=warning"]);
    bundle.args([
        "--define:import.meta.url=here",
        "--banner:js=const here = require('node:url').pathToFileURL(__filename);",
    ]);
    bundle.arg(format!("--outfile={}", package.join("server.cjs").display()));
    run::run(bundle.arg(package.join("server.js")))
}

/// The same types, for who asks for them with `require`.
fn types_for_common_js(package: &Path, name: &str) -> Result<()> {
    let types = fs::read_to_string(package.join(format!("{name}.d.ts")))?;
    Ok(fs::write(package.join(format!("{name}.d.cts")), types.replace("./index.js", "./index.cjs"))?)
}

/// The engine as a script.
fn inline(packed: &[u8]) -> String {
    format!("// The engine: gzip in base64.\nexport default \"{}\";\n", BASE64_STANDARD.encode(packed))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// The package and the crates are released together.
fn check_version(package: &Path) -> Result<()> {
    let text = fs::read_to_string(package.join("package.json")).context("npm/package.json is there")?;
    let version = env!("CARGO_PKG_VERSION");
    ensure!(
        text.contains(&format!("\"version\": \"{version}\"")),
        "crates/wasm/npm/package.json is not of version {version}, which the workspace has: change one of them"
    );
    Ok(())
}
