//! Asks a driver a scenario and compares. It knows neither the engine nor the server.

use std::collections::BTreeMap;

use serde_json::Value;
use vaultlet_core::{Method, Request, Response};

use super::names::placeholder;
use super::{Ask, At, Expected, Names, Scenario, Step};
use crate::driver::Driver;

/// Seconds that times and remaining lives may be off: the real server takes time to answer.
const SLACK: i64 = 2;

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The engine, for which declared divergences hold.
    Engine,
    /// The real server.
    Server,
}

/// Asks every step and compares each answer with the recorded one.
///
/// # Errors
/// The first difference, as a text for people.
pub fn run(scenario: &Scenario, driver: &mut dyn Driver, side: Side) -> Result<(), String> {
    let mut names = Names::default();
    for (index, step) in scenario.steps.iter().enumerate() {
        let place = |error: String| format!("step {}: {error}", index + 1);
        match step {
            Step::Advance(span) => driver.advance(*span),
            Step::Ask(asked) => {
                let got = ask(asked, driver, &mut names).map_err(place)?;
                compare(asked, side, &got).map_err(place)?;
            }
        }
    }
    Ok(())
}

/// Asks one step; the answer comes back with placeholders.
pub(super) fn ask(step: &Ask, driver: &mut dyn Driver, names: &mut Names) -> Result<Expected, String> {
    let request = request(step, names)?;
    let (response, by) = match step.at {
        At::Active => (driver.ask(&request), None),
        At::Standby => {
            let (response, by) = driver.ask_standby(&request);
            (response, Some(by))
        }
        At::Secondary => (driver.ask_secondary(&request), None),
    };
    let text = one_line(step, &response)?;
    let json = serde_json::from_str(&text).unwrap_or(Value::Null);
    for (name, path) in &step.save {
        let value = path.split('.').fold(&json, |value, key| match key.parse::<usize>() {
            Ok(index) => &value[index],
            Err(_) => &value[key],
        });
        let value = value.as_str().ok_or_else(|| format!("{}: no text at {path} in {text}", step.request))?;
        names.bind(name, value)?;
    }
    Ok(Expected { status: response.status, answer: names.mask(&text, driver.now()), by })
}

fn request(step: &Ask, names: &Names) -> Result<Request, String> {
    let (method, path) = step.request.split_once(' ').ok_or("a request is a method and a path")?;
    let mut request = Request::new(Method::parse(method), &names.fill(path)?);
    if !step.token.is_empty() {
        request = request.token(&names.fill(&step.token)?);
    }
    for (name, value) in &step.headers {
        request = request.header(name, &names.fill(value)?);
    }
    request.body = names.fill(&step.body)?.into_bytes();
    Ok(request)
}

/// The body without its line end. What `sys/` answers is put in the order of its keys, which is random there.
fn one_line(step: &Ask, response: &Response) -> Result<String, String> {
    let text = std::str::from_utf8(&response.body).map_err(|_| format!("{}: not UTF-8", step.request))?;
    if text.is_empty() {
        return Ok(String::new());
    }
    // An answer with a status of its own comes without the line end of the others.
    let special = response.status == 202 || (response.status == 404 && text.starts_with("{\"request_id\""));
    // What was wrapped was kept without one.
    let special = special || (response.status < 400 && step.request.ends_with(" sys/wrapping/unwrap"));
    let whole = if text.starts_with("<a ") {
        // A link to where the path is, for browsers.
        Some(text.trim_end())
    } else if special {
        Some(text)
    } else {
        text.strip_suffix('\n')
    };
    let line = whole.ok_or_else(|| format!("{}: no line end after {text}", step.request))?;
    let random = step.request.split_once(' ').is_some_and(|(_, path)| is_random(path));
    match serde_json::from_str::<Value>(line) {
        Ok(json) if random => Ok(sorted(&json)),
        _ => Ok(line.to_owned()),
    }
}

/// Whether the order of an answer's members is random: in `sys/`, but for what is answered before routing.
fn is_random(path: &str) -> bool {
    let name = path.split('?').next().unwrap_or_default();
    path.starts_with("sys/")
        && !matches!(name, "sys/health" | "sys/init" | "sys/leader" | "sys/seal-status" | "sys/unseal")
}

/// JSON with its keys in order, whatever features `serde_json` was built with.
fn sorted(json: &Value) -> String {
    match json {
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().collect();
            let text = |(key, value)| format!("{}:{}", Value::from(String::as_str(key)), sorted(value));
            format!("{{{}}}", members.into_iter().map(text).collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

fn compare(step: &Ask, side: Side, got: &Expected) -> Result<(), String> {
    let unrecorded = || format!("{} is not recorded yet", step.request);
    let recorded = step.expected.clone().ok_or_else(unrecorded)?;
    let expected = match &step.divergence {
        Some(ours) if side == Side::Engine => {
            let expected = Expected { status: ours.status, answer: ours.answer.clone(), by: ours.by };
            if same(&expected, &recorded) {
                return Err(format!("{}: the declared divergence is none", step.request));
            }
            expected
        }
        _ => recorded,
    };
    if same(&expected, got) {
        return Ok(());
    }
    let (request, body) = (&step.request, &step.body);
    let (left, right) = (&expected, got);
    let by = |answer: &Expected| answer.by.map(|by| format!(" by the {}", by.word())).unwrap_or_default();
    Err(format!(
        "{request} {body}\n  expected {}{} {}\n  answered {}{} {}",
        left.status,
        by(left),
        left.answer,
        right.status,
        by(right),
        right.answer
    ))
}

fn same(expected: &Expected, got: &Expected) -> bool {
    expected.status == got.status && expected.by == got.by && same_text(&expected.answer, &got.answer)
}

/// Equal but for distances in time that are nearly equal.
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    match (placeholder(left), placeholder(right)) {
        (Some((before, one, after)), Some((also_before, other, also_after))) => {
            before == also_before && same_name(one, other) && same_text(after, also_after)
        }
        _ => left == right,
    }
}

fn same_name(one: &str, other: &str) -> bool {
    let parts = |name: &str| {
        let (kind, detail) = name.split_once(' ')?;
        let timed =
            kind == "unix" || kind == "ttl" || kind.starts_with("time") || kind.starts_with("nanotime");
        Some((kind.to_owned(), detail.parse::<i64>().ok().filter(|_| timed)?))
    };
    match (parts(one), parts(other)) {
        (Some((kind, at)), Some((also, near))) => kind == also && (at - near).abs() <= SLACK,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_may_be_off_by_little_and_nothing_else_may() {
        assert!(same_text("{<unix +0>,<ttl 3599>}", "{<unix -1>,<ttl 3600>}"));
        assert!(!same_text("{<unix +0>}", "{<unix +3>}"));
        assert!(!same_text("{<unix +0>}", "{<ttl 0>}"));
        assert!(!same_text("\"<time +3600>\"", "\"<nanotime-1 +3600>\""));
        assert!(!same_text("<batch-1 127>", "<batch-1 128>"));
        assert!(!same_text("<token-1>", "<token-2>"));
        assert!(!same_text("<token-1>", "<token-1>x"));
    }

    #[test]
    fn keys_are_put_in_order_at_every_depth() {
        let json = serde_json::json!({ "b": { "z": 1, "a": [{ "d": "\"", "c": null }] }, "a": 1 });
        assert_eq!(sorted(&json), r#"{"a":1,"b":{"a":[{"c":null,"d":"\""}],"z":1}}"#);
    }
}
