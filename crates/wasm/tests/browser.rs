//! The exports in a real browser: what goes in as JavaScript values comes out as JavaScript values.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::BTreeSet;

use js_sys::{Error, Function, JSON, Reflect};
use vaultlet_wasm::{Engine, inspect, open, seal};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const LESSON: &str = "b.AAAAAQKf5kVdMwjIwt4o49fDHIfEELolVEbz-rAzlKOlHTrGW_aZrFslOezTsk4JjuTwYtzNONARecYwJRjx59GQmiX6icA7gxnKKzsD3cPYtI10CHoH1GFAyGTN2K4gLIYeHBWdq6O2";
const KEYRING: &str =
    r#"{"Keys":[{"Term":1,"Version":1,"Value":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}]}"#;

fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn json(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

/// A member of a member: `sealed.term`.
fn member(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| Reflect::get(&value, &name.into()).unwrap())
}

fn message(error: &Error) -> String {
    error.message().into()
}

fn engine(options: &str, now: &JsValue) -> Engine {
    Engine::new(js(options), now).map_err(|error| message(&error)).unwrap()
}

/// The status and body of an answer.
fn ask(engine: &mut Engine, method: &str, path: &str, token: &str, body: &str) -> (f64, JsValue) {
    let request = format!(
        r#"{{"method":"{method}","target":"/v1/{path}","headers":[["X-Vault-Token","{token}"]],"body":{}}}"#,
        json(&body.into())
    );
    let answer = engine.answer(js(&request)).unwrap();
    let body = member(&answer, "body").as_string().unwrap();
    (member(&answer, "status").as_f64().unwrap(), if body.is_empty() { JsValue::NULL } else { js(&body) })
}

fn batch(engine: &mut Engine, ttl: &str) -> String {
    let body = format!(r#"{{"type":"batch","policies":["base"],"ttl":"{ttl}"}}"#);
    let (status, answer) = ask(engine, "POST", "auth/token/create", "root", &body);
    assert!((status - 200.0).abs() < 0.5, "{}", json(&answer));
    member(&answer, "auth.client_token").as_string().unwrap()
}

fn status_of(engine: &mut Engine, token: &str) -> u16 {
    let (status, _) = ask(engine, "GET", "auth/token/lookup-self", token, "");
    format!("{status}").parse().unwrap()
}

#[wasm_bindgen_test]
fn a_batch_token_is_made_looked_up_and_dies() {
    let mut engine = engine("{}", &JsValue::from_f64(1.8e12));
    let token = batch(&mut engine, "1h");
    let (_, lookup) = ask(&mut engine, "GET", "auth/token/lookup-self", &token, "");
    assert_eq!(member(&lookup, "data.ttl").as_f64(), Some(3600.0));
    engine.advance("1h1s").unwrap();
    assert_eq!(status_of(&mut engine, &token), 403);
}

#[wasm_bindgen_test]
fn without_a_clock_the_browsers_own_is_followed() {
    let mut engine = engine("{}", &JsValue::UNDEFINED);
    let token = batch(&mut engine, "1h");
    let (_, lookup) = ask(&mut engine, "GET", "auth/token/lookup-self", &token, "");
    let made = member(&lookup, "data.creation_time").as_f64().unwrap();
    assert!((js_sys::Date::now() / 1000.0 - made).abs() < 60.0);
}

#[wasm_bindgen_test]
fn a_clock_that_throws_stands_still_and_breaks_nothing() {
    let clock = Function::new_no_args("throw new Error('no time')");
    let mut engine = engine("{}", clock.unchecked_ref());
    let token = batch(&mut engine, "1h");
    assert_eq!(status_of(&mut engine, &token), 200);
}

#[wasm_bindgen_test]
fn the_lessons_token_is_taken_apart() {
    let anatomy = inspect(LESSON).unwrap();
    assert_eq!(member(&anatomy, "kind").as_string().as_deref(), Some("batch"));
    assert_eq!(member(&anatomy, "sealed.term").as_f64(), Some(1.0));
    assert_eq!(member(&anatomy, "sealed.sealedLength").as_f64(), Some(72.0));
    assert!(member(&anatomy, "signed").is_null(), "nothing is null, not undefined");
}

#[wasm_bindgen_test]
fn an_entry_survives_sealing_and_opening() {
    let entry = r#"{"policies":["base"],"meta":{"a":"1"},"creation_time":1540592796,"ttl":1.5}"#;
    for flavour in ["openbao", "vault"] {
        let token = seal(js(entry), &KEYRING.into(), Some(flavour.to_owned()), 1).unwrap();
        let opened = open(&token, &js(KEYRING)).unwrap();
        assert_eq!(member(&opened, "ttl").as_f64(), Some(1.5));
        assert_eq!(json(&member(&opened, "policies")), r#"["base"]"#);
        assert_eq!(json(&member(&opened, "meta")), r#"{"a":"1"}"#, "a plain object, not a Map");
    }
}

#[wasm_bindgen_test]
fn vaults_without_a_seed_and_sealing_draw_fresh_nonces() {
    let now = JsValue::from_f64(1.8e12);
    let mut nonces = BTreeSet::new();
    for _ in 0..4 {
        let mut vault = engine("{}", &now);
        nonces.extend((0..100).map(|_| nonce(&batch(&mut vault, "1h"))));
    }
    nonces.extend((0..100).map(|_| nonce(&seal(js("{}"), &KEYRING.into(), None, 1).unwrap())));
    assert_eq!(nonces.len(), 500);
    let seeded = || batch(&mut engine(r#"{"seed":7}"#, &now), "1h");
    assert_eq!(seeded(), seeded(), "a seed is for replays");
}

fn nonce(token: &str) -> String {
    member(&inspect(token).unwrap(), "sealed.nonce").as_string().unwrap()
}

#[wasm_bindgen_test]
fn what_is_wrong_is_named() {
    let options = |options: &str| message(&Engine::new(js(options), &JsValue::UNDEFINED).err().unwrap());
    assert!(options(r#"{"rootToken":5}"#).starts_with("options.rootToken: "));
    assert!(options(r#"{"rootTocken":"x"}"#).contains("unknown field `rootTocken`"));
    assert!(options(r#"{"flavour":"mint"}"#).contains("mint"));
    let entry = |entry: &str| message(&seal(js(entry), &KEYRING.into(), None, 1).err().unwrap());
    assert!(entry(r#"{"policies":"base"}"#).starts_with("entry.policies: "));
    assert!(entry(r#"{"meta":{"a":1}}"#).starts_with("entry.meta.a: "));
    assert!(entry(r#"{"polices":[]}"#).contains("unknown field `polices`"));
    assert!(entry("5").starts_with("entry: "));
    let keyring = |keyring: &str| message(&open(LESSON, &js(keyring)).err().unwrap());
    assert!(keyring(r#"{"Keys":[]}"#).starts_with("keyring: "));
    assert!(keyring("5").starts_with("keyring: "));
    let mut vault = engine("{}", &JsValue::UNDEFINED);
    assert!(message(&vault.answer(js(r#"{"method":5}"#)).err().unwrap()).starts_with("request.method: "));
    assert!(message(&vault.advance("soon").err().unwrap()).starts_with("advance: "));
    assert!(message(&vault.advance("-1h").err().unwrap()).contains("never moves back"));
    assert_eq!(status_of(&mut vault, "root"), 200, "and it is alive afterwards");
}
