//! The commands that the shell itself has. It knows no syntax.

mod curl;
mod filters;
mod flow;
mod grep;
mod host;
mod keys;
mod options;
mod pieces;
mod print;
mod printf;
mod store;
mod variables;

pub(crate) use curl::curl_options;

use crate::Host;
use crate::command;
use crate::output::Output;
use crate::product::Product;
use crate::shell::{Files, Runner};

/// What a command that needs no one else works with.
pub(crate) struct Io<'a> {
    pub(crate) name: &'a str,
    pub(crate) arguments: &'a [String],
    pub(crate) stdin: &'a mut Vec<u8>,
    pub(crate) files: &'a mut Files,
    pub(crate) output: &'a mut Output,
}

impl Io<'_> {
    /// A complaint, as the tools make them; gives the code to end with.
    pub(crate) fn fail(&mut self, text: &str) -> u8 {
        // What a shell does itself it complains of in its own name.
        let own = if ["printf", "test", "["].contains(&self.name) { "sh: " } else { "" };
        self.output.error(&format!("{own}{}: {text}", self.name));
        1
    }

    /// A complaint about the way it was called.
    pub(crate) fn misused(&mut self, text: &str) -> u8 {
        self.fail(text);
        2
    }

    /// All of the named files, or of standard input when none is named; `-` is standard input. Files that cannot be
    /// had are told of; the flag says whether all could.
    pub(crate) fn input(&mut self, names: &[String]) -> (Vec<u8>, bool) {
        if names.is_empty() {
            return (std::mem::take(self.stdin), true);
        }
        let (mut all, mut whole) = (Vec::new(), true);
        for name in names {
            match self.one_input(name) {
                Some(bytes) => all.extend(bytes),
                None => whole = false,
            }
        }
        (all, whole)
    }

    /// One named file, or standard input for `-`.
    pub(crate) fn one_input(&mut self, name: &str) -> Option<Vec<u8>> {
        if name == "-" {
            return Some(std::mem::take(self.stdin));
        }
        match self.files.read(name) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.fail(&format!("{name}: {}", error.capital()));
                None
            }
        }
    }
}

/// A command without a host.
type Plain = fn(&mut Io<'_>) -> u8;

/// The names of the shell's own commands, in order, each with what it does.
pub(crate) const NAMES: &[(&str, &str)] = &[
    (":", "does nothing"),
    ("[", "compares texts and numbers, looks for files"),
    ("base64", "encodes, or decodes with -d"),
    ("break", "leaves a loop"),
    ("cat", "prints files"),
    ("cd", "goes to another directory"),
    ("clear", "clears the screen"),
    ("command", "says with -v whether there is a command"),
    ("continue", "goes on with a loop's next round"),
    ("cp", "copies a file"),
    ("curl", "makes a request, which whatever answers this terminal answers"),
    ("cut", "prints columns of lines"),
    ("date", "prints the time"),
    ("echo", "prints its words"),
    ("env", "prints the variables that commands see"),
    ("exit", "ends the script"),
    ("export", "lets commands see a variable"),
    ("false", "fails"),
    ("grep", "prints the lines that match"),
    ("head", "prints the first lines"),
    ("help", "prints this"),
    ("history", "prints the lines run so far"),
    ("jq", "the jq language"),
    ("ls", "prints the names of files"),
    ("mkdir", "makes a directory"),
    ("mv", "renames a file"),
    ("printf", "prints by a format"),
    ("pwd", "prints the directory"),
    ("read", "reads a line into variables"),
    ("rm", "removes files"),
    ("seq", "counts"),
    ("set", "sets -e, -u and -o pipefail"),
    ("sleep", "lets time pass"),
    ("sort", "sorts lines"),
    ("tail", "prints the last lines"),
    ("tee", "keeps what it reads in files, and prints it"),
    ("test", "compares texts and numbers, looks for files"),
    ("touch", "makes empty files"),
    ("tr", "replaces letters"),
    ("true", "succeeds"),
    ("uniq", "leaves repeated lines out"),
    ("type", "says what a command is"),
    ("unset", "forgets a variable"),
    ("which", "says where a command is"),
    ("wc", "counts lines, words and bytes"),
];

/// Whether there is a command of that name.
pub(crate) fn is_command(name: &str) -> bool {
    Product::named(name).is_some() || NAMES.iter().any(|(known, _)| *known == name)
}

/// Runs a command by its name; gives its exit code.
pub(crate) async fn run<H: Host>(
    runner: &mut Runner<'_, H>,
    name: &str,
    arguments: &[String],
    output: &mut Output,
) -> u8 {
    if let Some(product) = Product::named(name) {
        let setting = command::Setting {
            product,
            environment: runner.shell.variables.environment(),
            files: &mut runner.shell.files,
            stdin: &mut runner.stdin,
            terminal: runner.shell.terminal && runner.to_reader,
        };
        return command::run(runner.host, setting, arguments, output).await;
    }
    if let Some(plain) = plain(name) {
        let (stdin, files) = (&mut runner.stdin, &mut runner.shell.files);
        return plain(&mut Io { name, arguments, stdin, files, output });
    }
    match name {
        "break" | "continue" => flow::leave(runner, name, arguments),
        "read" => flow::read(runner, arguments),
        "set" => flow::set(runner, arguments, output),
        "exit" => variables::exit(runner, arguments),
        "export" => variables::export(runner, arguments, output),
        "unset" => variables::unset(runner, arguments),
        "env" => variables::env(runner, arguments, output),
        "cd" => variables::cd(runner, arguments, output),
        "history" => variables::history(runner, output),
        "curl" => curl::curl(runner, arguments, output).await,
        "sleep" => host::sleep(runner, arguments, output).await,
        "date" => host::date(runner, arguments, output),
        "jq" => host::jq(runner, arguments, output).await,
        _ => {
            output.error(&format!("sh: {name}: not found"));
            127
        }
    }
}

fn plain(name: &str) -> Option<Plain> {
    Some(match name {
        "true" | ":" => |_| 0,
        "false" => |_| 1,
        "clear" => print::clear,
        "help" => print::help,
        "echo" => print::echo,
        "printf" => printf::printf,
        "cat" => print::cat,
        "pwd" => store::pwd,
        "ls" => store::ls,
        "rm" => store::rm,
        "cp" => store::cp,
        "mv" => store::mv,
        "mkdir" => store::mkdir,
        "touch" => store::touch,
        "tee" => store::tee,
        "test" | "[" => store::test,
        "head" => pieces::head,
        "tail" => pieces::tail,
        "wc" => pieces::wc,
        "cut" => pieces::cut,
        "seq" => print::seq,
        "command" | "type" | "which" => print::which,
        "sort" => keys::sort,
        "uniq" => keys::uniq,
        "grep" => grep::grep,
        "tr" => filters::tr,
        "base64" => filters::base64,
        _ => return None,
    })
}
