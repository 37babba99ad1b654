//! A cluster: one active node owns storage, standbys hold the keys and a replica of the sealed entries. It sits on top of the engine, and
//! knows no token, no policy and no path; messages go in and come out, and a host carries them.
//!
//! ```text
//! a request at a standby    stage it; an empty batch is answered here, anything else is dropped and forwarded
//! a request at the active   stage it; an empty batch is answered at once, anything else is proposed:
//!     keep the entry -> Append to all -> a majority holds it -> commit -> answer
//! ```
//!
//! **Acknowledged means: a majority of the members keeps it.** Any two majorities share a node, so whoever is promoted with the promises of
//! a majority learns of every acknowledged entry; that is why it is a majority and not all live nodes, which nobody can tell from nodes that
//! cannot be reached. A node's engine never has more than what is acknowledged: one entry at a time is proposed and held beside the
//! engine, so nothing ever needs undoing, on a deposed active node either.
//!
//! There is no election here: a host promotes, when it, or whoever watches, thinks that the active node has died. A promotion that is not
//! needed costs time and loses nothing.

mod active;
mod counts;
mod disk;
mod local;
mod log;
mod message;
mod node;
mod pair;
mod promotion;
mod replica;
mod secondary;
#[cfg(test)]
mod simulation;
mod standby;

pub use counts::Counts;
pub use disk::{Disk, Kept};
pub use local::{Local, Platform};
pub use message::{Entry, Epoch, Message, NodeId};
pub use node::{Effect, Node, Part, Seat};
pub use pair::Pair;
pub use secondary::{Secondary, Staged};
