//! `kv put|get|list|scan`.

use vaultlet_core::Method;

use super::titled;
use crate::Host;
use crate::client::Ask;
use crate::command::Call;
use crate::command::call::Ended;
use crate::command::logical::{done, show_names};
use crate::json::Json;
use crate::render::Format;
use crate::secret::Secret;

/// `kv put KEY K=V..`
pub(super) async fn put<H: Host>(mut call: Call<'_, H>) -> Ended {
    let data = changes(&mut call, false)?;
    let client = call.client()?;
    let place = call.place(&client).await?;
    let path = place.path("data");
    let body = if place.versioned { versioned(data, cas(&call)) } else { data };
    let ask = Ask::new(Method::Put, &path).body(&body);
    let answered = call.ask(&client, ask, &format!("Error writing data to {path}: ")).await?;
    written(&mut call, answered, &path)
}

/// The values in the words after the key; there must be some, unless others are taken away.
pub(super) fn changes<H: Host>(call: &mut Call<'_, H>, removes: bool) -> Result<Json, u8> {
    match call.flags.words.len() {
        0 => return Err(call.fail(1, "Not enough arguments (expected >1, got 0)")),
        1 if !removes => return Err(call.fail(1, "Must supply data")),
        _ => {}
    }
    let data = call.data(1).map_err(|why| call.fail(1, &format!("Failed to parse K=V data: {why}")))?;
    Ok(Json::Object(data.into_iter().collect()))
}

/// The version that must be the newest, if one is named.
pub(super) fn cas<H: Host>(call: &Call<'_, H>) -> Option<i64> {
    Some(call.flags.number("cas")).filter(|cas| call.flags.given("cas") && *cas >= 0)
}

/// A new version's body.
pub(super) fn versioned(data: Json, cas: Option<i64>) -> Json {
    let options = cas.map(|cas| ("cas".to_owned(), Json::number(cas)));
    Json::object([("data", data), ("options", Json::Object(options.into_iter().collect()))])
}

/// Prints what the writing of a version answered.
pub(super) fn written<H: Host>(call: &mut Call<'_, H>, answered: Option<Secret>, path: &str) -> Ended {
    match answered {
        None => {
            done(call, &format!("Success! Data written to: {path}"));
            Ok(0)
        }
        Some(secret)
            if call.format == Format::Table && !call.flags.given("field") && secret.wrapped.is_none() =>
        {
            let text = titled::path("Secret Path", path);
            call.say(&format!("{text}\n{}", titled::members("Metadata", &secret.data)));
            Ok(0)
        }
        Some(secret) => call.show(&secret),
    }
}

/// `kv get KEY`
pub(super) async fn get<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let place = call.place(&client).await?;
    let path = place.path("data");
    let mut ask = Ask::new(Method::Get, &path);
    if place.versioned && call.flags.number("version") > 0 {
        ask = ask.query("version", &call.flags.number("version").to_string());
    }
    let Some(secret) = call.find(&client, ask, &format!("Error reading {path}: ")).await? else {
        return Err(call.fail(2, &format!("No value found at {path}")));
    };
    if secret.wrapped.is_some() {
        return call.show(&secret);
    }
    let field = call.flags.text("field").filter(|name| !name.is_empty()).map(str::to_owned);
    let data = if place.versioned { secret.data.value_at("data") } else { secret.data.clone() };
    match (field, call.format) {
        (Some(field), _) => show_value(&mut call, &secret, &data, &field),
        (None, Format::Table) => {
            show_table(&mut call, &secret, &data, place.versioned.then_some(&path));
            Ok(0)
        }
        _ => call.show_all(&secret),
    }
}

/// One value, and nothing of the answer around the values.
fn show_value<H: Host>(call: &mut Call<'_, H>, secret: &Secret, data: &Json, field: &str) -> Ended {
    if data.member(field).is_none_or(|value| *value == Json::Null) {
        return Err(call.fail(1, &format!("Field {field:?} not present in map")));
    }
    let values = Secret { data: data.clone(), auth: None, wrapped: None, ..secret.clone() };
    call.show_field(&values, field)
}

/// The tables; a path stands over those of a version.
fn show_table<H: Host>(call: &mut Call<'_, H>, secret: &Secret, data: &Json, path: Option<&String>) {
    call.warn(&secret.warnings);
    let Some(path) = path else { return call.say(&titled::members("Data", data)) };
    let metadata = secret.data.value_at("metadata");
    let mut text = titled::path("Secret Path", path);
    if metadata != Json::Null {
        text.push_str(&format!("\n{}\n", titled::members("Metadata", &metadata)));
    }
    if *data != Json::Null {
        text.push_str(&format!("\n{}", titled::members("Data", data)));
    }
    call.say(&text);
}

/// `kv list PATH`
pub(super) async fn list<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let path = call.place(&client).await?.path("metadata");
    let ask = Ask::new(Method::Get, &path).query("list", "true");
    let secret = call.find(&client, ask, &format!("Error listing {path}: ")).await?;
    show_names(&mut call, secret, &path)
}

/// `kv scan PATH`
pub(super) async fn scan<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let path = call.place(&client).await?.path("metadata");
    let ask = Ask::new(Method::Get, &path).query("scan", "true");
    let secret = call.find(&client, ask, &format!("Error scanning {path}: ")).await?;
    if secret.is_none() && call.format == Format::Table {
        return Err(call.fail(2, &format!("No entries found at {path}")));
    }
    show_names(&mut call, secret, &path)
}
