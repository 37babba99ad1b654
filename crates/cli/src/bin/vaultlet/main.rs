//! `vaultlet`: the real command line's arguments against a real server, or a shell script with `-c`.
//!
//! It knows no command: it hands its arguments to the library, and is the host that the library asks.

#[cfg(not(target_arch = "wasm32"))]
mod host;
#[cfg(not(target_arch = "wasm32"))]
mod http;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(not(target_arch = "wasm32"))]
mod platform;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    native::main()
}

/// In a browser the page is the program.
#[cfg(target_arch = "wasm32")]
fn main() {}
