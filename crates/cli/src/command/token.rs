//! `token create|lookup|capabilities`.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::client::Ask;
use crate::flags::Parsed;
use crate::json::Json;
use crate::render::{self, Format};
use crate::secret::texts;

/// `token create`
pub(super) async fn create<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(0, 0)?;
    let client = call.client()?;
    let path = match call.flags.text("role").filter(|role| !role.is_empty()) {
        Some(role) => format!("auth/token/create/{role}"),
        None => "auth/token/create".to_owned(),
    };
    let ask = Ask::new(Method::Post, &path).body(&creation(&call.flags));
    match call.ask(&client, ask, "Error creating token: ").await? {
        Some(secret) => call.show(&secret),
        None => Ok(0),
    }
}

/// The body of a creation. A zero `explicit_max_ttl` and the type are always in it, which the server tells from none.
fn creation(flags: &Parsed) -> Json {
    let mut members: Vec<(&str, Json)> = Vec::new();
    let id = flags.text("id").unwrap_or_default();
    members.extend((!id.is_empty()).then(|| ("id", Json::text(id))));
    let policies = flags.texts("policy").to_vec();
    members.extend((!policies.is_empty()).then(|| ("policies", render::texts(Some(&policies)))));
    let meta: Vec<_> =
        flags.pairs("metadata").into_iter().map(|(key, value)| (key, Json::Text(value))).collect();
    members.extend((!meta.is_empty()).then_some(("meta", Json::Object(meta))));
    let span = |name| Json::Text(flags.duration(name).to_string());
    members.push(("ttl", span("ttl")));
    members.push(("explicit_max_ttl", span("explicit-max-ttl")));
    members.push(("period", span("period")));
    members.extend(flags.is("orphan", false).then_some(("no_parent", Json::Bool(true))));
    members.extend(flags.is("no-default-policy", false).then_some(("no_default_policy", Json::Bool(true))));
    members.push(("display_name", Json::text(flags.text("display-name").unwrap_or_default())));
    members.push(("num_uses", Json::number(flags.number("use-limit"))));
    members.push(("renewable", Json::Bool(flags.is("renewable", true))));
    members.push(("type", Json::text(flags.text("type").unwrap_or("service"))));
    members.push(("entity_alias", Json::text(flags.text("entity-alias").unwrap_or_default())));
    Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// `token lookup [TOKEN]`
pub(super) async fn lookup<H: Host>(mut call: Call<'_, H>) -> Ended {
    let by_accessor = call.flags.is("accessor", false);
    let given = call.word(0);
    let ask = match (by_accessor, call.flags.words.len()) {
        (true, count) if count != 1 => {
            let which = if count == 0 { "Not enough" } else { "Too many" };
            return Err(call.fail(1, &format!("{which} arguments with -accessor (expected 1, got {count})")));
        }
        (true, _) => Ask::new(Method::Post, "auth/token/lookup-accessor")
            .body(&Json::object([("accessor", Json::text(given.trim()))])),
        (false, 0) => Ask::new(Method::Get, "auth/token/lookup-self"),
        (false, _) => {
            call.expect_words(0, 1)?;
            Ask::new(Method::Post, "auth/token/lookup")
                .body(&Json::object([("token", Json::text(given.trim()))]))
        }
    };
    let client = call.client()?;
    match call.ask(&client, ask, "Error looking up token: ").await? {
        Some(secret) => call.show(&secret),
        None => Ok(0),
    }
}

/// `token capabilities [TOKEN] PATH`
pub(super) async fn capabilities<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(1, 2)?;
    let client = call.client()?;
    let (first, second) = (call.word(0), call.word(1));
    let own = call.flags.words.len() == 1;
    let path = if own { &first } else { &second };
    // A token that asks about itself needs to be allowed less.
    let ask = if own || first == client.token {
        Ask::new(Method::Post, "sys/capabilities-self")
            .body(&Json::object([("path", Json::text(path)), ("token", Json::text(&client.token))]))
    } else {
        Ask::new(Method::Post, "sys/capabilities")
            .body(&Json::object([("path", Json::text(&second)), ("token", Json::text(&first))]))
    };
    let data = call.data_of(&client, ask, "Error listing capabilities: ").await?;
    let mut found = texts(&data, path).or_else(|| texts(&data, "capabilities")).unwrap_or_default();
    found.sort();
    match call.format {
        Format::Table => {
            call.say(&found.join(", "));
            Ok(0)
        }
        _ => call.show_data(&render::texts(Some(&found))),
    }
}
