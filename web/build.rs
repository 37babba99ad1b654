//! Turns the comparison's row files into Rust, so that the page holds no TOML reader. It knows no page.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    title: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    server: Server,
    #[serde(default)]
    setup: Vec<String>,
    service: Column,
    batch: Column,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    answer: String,
    #[serde(default)]
    small: String,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    run: String,
    #[serde(default)]
    exit: u8,
    #[serde(default)]
    prints: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    writes: Option<u64>,
    encryptions: Option<Encryptions>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Encryptions {
    active: u64,
    beside: u64,
}

/// What a row begins with; its name is that of the page's own type.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Server {
    #[default]
    Alone,
    Standby,
    Secondary,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../tests/scenarios/rows");
    println!("cargo::rerun-if-changed={}", folder.display());
    let rows = row_files(&folder)?.iter().map(|file| row(file)).collect::<Result<Vec<_>, _>>()?;
    let out = Path::new(&env::var("OUT_DIR")?).join("rows.rs");
    Ok(fs::write(out, format!("&[{}]", rows.join(",\n")))?)
}

fn row_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn row(file: &Path) -> Result<String, Box<dyn Error>> {
    let row: Row = toml_edit::de::from_str(&fs::read_to_string(file)?)
        .map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(format!(
        "Row {{ title: {:?}, note: {:?}, server: Server::{:?}, setup: &{:?}, service: {}, batch: {} }}",
        row.title,
        row.note,
        row.server,
        row.setup,
        column(&row.service),
        column(&row.batch)
    ))
}

fn column(column: &Column) -> String {
    let steps: Vec<_> = column.steps.iter().map(step).collect();
    format!(
        "Column {{ answer: {:?}, small: {:?}, steps: &[{}] }}",
        column.answer,
        column.small,
        steps.join(", ")
    )
}

fn step(step: &Step) -> String {
    let encryptions = step.encryptions.as_ref().map(|sealed| (sealed.active, sealed.beside));
    format!(
        "Step {{ run: {:?}, exit: {}, prints: &{:?}, lacks: &{:?}, writes: {:?}, encryptions: {encryptions:?} }}",
        step.run, step.exit, step.prints, step.lacks, step.writes
    )
}
