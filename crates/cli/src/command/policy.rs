//! `policy write|read|list|delete`.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use super::data::unreadable;
use crate::Host;
use crate::client::Ask;
use crate::json::Json;
use crate::render::Format;

const PATH: &str = "sys/policies/acl";

/// `policy write NAME FILE`
pub(super) async fn write<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(2, 2)?;
    let client = call.client()?;
    let given = call.word(0);
    let name = given.trim().to_lowercase();
    let file = call.word(1);
    let bytes = match file.trim() {
        "-" => call.stdin(),
        file => {
            let read = call.setting.files.read(file);
            read.map_err(|error| {
                call.fail(2, &format!("Error opening policy file: {}", unreadable(file, error)))
            })?
        }
    };
    let body = Json::object([("policy", Json::text(&String::from_utf8_lossy(&bytes)))]);
    let ask = Ask::new(Method::Put, &format!("{PATH}/{name}")).body(&body);
    call.ask(&client, ask, "Error uploading policy: ").await?;
    if name != given {
        call.output.error(&format!("Policy name was converted from {given:?} to {name:?}"));
    }
    call.say(&format!("Success! Uploaded policy: {name}"));
    Ok(0)
}

/// `policy read NAME`
pub(super) async fn read<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let name = call.word(0).trim().to_lowercase();
    let ask = Ask::new(Method::Get, &format!("{PATH}/{name}"));
    let lead = format!("Error reading policy named {name}: ");
    let secret = call.find(&client, ask, &lead).await?;
    if secret.as_ref().is_some_and(|secret| secret.data == Json::Null) {
        return Err(call.fail(2, &format!("{lead}data from server response is empty")));
    }
    let policy = secret.as_ref().map(|secret| secret.data.text_at("policy").to_owned()).unwrap_or_default();
    if policy.is_empty() {
        return Err(call.fail(2, &format!("No policy named: {name}")));
    }
    if call.format == Format::Table {
        call.say(policy.trim());
        return Ok(0);
    }
    call.show_data(&Json::object([("policy", Json::text(&policy))]))
}

/// `policy list`
pub(super) async fn list<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(0, 0)?;
    let client = call.client()?;
    let ask = Ask::new(Method::Get, PATH).query("list", "true");
    let keys = call.data_of(&client, ask, "Error listing policies: ").await?.value_at("keys");
    if call.format != Format::Table {
        return call.show_data(&keys);
    }
    for name in keys.as_list().unwrap_or_default().iter().filter_map(Json::as_str) {
        call.say(name);
    }
    Ok(0)
}

/// `policy delete NAME`
pub(super) async fn delete<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 1)?;
    let client = call.client()?;
    let name = call.word(0).trim().to_lowercase();
    let ask = Ask::new(Method::Delete, &format!("{PATH}/{name}"));
    call.ask(&client, ask, &format!("Error deleting {name}: ")).await?;
    call.say(&format!("Success! Deleted policy: {name}"));
    Ok(0)
}
