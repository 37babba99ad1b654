//! What fuzzing begins with: what was recorded from the real server, taken from the tests' own files. It knows no target's inside.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;
use toml_edit::{DocumentMut, Item, TableLike};

use crate::requests::NEXT;
use crate::shell::BETWEEN;
use crate::{TARGETS, snapshots};

/// Every file of scenarios and transcripts, and the recorded tokens.
pub(crate) struct Recorded {
    scenarios: Vec<DocumentMut>,
    transcripts: Vec<DocumentMut>,
    tokens: Value,
}

/// Writes each target's seeds into a folder of its name.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &Path) -> io::Result<()> {
    let recorded = Recorded::read();
    for (name, _) in TARGETS {
        let folder = folder.join(name);
        fs::create_dir_all(&folder)?;
        for (at, seed) in recorded.seeds(name).iter().enumerate() {
            fs::write(folder.join(format!("seed-{at}")), seed)?;
        }
    }
    Ok(())
}

impl Recorded {
    pub(crate) fn read() -> Self {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let tokens = include_str!("../../../crates/token/tests/data/recorded.json");
        Self {
            scenarios: documents(&tests.join("scenarios")),
            transcripts: documents(&tests.join("transcripts")),
            tokens: serde_json::from_str(tokens).expect("the recorded tokens are JSON"),
        }
    }

    /// What fuzzing a target begins with.
    pub(crate) fn seeds(&self, target: &str) -> Vec<Vec<u8>> {
        match target {
            "token" => self.tokens(),
            "frame" => self.frames(),
            "protobuf" => self.plaintexts(),
            "policy" => self.policies(),
            "json" => self.bodies(),
            "request" => self.requests(),
            "shell" => self.scripts(),
            "arguments" => self.arguments(),
            "snapshot" => snapshots::seeds(),
            _ => Vec::new(),
        }
    }

    fn tokens(&self) -> Vec<Vec<u8>> {
        let tokens = self.tokens["tokens"].as_array().expect("there are tokens").iter();
        tokens.filter_map(|token| Some(text(token, "token").or(text(token, "id"))?.into_bytes())).collect()
    }

    fn frames(&self) -> Vec<Vec<u8>> {
        let sealed = |token: Vec<u8>| {
            vaultlet_token::Token::parse(std::str::from_utf8(&token).ok()?).sealed_bytes().ok()
        };
        self.tokens().into_iter().filter_map(sealed).collect()
    }

    fn plaintexts(&self) -> Vec<Vec<u8>> {
        let tokens = self.tokens["tokens"].as_array().expect("there are tokens").iter();
        tokens.filter_map(|token| unhex(&text(token, "plaintext_hex")?)).collect()
    }

    fn policies(&self) -> Vec<Vec<u8>> {
        let policy = |body: Vec<u8>| text(&serde_json::from_slice(&body).ok()?, "policy");
        self.bodies().into_iter().filter_map(policy).map(String::into_bytes).collect()
    }

    fn bodies(&self) -> Vec<Vec<u8>> {
        let steps = self.scenarios.iter().flat_map(steps);
        let mut bodies: Vec<Vec<u8>> =
            steps.filter_map(|step| Some(string(step, "body")?.into_bytes())).collect();
        bodies.sort_unstable();
        bodies.dedup();
        bodies
    }

    /// Each scenario as one sequence of requests.
    fn requests(&self) -> Vec<Vec<u8>> {
        let whole = |scenario| {
            let requests: Vec<Vec<u8>> = steps(scenario).filter_map(request).collect();
            requests.join(&NEXT)
        };
        self.scenarios.iter().map(whole).collect()
    }

    fn scripts(&self) -> Vec<Vec<u8>> {
        let steps = self.transcripts.iter().flat_map(steps);
        steps.filter_map(|step| Some(string(step, "run")?.into_bytes())).collect()
    }

    /// The command lines among the scripts, split where no quotes are in the way.
    fn arguments(&self) -> Vec<Vec<u8>> {
        let words = |script: Vec<u8>| {
            let line = String::from_utf8_lossy(&script).lines().next()?.strip_prefix("bao ")?.to_owned();
            Some(line.replace(['\'', '"'], "").replace(' ', &BETWEEN.to_string()).into_bytes())
        };
        self.scripts().into_iter().filter_map(words).collect()
    }
}

fn request(step: &dyn TableLike) -> Option<Vec<u8>> {
    if let Some(span) = string(step, "advance") {
        return Some(format!("SLEEP {}", span.trim_end_matches('s')).into_bytes());
    }
    let (method, path) =
        string(step, "request")?.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned()))?;
    let mut text = format!("{method} /v1/{path}\n");
    if let Some(token) = string(step, "token") {
        text += &format!("X-Vault-Token: {token}\n");
    }
    if let Some(headers) = step.get("headers").and_then(Item::as_table_like) {
        for (name, value) in headers.iter() {
            text += &format!("{name}: {}\n", value.as_str().unwrap_or_default());
        }
    }
    Some((text + "\n" + &string(step, "body").unwrap_or_default()).into_bytes())
}

fn steps(document: &DocumentMut) -> impl Iterator<Item = &dyn TableLike> {
    let steps = document.get("step").and_then(Item::as_array_of_tables).into_iter().flatten();
    steps.map(|step| step as &dyn TableLike)
}

fn string(step: &dyn TableLike, name: &str) -> Option<String> {
    step.get(name)?.as_str().map(str::to_owned)
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    text.as_bytes().chunks(2).map(pair).collect()
}

/// Every TOML file below a folder, in order.
fn documents(folder: &Path) -> Vec<DocumentMut> {
    let entries = fs::read_dir(folder).expect("the tests' folders are there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it is read").path()).collect();
    paths.sort();
    let one = |path: PathBuf| {
        if path.is_dir() {
            return documents(&path);
        }
        let toml = path.extension().is_some_and(|end| end == "toml");
        let text = toml.then(|| fs::read_to_string(&path).expect("it is text"));
        text.map(|text| text.parse().expect("it is TOML")).into_iter().collect()
    };
    paths.into_iter().flat_map(one).collect()
}
