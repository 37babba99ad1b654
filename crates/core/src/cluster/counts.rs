//! What a node has done, for its row in a table. It counts nothing itself.

/// Since the node was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests answered from this node's own engine, its clients' and forwarded ones.
    pub served: u64,
    /// Requests of this node's clients that went to the active node.
    pub forwarded: u64,
    /// Entries that this node has put into storage as the active one.
    pub puts: u64,
    /// Entries that this node has deleted as the active one.
    pub deletes: u64,
    /// Bytes of keys and sealed values sent to others.
    pub sent: u64,
    /// Bytes of keys and sealed values that came from others.
    pub received: u64,
    /// The term of the key that seals, 0 while sealed.
    pub term: u32,
    /// How often this node has sealed under it.
    pub encryptions: u64,
    /// The last index that its engine has.
    pub applied: u64,
    /// How many committed entries it knows of and has not.
    pub lag: u64,
}
