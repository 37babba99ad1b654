//! `kv put|get|list|delete`, on both versions of the engine.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use super::logical::{sanitized, show_keys};
use crate::Host;
use crate::client::{Ask, Client, Instead};
use crate::json::Json;
use crate::render::{Format, columns, table};
use crate::secret::Secret;

/// Where a key is.
struct Place {
    /// With a slash at its end: `secret/`.
    mount: String,
    /// Below the mount.
    key: String,
    versioned: bool,
}

impl Place {
    /// The key's path; version 2 has one for each purpose.
    fn path(&self, purpose: &str) -> String {
        match self.versioned {
            true => sanitized(&format!("{}{purpose}/{}", self.mount, self.key)),
            false => sanitized(&format!("{}{}", self.mount, self.key)),
        }
    }
}

/// Asks which mount a path is below, as the real command line does before each of these commands.
async fn place<H: Host>(call: &mut Call<'_, H>, client: &Client) -> Result<Place, u8> {
    let given = sanitized(&call.word(0));
    let (whole, key) = match call.flags.text("mount").filter(|mount| !mount.is_empty()).map(sanitized) {
        Some(mount) => (mount, Some(given)),
        None => (given, None),
    };
    // This one is sent in any case: what is shown is the request that matters.
    let asking = Client { instead: Instead::Send, wrap_ttl: String::new(), ..client.clone() };
    let ask = Ask::new(Method::Get, &format!("sys/internal/ui/mounts/{whole}"));
    let found = call.find(&asking, ask, "").await?;
    let data = found.map_or(Json::Null, |secret| secret.data);
    let mount = data.text_at("path").to_owned();
    let versioned = data.value_at("options").text_at("version") == "2";
    let below = format!("{whole}/").strip_prefix(&mount).unwrap_or(&whole).to_owned();
    Ok(Place { key: key.unwrap_or_else(|| sanitized(&below)), mount, versioned })
}

/// `kv put PATH K=V..`
pub(super) async fn put<H: Host>(mut call: Call<'_, H>) -> Ended {
    match call.flags.words.len() {
        0 => return Err(call.fail(1, "Not enough arguments (expected >1, got 0)")),
        1 => return Err(call.fail(1, "Must supply data")),
        _ => {}
    }
    let data = call.data(1).map_err(|why| call.fail(1, &format!("Failed to parse K=V data: {why}")))?;
    let mut data = Json::Object(data.into_iter().collect());
    let client = call.client()?;
    let place = place(&mut call, &client).await?;
    let path = place.path("data");
    if place.versioned {
        let cas = call.flags.given("cas").then(|| ("cas".to_owned(), Json::number(call.flags.number("cas"))));
        data = Json::object([("data", data), ("options", Json::Object(cas.into_iter().collect()))]);
    }
    let ask = Ask::new(Method::Put, &path).body(&data);
    match call.ask(&client, ask, &format!("Error writing data to {path}: ")).await? {
        None if call.format == Format::Table => {
            call.say(&format!("Success! Data written to: {path}"));
            Ok(0)
        }
        None => Ok(0),
        Some(secret) if call.format == Format::Table && !call.flags.given("field") => {
            let text = format!("{}\n{}", titled_path(&path), titled_table("Metadata", &secret.data));
            call.say(&text);
            Ok(0)
        }
        Some(secret) => call.show(&secret),
    }
}

/// `kv get PATH`
pub(super) async fn get<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let place = place(&mut call, &client).await?;
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
    if !place.versioned {
        if call.format != Format::Table || call.flags.given("field") {
            return call.show(&secret);
        }
        call.say(&titled_table("Data", &secret.data));
        return Ok(0);
    }
    let (data, metadata) = (secret.data.value_at("data"), secret.data.value_at("metadata"));
    if let Some(field) = call.flags.text("field").map(str::to_owned) {
        let inner = Secret { data, ..secret };
        return call.show_field(&inner, &field);
    }
    if call.format != Format::Table {
        return call.show_all(&secret);
    }
    let mut text = titled_path(&path);
    if metadata != Json::Null {
        text.push_str(&format!("\n{}\n", titled_table("Metadata", &metadata)));
    }
    if data != Json::Null {
        text.push_str(&format!("\n{}", titled_table("Data", &data)));
    }
    call.say(&text);
    Ok(0)
}

/// `kv list PATH`
pub(super) async fn list<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let path = place(&mut call, &client).await?.path("metadata");
    let ask = Ask::new(Method::Get, &path).query("list", "true");
    let secret = call.find(&client, ask, &format!("Error listing {path}: ")).await?;
    let keys = secret.as_ref().and_then(|secret| secret.data.member("keys")).and_then(Json::as_list);
    match (call.format, keys) {
        (Format::Table, Some(keys)) => {
            let keys = keys.iter().filter_map(Json::as_str).map(str::to_owned).collect();
            show_keys(&mut call, keys);
            Ok(0)
        }
        (Format::Table, None) => Err(call.fail(2, &format!("No value found at {path}"))),
        (_, Some(keys)) => call.show_data(&Json::List(keys.to_vec())),
        (_, None) => call.show_data(&Json::Object(Vec::new())).and(Err(2)),
    }
}

/// `kv delete PATH`
pub(super) async fn delete<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let path = place(&mut call, &client).await?.path("data");
    call.ask(&client, Ask::new(Method::Delete, &path), &format!("Error deleting {path}: ")).await?;
    if call.format == Format::Table {
        call.say(&format!("Success! Data deleted (if it existed) at: {path}"));
    }
    Ok(0)
}

/// The path under its title, with an empty line after it.
fn titled_path(path: &str) -> String {
    format!("{}\n{path}\n", title("Secret Path", path.chars().count()))
}

fn titled_table(name: &str, data: &Json) -> String {
    let members = data.as_object().unwrap_or_default();
    let widest = members.iter().map(|(key, _)| key.chars().count()).max().unwrap_or_default();
    let rows = members.iter().map(|(key, value)| vec![key.clone(), table::cell(key, value)]).collect();
    format!("{}\n{}", title(name, widest + 9), columns::titled(&["Key", "Value"], rows))
}

/// A title between equal signs, about as wide as what it stands over.
fn title(name: &str, width: usize) -> String {
    let signs = width.saturating_sub(name.len() + 2);
    let half = "=".repeat(if signs == 0 { 2 } else { signs.div_ceil(2) });
    format!("{half} {name} {half}")
}
