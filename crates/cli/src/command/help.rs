//! Help, in our own words. It runs nothing.

use super::spec::{self, Spec};
use crate::flags::{Flag, Takes};
use crate::output::{Output, Stream};
use crate::product::Product;
use crate::render::wrap;

/// For words that name no command: the commands that begin like them. Gives the exit code.
pub(super) fn groups(product: Product, arguments: &[String], output: &mut Output) -> u8 {
    let asked = arguments.iter().any(|word| ["-h", "-help", "--help"].contains(&word.as_str()));
    if let Some((spec, _)) = behind_flags(arguments).and_then(spec::find) {
        let mut printed = Output::default();
        command(product, spec, &mut printed);
        output.error(EARLY_FLAGS);
        printed.pieces.iter().for_each(|(_, bytes)| output.push(Stream::Err, bytes));
        return 1;
    }
    let (text, code) = match group(arguments) {
        None => (overview(product), 127),
        Some(group) => (subcommands(product, &group), 1),
    };
    output.push(if asked { Stream::Out } else { Stream::Err }, text.as_bytes());
    if asked { 0 } else { code }
}

/// What the real command line says before the help of a command with flags in front of it.
const EARLY_FLAGS: &str = "Invalid flags before the subcommand. If these flags are for\n\
    the subcommand, please put them after the subcommand.\n";

/// The words behind flags that stand first.
fn behind_flags(arguments: &[String]) -> Option<&[String]> {
    let flags = arguments.iter().take_while(|word| word.starts_with('-')).count();
    if flags == 0 { None } else { arguments.get(flags..) }
}

/// The longest beginning of the words that some commands have in common: `kv metadata`.
fn group(arguments: &[String]) -> Option<String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let begins = |length: &usize| words.get(..*length).unwrap_or_default().join(" ");
    let is_group = |group: &String| spec::ALL.iter().any(|spec| below(spec, group).is_some());
    (1..=words.len().min(2)).rev().map(|length| begins(&length)).find(is_group)
}

/// The rest of a command's name behind a group's.
fn below(spec: &Spec, group: &str) -> Option<&'static str> {
    spec.name.strip_prefix(group)?.strip_prefix(' ')
}

fn overview(product: Product) -> String {
    let mut text = format!("Usage: {} <command> [args]\n\nCommands:\n", product.command());
    for spec in &spec::ALL {
        text.push_str(&format!("    {:<20} {}\n", spec.name, spec.says));
    }
    text
}

fn subcommands(product: Product, group: &str) -> String {
    let found: Vec<(&str, &Spec)> =
        spec::ALL.iter().filter_map(|spec| Some((below(spec, group)?, spec))).collect();
    let options = if found.iter().all(|(_, spec)| spec.is_offline()) { "" } else { " [options] [args]" };
    let mut text = format!("Usage: {} {group} <subcommand>{options}\n\nSubcommands:\n", product.command());
    for (name, spec) in found {
        text.push_str(&format!("    {name:<20} {}\n", spec.says));
    }
    text
}

/// What a command does, and its flags.
pub(super) fn command(product: Product, spec: &Spec, output: &mut Output) {
    let arguments = if spec.arguments.is_empty() { String::new() } else { format!(" {}", spec.arguments) };
    let options = if spec.is_offline() { "" } else { " [options]" };
    let usage = format!("Usage: {} {}{options}{arguments}", product.command(), spec.name);
    output.line(&format!("{usage}\n\n  {}", spec.says));
    let flags = spec.flags();
    if !flags.is_empty() {
        output.line("\nOptions:");
    }
    for flag in &flags {
        output.line(&format!("\n  {}\n{}", name(flag), says(product, flag)));
    }
}

/// `-increment=<duration>, -i`
fn name(flag: &Flag) -> String {
    let value = match flag.takes {
        Takes::Bool => "",
        Takes::Text | Takes::Texts => "=<string>",
        Takes::Duration => "=<duration>",
        Takes::Number => "=<int>",
        Takes::Count => "=<uint>",
        Takes::Pairs => "=<key=value>",
    };
    let also = if flag.also.is_empty() { String::new() } else { format!(", -{}", flag.also) };
    format!("-{}{value}{also}", flag.name)
}

/// What it is for, how often it can stand, and what stands in for it.
fn says(product: Product, flag: &Flag) -> String {
    let mut text = flag.says.to_owned();
    if matches!(flag.takes, Takes::Texts | Takes::Pairs) {
        text.push_str(" It can be given many times.");
    }
    if !flag.variable.is_empty() {
        text.push_str(&format!(" {}_{} stands in for it.", product.prefix(), flag.variable));
    }
    wrap::wrapped(&text, 6)
}
