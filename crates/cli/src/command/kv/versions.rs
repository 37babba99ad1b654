//! `kv delete|undelete|destroy|enable-versioning`.

use vaultlet_core::Method;

use crate::Host;
use crate::client::Ask;
use crate::command::Call;
use crate::command::call::Ended;
use crate::command::logical::{done, sanitized, written};
use crate::json::Json;

/// `kv delete KEY`
pub(super) async fn delete<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let place = call.place(&client).await?;
    let path = place.path("data");
    let ask = if place.versioned && call.flags.given("versions") {
        Ask::new(Method::Put, &place.path("delete")).body(&numbers(&call))
    } else {
        Ask::new(Method::Delete, &path)
    };
    match call.ask(&client, ask, &format!("Error deleting {path}: ")).await? {
        Some(secret) => call.show_all(&secret),
        None => {
            done(&mut call, &format!("Success! Data deleted (if it existed) at: {path}"));
            Ok(0)
        }
    }
}

/// `kv undelete KEY`
pub(super) async fn undelete<H: Host>(call: Call<'_, H>) -> Ended {
    change(call, "undelete", "Undelete").await
}

/// `kv destroy KEY`
pub(super) async fn destroy<H: Host>(call: Call<'_, H>) -> Ended {
    change(call, "destroy", "Destroy").await
}

async fn change<H: Host>(mut call: Call<'_, H>, purpose: &str, name: &str) -> Ended {
    call.expect_words(1, 1)?;
    if !call.flags.given("versions") {
        let text =
            format!("No versions provided, use the \"-versions\" flag to specify the version to {purpose}.");
        return Err(call.fail(1, &text));
    }
    let client = call.client()?;
    let place = call.versioned(&client, &format!("{name} not supported on KV Version 1"), 1).await?;
    let path = place.path(purpose);
    let ask = Ask::new(Method::Put, &path).body(&numbers(&call));
    let answered = call.ask(&client, ask, &format!("Error writing data to {path}: ")).await?;
    written(&mut call, answered, &path)
}

/// The versions named, as the real command line sends them.
fn numbers<H: Host>(call: &Call<'_, H>) -> Json {
    let parts = call.flags.texts("versions").iter().flat_map(|text| text.split(','));
    let parts = parts.map(str::trim).filter(|part| !part.is_empty());
    Json::object([("versions", Json::List(parts.map(Json::text).collect()))])
}

/// `kv enable-versioning PATH`
pub(super) async fn enable<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let path = sanitized(&call.word(0));
    let client = call.client()?;
    let body = Json::object([
        ("options", Json::object([("version", Json::text("2"))])),
        ("default_lease_ttl", Json::text("")),
        ("max_lease_ttl", Json::text("")),
        ("force_no_cache", Json::Bool(false)),
    ]);
    let ask = Ask::new(Method::Post, &format!("sys/mounts/{path}/tune")).body(&body);
    call.ask(&client, ask, &format!("Error tuning secrets engine {path}/: ")).await?;
    call.say(&format!("Success! Tuned the secrets engine at: {path}/"));
    Ok(0)
}
