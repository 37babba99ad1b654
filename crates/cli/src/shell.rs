//! A small shell: lines in, output out. It knows no terminal and no engine.

mod expand;
mod files;
mod parse;
mod pattern;
mod run;
mod scan;
mod sum;
mod syntax;
mod variables;

use std::collections::BTreeMap;

pub(crate) use files::{FileError, Files, HOME};
pub(crate) use parse::is_name;
pub(crate) use run::Runner;
pub(crate) use variables::Variables;

use crate::Host;
use crate::command::{self, Setting};
use crate::output::{Output, Ran, Stream};
use crate::product::Product;

/// A shell with its variables and files, which last from one line to the next.
#[derive(Debug, Clone)]
pub struct Shell {
    pub(crate) variables: Variables,
    pub(crate) files: Files,
    /// The lines run so far, for `history`.
    pub(crate) lines: Vec<String>,
    /// The last command's exit code.
    pub(crate) status: u8,
    /// Whether the reader sees what is printed, as on a terminal.
    pub(crate) terminal: bool,
}

impl Default for Shell {
    fn default() -> Self {
        let mut variables = Variables::default();
        variables.set("HOME", HOME);
        variables.export("HOME");
        variables.set("PWD", HOME);
        Self { variables, files: Files::default(), lines: Vec::new(), status: 0, terminal: false }
    }
}

impl Shell {
    /// With files in memory, and no variables but `HOME` and `PWD`.
    pub fn new() -> Self {
        Self::default()
    }

    /// With the computer's own files and this environment, as a native program has them.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn native(directory: &str, environment: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut shell = Self { files: Files::on_disk(directory.to_owned()), ..Self::default() };
        shell.variables = Variables::default();
        for (name, value) in environment {
            shell.export(&name, &value);
        }
        shell.variables.set("PWD", directory);
        shell
    }

    /// The same, but with a token file in memory: for an engine that ends with the program.
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub fn with_own_token_file(mut self) -> Self {
        let home = self.variables.value("HOME").unwrap_or_default().to_owned();
        self.files.keep_in_memory(&format!("{home}/.vault-token"));
        self
    }

    /// The same, but printing for a terminal: a `-field` value ends its line there.
    #[must_use]
    pub fn on_terminal(mut self) -> Self {
        self.terminal = true;
        self
    }

    /// Puts a file into the shell's working directory.
    pub fn write_file(&mut self, name: &str, bytes: &[u8]) {
        // Only a directory of that name stands in the way, and then the file is not wanted.
        let _ = self.files.write(name, bytes);
    }

    /// A file's bytes; none if there is no such file.
    pub fn read_file(&self, name: &str) -> Option<Vec<u8>> {
        self.files.read(name).ok()
    }

    /// The names of the files in the working directory, in order, hidden ones left out.
    pub fn file_names(&self) -> Vec<String> {
        let mut names = self.files.list(".").unwrap_or_default();
        names.retain(|name| !name.starts_with('.'));
        names
    }

    /// Sets a variable that commands see: `VAULT_TOKEN`.
    pub fn export(&mut self, name: &str, value: &str) {
        self.variables.set(name, value);
        self.variables.export(name);
    }

    /// The variables that commands see.
    pub fn environment(&self) -> BTreeMap<String, String> {
        self.variables.environment()
    }

    /// The token that commands use: from the environment, else from the file that a login leaves.
    pub fn token(&self) -> String {
        let environment = self.variables.environment();
        if let Some(token) = Product::OpenBao.variable(&environment, "TOKEN") {
            return token.to_owned();
        }
        let home = environment.get("HOME").map_or("", |home| home.trim_end_matches('/'));
        let bytes = self.files.read(&format!("{home}/.vault-token")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }

    /// The lines run so far, the oldest first.
    pub fn history(&self) -> &[String] {
        &self.lines
    }

    /// Whether more lines could make this script whole: a quote, a bracket or a here-document is open.
    pub fn wants_more(&self, script: &str) -> bool {
        parse::wants_more(script)
    }

    /// Runs a script: one line or many.
    pub async fn run<H: Host>(&mut self, host: &mut H, script: &str) -> Ran {
        self.run_with_input(host, script, b"").await
    }

    /// Runs one command line of the product with these words, as a program gets them.
    pub async fn command<H: Host>(
        &mut self,
        host: &mut H,
        product: Product,
        arguments: &[String],
        stdin: &[u8],
    ) -> Ran {
        let mut output = Output::default();
        let mut stdin = stdin.to_vec();
        let setting = Setting {
            product,
            environment: self.variables.environment(),
            files: &mut self.files,
            stdin: &mut stdin,
            terminal: self.terminal,
        };
        self.status = command::run(host, setting, arguments, &mut output).await;
        Ran { output: output.pieces, code: self.status, clear: output.clear }
    }

    /// Runs a script whose first command that reads standard input gets `stdin`.
    pub async fn run_with_input<H: Host>(&mut self, host: &mut H, script: &str, stdin: &[u8]) -> Ran {
        if !script.trim().is_empty() {
            self.lines.push(script.trim_end().to_owned());
        }
        let mut output = Output::default();
        match parse::parse(script) {
            Err(wrong) => {
                output.push(Stream::Err, format!("sh: {wrong}\n").as_bytes());
                self.status = 2;
            }
            Ok(list) => {
                let mut runner = Runner::new(self, host, stdin.to_vec());
                output = runner.list(&list).await;
                self.status = runner.status;
            }
        }
        Ran { output: output.pieces, code: self.status, clear: output.clear }
    }
}
