//! Text in, text out: `vault` and `bao` command lines and a small shell, over anything that answers Vault's API.
//!
//! It knows no engine, no socket, no browser and no thread: what answers is a [`Host`].
#![forbid(unsafe_code)]

mod builtin;
mod client;
mod command;
mod complete;
mod flags;
mod hcl;
mod host;
mod json;
mod output;
mod product;
mod render;
mod secret;
mod shell;

pub use command::known::{KnownCommand, commands, shared_flags};
pub use complete::{Completion, Known};
pub use host::{Connection, Host, Identity, JqOutput, Unreachable};
pub use output::{Ran, Stream};
pub use product::Product;
pub use shell::Shell;
