//! Spans of time as Go writes and reads them. It knows no clock.

use std::fmt;

/// Nanoseconds, printed as Go prints a `time.Duration`: `0s`, `30m0s`, `767h59m46s`, `1.5s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct GoDuration(pub i64);

impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = f;
        Err(fmt::Error)
    }
}
