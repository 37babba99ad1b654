//! Which commands and flags there are, for who documents or tests them.

use super::options;
use super::spec::ALL;
use crate::flags::Flag;

/// A command and the flags that it has beside those of every command that asks a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCommand {
    /// Its words: `token create`.
    pub name: &'static str,
    /// Names without a dash, second ones included.
    pub flags: Vec<&'static str>,
}

/// Every command, in the order of the help.
pub fn commands() -> Vec<KnownCommand> {
    let shared = shared_flags();
    let known = ALL.iter().map(|spec| {
        let mut flags = names(&spec.flags());
        flags.retain(|name| !shared.contains(name));
        KnownCommand { name: spec.name, flags }
    });
    known.collect()
}

/// The flags of every command that asks a server.
pub fn shared_flags() -> Vec<&'static str> {
    names(&options::HTTP)
}

fn names(flags: &[Flag]) -> Vec<&'static str> {
    flags.iter().flat_map(|flag| [flag.name, flag.also]).filter(|name| !name.is_empty()).collect()
}
