//! Runs what was read: lists, pipelines, redirections. It knows no command by name.

use std::future::Future;
use std::pin::Pin;

use super::Shell;
use super::expand::Refused;
use super::pattern;
use super::syntax::{Body, Command, Joint, List, Pipeline, Redirect, To, Word};
use crate::Host;
use crate::builtin;
use crate::output::{Output, Stream};

/// The most rounds that all loops of a script make together: a page has no one to stop it.
const MOST_ROUNDS: usize = 10_000;

/// Runs one script.
pub(crate) struct Runner<'a, H> {
    pub(crate) shell: &'a mut Shell,
    pub(crate) host: &'a mut H,
    /// The exit code of the last command, `$?`.
    pub(crate) status: u8,
    /// The exit code of the last substitution, which counts where there is no command.
    substituted: u8,
    /// What the next command that reads gets.
    pub(crate) stdin: Vec<u8>,
    /// Whether `exit` was met: nothing more runs.
    pub(crate) exiting: bool,
    /// What substitutions printed to standard error, which comes before what their command prints.
    aside: Output,
    /// Whether output at this point goes to the reader, not to a pipe, a file or a substitution.
    pub(crate) to_reader: bool,
    rounds: usize,
    /// What `set` has set.
    pub(crate) options: Options,
    /// How many conditions are being asked: there a failure ends nothing.
    asking: usize,
    /// How many loops are running, and how many of them `break` or `continue` leaves.
    pub(crate) loops: usize,
    pub(crate) leaving: usize,
    /// Whether the last of the loops that are left goes on with its next round.
    pub(crate) continues: bool,
}

/// What `set -euo pipefail` sets.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options {
    /// `-e`: a failure ends the script.
    pub(crate) failure_ends: bool,
    /// `-u`: a variable that is not set is an error.
    pub(crate) unset_is_error: bool,
    /// `-o pipefail`: a pipeline fails when any of its commands does.
    pub(crate) any_fails: bool,
}

/// Output that has to be awaited, boxed because lists hold lists.
type Running<'a> = Pin<Box<dyn Future<Output = Output> + 'a>>;

/// Where a stream of a command leads.
#[derive(Clone)]
enum Target {
    Stream(Stream),
    File(String),
}

impl<'a, H: Host> Runner<'a, H> {
    pub(crate) fn new(shell: &'a mut Shell, host: &'a mut H, stdin: Vec<u8>) -> Self {
        let status = shell.status;
        Self {
            shell,
            host,
            status,
            substituted: 0,
            stdin,
            exiting: false,
            aside: Output::default(),
            to_reader: true,
            rounds: 0,
            options: Options::default(),
            asking: 0,
            loops: 0,
            leaving: 0,
            continues: false,
        }
    }

    /// Runs a list to its end.
    pub(crate) fn list<'b>(&'b mut self, list: &'b List) -> Running<'b> {
        Box::pin(async move {
            let mut output = Output::default();
            let mut rest = list.iter().peekable();
            while let Some((joint, pipeline)) = rest.next() {
                let wanted = match joint {
                    Joint::Always => true,
                    Joint::And => self.status == 0,
                    Joint::Or => self.status != 0,
                };
                if !wanted || self.exiting || self.leaving > 0 {
                    continue;
                }
                output.append(self.pipeline(pipeline).await);
                // Only the last of a chain of `&&` and `||` ends a script by its failure.
                let last = rest.peek().is_none_or(|(joint, _)| *joint == Joint::Always);
                let counts = last && !pipeline.negated && self.asking == 0;
                self.exiting |= counts && self.options.failure_ends && self.status != 0;
            }
            output
        })
    }

    async fn pipeline(&mut self, pipeline: &Pipeline) -> Output {
        let output = match pipeline.commands.as_slice() {
            [only] => self.command(only).await,
            commands => self.piped(commands).await,
        };
        if pipeline.negated {
            self.status = u8::from(self.status == 0);
        }
        output
    }

    /// Each command in a shell of its own, which leaves files behind but no variables.
    async fn piped(&mut self, commands: &[Command]) -> Output {
        let variables = self.shell.variables.clone();
        let directory = self.shell.files.directory.clone();
        let to_reader = self.to_reader;
        let mut output = Output::default();
        let mut input = std::mem::take(&mut self.stdin);
        let (mut failed, loops) = (0, std::mem::take(&mut self.loops));
        for (index, command) in commands.iter().enumerate() {
            let last = index + 1 == commands.len();
            self.stdin = std::mem::take(&mut input);
            self.to_reader = to_reader && last;
            let mut printed = self.command(command).await;
            self.exiting = false;
            failed = if self.status == 0 { failed } else { self.status };
            if !last {
                input = take_out(&mut printed);
            }
            output.append(printed);
            self.shell.variables.clone_from(&variables);
            self.shell.files.directory.clone_from(&directory);
        }
        self.to_reader = to_reader;
        self.loops = loops;
        self.stdin.clear();
        if self.options.any_fails {
            self.status = failed;
        }
        output
    }

    async fn command(&mut self, command: &Command) -> Output {
        let to_reader = self.to_reader;
        let stdin = self.stdin.clone();
        let reads = command.redirects.iter().any(|redirect| redirect.from == 0);
        let result = match self.targets(&command.redirects).await {
            Ok(targets) => {
                self.to_reader &= matches!(targets.first(), Some(Target::Stream(Stream::Out)));
                self.body(&command.body).await.map(|output| (output, targets))
            }
            Err(refused) => Err(refused),
        };
        self.to_reader = to_reader;
        if reads {
            self.stdin = stdin;
        }
        let mut all = std::mem::take(&mut self.aside);
        match result {
            Ok((output, targets)) => all.append(self.routed(output, &targets)),
            Err(refused) => {
                self.status = 2;
                all.error(&refused);
            }
        }
        all
    }

    async fn body(&mut self, body: &Body) -> Result<Output, Refused> {
        match body {
            Body::Simple { assignments, words } => self.simple(assignments, words).await,
            Body::Group(list) => Ok(self.list(list).await),
            Body::Subshell(list) => Ok(self.apart(list).await),
            Body::If { arms, otherwise } => Ok(self.conditional(arms, otherwise).await),
            Body::Case { word, arms } => self.case(word, arms).await,
            Body::For { name, words, body } => self.for_each(name, words, body).await,
            Body::While { condition, body, until } => self.while_loop(condition, body, *until).await,
        }
    }

    async fn simple(&mut self, assignments: &[(String, Word)], words: &[Word]) -> Result<Output, Refused> {
        self.substituted = 0;
        let fields = self.fields(words).await?;
        let before = self.shell.variables.clone();
        for (name, word) in assignments {
            let value = self.text(word).await?;
            self.shell.variables.set(name, &value);
            if !fields.is_empty() {
                self.shell.variables.export(name);
            }
        }
        let Some((name, arguments)) = fields.split_first() else {
            self.status = self.substituted;
            return Ok(Output::default());
        };
        let mut output = Output::default();
        self.status = builtin::run(self, name, arguments, &mut output).await;
        if !assignments.is_empty() {
            self.shell.variables = before;
        }
        Ok(output)
    }

    /// A list in a shell of its own.
    async fn apart(&mut self, list: &List) -> Output {
        let variables = self.shell.variables.clone();
        let directory = self.shell.files.directory.clone();
        let (options, loops) = (self.options, std::mem::take(&mut self.loops));
        let output = self.list(list).await;
        self.exiting = false;
        self.options = options;
        self.loops = loops;
        self.shell.variables = variables;
        self.shell.files.directory = directory;
        output
    }

    /// What `$(list)` gives: its output without the line ends at its end.
    pub(super) async fn substitute(&mut self, list: &List) -> String {
        let to_reader = std::mem::replace(&mut self.to_reader, false);
        // What outer substitutions have said so far must not get lost in the inner command's.
        let aside = std::mem::take(&mut self.aside);
        let mut output = self.apart(list).await;
        self.substituted = self.status;
        self.to_reader = to_reader;
        let out = take_out(&mut output);
        self.aside = aside;
        self.aside.append(output);
        String::from_utf8_lossy(&out).trim_end_matches('\n').to_owned()
    }

    async fn conditional(&mut self, arms: &[(List, List)], otherwise: &List) -> Output {
        let mut output = Output::default();
        for (condition, body) in arms {
            output.append(self.condition(condition).await);
            if self.status == 0 || self.exiting {
                output.append(self.list(body).await);
                return output;
            }
        }
        self.status = 0;
        output.append(self.list(otherwise).await);
        output
    }

    /// A list whose failure is an answer, not a fault.
    async fn condition(&mut self, list: &List) -> Output {
        self.asking += 1;
        let output = self.list(list).await;
        self.asking -= 1;
        output
    }

    async fn case(&mut self, word: &Word, arms: &[(Vec<Word>, List)]) -> Result<Output, Refused> {
        let text = self.text(word).await?;
        self.status = 0;
        for (patterns, body) in arms {
            for pattern in patterns {
                let pattern = self.pattern(pattern).await?;
                if pattern::matches(&pattern, &text) {
                    return Ok(self.list(body).await);
                }
            }
        }
        Ok(Output::default())
    }

    async fn for_each(&mut self, name: &str, words: &[Word], body: &List) -> Result<Output, Refused> {
        let mut output = Output::default();
        for value in self.fields(words).await? {
            self.round()?;
            self.shell.variables.set(name, &value);
            output.append(self.list_in_loop(body).await);
            if self.leaves() {
                break;
            }
        }
        Ok(output)
    }

    async fn while_loop(&mut self, condition: &List, body: &List, until: bool) -> Result<Output, Refused> {
        let mut output = Output::default();
        let mut ended = 0;
        loop {
            output.append(self.condition(condition).await);
            if (self.status == 0) == until || self.exiting {
                self.status = if self.exiting { self.status } else { ended };
                return Ok(output);
            }
            self.round()?;
            output.append(self.list_in_loop(body).await);
            if self.leaves() {
                return Ok(output);
            }
            ended = self.status;
        }
    }

    async fn list_in_loop(&mut self, body: &List) -> Output {
        self.loops += 1;
        let output = self.list(body).await;
        self.loops -= 1;
        output
    }

    /// Whether the loop whose round has just ended makes no further one.
    fn leaves(&mut self) -> bool {
        if self.leaving == 0 {
            return self.exiting;
        }
        self.leaving -= 1;
        self.leaving > 0 || !std::mem::take(&mut self.continues)
    }

    fn round(&mut self) -> Result<(), Refused> {
        self.rounds += 1;
        if self.rounds > MOST_ROUNDS {
            self.exiting = true;
            return Err(format!(
                "sh: the script's loops made more than {MOST_ROUNDS} rounds, and were stopped"
            ));
        }
        Ok(())
    }

    /// Where the streams 1 and 2 lead after these redirections; files to write are made, input is read.
    async fn targets(&mut self, redirects: &[Redirect]) -> Result<Vec<Target>, Refused> {
        let mut out = Target::Stream(Stream::Out);
        let mut err = Target::Stream(Stream::Err);
        for redirect in redirects {
            let target = match &redirect.to {
                To::Read(word) => {
                    let name = self.text(word).await?;
                    self.stdin = self.file(&name)?;
                    continue;
                }
                To::Here(text) => {
                    let word = text.get().cloned().unwrap_or_default();
                    self.stdin = self.text(&word).await?.into_bytes();
                    continue;
                }
                To::Same(stream) => {
                    if *stream == 2 {
                        err.clone()
                    } else {
                        out.clone()
                    }
                }
                To::Write(word) | To::Both(word) => self.opened(word, true).await?,
                To::Append(word) => self.opened(word, false).await?,
            };
            if matches!(redirect.to, To::Both(_)) || redirect.from == 2 {
                err = target.clone();
            }
            if redirect.from == 1 {
                out = target;
            }
        }
        Ok(vec![out, err])
    }

    fn file(&self, name: &str) -> Result<Vec<u8>, Refused> {
        self.shell.files.read(name).map_err(|error| format!("sh: {name}: {}", error.capital()))
    }

    async fn opened(&mut self, word: &Word, emptied: bool) -> Result<Target, Refused> {
        let name = self.text(word).await?;
        let files = &mut self.shell.files;
        let made = if emptied { files.write(&name, b"") } else { files.append(&name, b"") };
        made.map_err(|error| format!("sh: {name}: {}", error.capital()))?;
        Ok(Target::File(self.shell.files.absolute(&name)))
    }

    fn routed(&mut self, output: Output, targets: &[Target]) -> Output {
        let mut rest = Output { clear: output.clear, ..Output::default() };
        for (stream, bytes) in output.pieces {
            let target = targets.get(usize::from(stream == Stream::Err));
            match target {
                Some(Target::File(name)) => {
                    if let Err(error) = self.shell.files.append(name, &bytes) {
                        rest.error(&format!("sh: {name}: {}", error.capital()));
                    }
                }
                Some(Target::Stream(to)) => rest.push(*to, &bytes),
                None => rest.push(stream, &bytes),
            }
        }
        rest
    }
}

/// Takes what was printed to standard output out of it.
fn take_out(output: &mut Output) -> Vec<u8> {
    let (out, rest): (Vec<_>, Vec<_>) =
        std::mem::take(&mut output.pieces).into_iter().partition(|(stream, _)| *stream == Stream::Out);
    output.pieces = rest;
    out.into_iter().flat_map(|(_, bytes)| bytes).collect()
}
