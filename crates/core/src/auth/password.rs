//! Passwords as they are stored: bcrypt's text, `$2a$10$`, 22 letters of salt, 31 of hash. It knows no user.

use base64::Engine;
use base64::alphabet::BCRYPT;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use subtle::ConstantTimeEq;

/// What the real server hashes with: 2^10 rounds.
const COST: u32 = 10;
/// Bcrypt reads no further.
pub(crate) const LONGEST: usize = 72;

const LETTERS: GeneralPurpose = GeneralPurpose::new(&BCRYPT, NO_PAD);

/// A bcrypt text, read.
struct Hashed {
    cost: u32,
    salt: [u8; 16],
    hash: Vec<u8>,
}

impl Hashed {
    fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.strip_prefix("$2").and_then(|rest| rest.split_once('$'))?;
        let (cost, letters) = rest.split_once('$')?;
        let cost = cost.parse().ok().filter(|cost| (4..=31).contains(cost))?;
        let salt = LETTERS.decode(letters.get(..22)?).ok()?.try_into().ok()?;
        let hash = LETTERS.decode(letters.get(22..)?).ok().filter(|hash| hash.len() == 23)?;
        Some(Self { cost, salt, hash })
    }
}

/// Whether a text is a bcrypt hash.
pub(crate) fn is_hash(text: &str) -> bool {
    Hashed::parse(text).is_some()
}

/// The text for a password, which is [`LONGEST`] bytes at most.
pub(crate) fn hash(password: &str, salt: [u8; 16]) -> String {
    let hash = rounds(password, COST, salt);
    format!("$2a${COST}${}{}", LETTERS.encode(salt), LETTERS.encode(hash.get(..23).unwrap_or_default()))
}

/// Whether it is the password of a text.
pub(crate) fn verify(password: &str, text: &str) -> bool {
    let Some(known) = Hashed::parse(text) else { return false };
    // A cost beyond this takes minutes: no server of ours wrote it.
    if known.cost > 16 || password.len() > LONGEST {
        return false;
    }
    let hash = rounds(password, known.cost, known.salt);
    hash.get(..23).is_some_and(|hash| hash.ct_eq(&known.hash).into())
}

fn rounds(password: &str, cost: u32, salt: [u8; 16]) -> [u8; 24] {
    let mut bytes = zeroize::Zeroizing::new(password.as_bytes().to_vec());
    bytes.push(0);
    bytes.truncate(LONGEST);
    bcrypt::bcrypt(cost, salt, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash() {
        let text = hash("pw", [7; 16]);
        assert_eq!(text.len(), 60);
        assert!(verify("pw", &text) && !verify("pw2", &text) && is_hash(&text));
    }

    /// Stored by a real server for the password `pw2`.
    #[test]
    fn a_real_servers_hash_is_read() {
        let text = "$2a$10$w4Bupx8tn6YPYzB4hURzc.xXS2udFQKatze3aRmdBHS4/CQmFKUfq";
        assert!(!is_hash("$2a"));
        assert!(is_hash(text));
        assert!(verify("pw2", text));
    }
}
