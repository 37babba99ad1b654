//! The static site: Trunk builds it, then it gets its rows and its policy. It knows nothing of what the page does.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{csp, places, prerender, run, step, tools};

/// What the site is made of, below the root of the checkout.
const SOURCES: [&str; 8] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates",
    "index.html",
    "rust-toolchain.toml",
    "tests/scenarios",
    "web",
];

/// Builds the site into `dist/site`.
///
/// # Errors
/// A tool cannot be installed, or the build fails.
pub(crate) fn build() -> Result<()> {
    tools::install(&tools::SITE)?;
    step::step("build the site", || {
        let site = places::dist("site");
        trunk(&site)?;
        prerender::prerender(&site, &places::root().join("tests/scenarios/rows"))?;
        csp::protect(&site)?;
        fs::write(mark(), sources()?)?;
        sizes(&site)
    })?;
    Ok(())
}

/// Builds the site unless it was built from these very sources.
///
/// # Errors
/// A tool cannot be installed, or the build fails.
pub(crate) fn build_if_changed() -> Result<()> {
    let built = fs::read_to_string(mark()).unwrap_or_default();
    if places::dist("site").join("index.html").exists() && built == sources()? {
        return Ok(());
    }
    build()
}

fn trunk(site: &Path) -> Result<()> {
    let mut trunk = run::program("trunk")?;
    trunk.args(["build", "--release", "--offline", "--dist"]).arg(site);
    // Trunk asks the environment too and takes only words that it knows.
    run::run(trunk.env_remove("NO_COLOR"))
}

/// The file beside the site that says what it was built from.
fn mark() -> PathBuf {
    places::dist("site.sources")
}

/// A hash over every source file's name and bytes.
fn sources() -> Result<String> {
    let mut hash = Sha256::new();
    for name in SOURCES {
        add(&mut hash, &places::root().join(name))?;
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn add(hash: &mut Sha256, path: &Path) -> Result<()> {
    if path.is_file() {
        hash.update(path.to_string_lossy().as_bytes());
        hash.update(fs::read(path)?);
        return Ok(());
    }
    let entries = fs::read_dir(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut entries = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| add(hash, entry))
}

/// Prints what a visitor has to load.
fn sizes(site: &Path) -> Result<()> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(site)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    files.iter().filter(|file| file.is_file()).try_for_each(|file| {
        let bytes = fs::read(file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        println!("{:>9} bytes {:>9} gzip  {name}", bytes.len(), crate::package::gzip(&bytes)?.len());
        Ok(())
    })
}
