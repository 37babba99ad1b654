//! Every path of the API, asked in every way: methods, bodies, tokens, and each parameter with values of each kind. What is compared is
//! the gist of an answer: its status, its errors and warnings, and what it has in it. It knows neither the engine nor the server.

mod ask;
mod paths;
mod probe;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

pub use ask::survey;
pub use paths::{PATHS, Path};

use crate::scenario::Side;

/// Where the real server's answers are recorded, one file an area.
pub fn recorded(area: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("surface").join(format!("{area}.txt"))
}

/// The areas in their order.
pub fn areas() -> Vec<&'static str> {
    let mut areas: Vec<_> = PATHS.iter().map(|path| path.area).collect();
    areas.dedup();
    areas
}

/// A probe, and the gist of its answer.
pub type Line = (String, String);

/// The answers of an area, path by path.
pub type Survey = Vec<(String, Vec<Line>)>;

/// Writes a survey as a text: the answers of each path, and by which probes each was given.
pub fn write(survey: &[(String, Vec<Line>)]) -> String {
    let mut text = String::new();
    for (path, lines) in survey {
        text.push_str(&format!("== {path}\n"));
        let mut rest: Vec<&Line> = lines.iter().collect();
        while let Some((_, gist)) = rest.first() {
            let (same, others): (Vec<&Line>, Vec<&Line>) = rest.iter().partition(|line| line.1 == *gist);
            text.push_str(&format!("{gist}\n"));
            for (probe, _) in same {
                text.push_str(&format!("  {probe}\n"));
            }
            rest = others;
        }
    }
    text
}

/// Reads what [`write()`] wrote: path, probe and gist.
pub fn read(text: &str) -> Vec<(String, String, String)> {
    let (mut path, mut gist) = (String::new(), String::new());
    let mut lines = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            name.clone_into(&mut path);
        } else if let Some(probe) = line.strip_prefix("  ") {
            lines.push((path.clone(), probe.to_owned(), gist.clone()));
        } else if !line.starts_with('#') {
            line.clone_into(&mut gist);
        }
    }
    lines
}

/// The answers of the engine that differ from the real server's, declared: in the form of [`write()`], with the reason above in lines
/// that begin with `#`.
pub fn declared(area: &str) -> PathBuf {
    recorded(area).with_extension("differs.txt")
}

fn lines(path: PathBuf) -> Result<BTreeMap<(String, String), String>, String> {
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(read(&text).into_iter().map(|(path, probe, gist)| ((path, probe), gist)).collect())
}

/// A survey without what is answered as recorded.
///
/// # Errors
/// When the recording cannot be read.
pub fn differences(area: &str, mut survey: Survey) -> Result<Survey, String> {
    let recorded = lines(recorded(area))?;
    for (path, lines) in &mut survey {
        lines.retain(|(probe, gist)| recorded.get(&(path.clone(), probe.clone())) != Some(gist));
    }
    survey.retain(|(_, lines)| !lines.is_empty());
    Ok(survey)
}

/// Compares a survey with the recorded one.
///
/// # Errors
/// Every difference that is not declared, every declared one that is none, and every probe that is missing on a side.
pub fn compare(area: &str, survey: Survey, side: Side) -> Result<(), String> {
    let recorded = lines(recorded(area))?;
    let mut expected = recorded.clone();
    let declared = match side {
        Side::Engine if declared(area).exists() => lines(declared(area))?,
        _ => BTreeMap::new(),
    };
    expected.extend(declared.clone());
    let mut wrong = Vec::new();
    for (place, ours) in &declared {
        if recorded.get(place).is_none_or(|theirs| theirs == ours) {
            wrong.push(format!("{} {}: the declared divergence is none", place.0, place.1));
        }
    }
    for (path, lines) in survey {
        for (probe, got) in lines {
            match expected.remove(&(path.clone(), probe.clone())) {
                Some(expected) if expected == got => {}
                Some(expected) => {
                    wrong.push(format!("{path} {probe}\n    expected {expected}\n    answered {got}"));
                }
                None => wrong.push(format!("{path} {probe}: not recorded")),
            }
        }
    }
    wrong.extend(expected.keys().map(|(path, probe)| format!("{path} {probe}: not asked")));
    if wrong.is_empty() { Ok(()) } else { Err(format!("{} differences\n{}", wrong.len(), wrong.join("\n"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survey_is_read_as_it_was_written() {
        let line = |probe: &str, gist: &str| (probe.to_owned(), gist.to_owned());
        let lines = vec![line("GET", "200 {}"), line("POST {}", "405 []"), line("HEAD", "200 {}")];
        let text = write(&[("a/b".to_owned(), lines)]);
        assert_eq!(text, "== a/b\n200 {}\n  GET\n  HEAD\n405 []\n  POST {}\n");
        let read = read(&text);
        assert_eq!(read.len(), 3);
        assert_eq!(read[1], ("a/b".to_owned(), "HEAD".to_owned(), "200 {}".to_owned()));
    }
}
