//! Bodies that the real server reads into a struct of its own, with its decoder's words for what does not fit. It knows no endpoint.
//!
//! Unlike other parameters these are strictly typed, and there are no forms.

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::refusal::Refusal;
use crate::{Request, door, json};

/// A body, and the name of the struct that it is read into.
pub(crate) struct Body {
    name: &'static str,
    data: Map<String, Value>,
}

impl Body {
    /// Reads a request's body.
    pub fn read(request: &Request, name: &'static str) -> Result<Self, Refusal> {
        let text = String::from_utf8_lossy(&request.body);
        if text.trim().is_empty() {
            return Ok(Self { name, data: Map::new() });
        }
        match json::parse(&text).map_err(|reason| door::undecodable(&reason))? {
            Value::Object(data) => Ok(Self { name, data }),
            Value::Null => Ok(Self { name, data: Map::new() }),
            other => Err(cannot(&format!("{} into Go value of type http.{name}", kind(&other)))),
        }
    }

    /// A whole number; 0 if it is not given.
    pub fn int(&self, field: &str) -> Result<i64, Refusal> {
        match self.value(field) {
            None | Some(Value::Null) => Ok(0),
            Some(Value::Number(number)) => {
                number.as_i64().ok_or_else(|| self.misfit(&format!("number {number}"), field, "int"))
            }
            Some(other) => Err(self.misfit(kind(other), field, "int")),
        }
    }

    /// A flag; false if it is not given.
    pub fn flag(&self, field: &str) -> Result<bool, Refusal> {
        match self.value(field) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(self.misfit(kind(other), field, "bool")),
        }
    }

    /// A text; empty if it is not given.
    pub fn text(&self, field: &str) -> Result<Zeroizing<String>, Refusal> {
        match self.value(field) {
            None | Some(Value::Null) => Ok(Zeroizing::default()),
            Some(Value::String(text)) => Ok(Zeroizing::new(text.clone())),
            Some(other) => Err(self.misfit(kind(other), field, "string")),
        }
    }

    /// How many texts a list has; none if it is not given.
    pub fn texts(&self, field: &str) -> Result<usize, Refusal> {
        match self.value(field) {
            None | Some(Value::Null) => Ok(0),
            Some(Value::Array(list)) => {
                match list.iter().position(|item| !item.is_string() && !item.is_null()) {
                    None => Ok(list.len()),
                    Some(at) => {
                        let (kind, name) = (list.get(at).map_or("null", kind), self.name);
                        Err(cannot(&format!("{kind} into {name}.{field}.{at} of type string")))
                    }
                }
            }
            Some(other) => Err(self.misfit(kind(other), field, "[]string")),
        }
    }

    /// Names are taken in any case, one that fits exactly first.
    fn value(&self, field: &str) -> Option<&Value> {
        let loosely =
            || self.data.iter().find(|(name, _)| name.eq_ignore_ascii_case(field)).map(|(_, value)| value);
        self.data.get(field).or_else(loosely)
    }

    fn misfit(&self, what: &str, field: &str, wanted: &str) -> Refusal {
        cannot(&format!("{what} into Go struct field {}.{field} of type {wanted}", self.name))
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        for value in self.data.values_mut() {
            if let Value::String(text) = value {
                drop(Zeroizing::new(std::mem::take(text)));
            }
        }
    }
}

fn cannot(what: &str) -> Refusal {
    door::undecodable(&format!("json: cannot unmarshal {what}"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "object",
        other => door::go_kind(other),
    }
}
