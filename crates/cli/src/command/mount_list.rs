//! `auth list` and `secrets list`.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use super::mounts::Table;
use crate::Host;
use crate::client::Ask;
use crate::json::Json;
use crate::render::{Format, columns, go};

/// `list`
pub(super) async fn list<H: Host>(mut call: Call<'_, H>, table: Table) -> Ended {
    call.expect_words(0, 0)?;
    let client = call.client()?;
    let lead = if table == Table::Auth {
        "Error listing enabled authentications: "
    } else {
        "Error listing secrets engines: "
    };
    let data = call.data_of(&client, Ask::new(Method::Get, table.path()), lead).await?;
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
    const CONFIG: [&str; 10] = [
        "default_lease_ttl",
        "max_lease_ttl",
        "force_no_cache",
        "audit_non_hmac_request_keys",
        "audit_non_hmac_response_keys",
        "listing_visibility",
        "passthrough_request_headers",
        "allowed_response_headers",
        "token_type",
        "plugin_version",
    ];
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
        // These two have no lives of their own.
        let timeless = ["system", "cubbyhole"].contains(&mount.text_at("type"));
        let span = |key: &str| match config.number_at(key) {
            _ if timeless => String::new(),
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
