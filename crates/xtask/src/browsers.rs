//! Debian's browsers, and the driver of one of them. It knows no test.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{run, step};

/// The programs that the tests drive, and Debian's packages of them.
const BROWSERS: [(&str, &str); 3] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/chromedriver", "chromium-driver"),
    ("/usr/bin/firefox-esr", "firefox-esr"),
];

/// Installs the missing browsers where the user is root; elsewhere says what to install.
///
/// # Errors
/// A browser is missing and cannot be installed.
pub(crate) fn install() -> Result<()> {
    let missing: Vec<&str> = BROWSERS
        .iter()
        .filter(|(path, _)| !std::path::Path::new(path).exists())
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let cure = format!("apt-get install {}", missing.join(" "));
    if !is_root()? {
        bail!("the browser tests need Debian's browsers: run this as root once: {cure}");
    }
    step::step("install Debian's browsers", || {
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
