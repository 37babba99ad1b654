//! What a handler works with: the journal, the time, what is known without reading. It knows no handler.

use std::collections::BTreeMap;

use vaultlet_token::Flavour;

use crate::UnixTime;
use crate::acl::Access;
use crate::auth::lockout::{Failures, User};
use crate::barrier::Journal;
use crate::identity::entities::Entities;
use crate::leases::expiries::Expiries;
use crate::mounts::Mounts;
use crate::policy::Policy;
use crate::sys::remount::Moved;
use crate::token_store::{Live, Salt};

/// What one request works with.
pub(crate) struct Context<'a> {
    /// What is stored, and what this request writes.
    pub journal: Journal<'a>,
    /// What is known of the stored entries without opening them.
    pub index: &'a Index,
    /// The time of this request.
    pub now: UnixTime,
    /// The spelling of new tokens.
    pub flavour: Flavour,
}

/// What is known of the stored entries without opening them; always as of the last commit.
#[derive(Default)]
pub(crate) struct Index {
    /// Salts the storage ids of tokens.
    pub salt: Salt,
    /// Signs server-side-consistent tokens.
    pub signing_key: String,
    /// What is mounted where.
    pub mounts: Mounts,
    /// Policies by name.
    pub policies: BTreeMap<String, Policy>,
    /// Wrong passwords, which are in memory alone.
    pub failures: BTreeMap<User, Failures>,
    /// What became of the moves of mounts, which is in memory alone.
    pub moves: BTreeMap<String, Moved>,
    /// Entities and their aliases.
    pub entities: Entities,
    /// When leases end.
    pub expiries: Expiries,
    /// How often other nodes have sealed under the key that seals now: every node's count wears the key.
    pub elsewhere: u64,
}

/// What a request changes in memory once it is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Noted {
    /// Wrong passwords of a user; none forgets them.
    Login(User, Option<Failures>),
    /// A mount was moved: the move's id, and what became of it.
    Moved(String, Moved),
}

impl Index {
    /// Of an empty vault: the root policy is always there and never stored.
    pub fn new() -> Self {
        let root = Policy::parse("root", "").ok().map(|policy| ("root".to_owned(), policy));
        Self { policies: root.into_iter().collect(), ..Self::default() }
    }
}

/// Who asks, and what they may.
pub(crate) struct Caller {
    /// The token, alive.
    pub token: Live,
    /// What its policies say of this request.
    pub access: Access,
}
