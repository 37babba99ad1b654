//! `auth` and `secrets`: `enable|disable|list|tune`.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::client::Ask;
use crate::json::Json;
use crate::render::{Format, columns, go};

/// Which of the two tables of mounts a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Auth,
    Secrets,
}

impl Table {
    fn path(self) -> &'static str {
        if self == Self::Auth { "sys/auth" } else { "sys/mounts" }
    }

    fn thing(self) -> &'static str {
        if self == Self::Auth { "auth method" } else { "secrets engine" }
    }
}

/// `enable TYPE`
pub(super) async fn enable<H: Host>(mut call: Call<'_, H>, table: Table) -> Ended {
    call.expect_words(1, 1)?;
    let kind = call.word(0).trim().to_owned();
    let path =
        call.flags.text("path").filter(|path| !path.is_empty()).unwrap_or(&kind).trim_matches('/').to_owned();
    let client = call.client()?;
    let ask = Ask::new(Method::Post, &format!("{}/{path}", table.path())).body(&enabling(&call.flags, &kind));
    let lead = if table == Table::Auth {
        format!("Error enabling {kind} auth: ")
    } else {
        "Error enabling: ".to_owned()
    };
    call.ask(&client, ask, &lead).await?;
    call.say(&match table {
        Table::Auth => format!("Success! Enabled {kind} auth method at: {path}/"),
        Table::Secrets => format!("Success! Enabled the {kind} secrets engine at: {path}/"),
    });
    Ok(0)
}

fn enabling(flags: &crate::flags::Parsed, kind: &str) -> Json {
    let span = |name: &str| Json::Text(flags.duration(name).to_string());
    let mut config = vec![
        ("options".to_owned(), Json::Null),
        ("default_lease_ttl".to_owned(), span("default-lease-ttl")),
        ("max_lease_ttl".to_owned(), span("max-lease-ttl")),
        ("force_no_cache".to_owned(), Json::Bool(false)),
    ];
    config.extend(flags.text("token-type").map(|kind| ("token_type".to_owned(), Json::text(kind))));
    let version = flags.text("version").map(|version| Json::object([("version", Json::text(version))]));
    Json::object([
        ("type", Json::text(kind)),
        ("description", Json::text(flags.text("description").unwrap_or_default())),
        ("config", Json::Object(config)),
        ("local", Json::Bool(flags.is("local", false))),
        ("seal_wrap", Json::Bool(flags.is("seal-wrap", false))),
        ("external_entropy_access", Json::Bool(false)),
        ("options", version.unwrap_or(Json::Null)),
    ])
}

/// `disable PATH`
pub(super) async fn disable<H: Host>(mut call: Call<'_, H>, table: Table) -> Ended {
    call.expect_words(1, 1)?;
    let path = super::logical::sanitized(&call.word(0));
    let client = call.client()?;
    let ask = Ask::new(Method::Delete, &format!("{}/{path}", table.path()));
    call.ask(&client, ask, &format!("Error disabling {} at {path}/: ", table.thing())).await?;
    call.say(&format!("Success! Disabled the {} (if it existed) at: {path}/", table.thing()));
    Ok(0)
}

/// `tune PATH`
pub(super) async fn tune<H: Host>(mut call: Call<'_, H>, table: Table) -> Ended {
    call.expect_words(1, 1)?;
    let path = super::logical::sanitized(&call.word(0));
    let client = call.client()?;
    let mount = if table == Table::Auth { format!("auth/{path}") } else { path.clone() };
    let ask = Ask::new(Method::Post, &format!("sys/mounts/{mount}/tune")).body(&tuning(&call.flags));
    call.ask(&client, ask, &format!("Error tuning {} {path}/: ", table.thing())).await?;
    call.say(&format!("Success! Tuned the {} at: {path}/", table.thing()));
    Ok(0)
}

fn tuning(flags: &crate::flags::Parsed) -> Json {
    let span = |name: &str| {
        Json::Text(if flags.given(name) { flags.duration(name).to_string() } else { String::new() })
    };
    let mut members = vec![("options", Json::Null), ("default_lease_ttl", span("default-lease-ttl"))];
    members.extend(flags.text("description").map(|text| ("description", Json::text(text))));
    members.push(("max_lease_ttl", span("max-lease-ttl")));
    members.push(("force_no_cache", Json::Bool(false)));
    members.extend(flags.text("token-type").map(|kind| ("token_type", Json::text(kind))));
    Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// `list`
pub(super) async fn list<H: Host>(mut call: Call<'_, H>, table: Table) -> Ended {
    call.expect_words(0, 0)?;
    let client = call.client()?;
    let lead = if table == Table::Auth {
        "Error listing enabled authentications: "
    } else {
        "Error listing secrets engines: "
    };
    let secret = call.ask(&client, Ask::new(Method::Get, table.path()), lead).await?;
    let data = secret.map_or(Json::Null, |secret| secret.data);
    let mounts = data.as_object().unwrap_or_default();
    if call.format != Format::Table {
        let shown = mounts.iter().map(|(path, mount)| (path.clone(), in_order(mount))).collect();
        return call.show_data(&Json::Object(shown));
    }
    let detailed = call.flags.is("detailed", false);
    let text = if detailed { details(mounts, table) } else { summary(mounts, table) };
    call.say(&text);
    Ok(0)
}

/// A mount's members in the real command line's order.
fn in_order(mount: &Json) -> Json {
    const KEYS: [&str; 13] = [
        "uuid",
        "type",
        "description",
        "accessor",
        "config",
        "options",
        "local",
        "seal_wrap",
        "external_entropy_access",
        "plugin_version",
        "running_plugin_version",
        "running_sha256",
        "deprecation_status",
    ];
    const CONFIG: [&str; 4] = ["default_lease_ttl", "max_lease_ttl", "force_no_cache", "token_type"];
    let member = |key: &str| match (key, mount.member(key)) {
        ("config", Some(config)) => {
            let known =
                CONFIG.iter().filter_map(|key| Some(((*key).to_owned(), config.member(key)?.clone())));
            Json::Object(known.collect())
        }
        ("deprecation_status", None) => Json::text(""),
        (_, value) => value.cloned().unwrap_or(Json::Null),
    };
    Json::Object(KEYS.iter().map(|key| ((*key).to_owned(), member(key))).collect())
}

fn summary(mounts: &[(String, Json)], table: Table) -> String {
    let row = |(path, mount): &(String, Json)| {
        let text = |key: &str| mount.text_at(key).to_owned();
        let mut row = vec![path.clone(), text("type"), text("accessor"), text("description")];
        row.extend((table == Table::Auth).then(|| text("plugin_version")));
        row
    };
    let titles: &[&str] = match table {
        Table::Auth => &["Path", "Type", "Accessor", "Description", "Version"],
        Table::Secrets => &["Path", "Type", "Accessor", "Description"],
    };
    columns::titled(titles, mounts.iter().map(row).collect())
}

fn details(mounts: &[(String, Json)], table: Table) -> String {
    let mut titles = vec!["Path", "Plugin", "Accessor", "Default TTL", "Max TTL"];
    titles.push(if table == Table::Auth { "Token Type" } else { "Force No Cache" });
    titles.extend(["Replication", "Seal Wrap", "External Entropy Access", "Options", "Description", "UUID"]);
    titles.extend(["Version", "Running Version", "Running SHA256", "Deprecation Status"]);
    let row = |(path, mount): &(String, Json)| {
        let config = mount.value_at("config");
        let text = |key: &str| mount.text_at(key).to_owned();
        let span = |key: &str| match config.number_at(key) {
            0 => "system".to_owned(),
            seconds => seconds.to_string(),
        };
        let kind = match table {
            Table::Auth => config.text_at("token_type").to_owned(),
            Table::Secrets => config.bool_at("force_no_cache").to_string(),
        };
        let options = mount.member("options").filter(|options| **options != Json::Null);
        let mut row = vec![path.clone(), text("type"), text("accessor")];
        row.extend([span("default_lease_ttl"), span("max_lease_ttl"), kind]);
        row.push(if mount.bool_at("local") { "local" } else { "replicated" }.to_owned());
        row.push(mount.bool_at("seal_wrap").to_string());
        row.push(mount.bool_at("external_entropy_access").to_string());
        row.push(options.map_or("map[]".to_owned(), go::plain));
        row.extend([
            text("description"),
            text("uuid"),
            text("plugin_version"),
            text("running_plugin_version"),
        ]);
        row.extend([text("running_sha256"), text("deprecation_status")]);
        row
    };
    columns::titled(&titles, mounts.iter().map(row).collect())
}
