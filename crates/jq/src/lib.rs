//! The jq language for the shell, on the jaq crates: arguments and bytes in, bytes out.
//!
//! It knows no files, no clock and no environment. In the page it is a wasm of its own, loaded when first needed.
//! What differs from jq is jaq's: the words of its errors, and a few corners of the language.
//!
//! ```
//! let arguments = ["-r", ".auth.client_token"].map(str::to_owned);
//! let ran = vaultlet_jq::run(&arguments, br#"{"auth":{"client_token":"s.abc"}}"#, 0.0);
//! assert_eq!((ran.stdout.as_slice(), ran.code), (&b"s.abc\n"[..], 0));
//! ```

mod filter;
mod options;
mod print;
mod values;
#[cfg(target_arch = "wasm32")]
mod wasm;

use jaq_json::Val;
use options::{Options, Read};

/// What a run printed, and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// The exit code: 0; 1 and 4 for `-e`; 2 for wrong options or input; 3 for a wrong program; 5 for an error of it.
    pub code: u8,
}

/// Runs `jq ARGUMENTS` on `input`; `now` is the time in seconds since 1970, for the filter of that name.
///
/// `-f` is not known: a program comes as an argument. Neither are files as input.
pub fn run(arguments: &[String], input: &[u8], now: f64) -> Ran {
    let mut ran = Ran::default();
    ran.code = match Options::read(arguments) {
        Err(wrong) => {
            ran.complain(&format!("jq: error: {wrong}\nUse jq --help for help with command-line options"));
            2
        }
        Ok(Read::Version) => {
            ran.stdout.extend_from_slice(b"jq-1.7, by jaq\n");
            0
        }
        Ok(Read::Help) => {
            ran.stdout.extend_from_slice(options::HELP.as_bytes());
            0
        }
        Ok(Read::Run(options)) => filter::run(&options, input, now, &mut ran),
    };
    ran
}

impl Ran {
    fn complain(&mut self, line: &str) {
        self.stderr.extend_from_slice(line.as_bytes());
        self.stderr.push(b'\n');
    }

    fn print(&mut self, options: &Options, value: &Val) {
        match value {
            Val::TStr(text) if options.raw => self.stdout.extend_from_slice(text),
            value => self.stdout.extend(print::value(options, value)),
        }
        if !options.join {
            self.stdout.push(b'\n');
        }
    }
}
