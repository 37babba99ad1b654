//! Running other programs, with the pinned tools first on the path. It knows none of them.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, iter};

use anyhow::{Context, Result, bail};

use crate::{places, tools};

/// A program in the root of the checkout, with the pinned tools first on its path.
///
/// # Errors
/// The user has no home directory.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Result<Command> {
    let mut command = Command::new(name);
    command.current_dir(places::root()).stdin(Stdio::null());
    command.env("PATH", path()?).env("CARGO_TARGET_DIR", places::target()?);
    // The versions of the tools are pinned here; what they could tell of newer ones is noise.
    command.env("WASM_PACK_CACHE", places::cache()?.join("wasm-pack"));
    Ok(command)
}

/// The cargo that runs this.
///
/// # Errors
/// The user has no home directory.
pub(crate) fn cargo(arguments: &[&str]) -> Result<Command> {
    let mut command = program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))?;
    command.args(arguments);
    // Set by the cargo that runs this for this package; another build must not see them.
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PKG_")) {
        command.env_remove(name);
    }
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
    Ok(command)
}

/// Runs it to its end, its output shown.
///
/// # Errors
/// It does not start, or fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status = command.status().with_context(|| format!("{shown}: does not start"))?;
    if !status.success() {
        bail!("{shown}: {status}");
    }
    Ok(())
}

/// Runs it to its end and gives what it printed.
///
/// # Errors
/// It does not start, or fails; its standard error is shown.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("{shown}: does not start"))?;
    if !output.status.success() {
        bail!("{shown}: {}", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether it runs and succeeds; its output is not shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn path() -> Result<OsString> {
    let own = tools::folders()?;
    let old = env::var_os("PATH").unwrap_or_default();
    env::join_paths(own.into_iter().chain(env::split_paths(&old)))
        .context("PATH holds a folder that cannot be in it")
}

fn show(command: &Command) -> String {
    let name =
        Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}
