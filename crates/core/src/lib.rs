//! A deterministic Vault: tokens, policies, leases and sealed storage behind Vault's HTTP API.
//!
//! It knows no browser, no flags, no tables, no async, no threads and no globals. Time and randomness come in
//! through [`host`]; storage goes out as one [`Outcome`] of sealed writes a request, which the host keeps
//! before it commits. Same seed and same clock: same bytes out.
#![forbid(unsafe_code)]

mod core;
pub mod duration;
pub mod host;
mod request;
mod response;
mod time;

pub use crate::core::{Core, Outcome, WriteBatch};
pub use crate::request::{Method, Request};
pub use crate::response::Response;
pub use crate::time::UnixTime;
