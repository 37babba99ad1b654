//! What the tests ask: the engine in process, and the real server. It knows no browser.
#![forbid(unsafe_code)]

pub mod driver;
pub mod engine;
pub mod engines;
pub mod http;
pub mod openbao;
mod process;
pub mod raft;
pub mod raft_log;
pub mod real_cli;
pub mod row;
pub mod scenario;
pub mod servers;
pub mod surface;
pub mod terminal;
pub mod transcript;
