//! Where things are: the checkout, what is built, and the cache outside the checkout. It knows nothing of what they hold.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_owned()
}

/// What is built to be given away.
pub(crate) fn dist(name: &str) -> PathBuf {
    root().join("dist").join(name)
}

/// Where tools are kept, by version, for every checkout: `$VAULTLET_CACHE`, else below the user's cache directory.
///
/// # Errors
/// The user has no home directory.
pub(crate) fn cache() -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("VAULTLET_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("vaultlet")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/vaultlet")))
        .context("neither VAULTLET_CACHE nor HOME is set: set VAULTLET_CACHE to a folder for the tools")
}

/// Where cargo builds. A fresh clone in CI has nothing built, so there what is built is kept in the cache;
/// elsewhere the checkout's own `target` is as good.
///
/// # Errors
/// The user has no home directory.
pub(crate) fn target() -> Result<PathBuf> {
    match env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        Some(target) => Ok(root().join(target)),
        None if env::var_os("CI").is_some() => Ok(cache()?.join("target")),
        None => Ok(root().join("target")),
    }
}
