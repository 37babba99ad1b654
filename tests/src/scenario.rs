//! A scenario: requests and the answers that the real server gave, one behaviour a file.
//!
//! The format is described in `tests/scenarios/README.md`. This file reads it; it asks nobody.

mod layout;
mod names;
mod record;
mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

pub use layout::{join, wrap};
pub use names::Names;
pub use record::record;
pub(crate) use run::same_text;
pub use run::{Side, run};

/// One behaviour, shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The behaviour, in a sentence.
    pub title: String,
    /// The rules of `docs/behaviour.md` that it shows.
    #[serde(default)]
    pub cites: Vec<String>,
    /// What it begins with.
    #[serde(default)]
    pub server: Server,
    /// What happens, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// What a scenario begins with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Server {
    /// A development server: open, root token `root`.
    #[default]
    Dev,
    /// A server with nothing stored, in memory.
    Uninitialised,
    /// As `Dev`, with a standby beside it.
    Standby,
    /// As `Dev`, with a second cluster beside it that has the same keys. The real one is a server restored from a snapshot.
    Secondary,
}

/// Who is asked a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum At {
    /// The server itself; of a cluster the active node.
    #[default]
    Active,
    /// The standby beside it.
    Standby,
    /// The second cluster beside it.
    Secondary,
}

impl At {
    /// As it stands in a file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Standby => "standby",
            Self::Secondary => "secondary",
        }
    }
}

/// One request, or a wait.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawStep")]
pub enum Step {
    /// A request and its recorded answer.
    Ask(Box<Ask>),
    /// Time passes.
    Advance(Duration),
}

/// A request and its recorded answer.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Method and path below `/v1/`: `POST auth/token/create`.
    pub request: String,
    /// Who is asked.
    pub at: At,
    /// The token header; empty sends none.
    pub token: String,
    /// Further headers.
    pub headers: BTreeMap<String, String>,
    /// The body, sent as it stands.
    pub body: String,
    /// Names for values of the answer, by their dotted path: `parent = "auth.client_token"`.
    pub save: BTreeMap<String, String>,
    /// What the real server answered; `None` before it was asked.
    pub expected: Option<Expected>,
    /// What the engine answers in place of it, with the reason.
    pub divergence: Option<Divergence>,
}

/// A recorded answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The HTTP status.
    pub status: u16,
    /// The body with placeholders, without its line end.
    pub answer: String,
    /// Who made the answer to what a standby was asked: itself, or the active node.
    pub by: Option<At>,
}

/// A declared difference from the real server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divergence {
    /// Why the engine answers something else.
    pub because: String,
    /// The engine's status.
    pub status: u16,
    /// The engine's body.
    pub answer: String,
    /// Who makes the engine's answer to what a standby is asked.
    pub by: Option<At>,
}

/// A step as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    request: Option<String>,
    #[serde(default)]
    at: At,
    token: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    save: BTreeMap<String, String>,
    status: Option<u16>,
    answer: Option<String>,
    by: Option<At>,
    divergence: Option<Divergence>,
    advance: Option<String>,
}

impl TryFrom<RawStep> for Step {
    type Error = String;

    fn try_from(raw: RawStep) -> Result<Self, String> {
        let request = match (raw.request, raw.advance) {
            (Some(request), None) => request,
            (None, Some(span)) => return seconds(&span).map(Self::Advance),
            _ => return Err("a step has either a `request` or an `advance`".to_owned()),
        };
        let expected = match (raw.status, raw.answer) {
            (Some(status), Some(answer)) => Some(Expected { status, answer: join(&answer), by: raw.by }),
            (None, None) => None,
            _ => return Err(format!("{request}: `status` and `answer` come together, from the recorder")),
        };
        Ok(Self::Ask(Box::new(Ask {
            request,
            at: raw.at,
            token: raw.token.unwrap_or_else(|| "root".to_owned()),
            headers: raw.headers,
            body: raw.body,
            save: raw.save,
            expected,
            divergence: raw.divergence,
        })))
    }
}

impl Scenario {
    /// Reads a scenario file's text.
    ///
    /// # Errors
    /// A sentence with the place where the text is no scenario.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml_edit::de::from_str(text).map_err(|error| error.to_string())
    }
}

/// The scenario files, by their name below `tests/scenarios/` without the extension, in order.
pub fn files() -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                // The comparison table's rows have a format and a runner of their own.
                folders.extend((path != root.join("rows")).then_some(path));
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.with_extension("");
                let name = name.strip_prefix(&root).expect("the file is below its folder");
                found.insert(name.to_string_lossy().into_owned(), path);
            }
        }
    }
    found
}

/// `3s`, whole seconds only: what real time can show.
fn seconds(text: &str) -> Result<Duration, String> {
    let digits = text.strip_suffix('s').and_then(|digits| digits.parse().ok());
    digits.map(Duration::from_secs).ok_or_else(|| format!("`advance = {text:?}` is not seconds, like \"3s\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_a_request_or_a_wait() {
        let scenario =
            Scenario::parse("title = 't'\n[[step]]\nrequest = 'GET sys/health'\n[[step]]\nadvance = '3s'\n")
                .unwrap();
        assert!(matches!(scenario.steps[0], Step::Ask(ref ask) if ask.token == "root"));
        assert!(matches!(scenario.steps[1], Step::Advance(span) if span == Duration::from_secs(3)));
        assert!(Scenario::parse("title = 't'\n[[step]]\ntoken = 'x'\n").is_err());
    }

    #[test]
    fn an_answer_without_its_status_is_refused() {
        let error = Scenario::parse("title = 't'\n[[step]]\nrequest = 'GET x'\nstatus = 200\n").unwrap_err();
        assert!(error.contains("come together"), "{error}");
    }
}
