//! Runs a transcript on a terminal and compares. It knows neither terminal.

use super::{Step, Transcript, mask};
use crate::real_cli::Ran;
use crate::scenario::{Names, same_text};
use crate::terminal::Terminal;

/// Who is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Our shell, for which declared divergences hold.
    Ours,
    /// The real command line.
    Real,
}

/// Runs every step and compares what it prints with what was recorded.
///
/// # Errors
/// Every difference, as a text for people.
pub fn run(transcript: &Transcript, terminal: &mut dyn Terminal, side: Side) -> Result<(), String> {
    let mut names = Names::default();
    prepare(transcript, terminal);
    let mut differences = String::new();
    for (index, step) in transcript.steps.iter().enumerate() {
        let got = masked(terminal, &step.run, &mut names);
        if let Err(difference) = compare(step, side, &got) {
            differences.push_str(&format!("step {}: {difference}", index + 1));
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(differences) }
}

/// Puts the transcript's files where its lines find them.
pub(super) fn prepare(transcript: &Transcript, terminal: &mut dyn Terminal) {
    for (name, text) in &transcript.files {
        terminal.write_file(name, text);
    }
}

/// What a line prints, with placeholders.
pub(super) fn masked(terminal: &mut dyn Terminal, line: &str, names: &mut Names) -> Ran {
    let ran = terminal.run(line);
    let (address, now) = (terminal.address(), terminal.now());
    let stdout = mask::mask(&ran.stdout, names, &address, now);
    let stderr = mask::mask(&ran.stderr, names, &address, now);
    Ran { stdout, stderr, code: ran.code }
}

fn compare(step: &Step, side: Side, got: &Ran) -> Result<(), String> {
    let code = step.code.ok_or_else(|| format!("{} is not recorded yet", step.run))?;
    let recorded = Ran { stdout: step.stdout.clone(), stderr: step.stderr.clone(), code };
    let expected = match &step.divergence {
        Some(ours) if side == Side::Ours => {
            let ours = Ran { stdout: ours.stdout.clone(), stderr: ours.stderr.clone(), code: ours.code };
            if same(&ours, &recorded) {
                return Err(format!("{}: the declared divergence is none", step.run));
            }
            ours
        }
        _ => recorded,
    };
    if same(&expected, got) {
        return Ok(());
    }
    Err(format!(
        "{}\nexpected {}\n{}printed {}\n{}",
        step.run,
        expected.code,
        both(&expected),
        got.code,
        both(got)
    ))
}

fn same(expected: &Ran, got: &Ran) -> bool {
    expected.code == got.code
        && same_text(&expected.stdout, &got.stdout)
        && same_text(&expected.stderr, &got.stderr)
}

/// Both streams, line by line, told apart.
fn both(ran: &Ran) -> String {
    let lines = |mark: &str, text: &str| {
        text.split_inclusive('\n').map(|line| format!("  {mark} {line}")).collect::<String>()
            + if text.is_empty() || text.ends_with('\n') { "" } else { "<no line end>\n" }
    };
    lines("1>", &ran.stdout) + &lines("2>", &ran.stderr)
}
