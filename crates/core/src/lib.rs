//! A deterministic Vault: tokens, policies, leases and sealed storage behind Vault's HTTP API.
//!
//! It knows no browser, no flags, no tables, no async, no threads and no globals. Time and randomness come in
//! through [`host`]; storage goes out as one [`Outcome`] of sealed writes a request, which the host keeps
//! before it commits. Same seed and same clock: same bytes out.
#![forbid(unsafe_code)]

mod acl;
mod auth;
mod barrier;
mod captured;
pub mod cluster;
mod context;
mod core;
mod dev;
mod door;
pub mod duration;
mod ended;
mod fields;
mod ground;
pub mod host;
mod identity;
mod ids;
mod index;
mod json;
mod keyring;
mod leases;
#[cfg(test)]
mod model;
mod mounts;
mod opened;
pub mod policy;
mod refusal;
mod reply;
mod request;
mod response;
mod route;
mod seal;
mod sealed;
mod secrets;
mod shamir;
mod share;
mod snapshot;
mod standing;
mod sys;
mod time;
mod token_store;
mod ttl;
mod wrapping;

pub use crate::core::{Core, Counters, Outcome, WriteBatch};
pub use crate::ended::{Ended, What, Why};
pub use crate::refusal::Refusal;
pub use crate::request::{Method, Request};
pub use crate::response::Response;
pub use crate::snapshot::{Origin, Snapshot, SnapshotError};
pub use crate::standing::Standing;
pub use crate::time::UnixTime;

/// The README's examples are run.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
