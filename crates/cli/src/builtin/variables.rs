//! The shell's state: `export`, `unset`, `env`, `cd`, `history`, `exit`.

use crate::Host;
use crate::output::Output;
use crate::shell::{Runner, is_name};

/// `export [NAME[=VALUE]..]`
pub(super) fn export<H: Host>(runner: &mut Runner<'_, H>, arguments: &[String], output: &mut Output) -> u8 {
    if arguments.is_empty() || arguments == ["-p"] {
        for (name, value) in runner.shell.variables.environment() {
            output.line(&format!("export {name}='{}'", value.replace('\'', "'\\''")));
        }
        return 0;
    }
    for word in arguments {
        let (name, value) =
            word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        if !is_name(name) {
            output.error(&format!("sh: export: {name}: bad variable name"));
            return 2;
        }
        if let Some(value) = value {
            runner.shell.variables.set(name, value);
        }
        runner.shell.variables.export(name);
        let line = runner.shell.variables.value(name).and_then(|value| runner.host.exported(name, value));
        if let Some(line) = line {
            output.line(&line);
        }
    }
    0
}

/// `unset NAMES`
pub(super) fn unset<H: Host>(runner: &mut Runner<'_, H>, arguments: &[String]) -> u8 {
    for name in arguments {
        runner.shell.variables.unset(name);
    }
    0
}

/// `env`
pub(super) fn env<H: Host>(runner: &mut Runner<'_, H>, arguments: &[String], output: &mut Output) -> u8 {
    if let Some(word) = arguments.first() {
        output
            .error(&format!("env: {word}: this one only prints; write NAME=value before a command instead"));
        return 2;
    }
    for (name, value) in runner.shell.variables.environment() {
        output.line(&format!("{name}={value}"));
    }
    0
}

/// `cd [DIRECTORY]`
pub(super) fn cd<H: Host>(runner: &mut Runner<'_, H>, arguments: &[String], output: &mut Output) -> u8 {
    let home = runner.shell.variables.value("HOME").unwrap_or("/").to_owned();
    let before = runner.shell.variables.value("OLDPWD").map(str::to_owned);
    let back = arguments.first().is_some_and(|word| word == "-");
    let to = if back { before } else { arguments.first().cloned() }.unwrap_or(home);
    if !runner.shell.files.is_directory(&to) {
        output.error(&format!("sh: cd: can't cd to {to}"));
        return 2;
    }
    let directory = runner.shell.files.absolute(&to);
    if back {
        output.line(&directory);
    }
    let left = runner.shell.files.directory.clone();
    runner.shell.variables.set("OLDPWD", &left);
    runner.shell.variables.set("PWD", &directory);
    runner.shell.files.directory = directory;
    0
}

/// `history`
pub(super) fn history<H: Host>(runner: &mut Runner<'_, H>, output: &mut Output) -> u8 {
    for (index, line) in runner.shell.lines.iter().enumerate() {
        output.line(&format!("{:>5}  {line}", index + 1));
    }
    0
}

/// `exit [CODE]`
pub(super) fn exit<H: Host>(runner: &mut Runner<'_, H>, arguments: &[String]) -> u8 {
    runner.exiting = true;
    arguments.first().and_then(|code| code.parse().ok()).unwrap_or(runner.status)
}
