//! `kv metadata get|put|patch|delete`.

use vaultlet_core::Method;

use super::titled;
use crate::Host;
use crate::client::Ask;
use crate::command::Call;
use crate::command::call::Ended;
use crate::command::logical::written;
use crate::json::Json;
use crate::render::Format;

/// What is said of an engine without versions.
const UNVERSIONED: &str = "Metadata not supported on KV Version 1";

/// `kv metadata get KEY`
pub(super) async fn get<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let path = call.versioned(&client, UNVERSIONED, 1).await?.path("metadata");
    let ask = Ask::new(Method::Get, &path);
    let Some(secret) = call.find(&client, ask, &format!("Error reading {path}: ")).await? else {
        return Err(call.fail(2, &format!("No value found at {path}")));
    };
    if call.format != Format::Table || secret.wrapped.is_some() {
        return call.show_all(&secret);
    }
    let members = secret.data.as_object().unwrap_or_default();
    let rest = members.iter().filter(|(key, _)| key != "versions").cloned().collect();
    let mut text = titled::path("Metadata Path", &path);
    text.push_str(&format!("\n{}", titled::members("Metadata", &Json::Object(rest))));
    for (number, version) in versions(&secret.data) {
        text.push_str(&format!("\n\n{}", titled::members(&format!("Version {number}"), &version)));
    }
    call.say(&text);
    Ok(0)
}

/// The versions in the order of their numbers.
fn versions(data: &Json) -> Vec<(i64, Json)> {
    let versions = data.value_at("versions");
    let numbered = |(key, version): &(String, Json)| Some((key.parse::<i64>().ok()?, version.clone()));
    let mut versions: Vec<_> = versions.as_object().unwrap_or_default().iter().filter_map(numbered).collect();
    versions.sort_by_key(|(number, _)| *number);
    versions
}

/// `kv metadata put KEY`
pub(super) async fn put<H: Host>(call: Call<'_, H>) -> Ended {
    change(call, Method::Put).await
}

/// `kv metadata patch KEY`
pub(super) async fn patch<H: Host>(call: Call<'_, H>) -> Ended {
    change(call, Method::Patch).await
}

async fn change<H: Host>(mut call: Call<'_, H>, method: Method) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let path = call.versioned(&client, UNVERSIONED, 1).await?.path("metadata");
    let body = settings(&call, method == Method::Patch);
    let ask = Ask::new(method, &path).body(&body);
    let answered = call.ask(&client, ask, &format!("Error writing data to {path}: ")).await?;
    written(&mut call, answered, &path)
}

fn settings<H: Host>(call: &Call<'_, H>, patches: bool) -> Json {
    let flags = &call.flags;
    let mut custom: Vec<(String, Json)> =
        flags.pairs("custom-metadata").into_iter().map(|(key, value)| (key, Json::Text(value))).collect();
    custom.extend(flags.texts("remove-custom-metadata").iter().map(|key| (key.clone(), Json::Null)));
    custom.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut members = Vec::new();
    if flags.given("cas-required") {
        members.push(("cas_required", Json::Bool(flags.is("cas-required", true))));
    }
    if patches || !custom.is_empty() {
        members.push(("custom_metadata", Json::Object(custom)));
    }
    if flags.given("delete-version-after") && flags.duration("delete-version-after").0 >= 0 {
        members
            .push(("delete_version_after", Json::Text(flags.duration("delete-version-after").to_string())));
    }
    if flags.given("max-versions") && flags.number("max-versions") >= 0 {
        members.push(("max_versions", Json::number(flags.number("max-versions"))));
    }
    Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// `kv metadata delete KEY`
pub(super) async fn delete<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let path = call.versioned(&client, UNVERSIONED, 1).await?.path("metadata");
    let ask = Ask::new(Method::Delete, &path);
    call.ask(&client, ask, &format!("Error deleting {path}: ")).await?;
    call.say(&format!("Success! Data deleted (if it existed) at: {path}"));
    Ok(0)
}
