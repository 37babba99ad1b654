//! The scenario files are whole, and the rules that they cite exist. It asks no server and no engine.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use vaultlet_tests::scenario::{self, Scenario, Step};

fn scenarios() -> impl Iterator<Item = (String, Scenario)> {
    scenario::files().into_iter().map(|(name, path)| {
        let text = fs::read_to_string(path).unwrap();
        let scenario = Scenario::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, scenario)
    })
}

/// The numbers of the rules in `docs/behaviour.md`: lines that start `- **3.10** `.
fn rules() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/behaviour.md");
    let text = fs::read_to_string(path).unwrap();
    let number =
        |line: &str| line.strip_prefix("- **")?.split_once("**").map(|(number, _)| number.to_owned());
    let all: Vec<String> = text.lines().filter_map(number).collect();
    let rules: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(rules.len(), all.len(), "a number stands for one rule");
    rules
}

#[test]
fn every_step_is_recorded() {
    for (name, scenario) in scenarios() {
        for step in &scenario.steps {
            if let Step::Ask(ask) = step {
                assert!(ask.expected.is_some(), "{name}: {} is not recorded", ask.request);
            }
        }
    }
}

#[test]
fn every_cited_rule_exists_and_every_scenario_cites_one() {
    let rules = rules();
    assert!(rules.len() > 50, "the rules are found: {rules:?}");
    for (name, scenario) in scenarios() {
        assert!(!scenario.cites.is_empty(), "{name} cites no rule");
        for cited in &scenario.cites {
            assert!(rules.contains(cited), "{name} cites {cited}, which docs/behaviour.md does not have");
        }
    }
}

/// The rules that tests in Rust show: bytes and storage, which no request answers. A line `// Shows 1.7, 2.2.` stands above `#[test]`.
fn shown_by_tests() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut shown = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2) {
            let Some(rules) = pair[0].strip_prefix("// Shows ") else { continue };
            assert_eq!(pair[1], "#[test]", "{} stands above no test", pair[0]);
            shown.extend(rules.trim_end_matches('.').split(", ").map(str::to_owned));
        }
    }
    shown
}

#[test]
fn every_rule_is_shown_and_what_is_shown_is_a_rule() {
    let rules = rules();
    let tests = shown_by_tests();
    for shown in &tests {
        assert!(rules.contains(shown), "a test shows {shown}, which docs/behaviour.md does not have");
    }
    let cited: BTreeSet<String> = scenarios().flat_map(|(_, scenario)| scenario.cites).collect();
    let bare: Vec<&String> =
        rules.iter().filter(|rule| !cited.contains(*rule) && !tests.contains(*rule)).collect();
    assert!(bare.is_empty(), "rules that no scenario and no test shows: {bare:?}");
}
