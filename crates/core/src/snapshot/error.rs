//! What can be wrong with a snapshot or the shares given for it. It knows no HTTP.

/// Why a snapshot could not be read or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The bytes are not a gzip file, or a damaged one.
    #[error("not a snapshot: {0}")]
    Gzip(&'static str),
    /// It would unpack to more than any real snapshot of its size.
    #[error("not a snapshot: it unpacks to more than {limit} bytes, which sealed entries never do")]
    TooLarge {
        /// How many bytes would have been taken.
        limit: usize,
    },
    /// The archive in the gzip file is not tar, or a damaged one.
    #[error("not a snapshot: {what} at byte {at} of the archive")]
    Tar {
        /// Where the header stands that is wrong.
        at: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The archive has a file that no snapshot has.
    #[error("not a snapshot: it has a file {0:?}")]
    UnknownFile(String),
    /// The archive lacks a file.
    #[error("not a snapshot: {0} is missing")]
    MissingFile(&'static str),
    /// A form of the file that this release does not know.
    #[error("the snapshot is of a later release: its form is {0:?}")]
    Version(String),
    /// A file is not what `SHA256SUMS` says.
    #[error("the snapshot is damaged: {0} does not have the sum that SHA256SUMS names")]
    Sum(&'static str),
    /// A stored entry cannot be read.
    #[error("the snapshot is damaged: {what} at byte {at} of state.bin")]
    Entry {
        /// Where the entry begins.
        at: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// An entry that opening needs is missing or unreadable.
    #[error("the snapshot cannot be opened: {key} {what}")]
    Key {
        /// The storage key.
        key: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The server was not sealed with shares.
    #[error("the snapshot is of a server sealed by {0:?}; only Shamir shares can be given here")]
    Seal(String),
    /// A share is not one.
    #[error("share {number} {what}")]
    Share {
        /// Which share, from 1.
        number: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Not enough shares.
    #[error("{given} of {needed} unseal shares given")]
    TooFewShares {
        /// How many different ones were given.
        given: usize,
        /// How many open it.
        needed: usize,
    },
    /// The shares make a key that does not open it.
    #[error("the unseal shares do not open this snapshot: one is wrong, or they are another server's")]
    WrongShares,
    /// The sums were sealed by somebody without the unseal key, so the archive was changed.
    #[error("the snapshot was changed: SHA256SUMS is not what the server sealed")]
    SealedSums,
}
