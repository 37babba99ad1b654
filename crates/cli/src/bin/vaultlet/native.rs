//! From the process's arguments to its exit code.

use std::future::Future;
use std::io::{self, IsTerminal, Read, Write};
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};
use std::{env, thread};

use vaultlet_cli::{Product, Ran, Shell, Stream};

use crate::host::Native;

/// The address that an engine in this process is said to have.
const ENGINE_ADDRESS: &str = "http://127.0.0.1:8200";

pub(crate) fn main() -> ExitCode {
    let arguments: Vec<String> = env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let (program, arguments) =
        arguments.split_first().map_or(("vaultlet", &[][..]), |(name, rest)| (name, rest));
    match run(program, arguments) {
        Ok(ran) => {
            print(&ran);
            ExitCode::from(ran.code)
        }
        Err(error) => {
            // Nobody is left to tell when standard error is gone too.
            let _ = writeln!(io::stderr(), "vaultlet: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(program: &str, arguments: &[String]) -> Result<Ran, String> {
    let directory = env::current_dir().map_err(|error| error.to_string())?;
    let environment = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut shell = Shell::native(&directory.to_string_lossy(), environment);
    if io::stdout().is_terminal() {
        shell = shell.on_terminal();
    }
    let product = if program.ends_with("vault") { Product::Vault } else { Product::OpenBao };
    if let [flag, script] = arguments
        && flag == "-c"
    {
        let has_address = shell.environment().keys().any(|name| name == "BAO_ADDR" || name == "VAULT_ADDR");
        if !has_address {
            shell = shell.with_own_token_file();
            shell.export("BAO_ADDR", ENGINE_ADDRESS);
            shell.export("VAULT_ADDR", ENGINE_ADDRESS);
        }
        let mut host = if has_address { Native::server()? } else { Native::engine()? };
        return Ok(wait(shell.run_with_input(&mut host, script, &stdin()?)));
    }
    let mut host = Native::server()?;
    Ok(wait(shell.command(&mut host, product, arguments, &stdin()?)))
}

/// All of standard input, unless a person would have to type it.
fn stdin() -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    if !io::stdin().is_terminal() {
        io::stdin().read_to_end(&mut bytes).map_err(|error| format!("standard input: {error}"))?;
    }
    Ok(bytes)
}

/// A pipe that was closed early is no fault of ours.
fn print(ran: &Ran) {
    for (stream, bytes) in &ran.output {
        let _ = match stream {
            Stream::Out => io::stdout().write_all(bytes),
            Stream::Err => io::stdout().flush().and_then(|()| io::stderr().write_all(bytes)),
        };
    }
    let _ = io::stdout().flush();
}

/// The value of a future: this program's host blocks, so its futures are ready when they are first asked.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
        thread::yield_now();
    }
}
