//! A small shell: lines in, output out. It knows no terminal and no engine.

use crate::Host;

/// Where a piece of output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// What a script printed, in the order in which it did, and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    /// The pieces of output.
    pub output: Vec<(Stream, Vec<u8>)>,
    /// The exit code of the last command.
    pub code: u8,
    /// Whether the script asked to clear the screen; what was printed before is not in `output`.
    pub clear: bool,
}

impl Ran {
    /// Everything printed to one stream, as text.
    pub fn text(&self, stream: Stream) -> String {
        let bytes: Vec<u8> =
            self.output.iter().filter(|(to, _)| *to == stream).flat_map(|(_, bytes)| bytes.clone()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// A shell with its variables and files, which last from one line to the next.
#[derive(Debug, Clone, Default)]
pub struct Shell {}

impl Shell {
    /// Without variables and files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file into the shell's working directory.
    pub fn write_file(&mut self, _name: &str, _bytes: &[u8]) {}

    /// Runs a script: one line or many.
    pub async fn run<H: Host>(&mut self, _host: &mut H, _script: &str) -> Ran {
        Ran::default()
    }
}
