//! `read`, `write`, `list`, `delete`: any path of the API.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::client::Ask;
use crate::json::Json;
use crate::render::{Format, columns};

/// `read PATH [K=V..]`
pub(super) async fn read<H: Host>(mut call: Call<'_, H>) -> Ended {
    if call.flags.words.is_empty() {
        return Err(call.fail(1, "Not enough arguments (expected 1, got 0)"));
    }
    let path = sanitized(&call.word(0));
    let ask = with_query(&mut call, Ask::new(Method::Get, &path), "Failed to parse K=V data: ")?;
    let client = call.client()?;
    let lead = format!("Error reading {path}: ");
    match call.find(&client, ask, &lead).await? {
        Some(secret) => call.show(&secret),
        None => Err(call.fail(2, &format!("No value found at {path}"))),
    }
}

/// `write PATH [K=V..]`
pub(super) async fn write<H: Host>(mut call: Call<'_, H>) -> Ended {
    let force = call.flags.is("force", false) || call.flags.is("f", false);
    match call.flags.words.len() {
        0 => return Err(call.fail(1, "Not enough arguments (expected 1, got 0)")),
        1 if !force => return Err(call.fail(1, "Must supply data or use -force")),
        _ => {}
    }
    let path = sanitized(&call.word(0));
    let data = call.data(1).map_err(|why| call.fail(1, &format!("Failed to parse K=V data: {why}")))?;
    let body =
        if call.flags.words.len() == 1 { Json::Null } else { Json::Object(data.into_iter().collect()) };
    let client = call.client()?;
    let lead = format!("Error writing data to {path}: ");
    match call.ask(&client, Ask::new(Method::Put, &path).body(&body), &lead).await? {
        Some(secret) => call.show(&secret),
        None => {
            done(&mut call, &format!("Success! Data written to: {path}"));
            Ok(0)
        }
    }
}

/// `list PATH`
pub(super) async fn list<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let path = sanitized(&call.word(0));
    let client = call.client()?;
    let ask = Ask::new(Method::Get, &path).query("list", "true");
    let secret = call.find(&client, ask, &format!("Error listing {path}: ")).await?;
    if let Some(wrapped) = secret.as_ref().filter(|secret| secret.wrapped.is_some()) {
        return call.show_all(wrapped);
    }
    let keys = secret.as_ref().and_then(|secret| secret.data.member("keys")).and_then(Json::as_list);
    match (call.format, keys, &secret) {
        (Format::Table, Some(keys), _) => {
            let keys: Vec<String> = keys.iter().filter_map(Json::as_str).map(str::to_owned).collect();
            show_keys(&mut call, keys);
            Ok(0)
        }
        (Format::Table, None, None) => Err(call.fail(2, &format!("No value found at {path}"))),
        (Format::Table, None, Some(secret)) if secret.data == Json::Null => call.show_all(secret),
        (Format::Table, None, Some(_)) => Err(call.fail(2, &format!("No entries found at {path}"))),
        (_, Some(keys), _) => call.show_data(&Json::List(keys.to_vec())),
        (_, None, _) => call.show_data(&Json::Object(Vec::new())).and(Err(2)),
    }
}

/// `delete PATH [K=V..]`
pub(super) async fn delete<H: Host>(mut call: Call<'_, H>) -> Ended {
    if call.flags.words.is_empty() {
        return Err(call.fail(1, "Not enough arguments (expected at least 1, got 0)"));
    }
    let path = sanitized(&call.word(0));
    let ask = with_query(&mut call, Ask::new(Method::Delete, &path), "Failed to parse string list data: ")?;
    let client = call.client()?;
    match call.ask(&client, ask, &format!("Error deleting {path}: ")).await? {
        Some(secret) => call.show(&secret),
        None => {
            done(&mut call, &format!("Success! Data deleted (if it existed) at: {path}"));
            Ok(0)
        }
    }
}

/// A sentence for people, which no other format has.
fn done<H: Host>(call: &mut Call<'_, H>, text: &str) {
    if call.format == Format::Table {
        call.say(text);
    }
}

/// The words after the path as query parameters.
fn with_query<H: Host>(call: &mut Call<'_, H>, mut ask: Ask, lead: &str) -> Result<Ask, u8> {
    let data = call.data(1).map_err(|why| call.fail(1, &format!("{lead}{why}")))?;
    for (name, value) in data {
        for value in value.as_list().unwrap_or(std::slice::from_ref(&value)) {
            ask = ask.query(&name, value.as_str().unwrap_or(&value.to_string()));
        }
    }
    Ok(ask)
}

/// The `Keys` table.
pub(super) fn show_keys<H: Host>(call: &mut Call<'_, H>, mut keys: Vec<String>) {
    keys.sort();
    let table = columns::titled(&["Keys"], keys.into_iter().map(|key| vec![key]).collect());
    call.say(&table);
}

/// A path without slashes at its ends.
pub(super) fn sanitized(path: &str) -> String {
    path.trim().trim_matches('/').to_owned()
}
