//! `auth` and `secrets`: `enable|disable|move|tune`.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use super::logical::sanitized;
use crate::Host;
use crate::client::{Ask, Client};
use crate::flags::Parsed;
use crate::json::Json;
use crate::render;

/// How long the server is given between two questions whether a mount has moved, in nanoseconds.
const PATIENCE: i64 = 10_000_000_000;

/// Which of the two tables of mounts a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Auth,
    Secrets,
}

impl Table {
    pub(super) fn path(self) -> &'static str {
        if self == Self::Auth { "sys/auth" } else { "sys/mounts" }
    }

    fn thing(self) -> &'static str {
        if self == Self::Auth { "auth method" } else { "secrets engine" }
    }
}

/// `enable TYPE`
pub(super) async fn enable<H: Host>(mut call: Call<'_, H>, table: Table) -> Ended {
    call.expect_words(1, 1)?;
    let given = call.word(0).trim().to_owned();
    let is_plugin = given == "plugin";
    let kind = match call.flags.text("plugin-name") {
        name if is_plugin => name.unwrap_or_default().to_owned(),
        _ => given,
    };
    let path =
        call.flags.text("path").filter(|path| !path.is_empty()).unwrap_or(&kind).trim_matches('/').to_owned();
    let client = call.client()?;
    let ask = Ask::new(Method::Post, &format!("{}/{path}", table.path())).body(&enabling(&call.flags, &kind));
    let lead = match table {
        Table::Auth => format!("Error enabling {kind} auth: "),
        Table::Secrets => "Error enabling: ".to_owned(),
    };
    call.ask(&client, ask, &lead).await?;
    let thing = if is_plugin { format!("{kind} plugin") } else { format!("{kind} {}", table.thing()) };
    let article = if table == Table::Auth { "" } else { "the " };
    call.say(&format!("Success! Enabled {article}{thing} at: {path}/"));
    Ok(0)
}

fn enabling(flags: &Parsed, kind: &str) -> Json {
    let span = |name: &str| Json::Text(flags.duration(name).to_string());
    let mut config = vec![
        ("options".to_owned(), Json::Null),
        ("default_lease_ttl".to_owned(), span("default-lease-ttl")),
        ("max_lease_ttl".to_owned(), span("max-lease-ttl")),
        ("force_no_cache".to_owned(), Json::Bool(flags.is("force-no-cache", false))),
    ];
    config.extend(settings(flags));
    Json::object([
        ("type", Json::text(kind)),
        ("description", Json::text(flags.text("description").unwrap_or_default())),
        ("config", Json::Object(config)),
        ("local", Json::Bool(flags.is("local", false))),
        ("seal_wrap", Json::Bool(flags.is("seal-wrap", false))),
        ("external_entropy_access", Json::Bool(flags.is("external-entropy-access", false))),
        ("options", options(flags)),
    ])
}

/// What enabling and tuning can set alike; what is empty is left out.
fn settings(flags: &Parsed) -> Vec<(String, Json)> {
    const LISTS: [&str; 2] = ["audit-non-hmac-request-keys", "audit-non-hmac-response-keys"];
    const HEADERS: [&str; 2] = ["passthrough-request-headers", "allowed-response-headers"];
    let list = |name: &&str| {
        let texts = flags.texts(name);
        (!texts.is_empty()).then(|| (name.replace('-', "_"), render::texts(Some(&texts.to_vec()))))
    };
    let text = |name: &str| {
        let text = flags.text(name).filter(|text| !text.is_empty())?;
        Some((name.replace('-', "_"), Json::text(text)))
    };
    let mut members: Vec<(String, Json)> = LISTS.iter().filter_map(list).collect();
    members.extend(text("listing-visibility"));
    members.extend(HEADERS.iter().filter_map(list));
    members.extend(text("token-type"));
    members.extend(text("plugin-version"));
    members
}

/// The mount's own options, the version among them.
fn options(flags: &Parsed) -> Json {
    let mut options = flags.pairs("options");
    options.extend(flags.text("version").map(|version| ("version".to_owned(), version.to_owned())));
    if options.is_empty() {
        return Json::Null;
    }
    Json::Object(options.into_iter().map(|(key, value)| (key, Json::Text(value))).collect())
}

/// `disable PATH`
pub(super) async fn disable<H: Host>(mut call: Call<'_, H>, table: Table) -> Ended {
    call.expect_words(1, 1)?;
    let path = sanitized(&call.word(0));
    let client = call.client()?;
    let ask = Ask::new(Method::Delete, &format!("{}/{path}", table.path()));
    call.ask(&client, ask, &format!("Error disabling {} at {path}/: ", table.thing())).await?;
    call.say(&format!("Success! Disabled the {} (if it existed) at: {path}/", table.thing()));
    Ok(0)
}

/// `tune PATH`
pub(super) async fn tune<H: Host>(mut call: Call<'_, H>, table: Table) -> Ended {
    call.expect_words(1, 1)?;
    let path = sanitized(&call.word(0));
    let client = call.client()?;
    let mount = if table == Table::Auth { format!("auth/{path}") } else { path.clone() };
    let ask = Ask::new(Method::Post, &format!("sys/mounts/{mount}/tune")).body(&tuning(&call.flags));
    call.ask(&client, ask, &format!("Error tuning {} {path}/: ", table.thing())).await?;
    call.say(&format!("Success! Tuned the {} at: {path}/", table.thing()));
    Ok(0)
}

fn tuning(flags: &Parsed) -> Json {
    let lockout: Vec<(String, Json)> = lockout(flags).into_iter().collect();
    let mut members = vec![
        ("options".to_owned(), options(flags)),
        ("default_lease_ttl".to_owned(), Json::Text(tuned(flags, "default-lease-ttl"))),
    ];
    members.extend(flags.text("description").map(|text| ("description".to_owned(), Json::text(text))));
    members.push(("max_lease_ttl".to_owned(), Json::Text(tuned(flags, "max-lease-ttl"))));
    members.push(("force_no_cache".to_owned(), Json::Bool(false)));
    members.extend(settings(flags));
    members
        .extend((!lockout.is_empty()).then_some(("user_lockout_config".to_owned(), Json::Object(lockout))));
    Json::Object(members)
}

/// Tuning leaves alone what is nothing, and can give a span back to the server's own.
fn tuned(flags: &Parsed, name: &str) -> String {
    match flags.duration(name).0 {
        0 => String::new(),
        ..0 => crate::flags::SYSTEM.to_owned(),
        _ => flags.duration(name).to_string(),
    }
}

fn lockout(flags: &Parsed) -> Vec<(String, Json)> {
    let span = |name: &str| Some(tuned(flags, name)).filter(|span| !span.is_empty()).map(Json::Text);
    let members = [
        ("lockout_threshold", flags.text("user-lockout-threshold").map(Json::text)),
        ("lockout_duration", span("user-lockout-duration")),
        ("lockout_counter_reset_duration", span("user-lockout-counter-reset-duration")),
        (
            "lockout_disable",
            flags.given("user-lockout-disable").then(|| Json::Bool(flags.is("user-lockout-disable", true))),
        ),
    ];
    members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

/// `move FROM TO`: starts it, and waits until it is done.
pub(super) async fn relocate<H: Host>(mut call: Call<'_, H>, table: Table) -> Ended {
    call.expect_words(2, 2)?;
    let folder = |path: &str| format!("{}/", sanitized(path));
    let (from, to) = (folder(&call.word(0)), folder(&call.word(1)));
    let client = call.client()?;
    let what = format!("{} {from} to {to}", table.thing());
    let body = Json::object([("from", Json::text(&from)), ("to", Json::text(&to))]);
    let ask = Ask::new(Method::Post, "sys/remount").body(&body);
    let started = call.ask(&client, ask, &format!("Error moving {what}: ")).await?;
    let id = started.map(|secret| secret.data.text_at("migration_id").to_owned()).unwrap_or_default();
    call.say(&format!("Started moving {what}, with migration ID {id}"));
    loop {
        match status(&mut call, &client, &what, &id).await?.as_str() {
            "success" => break,
            "failure" => {
                let text = format!("Failure! Error encountered moving {what}, with migration ID {id}");
                call.say(&text);
                return Ok(0);
            }
            _ => {
                call.say(&format!(
                    "Waiting for terminal status in migration of {what}, with migration ID {id}"
                ));
                call.host.sleep(PATIENCE).await;
            }
        }
    }
    call.say(&format!("Success! Finished moving {what}, with migration ID {id}"));
    Ok(0)
}

async fn status<H: Host>(
    call: &mut Call<'_, H>,
    client: &Client,
    what: &str,
    id: &str,
) -> Result<String, u8> {
    let ask = Ask::new(Method::Get, &format!("sys/remount/status/{id}"));
    let lead = format!("Error checking migration status of {what}: ");
    let found = call.ask(client, ask, &lead).await?;
    let state = found.map(|secret| secret.data.value_at("migration_info")).unwrap_or(Json::Null);
    Ok(state.text_at("status").to_owned())
}
