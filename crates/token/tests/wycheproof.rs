//! The Wycheproof vectors for AES-256-GCM, through the frame.
//!
//! The frame holds 12-byte nonces and 16-byte tags under 256-bit keys; vectors of other sizes cannot be framed and are
//! counted apart, so that this test cannot pass on nothing.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use vaultlet_token::keyring::{Key, Keyring};
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};
use zeroize::Zeroizing;

#[test]
fn sealing_and_opening_agree_with_every_vector() {
    let set = TestSet::load(TestName::AesGcm).unwrap();
    let (mut ran, mut other_sizes) = (0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let key: Result<[u8; 32], _> = test.key.as_slice().try_into();
            let nonce: Result<[u8; 12], _> = test.nonce.as_slice().try_into();
            let (Ok(key), Ok(nonce), 16) = (key, nonce, test.tag.len()) else {
                other_sizes += 1;
                continue;
            };
            let keyring = Keyring::new(Zeroizing::default(), Key::new(1, Zeroizing::new(key), String::new()));
            let mut frame = vec![0, 0, 0, 1, 2];
            frame.extend_from_slice(&nonce);
            frame.extend_from_slice(&test.ct);
            frame.extend_from_slice(&test.tag);
            let opened = keyring.open(&frame, &test.aad);
            if test.result == TestResult::Invalid {
                assert!(opened.is_err(), "vector {}", test.tc_id);
            } else {
                assert_eq!(opened.unwrap().as_slice(), test.pt.as_slice(), "vector {}", test.tc_id);
                assert_eq!(keyring.seal(nonce, &test.aad, &test.pt).unwrap(), frame, "vector {}", test.tc_id);
            }
            ran += 1;
        }
    }
    assert_eq!(ran + other_sizes, set.number_of_tests);
    assert_eq!(ran, 66, "the vectors of 256-bit keys, 12-byte nonces and 16-byte tags");
}
