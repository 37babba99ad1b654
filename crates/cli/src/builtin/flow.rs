//! What changes the script that runs: `break`, `continue`, `read`, `set`.

use crate::Host;
use crate::output::Output;
use crate::shell::{Runner, is_name};

/// `break [LOOPS]`, `continue [LOOPS]`; outside of a loop they do nothing.
pub(super) fn leave<H: Host>(runner: &mut Runner<'_, H>, name: &str, arguments: &[String]) -> u8 {
    let count: usize = arguments.first().and_then(|count| count.parse().ok()).unwrap_or(1);
    runner.leaving = count.min(runner.loops);
    runner.continues = name == "continue";
    0
}

/// `read [-r] NAMES`: one line, its words to the variables, what is left to the last; 1 at the end of the input.
pub(super) fn read<H: Host>(runner: &mut Runner<'_, H>, arguments: &[String]) -> u8 {
    let raw = arguments.iter().any(|word| word == "-r");
    let names: Vec<&String> = arguments.iter().filter(|word| is_name(word)).collect();
    let (line, whole) = line(&mut runner.stdin, raw);
    let mut rest = line.trim_matches([' ', '\t']);
    for (index, name) in names.iter().enumerate() {
        let (word, after) = match rest.split_once([' ', '\t']) {
            Some((word, after)) if index + 1 < names.len() => (word, after.trim_start_matches([' ', '\t'])),
            _ => (rest, ""),
        };
        runner.shell.variables.set(name, word);
        rest = after;
    }
    u8::from(!whole)
}

/// Takes a line from the front of the input; unless it is to be taken raw, a `\` at its end joins the next one. The
/// flag says whether it had an end.
fn line(input: &mut Vec<u8>, raw: bool) -> (String, bool) {
    let mut all = String::new();
    loop {
        let end = input.iter().position(|byte| *byte == b'\n');
        let taken: Vec<u8> = input.drain(..end.map_or(input.len(), |end| end + 1)).collect();
        let text = String::from_utf8_lossy(&taken).into_owned();
        let text = text.strip_suffix('\n').unwrap_or(&text);
        match text.strip_suffix('\\').filter(|_| !raw && end.is_some()) {
            Some(text) => all.push_str(text),
            None => return (all + text, end.is_some()),
        }
    }
}

/// `set -e`, `set -u`, `set -o pipefail`, together or with a `+` to unset them.
pub(super) fn set<H: Host>(runner: &mut Runner<'_, H>, arguments: &[String], output: &mut Output) -> u8 {
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let (on, letters) = match (word.strip_prefix('-'), word.strip_prefix('+')) {
            (Some(letters), _) => (true, letters),
            (None, Some(letters)) => (false, letters),
            (None, None) => (true, "?"),
        };
        for letter in letters.chars() {
            let options = &mut runner.options;
            match letter {
                'e' => options.failure_ends = on,
                'u' => options.unset_is_error = on,
                'o' if words.next().is_some_and(|name| name == "pipefail") => options.any_fails = on,
                _ => {
                    output.error(&format!("sh: set: {word}: only -e, -u and -o pipefail are known here"));
                    return 2;
                }
            }
        }
    }
    0
}
