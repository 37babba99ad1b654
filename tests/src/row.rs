//! A row of the comparison table: what it says, and the lines that prove it.
//!
//! The format is described in `tests/scenarios/rows/README.md`. This file reads it and judges; it runs lines on whatever
//! terminal it is given.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::real_cli::Ran;
use crate::scenario::Server;
use crate::terminal::{Encryptions, Terminal};

/// One row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its name.
    pub title: String,
    /// A paragraph under the proof.
    pub note: Option<String>,
    /// What it begins with: a server alone, or with another beside it.
    #[serde(default)]
    pub server: Server,
    /// Lines before the steps of either side.
    #[serde(default)]
    pub setup: Vec<String>,
    /// What holds for service tokens.
    pub service: Column,
    /// What holds for batch tokens.
    pub batch: Column,
}

/// One cell, and its proof.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// What the table says.
    pub answer: String,
    /// Small print under it.
    pub small: Option<String>,
    /// The lines that prove it; none if it can only be read.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// One line and what it must do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The line.
    pub run: String,
    /// Its exit code.
    #[serde(default)]
    pub exit: i32,
    /// What it must print.
    #[serde(default)]
    pub prints: Vec<String>,
    /// What it must not print.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// How many storage entries it puts.
    pub writes: Option<u64>,
    /// How often each of two servers seals.
    pub encryptions: Option<Encryptions>,
}

impl Row {
    /// Reads a row file's text.
    ///
    /// # Errors
    /// A sentence with the place where the text is no row.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml_edit::de::from_str(text).map_err(|error| error.to_string())
    }

    /// Whether it has lines that prove it.
    pub fn is_provable(&self) -> bool {
        !self.service.steps.is_empty() || !self.batch.steps.is_empty()
    }

    /// Proves both columns, each on a terminal of its own.
    ///
    /// # Errors
    /// The first line that does not do what the row says.
    pub fn prove<T: Terminal>(&self, fresh: impl Fn(Server) -> T) -> Result<(), String> {
        for (side, column) in [("service", &self.service), ("batch", &self.batch)] {
            let mut terminal = fresh(self.server);
            for line in &self.setup {
                let ran = terminal.run(line);
                expect(ran.code == 0, &ran, &format!("setup: {line} must exit 0"))?;
            }
            for step in &column.steps {
                step.prove(&mut terminal).map_err(|error| format!("{side}: {error}"))?;
            }
        }
        Ok(())
    }
}

impl Step {
    fn prove(&self, terminal: &mut dyn Terminal) -> Result<(), String> {
        let puts = if self.writes.is_some() { terminal.puts() } else { 0 };
        let sealed = self.encryptions.map(|_| terminal.encryptions());
        let ran = terminal.run(&self.run);
        expect(ran.code == self.exit, &ran, &format!("{} must exit {}", self.run, self.exit))?;
        let printed = spaced(&(ran.stdout.clone() + &ran.stderr));
        for text in &self.prints {
            expect(printed.contains(&spaced(text)), &ran, &format!("{} must print {text:?}", self.run))?;
        }
        for text in &self.lacks {
            expect(!printed.contains(&spaced(text)), &ran, &format!("{} must not print {text:?}", self.run))?;
        }
        if let Some(writes) = self.writes {
            let done = terminal.puts() - puts;
            expect(done == writes, &ran, &format!("{} must put {writes} entries, not {done}", self.run))?;
        }
        if let (Some(wanted), Some(before)) = (self.encryptions, sealed) {
            let after = terminal.encryptions();
            let done =
                Encryptions { active: after.active - before.active, beside: after.beside - before.beside };
            expect(done == wanted, &ran, &format!("{} must seal {wanted:?}, not {done:?}", self.run))?;
        }
        Ok(())
    }
}

fn expect(holds: bool, ran: &Ran, claim: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{claim}\nexit {}\n{}{}", ran.code, ran.stdout, ran.stderr)) }
}

/// Runs of spaces as one, so that no table's width is claimed.
fn spaced(text: &str) -> String {
    let mut spaced = String::new();
    for c in text.chars() {
        if c != ' ' || !spaced.ends_with(' ') {
            spaced.push(c);
        }
    }
    spaced
}

/// The rows by the name of their file, in the table's order.
///
/// # Panics
/// When a file cannot be read, or is no row.
pub fn all() -> BTreeMap<String, Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/rows");
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let paths = entries.map(|entry| entry.expect("the folder is readable").path());
    let rows = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let row = fs::read_to_string(&path).map_err(|error| error.to_string());
        let row = row.and_then(|text| Row::parse(&text)).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, row)
    };
    rows.map(read).collect()
}
