//! Parameters of a call, weakly typed as Vault takes them. It knows no endpoint.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::UnixTime;
use crate::duration::GoDuration;
use crate::refusal::Refusal;

/// What a parameter is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// [`Fields::text`]
    Text,
    /// [`Fields::flag`]
    Flag,
    /// [`Fields::int`]
    Int,
    /// [`Fields::int64`]
    Int64,
    /// [`Fields::list`]
    List,
    /// [`Fields::comma_list`]
    CommaList,
    /// [`Fields::pairs`]
    Pairs,
    /// [`Fields::duration`]
    Duration,
    /// [`Fields::time`]
    Time,
    /// [`Fields::object`]
    Object,
}

/// The parameters of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(pub &'a Map<String, Value>);

impl Fields<'_> {
    /// Checks every known parameter's type, as is done before any handler; gives the warning about the unknown ones.
    pub fn check(self, known: &[(&str, Shape)]) -> Result<Option<String>, Refusal> {
        for &(name, shape) in known {
            match shape {
                Shape::Text => drop(self.text(name)?),
                Shape::Flag => drop(self.flag(name, false)?),
                Shape::Int => drop(self.int(name)?),
                Shape::Int64 => drop(self.int64(name)?),
                Shape::List => drop(self.list(name)?),
                Shape::CommaList => drop(self.comma_list(name)?),
                Shape::Pairs => drop(self.pairs(name)?),
                Shape::Duration => drop(self.duration(name)?),
                Shape::Time => drop(self.time(name)?),
                Shape::Object => drop(self.object(name)?),
            }
        }
        let names: Vec<&str> = known.iter().map(|&(name, _)| name).collect();
        Ok(self.unknown(&names))
    }

    /// Whether a parameter was given, be it null.
    pub fn given(self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether a parameter was given and is not null.
    pub fn has(self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// A text; absent and null are empty, numbers and truth values become text.
    pub fn text(self, name: &str) -> Result<String, Refusal> {
        self.0.get(name).map_or(Ok(String::new()), |value| text(value).map_err(|error| refused(name, &error)))
    }

    /// A truth value; `default` when absent.
    pub fn flag(self, name: &str, default: bool) -> Result<bool, Refusal> {
        let value = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(default),
            Some(Value::Bool(value)) => Ok(*value),
            Some(Value::Number(number)) => {
                go_bool(&number.to_string()).ok_or_else(|| unparsable("bool", "ParseBool"))
            }
            Some(Value::String(text)) => go_bool(text).ok_or_else(|| unparsable("bool", "ParseBool")),
            Some(other) => Err(unconvertible("", "bool", other)),
        };
        value.map_err(|error| refused(name, &error))
    }

    /// A whole number; absent, null and empty are 0.
    pub fn int(self, name: &str) -> Result<i64, Refusal> {
        self.whole(name, "int")
    }

    /// As [`Fields::int`], where the server says `int64` of what is none.
    pub fn int64(self, name: &str) -> Result<i64, Refusal> {
        self.whole(name, "int64")
    }

    fn whole(self, name: &str, kind: &str) -> Result<i64, Refusal> {
        let value = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(0),
            Some(Value::Bool(value)) => Ok(i64::from(*value)),
            Some(Value::Number(number)) => number.as_i64().ok_or_else(|| unparsable(kind, "ParseInt")),
            Some(Value::String(text)) if text.is_empty() => Ok(0),
            Some(Value::String(text)) => text.parse().map_err(|_| unparsable(kind, "ParseInt")),
            Some(other) => Err(unconvertible("", kind, other)),
        };
        value.map_err(|error| refused(name, &error))
    }

    /// A list of texts, commas kept; a single value is a list of one.
    pub fn list(self, name: &str) -> Result<Vec<String>, Refusal> {
        let values = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(values)) => values.as_slice(),
            Some(Value::String(text)) if text.is_empty() => return Ok(Vec::new()),
            Some(Value::Object(map)) if map.is_empty() => return Ok(Vec::new()),
            Some(value) => std::slice::from_ref(value),
        };
        texts(values).map_err(|error| refused(name, &error))
    }

    /// A list of texts in which a single text is split at its commas.
    pub fn comma_list(self, name: &str) -> Result<Vec<String>, Refusal> {
        match self.0.get(name) {
            Some(Value::String(text)) => Ok(text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()),
            Some(Value::Array(values)) => comma_texts(values).map_err(|error| refused(name, &error)),
            Some(Value::Object(map)) if !map.is_empty() => {
                let value = Value::Object(map.clone());
                comma_texts(&[value]).map_err(|error| refused(name, &error))
            }
            _ => self.list(name),
        }
    }

    /// Pairs, from an object, from `k=v` or from a list of `k=v`.
    pub fn pairs(self, name: &str) -> Result<BTreeMap<String, String>, Refusal> {
        let pairs = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(BTreeMap::new()),
            Some(Value::Object(map)) => return object_pairs(map).map_err(|error| refused(name, &error)),
            Some(Value::String(text)) if text.is_empty() => vec![String::new()],
            Some(Value::Array(values)) if values.iter().all(is_empty_list) => Vec::new(),
            Some(_) => self.list(name)?,
        };
        let mut map = BTreeMap::new();
        for (at, pair) in pairs.iter().enumerate() {
            let Some((key, value)) = pair.split_once('=') else {
                return Err(refused(name, &format!("invalid key pair at index {at} in field \"{name}\"")));
            };
            map.insert(key.to_owned(), value.to_owned());
        }
        Ok(map)
    }

    /// An object; absent and null are empty.
    pub fn object(self, name: &str) -> Result<Map<String, Value>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(map)) => Ok(map.clone()),
            Some(Value::Array(values)) => objects(values).map_err(|error| refused(name, &error)),
            Some(other) => Err(refused(name, &unconvertible("", "map[string]interface {}", other))),
        }
    }

    /// A span of time in a text field, as the handler itself reads it: `""` and 0 are none.
    pub fn text_duration(self, name: &str) -> Result<Option<GoDuration>, Refusal> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Ok(None);
        }
        GoDuration::parse_lenient(&text).map(Some).map_err(|error| Refusal::invalid(error.to_string()))
    }

    /// A span of time in a field of its own type: never negative.
    pub fn duration(self, name: &str) -> Result<Option<GoDuration>, Refusal> {
        let Some(value) = self.0.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
        let duration = GoDuration::parse_field(value).map_err(|error| refused(name, &error.to_string()))?;
        Ok(Some(duration))
    }

    /// A moment: a date and time, or seconds since 1970.
    pub fn time(self, name: &str) -> Result<Option<UnixTime>, Refusal> {
        let found = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => {
                UnixTime::parse(text).ok_or_else(|| "could not parse string as date and time".to_owned())
            }
            Some(Value::Number(number)) => match number.as_i64() {
                Some(seconds) => Ok(UnixTime::from_secs(u64::try_from(seconds).unwrap_or_default())),
                None => Err(format!("strconv.ParseInt: parsing \"{number}\": invalid syntax")),
            },
            Some(_) => Err("could not parse time from input type".to_owned()),
        };
        found.map(Some).map_err(|error| refused(name, &error))
    }

    /// A span of time in a field of its own type that may be negative.
    pub fn signed_duration(self, name: &str) -> Result<Option<GoDuration>, Refusal> {
        match self.0.get(name) {
            Some(Value::String(text)) if text.starts_with('-') => {
                let span =
                    GoDuration::parse_lenient(text).map_err(|error| refused(name, &error.to_string()))?;
                Ok(Some(span))
            }
            _ => self.duration(name),
        }
    }

    /// A list of whole numbers, from a list, from one number, or from a text with commas.
    pub fn ints(self, name: &str) -> Result<Vec<i64>, Refusal> {
        let one = |(at, text): (usize, &String)| {
            text.parse().map_err(|_| {
                let reason = unparsable("int", "ParseInt").replacen("''", &format!("'[{at}]'"), 1);
                refused(name, &format!("decoding failed due to the following error(s):\n\n{reason}"))
            })
        };
        let given = match self.0.get(name) {
            Some(Value::Array(values)) => values.as_slice(),
            Some(value @ Value::Object(map)) if !map.is_empty() => std::slice::from_ref(value),
            _ => &[],
        };
        if let Some((at, wrong)) =
            given.iter().enumerate().find(|(_, value)| value.is_array() || value.is_object())
        {
            let reason = unconvertible(&format!("[{at}]"), "int", wrong);
            return Err(refused(
                name,
                &format!("decoding failed due to the following error(s):\n\n{reason}"),
            ));
        }
        self.comma_list(name)?.iter().enumerate().map(one).collect()
    }

    /// The warning about parameters that are not among `known`, if there are any.
    pub fn unknown(self, known: &[&str]) -> Option<String> {
        let unknown: Vec<&str> =
            self.0.keys().map(String::as_str).filter(|name| !known.contains(name)).collect();
        let names = unknown.join(" ");
        Some(format!("Endpoint ignored these unrecognized parameters: [{names}]"))
            .filter(|_| !unknown.is_empty())
    }
}

/// A value of a wrong type, in the server's words.
pub(crate) fn refused(field: &str, reason: &str) -> Refusal {
    Refusal::invalid(format!(
        "Field validation failed: error converting input for field \"{field}\": {reason}"
    ))
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Bool(value) => Ok(u8::from(*value).to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::String(text) => Ok(text.clone()),
        Value::Array(_) | Value::Object(_) => Err(unconvertible("", "string", value)),
    }
}

fn texts(values: &[Value]) -> Result<Vec<String>, String> {
    let one = |(at, value)| text(value).map_err(|_| in_list(at, value));
    values.iter().enumerate().map(one).collect()
}

/// A list in a field that splits a text at its commas: its refusals count and show what is wrong.
fn comma_texts(values: &[Value]) -> Result<Vec<String>, String> {
    let read: Vec<Result<String, String>> = values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let wrong = || {
                format!("* {}, value: '{}'", unconvertible(&format!("[{at}]"), "string", value), shown(value))
            };
            text(value).map(|text| text.trim().to_owned()).map_err(|_| wrong())
        })
        .collect();
    let wrong: Vec<&str> = read.iter().filter_map(|one| one.as_ref().err()).map(String::as_str).collect();
    if wrong.is_empty() {
        return Ok(read.into_iter().flatten().collect());
    }
    Err(format!("{} error(s) decoding:\n\n{}", wrong.len(), wrong.join("\n")))
}

/// A value as Go prints it.
fn shown(value: &Value) -> String {
    let all = |values: Vec<String>| values.join(" ");
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => format!("[{}]", all(values.iter().map(shown).collect())),
        Value::Object(map) => {
            format!(
                "map[{}]",
                all(map.iter().map(|(key, value)| format!("{key}:{}", shown(value))).collect())
            )
        }
        other => other.to_string(),
    }
}

fn is_empty_list(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// A list where an object is wanted: its objects together.
fn objects(values: &[Value]) -> Result<Map<String, Value>, String> {
    let mut all = Map::new();
    for (at, value) in values.iter().enumerate() {
        match value {
            Value::Object(map) => all.extend(map.clone()),
            Value::Array(list) if list.is_empty() => {}
            other => return Err(unconvertible(&format!("[{at}]"), "map[string]interface {}", other)),
        }
    }
    Ok(all)
}

fn object_pairs(map: &Map<String, Value>) -> Result<BTreeMap<String, String>, String> {
    let one = |(at, (key, value)): (usize, (&String, &Value))| match text(value) {
        Ok(text) => Ok((key.clone(), text)),
        Err(_) => Err(in_list(at, value)),
    };
    map.iter().enumerate().map(one).collect()
}

fn in_list(at: usize, value: &Value) -> String {
    let reason = unconvertible(&format!("[{at}]"), "string", value);
    format!("decoding failed due to the following error(s):\n\n{reason}")
}

fn unconvertible(at: &str, wanted: &str, value: &Value) -> String {
    let got = match value {
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        Value::Number(_) => "json.Number",
        Value::Null => "nil",
    };
    format!("'{at}' expected type '{wanted}', got unconvertible type '{got}'")
}

fn unparsable(wanted: &str, function: &str) -> String {
    format!("'' cannot parse value as '{wanted}': strconv.{function}: invalid syntax")
}

fn go_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "" | "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
