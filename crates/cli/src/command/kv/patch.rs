//! `kv patch|rollback`: a new version made from one that is there.

use std::collections::BTreeMap;

use vaultlet_core::Method;

use super::place::Place;
use super::values::{cas, changes, versioned, written};
use crate::Host;
use crate::client::{Ask, Client, Failure, Instead};
use crate::command::Call;
use crate::command::call::Ended;
use crate::json::Json;
use crate::secret::Secret;

/// `kv patch KEY K=V..`
pub(super) async fn patch<H: Host>(mut call: Call<'_, H>) -> Ended {
    let removed = call.flags.texts("remove-data").to_vec();
    let data = changes(&mut call, !removed.is_empty())?;
    let client = call.client()?;
    let place = call.versioned(&client, "K/V engine mount must be version 2 for patch support", 2).await?;
    match call.flags.text("method").unwrap_or_default().to_owned().as_str() {
        "" => match merge(&mut call, &client, &place, &data, &removed).await {
            // The server, or the policy, may know no patching.
            Err(Failure::Api(refused)) if [403, 405].contains(&refused.status) => {
                let ended = rewrite(&mut call, &client, &place, &data, &removed).await?;
                let path = place.path("data");
                call.output.error(&format!(
                    "Data was written to {path} but we recommend that you add the \"patch\" capability to your ACL \
                     policy in order to use HTTP PATCH in the future."
                ));
                Ok(ended)
            }
            answered => told(&mut call, answered, &place),
        },
        "patch" => {
            let answered = merge(&mut call, &client, &place, &data, &removed).await;
            told(&mut call, answered, &place)
        }
        "rw" => rewrite(&mut call, &client, &place, &data, &removed).await,
        other => Err(call.fail(2, &format!("Unsupported method provided to -method flag: {other}"))),
    }
}

/// Sends the change, which the server makes.
async fn merge<H: Host>(
    call: &mut Call<'_, H>,
    client: &Client,
    place: &Place,
    data: &Json,
    removed: &[String],
) -> Result<Option<Secret>, Failure> {
    let body = versioned(changed(Json::Object(Vec::new()), data, removed), cas(call));
    client.secret(call.host, Ask::new(Method::Patch, &place.path("data")).body(&body)).await
}

fn told<H: Host>(call: &mut Call<'_, H>, answered: Result<Option<Secret>, Failure>, place: &Place) -> Ended {
    let path = place.path("data");
    let answered = call.told(answered, &format!("Error writing data to {path}: "))?;
    written(call, answered, &path)
}

/// Reads, changes and writes, if nobody wrote in between.
async fn rewrite<H: Host>(
    call: &mut Call<'_, H>,
    client: &Client,
    place: &Place,
    data: &Json,
    removed: &[String],
) -> Ended {
    let path = place.path("data");
    // The reading is sent in any case: what is shown is the request that matters.
    let asking = Client { instead: Instead::Send, wrap_ttl: String::new(), ..client.clone() };
    let Some(found) =
        call.find(&asking, Ask::new(Method::Get, &path), &format!("Error reading {path}: ")).await?
    else {
        return Err(call.fail(2, &format!("No value found at {path}")));
    };
    let values = found.data.value_at("data");
    if values.as_object().is_none() {
        return Err(call.fail(2, &format!("No data found at {path}; patch only works on existing data")));
    }
    let newest = found.data.value_at("metadata").number_at("version");
    // The real command line sends nulls here too, and the version that it read whatever `-cas` says.
    let body = versioned(changed(values, data, removed), Some(newest));
    let ask = Ask::new(Method::Put, &path).body(&body);
    let answered = call.ask(client, ask, &format!("Error writing data to {path}: ")).await?;
    written(call, answered, &path)
}

/// Values with those of `data` in place of their own, and null for what is removed.
fn changed(values: Json, data: &Json, removed: &[String]) -> Json {
    let mut members: BTreeMap<String, Json> = match values {
        Json::Object(members) => members.into_iter().collect(),
        _ => BTreeMap::new(),
    };
    members.extend(data.as_object().unwrap_or_default().iter().cloned());
    members.extend(removed.iter().map(|key| (key.clone(), Json::Null)));
    Json::Object(members.into_iter().collect())
}

/// `kv rollback KEY`
pub(super) async fn rollback<H: Host>(mut call: Call<'_, H>) -> Ended {
    let complaint = match (call.flags.words.len(), call.flags.given("version"), call.flags.number("version"))
    {
        (1, false, _) => Some("Version flag must be specified".to_owned()),
        (1, _, version) if version <= 0 => Some(format!("Invalid value {version} for the version flag")),
        (1, ..) => None,
        (count, ..) => Some(format!("Invalid number of arguments (expected 1, got {count})")),
    };
    if let Some(complaint) = complaint {
        return Err(call.fail(1, &complaint));
    }
    let client = call.client()?;
    let place = call.versioned(&client, "K/V engine mount must be version 2 for rollback support", 2).await?;
    let path = place.path("data");
    let lead = format!("Error doing pre-read at {path}: ");
    let Some(newest) = call.find(&client, Ask::new(Method::Get, &path), &lead).await? else {
        return Err(call.fail(2, &format!("No value found at {path}")));
    };
    let version = call.flags.number("version").to_string();
    let ask = Ask::new(Method::Get, &path).query("version", &version);
    let Some(old) = call.find(&client, ask, &lead).await? else {
        return Err(call.fail(2, &format!("No value found at {path}")));
    };
    let (data, metadata) = (old.data.value_at("data"), old.data.value_at("metadata"));
    if metadata.bool_at("destroyed") || !metadata.text_at("deletion_time").is_empty() || data == Json::Null {
        return Err(call.fail(2, "Cannot roll back to a version that has been deleted"));
    }
    let newest = newest.data.value_at("metadata").number_at("version");
    let ask = Ask::new(Method::Put, &path).body(&versioned(data, Some(newest)));
    let answered = call.ask(&client, ask, &format!("Error writing data to {path}: ")).await?;
    written(&mut call, answered, &path)
}
