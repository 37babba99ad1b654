//! The npm package's engine: a leaf that converts, calls and converts back. It knows no token rules.
//!
//! Everything here throws an `Error` whose sentence says what to change; nothing panics on any input.

mod convert;
mod engine;
mod offline;
mod platform;
mod socket;

pub use engine::Engine;
pub use offline::{inspect, open, read_snapshot, seal};
pub use socket::Socket;
