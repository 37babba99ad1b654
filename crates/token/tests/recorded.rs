//! Real tokens of a real server open, and the lesson's own from 2018 reads as published.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail by panicking")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use vaultlet_token::entry::{TokenEntry, TokenType};
use vaultlet_token::frame::Frame;
use vaultlet_token::keyring::Keyring;
use vaultlet_token::{Flavour, Kind, Token, TokenError, batch_token};

const LESSON: &str = "b.AAAAAQKf5kVdMwjIwt4o49fDHIfEELolVEbz-rAzlKOlHTrGW_aZrFslOezTsk4JjuTwYtzNONARecYwJRjx59GQmiX6icA7gxnKKzsD3cPYtI10CHoH1GFAyGTN2K4gLIYeHBWdq6O2";

fn recorded() -> Value {
    serde_json::from_str(include_str!("data/recorded.json")).unwrap()
}

fn keyring(recorded: &Value) -> Keyring {
    Keyring::from_json(recorded["keyring"].to_string().as_bytes()).unwrap()
}

fn batch_tokens(recorded: &Value) -> Vec<&Value> {
    let tokens = recorded["tokens"].as_array().unwrap();
    tokens.iter().filter(|token| token["plaintext_hex"].is_string()).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// What the lesson's published lookup showed.
fn lesson_entry() -> TokenEntry {
    TokenEntry {
        parent: "root".into(),
        policies: vec!["base".into(), "default".into()],
        path: "auth/token/create".into(),
        display_name: "token".into(),
        creation_time: 1_540_592_796,
        ttl: 768 * 3600 * 1_000_000_000,
        namespace_id: "root".into(),
        token_type: TokenType::Batch,
        ..TokenEntry::default()
    }
}

#[test]
fn the_lessons_token_is_72_sealed_bytes_under_term_1() {
    let token = Token::parse(LESSON);
    let bytes = token.sealed_bytes().unwrap();
    let frame = Frame::split(&bytes).unwrap();
    assert_eq!((token.kind, token.flavour, token.namespace), (Kind::Batch, Some(Flavour::OpenBao), None));
    assert_eq!((frame.term, frame.version, frame.ciphertext.len()), (1, 2, 72));
    assert_eq!((frame.nonce.len(), frame.tag.len(), LESSON.len()), (12, 16, 142));
}

#[test]
fn the_lessons_entry_is_72_bytes_and_our_token_for_it_142_characters() {
    let entry = lesson_entry();
    assert_eq!(entry.encode().len(), 72);
    let token = keyring(&recorded()).seal_token(Flavour::OpenBao, [7; 12], &entry).unwrap();
    assert_eq!(token.len(), 142);
}

#[test]
fn every_recorded_batch_token_opens_to_its_plaintext() {
    let recorded = recorded();
    let keyring = keyring(&recorded);
    let mut terms = Vec::new();
    for token in batch_tokens(&recorded) {
        let bytes = Token::parse(token["token"].as_str().unwrap()).sealed_bytes().unwrap();
        let plaintext = keyring.open(&bytes, b"").unwrap();
        assert_eq!(*plaintext, unhex(token["plaintext_hex"].as_str().unwrap()), "{}", token["name"]);
        terms.push(Frame::split(&bytes).unwrap().term);
    }
    assert_eq!(terms, [1, 1, 1, 1, 1, 1, 2]);
}

#[test]
fn every_recorded_batch_token_says_what_its_lookup_said() {
    let recorded = recorded();
    let keyring = keyring(&recorded);
    for token in batch_tokens(&recorded) {
        let lookup = &token["lookup"];
        let entry = keyring.open_token(token["token"].as_str().unwrap()).unwrap();
        let texts = |field: &str| -> Vec<String> {
            serde_json::from_value(lookup[field].clone()).unwrap_or_default()
        };
        assert_eq!(entry.policies, texts("policies"), "{}", token["name"]);
        assert_eq!(entry.bound_cidrs, texts("bound_cidrs"));
        assert_eq!(Value::from(entry.path), lookup["path"]);
        assert_eq!(Value::from(entry.display_name), lookup["display_name"]);
        assert_eq!(Value::from(entry.entity_id), lookup["entity_id"]);
        assert_eq!(Value::from(entry.creation_time), lookup["creation_time"]);
        assert_eq!(Value::from(entry.ttl / 1_000_000_000), lookup["creation_ttl"]);
        assert_eq!(Value::from(entry.parent.is_empty()), lookup["orphan"]);
        assert_eq!(Value::from(entry.token_type.word()), lookup["type"]);
        assert_eq!(
            serde_json::json!(entry.meta),
            lookup.get("meta").filter(|meta| !meta.is_null()).cloned().unwrap_or(serde_json::json!({}))
        );
        assert_eq!(entry.namespace_id, "root");
    }
}

#[test]
fn a_recorded_entry_encodes_to_the_recorded_plaintext() {
    // Metadata is left out of the comparison: the server's order of a map is random, ours is sorted.
    let recorded = recorded();
    for token in batch_tokens(&recorded) {
        let plaintext = unhex(token["plaintext_hex"].as_str().unwrap());
        let entry = TokenEntry::decode(&plaintext).unwrap();
        if entry.meta.len() < 2 {
            assert_eq!(*entry.encode(), plaintext, "{}", token["name"]);
        }
        assert_eq!(TokenEntry::decode(&entry.encode()).unwrap(), entry);
    }
}

#[test]
fn a_keyring_survives_its_json_form() {
    let recorded = recorded();
    let again = Keyring::from_json(&keyring(&recorded).to_json()).unwrap();
    let json: Value = serde_json::from_slice(&again.to_json()).unwrap();
    assert_eq!(json, recorded["keyring"]);
}

#[test]
fn every_single_bit_flip_is_refused() {
    let recorded = recorded();
    let keyring = keyring(&recorded);
    for token in batch_tokens(&recorded) {
        let bytes = Token::parse(token["token"].as_str().unwrap()).sealed_bytes().unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            // Versions 1 and 2 both open a token, but they differ in more than a bit.
            assert!(keyring.open(&changed, b"").is_err(), "{} bit {bit}", token["name"]);
        }
    }
}

#[test]
fn line_ends_suffixes_and_the_other_prefix_open_as_on_the_real_server() {
    let recorded = recorded();
    let keyring = keyring(&recorded);
    let token = batch_tokens(&recorded)[0]["token"].as_str().unwrap();
    let entry = keyring.open_token(token).unwrap();
    let (front, back) = token.split_at(40);
    for same in [
        format!("{token}\n"),
        format!("{front}\r\n{back}"),
        format!("{token}.abc"),
        token.replacen("b.", "hvb.", 1),
    ] {
        assert_eq!(keyring.open_token(&same).as_ref(), Ok(&entry), "{same:?}");
    }
    let standard = format!("{}+", &token[..token.len() - 1]);
    assert_eq!(keyring.open_token(&standard), Err(TokenError::IllegalBase64 { at: token.len() - 3 }));
}

#[test]
fn spaces_belong_to_the_text_as_on_the_real_server() {
    // HTTP takes spaces off a header's ends before any Vault sees it; in a body they stay.
    let recorded = recorded();
    let keyring = keyring(&recorded);
    let token = batch_tokens(&recorded)[0]["token"].as_str().unwrap();
    let at = token.len() - "b.".len();
    assert_eq!(keyring.open_token(&format!("{token} ")), Err(TokenError::IllegalBase64 { at }));
    assert_eq!(keyring.open_token(&format!(" {token}")), Err(TokenError::NotSealed));
}

#[test]
fn version_1_opens_a_token_too() {
    // It has no additional data, and the additional data of version 2 is a token's path, which is empty.
    let recorded = recorded();
    let keyring = keyring(&recorded);
    let token = batch_tokens(&recorded)[0]["token"].as_str().unwrap();
    let mut bytes = Token::parse(token).sealed_bytes().unwrap();
    bytes[4] = 1;
    assert_eq!(keyring.open_token(&batch_token(Flavour::OpenBao, &bytes)), keyring.open_token(token));
    bytes[4] = 3;
    assert_eq!(keyring.open(&bytes, b""), Err(TokenError::UnknownVersion(3)));
}

#[test]
fn unused_bits_of_the_last_letter_are_ignored() {
    let recorded = recorded();
    let keyring = keyring(&recorded);
    let with_slack = |text: &&str| Token::parse(text).payload.len() % 4 == 3;
    let token =
        batch_tokens(&recorded).iter().filter_map(|token| token["token"].as_str()).find(with_slack).unwrap();
    // Three letters hold two bytes and two bits that nobody reads.
    let last = token.bytes().last().unwrap();
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = alphabet.iter().position(|&letter| letter == last).unwrap();
    let changed = format!("{}{}", &token[..token.len() - 1], alphabet[value ^ 1] as char);
    assert_ne!(changed, token);
    assert_eq!(keyring.open_token(&changed), keyring.open_token(token));
}

#[test]
fn another_key_or_term_does_not_open() {
    let recorded = recorded();
    let keyring = keyring(&recorded);
    let mut json = recorded["keyring"].clone();
    json["Keys"][0]["Value"] = Value::from(STANDARD.encode([1; 32]));
    let other = Keyring::from_json(json.to_string().as_bytes()).unwrap();
    let token = batch_tokens(&recorded)[0]["token"].as_str().unwrap();
    assert_eq!(other.open_token(token), Err(TokenError::DoesNotOpen));
    let bytes = Token::parse(LESSON).sealed_bytes().unwrap();
    assert_eq!(keyring.open(&bytes, b""), Err(TokenError::DoesNotOpen));
    assert!(matches!(Keyring::from_json(b"{\"Keys\":[]}"), Err(TokenError::NotAKeyring(_))));
}
