//! Values across the border: what JavaScript gives is read with the field's name in the error. It knows no engine.

use js_sys::{Array, Error, Uint8Array};
use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde_wasm_bindgen::{Deserializer, Serializer};
use vaultlet_core::WriteBatch;
use vaultlet_token::keyring::Keyring;
use wasm_bindgen::{JsCast, JsValue};

/// Reads a value; `what` names it in the error, with the path of the field that is wrong.
pub(crate) fn read<T: DeserializeOwned>(what: &str, value: JsValue) -> Result<T, Error> {
    serde_path_to_error::deserialize(Strict(value)).map_err(|error| {
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

/// A batch of writes: `[[key, sealed bytes or null if deleted], ..]`, in their order.
pub(crate) fn batch(batch: &WriteBatch) -> JsValue {
    let writes = batch.writes.iter().map(|(key, value)| {
        let value = value.as_ref().map_or(JsValue::NULL, |value| Uint8Array::from(value.as_slice()).into());
        Array::of2(&JsValue::from_str(key), &value)
    });
    writes.collect::<Array>().into()
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

/// An object that may have no other fields than those asked for, so that a misspelt one does not pass in silence.
struct Strict(JsValue);

impl<'de> serde::Deserializer<'de> for Strict {
    type Error = serde_wasm_bindgen::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        Deserializer::from(self.0).deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let given = self.0.dyn_ref::<js_sys::Object>().map(js_sys::Object::keys).unwrap_or_default();
        let given = given.iter().filter_map(|key| key.as_string());
        if let Some(unknown) = given.into_iter().find(|key| !fields.contains(&key.as_str())) {
            return Err(Self::Error::unknown_field(&unknown, fields));
        }
        Deserializer::from(self.0).deserialize_struct(name, fields, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
