//! The JSON form of a keyring, as the server stores it at `core/keyring`. It knows no ciphers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::TokenError;
use crate::keyring::{Key, KeyBytes, Keyring, RotationConfig};

impl Keyring {
    /// Reads `{"MasterKey":b64,"Keys":[{"Term","Version","Value":b64,"InstallTime"}],"RotationConfig":{..}}`. Only
    /// `Keys` with `Term` and `Value` is needed.
    ///
    /// # Errors
    /// [`TokenError::NotAKeyring`], [`TokenError::KeyLength`]
    pub fn from_json(json: &[u8]) -> Result<Self, TokenError> {
        let not_a_keyring = |error: serde_json::Error| TokenError::NotAKeyring(error.to_string());
        let mut wire: Wire = serde_json::from_slice(json).map_err(not_a_keyring)?;
        let root_key = Zeroizing::new(unbase64("MasterKey", &wire.root_key)?);
        let mut keys = wire.keys.iter().map(WireKey::open);
        let first = keys.next().ok_or_else(|| TokenError::NotAKeyring("it has no keys".to_owned()))??;
        let mut keyring = Self::new(root_key, first);
        for key in keys {
            keyring.add(key?);
        }
        wire.root_key.zeroize();
        if let Some(rotation) = wire.rotation {
            keyring.rotation = rotation.into();
        }
        Ok(keyring)
    }

    /// The form that [`Keyring::from_json`] reads, keys by term.
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        let wire = Wire {
            root_key: STANDARD.encode(&*self.root_key),
            keys: self.keys().map(WireKey::from).collect(),
            rotation: Some(self.rotation.into()),
        };
        // Strings and numbers alone: nothing here can fail to be JSON.
        Zeroizing::new(serde_json::to_vec(&wire).unwrap_or_default())
    }
}

#[derive(Serialize, Deserialize)]
struct Wire {
    #[serde(rename = "MasterKey", default)]
    root_key: String,
    #[serde(rename = "Keys")]
    keys: Vec<WireKey>,
    #[serde(rename = "RotationConfig", default)]
    rotation: Option<WireRotation>,
}

#[derive(Serialize, Deserialize)]
struct WireKey {
    #[serde(rename = "Term")]
    term: u32,
    #[serde(rename = "Version", default = "one")]
    version: u32,
    #[serde(rename = "Value")]
    value: String,
    #[serde(rename = "InstallTime", default)]
    install_time: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    encryptions: u64,
}

impl WireKey {
    fn open(&self) -> Result<Key, TokenError> {
        let bytes = Zeroizing::new(unbase64("Value", &self.value)?);
        let wrong = TokenError::KeyLength { term: self.term, len: bytes.len() };
        let value: KeyBytes = Zeroizing::new(bytes.as_slice().try_into().map_err(|_| wrong)?);
        let mut key = Key::new(self.term, value, self.install_time.clone());
        key.version = self.version;
        key.encryptions = self.encryptions;
        Ok(key)
    }
}

impl From<&Key> for WireKey {
    fn from(key: &Key) -> Self {
        Self {
            term: key.term,
            version: key.version,
            value: STANDARD.encode(key.expose()),
            install_time: key.install_time.clone(),
            encryptions: key.encryptions,
        }
    }
}

impl Drop for WireKey {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

#[derive(Serialize, Deserialize, Clone, Copy)]
struct WireRotation {
    #[serde(rename = "Disabled", default)]
    disabled: bool,
    #[serde(rename = "MaxOperations", default)]
    max_operations: i64,
    #[serde(rename = "Interval", default)]
    interval: i64,
}

impl From<WireRotation> for RotationConfig {
    fn from(wire: WireRotation) -> Self {
        Self { disabled: wire.disabled, max_operations: wire.max_operations, interval: wire.interval }
    }
}

impl From<RotationConfig> for WireRotation {
    fn from(config: RotationConfig) -> Self {
        Self { disabled: config.disabled, max_operations: config.max_operations, interval: config.interval }
    }
}

fn unbase64(field: &str, text: &str) -> Result<Vec<u8>, TokenError> {
    STANDARD.decode(text).map_err(|error| TokenError::NotAKeyring(format!("{field} is not base64: {error}")))
}

fn one() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
