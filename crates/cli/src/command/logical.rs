//! `read`, `write`, `patch`, `list`, `scan`, `delete`: any path of the API.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::client::{Ask, Failure};
use crate::json::Json;
use crate::render::{Format, columns};
use crate::secret::Secret;

/// `read PATH [K=V..]`
pub(super) async fn read<H: Host>(mut call: Call<'_, H>) -> Ended {
    if call.flags.words.is_empty() {
        return Err(call.fail(1, "Not enough arguments (expected 1, got 0)"));
    }
    let path = sanitized(&call.word(0));
    let ask = with_query(&mut call, Ask::new(Method::Get, &path), "Failed to parse K=V data: ")?;
    if call.format == Format::Raw {
        return read_raw(call, ask, &path).await;
    }
    let client = call.client()?;
    let lead = format!("Error reading {path}: ");
    match call.find(&client, ask, &lead).await? {
        Some(secret) => call.show(&secret),
        None => Err(call.fail(2, &format!("No value found at {path}"))),
    }
}

/// The body as it came, for which nothing found is a failure.
async fn read_raw<H: Host>(mut call: Call<'_, H>, ask: Ask, path: &str) -> Ended {
    let client = call.client()?;
    match client.ask(call.host, ask).await {
        Ok(response) => {
            call.output.raw(&response.body);
            call.output.raw(b"\n");
            Ok(0)
        }
        Err(failure @ (Failure::Curl(_) | Failure::Policy(_))) => Err(call.tell(&failure, "", 2)),
        Err(failure) => Err(call.tell(&failure, &format!("Error reading: {path}: "), 2)),
    }
}

/// `write PATH [K=V..]`
pub(super) async fn write<H: Host>(call: Call<'_, H>) -> Ended {
    change(call, Method::Put).await
}

/// `patch PATH [K=V..]`
pub(super) async fn patch<H: Host>(call: Call<'_, H>) -> Ended {
    change(call, Method::Patch).await
}

async fn change<H: Host>(mut call: Call<'_, H>, method: Method) -> Ended {
    match call.flags.words.len() {
        0 => return Err(call.fail(1, "Not enough arguments (expected 1, got 0)")),
        1 if !call.flags.is("force", false) => {
            return Err(call.fail(1, "Must supply data or use -force"));
        }
        _ => {}
    }
    let path = sanitized(&call.word(0));
    let data = call.data(1).map_err(|why| call.fail(1, &format!("Failed to parse K=V data: {why}")))?;
    let body =
        if call.flags.words.len() == 1 { Json::Null } else { Json::Object(data.into_iter().collect()) };
    let client = call.client()?;
    let ask = Ask::new(method, &path).body(&body);
    let answered = call.ask(&client, ask, &format!("Error writing data to {path}: ")).await?;
    written(&mut call, answered, &path)
}

/// Prints what a write answered, or that it is done.
pub(super) fn written<H: Host>(call: &mut Call<'_, H>, answered: Option<Secret>, path: &str) -> Ended {
    match answered {
        Some(secret) => call.show(&secret),
        None => {
            done(call, &format!("Success! Data written to: {path}"));
            Ok(0)
        }
    }
}

/// `list PATH`
pub(super) async fn list<H: Host>(call: Call<'_, H>) -> Ended {
    names(call, "list").await
}

/// `scan PATH`
pub(super) async fn scan<H: Host>(call: Call<'_, H>) -> Ended {
    names(call, "scan").await
}

async fn names<H: Host>(mut call: Call<'_, H>, what: &str) -> Ended {
    call.expect_words(1, 1)?;
    let path = sanitized(&call.word(0));
    let client = call.client()?;
    let mut ask = Ask::new(Method::Get, &path).query(what, "true");
    if let Some(after) = call.flags.text("after").filter(|after| !after.is_empty()) {
        ask = ask.query("after", after);
    }
    if call.flags.number("limit") > 0 {
        ask = ask.query("limit", &call.flags.number("limit").to_string());
    }
    let lead = if what == "list" { "Error listing" } else { "Error scanning" };
    let secret = call.find(&client, ask, &format!("{lead} {path}: ")).await?;
    show_names(&mut call, secret, &path)
}

/// Prints names: a table of them, or a bare list.
pub(super) fn show_names<H: Host>(call: &mut Call<'_, H>, secret: Option<Secret>, path: &str) -> Ended {
    if let Some(wrapped) = secret.as_ref().filter(|secret| secret.wrapped.is_some()) {
        return call.show_all(wrapped);
    }
    let keys = secret.as_ref().and_then(|secret| secret.data.member("keys")).and_then(Json::as_list);
    match (call.format, keys, &secret) {
        (Format::Table, Some(keys), _) => {
            let mut keys: Vec<String> = keys.iter().filter_map(Json::as_str).map(str::to_owned).collect();
            keys.sort();
            let table = columns::titled(&["Keys"], keys.into_iter().map(|key| vec![key]).collect());
            call.say(&table);
            Ok(0)
        }
        (Format::Table, None, None) => Err(call.fail(2, &format!("No value found at {path}"))),
        (Format::Table, None, Some(secret)) if secret.data == Json::Null => call.show_all(secret),
        (Format::Table, None, Some(_)) => Err(call.fail(2, &format!("No entries found at {path}"))),
        // Only this format has room for the rest of the answer.
        (Format::Json, Some(_), Some(secret)) if call.flags.is("detailed", false) => call.show_all(secret),
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
pub(super) fn done<H: Host>(call: &mut Call<'_, H>, text: &str) {
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

/// A path without slashes at its ends.
pub(super) fn sanitized(path: &str) -> String {
    path.trim().trim_matches('/').to_owned()
}
