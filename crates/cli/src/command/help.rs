//! Help, in our own words. It runs nothing.

use super::spec::{self, Spec};
use crate::flags::{Flag, Takes};
use crate::output::{Output, Stream};
use crate::product::Product;

/// For words that name no command: the commands that begin like them. Gives the exit code.
pub(super) fn groups(product: Product, arguments: &[String], output: &mut Output) -> u8 {
    let asked = arguments.iter().any(|word| ["-h", "-help", "--help"].contains(&word.as_str()));
    let group = arguments.first().map(String::as_str).unwrap_or_default();
    let inside = |spec: &&Spec| spec.name.split_once(' ').is_some_and(|(first, _)| first == group);
    let found: Vec<&Spec> = spec::ALL.iter().filter(inside).collect();
    let (text, code) = match found.as_slice() {
        [] => (overview(product), 127),
        found => (subcommands(product, group, found), 1),
    };
    output.push(if asked { Stream::Out } else { Stream::Err }, text.as_bytes());
    if asked { 0 } else { code }
}

fn overview(product: Product) -> String {
    let mut text = format!("Usage: {} <command> [args]\n\nCommands:\n", product.command());
    for spec in &spec::ALL {
        text.push_str(&format!("    {:<20} {}\n", spec.name, spec.says));
    }
    text
}

fn subcommands(product: Product, group: &str, found: &[&Spec]) -> String {
    let mut text =
        format!("Usage: {} {group} <subcommand> [options] [args]\n\nSubcommands:\n", product.command());
    for spec in found {
        let name = spec.name.split_once(' ').map_or(spec.name, |(_, rest)| rest);
        text.push_str(&format!("    {name:<16} {}\n", spec.says));
    }
    text
}

/// What a command does, and its flags.
pub(super) fn command(product: Product, spec: &Spec, output: &mut Output) {
    let arguments = if spec.arguments.is_empty() { String::new() } else { format!(" {}", spec.arguments) };
    output.line(&format!(
        "Usage: {} {} [options]{arguments}\n\n  {}",
        product.command(),
        spec.name,
        spec.says
    ));
    let mut flags: Vec<&Flag> = spec.flags().collect();
    flags.sort_by_key(|flag| flag.name);
    if !flags.is_empty() {
        output.line("\nOptions:");
    }
    for flag in flags {
        let value = match flag.takes {
            Takes::Bool => "",
            Takes::Text | Takes::Texts => "=<string>",
            Takes::Duration => "=<duration>",
            Takes::Number => "=<int>",
            Takes::Pairs => "=<key=value>",
        };
        output.line(&format!("\n  -{}{value}\n      {}", flag.name, flag.says));
    }
}
