//! The house in order: dependencies point one way, the core knows no platform, every file says what it is. It runs nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// What each package of ours may know of the others.
const ARROWS: [(&str, &[&str]); 11] = [
    ("vaultlet-token", &[]),
    ("vaultlet-core", &["vaultlet-token"]),
    ("vaultlet-http", &[]),
    ("vaultlet-jq", &[]),
    ("vaultlet-cli", &["vaultlet-core", "vaultlet-jq", "vaultlet-token"]),
    ("vaultlet-wasm", &["vaultlet-cli", "vaultlet-core", "vaultlet-http", "vaultlet-token"]),
    ("vaultlet-web", &["vaultlet-cli", "vaultlet-core", "vaultlet-token"]),
    ("vaultlet-bench", &["vaultlet-core", "vaultlet-token"]),
    ("vaultlet-fuzz", &["vaultlet-cli", "vaultlet-core", "vaultlet-token"]),
    ("vaultlet-tests", &["vaultlet-cli", "vaultlet-core", "vaultlet-jq", "vaultlet-token"]),
    ("xtask", &[]),
];

/// What knows a platform: neither the format nor the engine may depend on it.
const PLATFORM: [&str; 7] = ["getrandom", "js-sys", "tokio", "ureq", "wasm-bindgen", "web-sys", "yew"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The workspace's packages, with their normal dependencies.
fn packages() -> BTreeMap<String, Vec<Value>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--offline"];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let normal = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().clone();
        all.into_iter().filter(|dependency| dependency["kind"].is_null()).collect()
    };
    let named = |package: &Value| (package["name"].as_str().unwrap().to_owned(), normal(package));
    metadata["packages"].as_array().unwrap().iter().map(named).collect()
}

fn name(dependency: &Value) -> &str {
    dependency["name"].as_str().unwrap()
}

#[test]
fn dependencies_point_one_way() {
    let packages = packages();
    let ours: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = ARROWS.iter().map(|(package, _)| *package).collect();
    assert_eq!(ours, known, "left: the workspace; right: the arrows");
    for (package, may_know) in ARROWS {
        for dependency in packages[package].iter().map(name).filter(|name| ours.contains(name)) {
            assert!(may_know.contains(&dependency), "{package} must not know {dependency}");
        }
    }
}

#[test]
fn the_format_and_the_engine_know_no_platform() {
    let packages = packages();
    for package in ["vaultlet-token", "vaultlet-core"] {
        for dependency in packages[package].iter().map(name) {
            assert!(!PLATFORM.contains(&dependency), "{package} must not know {dependency}");
        }
    }
}

#[test]
fn only_the_edge_asks_the_browser_for_randomness() {
    let packages = packages();
    let asks = |dependency: &Value| {
        let features = dependency["features"].as_array().unwrap();
        name(dependency) == "getrandom" && features.iter().any(|feature| feature == "wasm_js")
    };
    let asking = packages.iter().filter(|(_, dependencies)| dependencies.iter().any(asks));
    assert_eq!(
        asking.map(|(package, _)| package.as_str()).collect::<Vec<_>>(),
        ["vaultlet-wasm", "vaultlet-web"]
    );
}

/// Every file below `folder` whose name ends with one of `ends`, what is built and installed left out.
fn files(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules" | "dist" | "pkg" | ".git") {
            found.extend(files(&path, ends));
        } else if ends.iter().any(|end| name.ends_with(end)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_rust_file_says_what_it_is() {
    let sources = files(&root(), &[".rs"]);
    assert!(sources.len() > 50, "the files are found");
    for path in sources {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} does not begin with what it is", path.display());
    }
}

#[test]
fn nothing_is_left_to_do_and_nothing_is_skipped() {
    // Put together here, so that this file does not find itself.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["#[ign", "ore"], ["test.sk", "ip("], ["test.on", "ly("]]
        .map(|mark| mark.concat());
    for path in files(&root(), &[".rs", ".mjs", ".js", ".css", ".ts"]) {
        let text = fs::read_to_string(&path).unwrap();
        for mark in &marks {
            assert!(!text.contains(mark.as_str()), "{} holds {mark}", path.display());
        }
    }
}

#[test]
fn lock_files_name_no_place_to_download_from() {
    let locks = files(&root(), &["package-lock.json"]);
    assert!(!locks.is_empty(), "the lock files are found");
    for path in locks {
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            !text.contains("\"resolved\""),
            "{}: write it with --omit-lockfile-registry-resolved",
            path.display()
        );
    }
}
