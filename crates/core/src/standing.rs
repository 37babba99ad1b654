//! A look at a token for people: is it alive, and what is in it. It changes nothing and counts nothing.

use serde_json::Value;
use vaultlet_token::entry::TokenEntry;

use crate::barrier::Journal;
use crate::context::Context;
use crate::core::{Core, State};
use crate::token_store::{self, Dead, lookup};

/// How a token stands now.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// It is alive: what lookup answers, and the entry.
    Valid {
        /// The members of lookup's `data`.
        lookup: Value,
        /// The entry, opened or stored.
        entry: Box<TokenEntry>,
    },
    /// Its time is over.
    Expired {
        /// The entry of a batch token, which still opens.
        entry: Option<Box<TokenEntry>>,
    },
    /// It opens, and its parent is not alive.
    ParentGone {
        /// The entry, which still opens.
        entry: Option<Box<TokenEntry>>,
    },
    /// It does not open here: changed, sealed under another key, or no token at all. The text says which.
    NotOpened(String),
    /// No such token is stored here.
    Unknown,
    /// The vault is sealed and cannot say.
    Sealed,
}

impl Core {
    /// Looks at a token as it stands now.
    pub fn standing(&mut self, text: &str) -> Standing {
        let now = self.now();
        let State::Unsealed(vault) = &self.state else { return Standing::Sealed };
        let journal = Journal::new(&vault.barrier, self.rng.as_mut());
        let cx = Context { journal, index: &vault.index, now, flavour: self.flavour };
        let opened = vault.barrier.keyring.open_token(text);
        let entry = opened.clone().ok().map(Box::new);
        match token_store::find(&cx, text) {
            Ok(live) => {
                let lookup = Value::Object(lookup::data(&live, now));
                Standing::Valid { lookup, entry: Box::new(live.entry) }
            }
            Err(Dead::Expired) => Standing::Expired { entry },
            Err(Dead::ParentGone) => Standing::ParentGone { entry },
            Err(Dead::Broken(refusal)) => Standing::NotOpened(refusal.to_string()),
            Err(Dead::Undecodable(error)) => Standing::NotOpened(error.to_string()),
            Err(Dead::Unknown) => match opened {
                Err(error) if text.starts_with("b.") || text.starts_with("hvb.") => {
                    Standing::NotOpened(error.to_string())
                }
                _ => Standing::Unknown,
            },
        }
    }
}
