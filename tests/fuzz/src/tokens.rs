//! Tokens' texts, frames and entries. It knows no vault.

use std::sync::OnceLock;

use vaultlet_token::anatomy;
use vaultlet_token::entry::TokenEntry;
use vaultlet_token::frame::Frame;
use vaultlet_token::keyring::{Key, Keyring};
use vaultlet_token::signed::SignedToken;
use vaultlet_token::{Flavour, Token, TokenError, batch_token};
use zeroize::Zeroizing;

/// A token's text is taken apart into parts that lie in it, and its bytes make it again.
pub(crate) fn text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let anatomy = anatomy::inspect(&text);
    for part in &anatomy.parts {
        assert!(part.start <= part.end && part.end <= anatomy.bytes.max(text.len()), "{part:?} of {text:?}");
    }
    let token = Token::parse(&text);
    if let Ok(bytes) = token.sealed_bytes() {
        let again = batch_token(token.flavour.unwrap_or_default(), &bytes);
        assert_eq!(Token::parse(&again).sealed_bytes().as_ref(), Ok(&bytes));
    }
    let _ = keyring().open_token(&text);
    if SignedToken::looks_signed(&text)
        && let Ok(signed) = SignedToken::parse(&text)
    {
        let _ = signed.verify(b"a key");
    }
}

/// Nothing opens that was not sealed under the key, and what is sealed opens.
pub(crate) fn frame(data: &[u8]) {
    let (path, bytes) = data.split_at(usize::from(data.first().copied().unwrap_or(0) % 8).min(data.len()));
    if let Ok(frame) = Frame::split(bytes) {
        assert_eq!(frame.nonce.len() + frame.ciphertext.len() + frame.tag.len() + 5, bytes.len());
    }
    assert!(keyring().open(bytes, path).is_err(), "forged");
    let sealed = keyring().seal([1; 12], path, bytes).expect("it seals");
    assert_eq!(keyring().open(&sealed, path).expect("it opens").as_slice(), bytes);
}

/// What decodes says the same when it is encoded again.
pub(crate) fn protobuf(data: &[u8]) {
    match TokenEntry::decode(data) {
        Ok(entry) => {
            assert_eq!(TokenEntry::decode(&entry.encode()), Ok(entry.clone()));
            let token = keyring().seal_token(Flavour::Vault, [2; 12], &entry).expect("it seals");
            assert_eq!(keyring().open_token(&token), Ok(entry));
        }
        Err(error) => assert_eq!(error, TokenError::NotProtobuf),
    }
}

fn keyring() -> &'static Keyring {
    static KEYRING: OnceLock<Keyring> = OnceLock::new();
    KEYRING.get_or_init(|| {
        Keyring::new(Zeroizing::default(), Key::new(1, Zeroizing::new([7; 32]), String::new()))
    })
}
