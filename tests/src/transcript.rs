//! A transcript: command lines and what the real command line prints for them.
//!
//! The format is described in `tests/transcripts/README.md`. This file reads it; it runs nothing.

mod cited;
mod mask;
mod record;
mod run;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use cited::uncited;
pub use record::record;
pub use run::{Side, run};

use crate::scenario::Server;

/// Command lines and what they print.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcript {
    /// What it shows, in a sentence.
    pub title: String,
    /// What it begins with.
    #[serde(default)]
    pub server: Server,
    /// What people get wrong of which it shows the truth, if it is about that.
    #[serde(default)]
    pub mistake: String,
    /// Whether no real command line says it: Vault's own words are documented and cannot be asked here.
    #[serde(default)]
    pub unjudged: bool,
    /// Files that are there from the start, beside `base.hcl`.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// The lines, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// A line and what it prints.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The line, or several that belong together.
    pub run: String,
    /// Standard output, with placeholders; absent is empty once the step is recorded.
    #[serde(default)]
    pub stdout: String,
    /// Standard error, with placeholders.
    #[serde(default)]
    pub stderr: String,
    /// The exit code; none before the step is recorded.
    pub code: Option<i32>,
    /// What ours prints in place of it, with the reason.
    pub divergence: Option<Divergence>,
}

/// A declared difference from the real command line.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divergence {
    /// Why ours does something else.
    pub because: String,
    /// Ours.
    #[serde(default)]
    pub stdout: String,
    /// Ours.
    #[serde(default)]
    pub stderr: String,
    /// Ours.
    #[serde(default)]
    pub code: i32,
}

impl Transcript {
    /// Reads a transcript file's text.
    ///
    /// # Errors
    /// A sentence with the place where the text is no transcript.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml_edit::de::from_str(text).map_err(|error| error.to_string())
    }
}

/// The transcript files, by their name below `tests/transcripts/` without the extension, in order.
///
/// # Panics
/// When the folder cannot be read.
pub fn files() -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.with_extension("");
                let name = name.strip_prefix(&root).expect("the file is below its folder");
                found.insert(name.to_string_lossy().into_owned(), path);
            }
        }
    }
    found
}
