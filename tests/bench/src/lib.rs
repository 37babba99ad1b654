//! What is measured: batch tokens sealed and opened, whole requests, the same code natively and in wasm. It knows no clock.
#![forbid(unsafe_code)]

mod engine;

pub use engine::Engine;

use vaultlet_token::Flavour;
use vaultlet_token::entry::{TokenEntry, TokenType};
use vaultlet_token::keyring::{Key, Keyring};
use zeroize::Zeroizing;

/// How long the sealed entry is, as for a token with a parent and two policies.
pub const PLAINTEXT: usize = 96;

/// The bytes of a frame beside the sealed entry.
const OVERHEAD: usize = 33;

/// A keyring and a token, ready to be sealed and opened over and over.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Work {
    keyring: Keyring,
    entry: TokenEntry,
    token: String,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
impl Work {
    /// Under a key that is no secret.
    #[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen(constructor))]
    #[allow(clippy::new_without_default, reason = "nothing of it is a default")]
    pub fn new() -> Work {
        let key = Key::new(1, Zeroizing::new([7; 32]), String::new());
        let keyring = Keyring::new(Zeroizing::default(), key);
        let mut entry = TokenEntry {
            parent: "s.JlNTS5wVPPnb1P72poUjUR4o".to_owned(),
            policies: vec!["base".to_owned(), "default".to_owned()],
            path: "auth/token/create".to_owned(),
            creation_time: 1_540_592_796,
            ttl: 768 * 3_600_000_000_000,
            namespace_id: "root".to_owned(),
            token_type: TokenType::Batch,
            ..TokenEntry::default()
        };
        // The display name fills what is missing.
        entry.display_name = "t".to_owned();
        let short = PLAINTEXT.saturating_sub(sealed_length(&keyring, &entry)) + entry.display_name.len();
        entry.display_name = "t".repeat(short);
        let token = keyring.seal_token(Flavour::OpenBao, [0; 12], &entry).unwrap_or_default();
        Work { keyring, entry, token }
    }

    /// Seals `rounds` tokens, each with a nonce of its own, and gives how many letters they have in all.
    pub fn seal(&self, rounds: u32) -> usize {
        let letters = |round: u32| {
            let mut nonce = [0; 12];
            nonce.iter_mut().zip(round.to_be_bytes()).for_each(|(to, from)| *to = from);
            self.keyring.seal_token(Flavour::OpenBao, nonce, &self.entry).map_or(0, |token| token.len())
        };
        (0..rounds).map(letters).sum()
    }

    /// Opens one token `rounds` times, and gives how many policies were found in all.
    pub fn open(&self, rounds: u32) -> usize {
        (0..rounds)
            .map(|_| self.keyring.open_token(&self.token).map_or(0, |entry| entry.policies.len()))
            .sum()
    }

    /// Seals `rounds` plaintexts of the same size without making tokens of them: the cipher and the frame alone.
    pub fn seal_bytes(&self, rounds: u32) -> usize {
        let bytes = |round: u32| {
            let mut nonce = [0; 12];
            nonce.iter_mut().zip(round.to_be_bytes()).for_each(|(to, from)| *to = from);
            self.keyring.seal(nonce, b"", &[7; PLAINTEXT]).map_or(0, |sealed| sealed.len())
        };
        (0..rounds).map(bytes).sum()
    }

    /// Opens one sealed plaintext `rounds` times: the frame and the cipher alone.
    pub fn open_bytes(&self, rounds: u32) -> usize {
        let sealed = self.keyring.seal([0; 12], b"", &[7; PLAINTEXT]).unwrap_or_default();
        (0..rounds).map(|_| self.keyring.open(&sealed, b"").map_or(0, |bytes| bytes.len())).sum()
    }

    /// How many bytes the sealed entry has.
    pub fn plaintext(&self) -> usize {
        sealed_length(&self.keyring, &self.entry)
    }
}

fn sealed_length(keyring: &Keyring, entry: &TokenEntry) -> usize {
    let token = keyring.seal_token(Flavour::OpenBao, [0; 12], entry).unwrap_or_default();
    (token.len().saturating_sub(2) * 6 / 8).saturating_sub(OVERHEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_is_the_size_it_says_and_is_done() {
        let work = Work::new();
        assert_eq!(work.plaintext(), PLAINTEXT);
        assert_eq!(work.open(3), 6);
        assert_eq!(work.seal(2), 2 * work.token.len());
        assert_eq!(work.seal_bytes(2), 2 * (PLAINTEXT + OVERHEAD));
        assert_eq!(work.open_bytes(2), 2 * PLAINTEXT);
    }
}
