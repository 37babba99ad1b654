//! Debian's packages, installed where the user is root. It knows none of them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{run, step};

/// Installs the packages of the programs that are missing, each given by its path and its package; where the user is not root, says what to
/// install.
///
/// # Errors
/// A program is missing and cannot be installed.
pub(crate) fn install(programs: &[(&str, &str)]) -> Result<()> {
    let missing = programs.iter().filter(|(path, _)| !Path::new(path).exists());
    let missing: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let cure = format!("apt-get install {}", missing.join(" "));
    if !is_root()? {
        bail!("Debian's packages are needed: run this as root once: {cure}");
    }
    step::step(&format!("install Debian's {}", missing.join(", ")), || {
        apt(&["update", "-qq"])?;
        apt(&[&["install", "-qq", "--yes", "--no-install-recommends"], missing.as_slice()].concat())
    })
    .with_context(|| cure)?;
    Ok(())
}

fn is_root() -> Result<bool> {
    Ok(run::output(Command::new("id").arg("-u"))?.trim() == "0")
}

fn apt(arguments: &[&str]) -> Result<()> {
    run::run(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}
