//! Arbitrary input never panics, and what is sealed opens again.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use proptest::prelude::*;
use vaultlet_token::anatomy;
use vaultlet_token::entry::TokenEntry;
use vaultlet_token::frame::Frame;
use vaultlet_token::keyring::{Key, Keyring};
use vaultlet_token::signed::SignedToken;
use vaultlet_token::{Flavour, Token};
use zeroize::Zeroizing;

fn keyring() -> Keyring {
    Keyring::new(Zeroizing::default(), Key::new(1, Zeroizing::new([9; 32]), String::new()))
}

fn read_everything(text: &str) {
    let _ = Token::parse(text).sealed_bytes();
    let _ = keyring().open_token(text);
    let _ = SignedToken::parse(text);
    let anatomy = anatomy::inspect(text);
    for part in &anatomy.parts {
        assert!(part.start <= part.end && part.end <= anatomy.bytes);
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in ".{0,300}") {
        read_everything(&text);
    }

    #[test]
    fn arbitrary_payloads_behind_every_prefix_never_panic(
        prefix in prop::sample::select(vec!["s.", "b.", "r.", "hvs.", "hvb.", "hvr.", "hvs.CAES"]),
        payload in "[A-Za-z0-9_=+/\r\n.-]{0,300}",
    ) {
        read_everything(&format!("{prefix}{payload}"));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Frame::split(&bytes);
        let _ = keyring().open(&bytes, b"");
        let _ = TokenEntry::decode(&bytes);
        let _ = Keyring::from_json(&bytes);
    }

    #[test]
    fn what_is_sealed_opens(plaintext in prop::collection::vec(any::<u8>(), 0..300), nonce: [u8; 12], path in ".{0,40}") {
        let sealed = keyring().seal(nonce, path.as_bytes(), &plaintext).unwrap();
        prop_assert_eq!(sealed.len(), plaintext.len() + 33);
        prop_assert_eq!(&*keyring().open(&sealed, path.as_bytes()).unwrap(), &plaintext);
        if !path.is_empty() {
            prop_assert!(keyring().open(&sealed, b"").is_err());
        }
    }

    #[test]
    fn an_entry_survives_its_token(
        parent in ".{0,40}", policies in prop::collection::vec("[a-z]{1,8}", 0..4),
        meta in prop::collection::btree_map("[a-z]{1,5}", ".{0,9}", 0..4), ttl: i64, creation_time: i64,
    ) {
        let entry = TokenEntry { parent, policies, meta, ttl, creation_time, ..TokenEntry::default() };
        for flavour in [Flavour::OpenBao, Flavour::Vault] {
            let token = keyring().seal_token(flavour, [0; 12], &entry).unwrap();
            prop_assert_eq!(keyring().open_token(&token).unwrap(), entry.clone());
        }
    }
}
