//! The request's whole life on one screen.

use crate::host::{Clock, Rng};
use crate::{Request, Response, UnixTime};

/// The writes of one request, sealed, to be kept all or none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriteBatch {
    /// Storage key and sealed value; `None` deletes. In the order in which they were made.
    pub writes: Vec<(String, Option<Vec<u8>>)>,
}

/// An answer that has not happened yet: commit it, or drop it and nothing has changed.
#[derive(Debug)]
pub struct Outcome {
    /// What will be answered.
    pub response: Response,
    /// What the host must keep before it commits.
    pub batch: WriteBatch,
}

/// The engine.
pub struct Core {
    clock: Box<dyn Clock>,
    rng: Box<dyn Rng>,
}
