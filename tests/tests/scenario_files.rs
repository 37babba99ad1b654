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
    text.lines().filter_map(number).collect()
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

#[test]
fn the_list_of_rules_without_a_scenario_is_right() {
    let cited: BTreeSet<String> = scenarios().flat_map(|(_, scenario)| scenario.cites).collect();
    let bare: Vec<String> = rules().into_iter().filter(|rule| !cited.contains(rule)).collect();
    let listed =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/not-yet-shown.txt"));
    let listed: Vec<String> = listed.unwrap().split_whitespace().map(str::to_owned).collect();
    assert_eq!(bare, listed, "left: rules without a scenario; right: tests/scenarios/not-yet-shown.txt");
}
