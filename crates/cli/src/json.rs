//! JSON as Go's `map[string]interface{}` has it: members in order of their keys, numbers as they were written.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// The digits as they stand.
    Number(String),
    Text(String),
    List(Vec<Json>),
    /// Members in the order in which they are shown; read ones are in the order of their keys.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads bytes; none if they are no JSON.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// An object of these members, in this order.
    pub(crate) fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// A whole number.
    pub(crate) fn number(number: i64) -> Self {
        Self::Number(number.to_string())
    }

    /// A text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A member; none if there is none, or this is no object.
    pub(crate) fn member(&self, key: &str) -> Option<&Self> {
        self.as_object()?.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// A member that is a text; empty otherwise.
    pub(crate) fn text_at(&self, key: &str) -> &str {
        self.member(key).and_then(Self::as_str).unwrap_or_default()
    }

    /// A member that is a whole number; 0 otherwise.
    pub(crate) fn number_at(&self, key: &str) -> i64 {
        self.member(key).and_then(Self::as_i64).unwrap_or_default()
    }

    /// A member that is true.
    pub(crate) fn bool_at(&self, key: &str) -> bool {
        self.member(key) == Some(&Self::Bool(true))
    }

    /// A member, null if there is none.
    pub(crate) fn value_at(&self, key: &str) -> Self {
        self.member(key).cloned().unwrap_or(Self::Null)
    }

    pub(crate) fn as_object(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }
}

/// One line without blanks, in the order of the members, with Go's escapes.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => f.write_str(&crate::render::json::quoted(text)),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (key, value)) in members.iter().enumerate() {
                    let comma = if index > 0 { "," } else { "" };
                    write!(f, "{comma}{}:{value}", crate::render::json::quoted(key))?;
                }
                f.write_str("}")
            }
        }
    }
}

/// Reads through the raw text, which keeps the digits of numbers.
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let fault = |error: serde_json::Error| D::Error::custom(error);
        match text.as_bytes().first() {
            Some(b'n') => Ok(Self::Null),
            Some(b't') => Ok(Self::Bool(true)),
            Some(b'f') => Ok(Self::Bool(false)),
            Some(b'"') => serde_json::from_str(text).map(Self::Text).map_err(fault),
            Some(b'[') => serde_json::from_str(text).map(Self::List).map_err(fault),
            Some(b'{') => {
                let members: BTreeMap<String, Self> = serde_json::from_str(text).map_err(fault)?;
                Ok(Self::Object(members.into_iter().collect()))
            }
            _ => Ok(Self::Number(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_members_are_in_order() {
        let json = Json::read(br#"{"b":[1,2.50,1e3,null,true],"a":"<&>","c":{}}"#).unwrap();
        assert_eq!(json.to_string(), r#"{"a":"\u003c\u0026\u003e","b":[1,2.50,1e3,null,true],"c":{}}"#);
        assert_eq!(json.number_at("c"), 0);
    }

    #[test]
    fn what_is_no_json_is_nothing() {
        assert_eq!(Json::read(b""), None);
        assert_eq!(Json::read(b"{\"a\":"), None);
        assert_eq!(Json::read("[".repeat(100_000).as_bytes()), None);
    }
}
