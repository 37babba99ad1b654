//! The door for JavaScript: the page loads this crate as a wasm of its own.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Runs `jq ARGUMENTS` on bytes; gives `{ stdout: Uint8Array, stderr: Uint8Array, code: number }`. `now` is in seconds
/// since 1970, the platform's time if it is left out.
///
/// # Errors
/// None that JavaScript could bring about: the object is a plain one.
#[wasm_bindgen(js_name = run)]
#[allow(clippy::needless_pass_by_value, reason = "this is how values come from JavaScript")]
pub fn run(arguments: Vec<String>, input: &[u8], now: Option<f64>) -> Result<Object, JsValue> {
    let ran = crate::run(&arguments, input, now.unwrap_or_else(|| js_sys::Date::now() / 1000.0));
    let object = Object::new();
    Reflect::set(&object, &"stdout".into(), &Uint8Array::from(ran.stdout.as_slice()))?;
    Reflect::set(&object, &"stderr".into(), &Uint8Array::from(ran.stderr.as_slice()))?;
    Reflect::set(&object, &"code".into(), &JsValue::from(ran.code))?;
    Ok(object)
}
