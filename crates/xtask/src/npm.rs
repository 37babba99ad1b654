//! The folders of tests that Node runs. It knows no test.

use std::path::Path;

use anyhow::Result;

use crate::{run, tools};

/// Installs what a folder's lock file names, and runs its tests with `node --test`.
///
/// # Errors
/// Something cannot be installed, or a test fails.
pub(crate) fn test(folder: &Path) -> Result<()> {
    script(folder, "test")
}

/// Installs what a folder's lock file names, and runs one of its scripts.
///
/// # Errors
/// Something cannot be installed, or the script fails.
pub(crate) fn script(folder: &Path, name: &str) -> Result<()> {
    let mut install = run::program("npm")?;
    install.args(["ci", "--silent", "--no-audit", "--no-fund", "--prefer-offline"]);
    run::run(install.current_dir(folder))?;
    // A test that opens a browser takes a core for itself.
    let mut test = run::program("npm")?;
    // The Python that has the clients is not the one that is found first.
    test.env("VAULTLET_PYTHON", tools::binary("deno")?.with_file_name("python3"));
    run::run(test.args(["run", name, "--silent"]).current_dir(folder))
}
