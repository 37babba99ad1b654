//! `K=V` words to data: values from files and from input included. It knows no command.

use std::collections::BTreeMap;

use crate::Host;
use crate::command::Call;
use crate::json::Json;
use crate::shell::FileError;

/// Where the words' values come from.
pub(super) struct Sources<'a> {
    pub(super) files: &'a crate::shell::Files,
    /// Standard input, which can be read once.
    pub(super) stdin: Option<Vec<u8>>,
}

impl<H: Host> Call<'_, H> {
    /// The data of the words from `first` on; the reason, if they are none.
    pub(super) fn data(&mut self, first: usize) -> Result<BTreeMap<String, Json>, String> {
        let words: Vec<String> = self.flags.words.get(first..).unwrap_or_default().to_vec();
        let stdin = Some(self.stdin());
        read(&words, &mut Sources { files: self.setting.files, stdin })
    }
}

/// Reads words; the reason is in the real command line's words.
pub(super) fn read(words: &[String], sources: &mut Sources<'_>) -> Result<BTreeMap<String, Json>, String> {
    let mut data = BTreeMap::new();
    for word in words {
        one(word, sources, &mut data).map_err(|why| format!("invalid key/value pair {word:?}: {why}"))?;
    }
    Ok(data)
}

fn one(word: &str, sources: &mut Sources<'_>, data: &mut BTreeMap<String, Json>) -> Result<(), String> {
    if word == "-" {
        return whole(&sources.input()?, data);
    }
    if let Some(name) = word.strip_prefix('@') {
        return whole(&sources.file(name)?, data);
    }
    let (key, value) = word.split_once('=').ok_or("format must be key=value")?;
    let value = match value.strip_prefix('@') {
        Some(name) => text(&sources.file(name).map_err(|why| format!("error reading file: {why}"))?),
        None if value == "-" => text(&sources.input()?),
        None if value.starts_with("\\@") => value.get(1..).unwrap_or_default().to_owned(),
        None => value.to_owned(),
    };
    add(data, key, Json::Text(value));
    Ok(())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A whole JSON object.
fn whole(bytes: &[u8], data: &mut BTreeMap<String, Json>) -> Result<(), String> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Json>();
    match values.next() {
        Some(Ok(Json::Object(members))) => {
            for (key, value) in members {
                add(data, &key, value);
            }
            Ok(())
        }
        Some(Ok(_)) => Err("json: cannot unmarshal into Go value of type map[string]interface {}".to_owned()),
        Some(Err(error)) => Err(go_error(bytes, &error)),
        None => Err("EOF".to_owned()),
    }
}

/// What Go's decoder says where ours says something else.
fn go_error(bytes: &[u8], error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "unexpected EOF".to_owned();
    }
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let line = lines.get(error.line().saturating_sub(1)).copied().unwrap_or_default();
    let at = line.get(error.column().saturating_sub(1)).copied().unwrap_or_default();
    let place = match error.to_string() {
        text if text.starts_with("expected `,` or `}`") => "after object key:value pair",
        text if text.starts_with("expected `,` or `]`") => "after array element",
        text if text.starts_with("expected `:`") => "after object key",
        text if text.starts_with("key must be a string") => "looking for beginning of object key string",
        _ => "looking for beginning of value",
    };
    format!("invalid character '{}' {place}", char::from(at))
}

/// A key given twice has a list.
fn add(data: &mut BTreeMap<String, Json>, key: &str, value: Json) {
    match data.remove(key) {
        None => data.insert(key.to_owned(), value),
        Some(Json::List(mut items)) => {
            items.push(value);
            data.insert(key.to_owned(), Json::List(items))
        }
        Some(first) => data.insert(key.to_owned(), Json::List(vec![first, value])),
    };
}

impl Sources<'_> {
    fn input(&mut self) -> Result<Vec<u8>, String> {
        self.stdin.take().ok_or_else(|| "stdin already consumed".to_owned())
    }

    fn file(&self, name: &str) -> Result<Vec<u8>, String> {
        self.files.read(name).map_err(|error| unreadable(name, error))
    }
}

/// Why a file cannot be had, in Go's words.
pub(super) fn unreadable(name: &str, error: FileError) -> String {
    match error {
        FileError::Directory => format!("read {name}: {error}"),
        error => format!("open {name}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Files;

    fn body(words: &[&str]) -> Result<String, String> {
        let mut files = Files::default();
        files.write("x.json", br#"{"n": 1.50, "a": "b"}"#).unwrap();
        files.write("x.hcl", b"path").unwrap();
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut sources = Sources { files: &files, stdin: Some(b"in".to_vec()) };
        read(&words, &mut sources).map(|data| Json::Object(data.into_iter().collect()).to_string())
    }

    #[test]
    fn values_come_from_words_files_and_input() {
        assert_eq!(body(&["a=b", "a=c", "d=", "e=f=g"]).unwrap(), r#"{"a":["b","c"],"d":"","e":"f=g"}"#);
        assert_eq!(
            body(&["@x.json", "p=@x.hcl", "i=-", "q=\\@x"]).unwrap(),
            r#"{"a":"b","i":"in","n":1.50,"p":"path","q":"@x"}"#
        );
    }

    #[test]
    fn errors_are_the_real_ones() {
        assert_eq!(body(&["a"]).unwrap_err(), r#"invalid key/value pair "a": format must be key=value"#);
        let wrong =
            r#"invalid key/value pair "@x.hcl": invalid character 'p' looking for beginning of value"#;
        assert_eq!(body(&["@x.hcl"]).unwrap_err(), wrong);
        let missing =
            r#"invalid key/value pair "a=@no": error reading file: open no: no such file or directory"#;
        assert_eq!(body(&["a=@no"]).unwrap_err(), missing);
    }
}
