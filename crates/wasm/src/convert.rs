//! Values across the border: what JavaScript gives is read with the field's name in the error. It knows no engine.

use js_sys::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::{Deserializer, Serializer};
use vaultlet_token::keyring::Keyring;
use wasm_bindgen::JsValue;

/// Reads a value; `what` names it in the error, with the path of the field that is wrong.
pub(crate) fn read<T: DeserializeOwned>(what: &str, value: JsValue) -> Result<T, Error> {
    serde_path_to_error::deserialize(Deserializer::from(value)).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { what.to_owned() } else { format!("{what}.{path}") };
        Error::new(&format!("{place}: {}", error.into_inner()))
    })
}

/// Gives a value, maps as plain objects and nothing as `null`.
pub(crate) fn give(value: &impl Serialize) -> Result<JsValue, Error> {
    let serializer = Serializer::json_compatible();
    value.serialize(&serializer).map_err(|error| Error::new(&error.to_string()))
}

/// A keyring, as an object or as its JSON text.
pub(crate) fn keyring(value: &JsValue) -> Result<Keyring, Error> {
    let json = match value.as_string() {
        Some(json) => json,
        None => js_sys::JSON::stringify(value).ok().and_then(|text| text.as_string()).ok_or_else(|| {
            Error::new("keyring: an object { Keys: [{ Term, Version, Value }] } or its JSON text is needed")
        })?,
    };
    Keyring::from_json(json.as_bytes()).map_err(|error| Error::new(&format!("keyring: {error}")))
}
