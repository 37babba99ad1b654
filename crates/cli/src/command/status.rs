//! `status`.

use vaultlet_core::Method;

use super::Call;
use super::call::Ended;
use crate::Host;
use crate::client::{Ask, Client, Instead};
use crate::json::Json;
use crate::render::{self, Format, columns, go};

/// `status`: the code is 2 for a sealed server.
pub(super) async fn status<H: Host>(mut call: Call<'_, H>) -> Ended {
    call.expect_words(0, 0)?;
    let client = call.client()?;
    let seal = client.ask(call.host, Ask::new(Method::Get, "sys/seal-status")).await;
    let seal = seal.map_err(|failure| call.tell(&failure, "Error checking seal status: ", 1))?;
    let seal = Json::read(&seal.body).unwrap_or(Json::Null);
    // A value or a table that cannot be printed does not matter for the code.
    let _ = show(&mut call, &client, &seal).await;
    if seal.bool_at("sealed") { Err(2) } else { Ok(0) }
}

/// Prints the state of the seal, and who leads.
pub(super) async fn show<H: Host>(call: &mut Call<'_, H>, client: &Client, seal: &Json) -> Ended {
    let asking = Client { instead: Instead::Send, ..client.clone() };
    let leader = asking.ask(call.host, Ask::new(Method::Get, "sys/leader")).await;
    let leader = leader.ok().and_then(|leader| Json::read(&leader.body)).unwrap_or(Json::Null);
    match (call.flags.text("field").map(str::to_owned), call.format) {
        (Some(name), _) if !name.is_empty() => show_value(call, &whole(seal, &leader), &name),
        (_, Format::Table) => {
            let table = columns::titled(&["Key", "Value"], rows(seal, &leader));
            call.say(&table);
            Ok(0)
        }
        _ => call.show_data(&whole(seal, &leader)),
    }
}

fn show_value<H: Host>(call: &mut Call<'_, H>, whole: &Json, name: &str) -> Ended {
    let Some(value) = whole.member(name) else {
        return Err(call.fail(1, &format!("Field {name:?} not present in seal status")));
    };
    let text = match call.format {
        Format::Table => go::plain(value),
        format => render::data(value, format),
    };
    call.value(&text);
    Ok(0)
}

fn rows(seal: &Json, leader: &Json) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = |key: &str, value: String| rows.push(vec![key.to_owned(), value]);
    let plain = |key: &str| go::plain(&seal.value_at(key));
    row("Seal Type", plain("type"));
    row("Initialized", plain("initialized"));
    row("Sealed", plain("sealed"));
    row("Total Shares", plain("n"));
    row("Threshold", plain("t"));
    if seal.bool_at("sealed") {
        row("Unseal Progress", format!("{}/{}", plain("progress"), plain("t")));
        row("Unseal Nonce", plain("nonce"));
    }
    row("Version", plain("version"));
    row("Commit Date", plain("commit_date"));
    row("Storage Type", plain("storage_type"));
    if seal.member("cluster_name").is_some() {
        row("Cluster Name", plain("cluster_name"));
        row("Cluster ID", plain("cluster_id"));
    }
    row("HA Enabled", leader.bool_at("ha_enabled").to_string());
    if leader.bool_at("ha_enabled") {
        high_availability(leader, &mut row);
    }
    rows
}

fn high_availability(leader: &Json, row: &mut impl FnMut(&str, String)) {
    let cluster = leader.text_at("leader_cluster_address");
    row("HA Cluster", if cluster.is_empty() { "n/a".to_owned() } else { cluster.to_owned() });
    if leader.bool_at("is_self") {
        row("HA Mode", "active".to_owned());
        row("Active Since", leader.text_at("active_time").to_owned());
    } else {
        row("HA Mode", "standby".to_owned());
        let address = leader.text_at("leader_address");
        row("Active Node Address", if address.is_empty() { "<none>".to_owned() } else { address.to_owned() });
    }
    for (key, title) in
        [("raft_committed_index", "Raft Committed Index"), ("raft_applied_index", "Raft Applied Index")]
    {
        if leader.number_at(key) > 0 {
            row(title, leader.number_at(key).to_string());
        }
    }
}

/// Both answers in one value, in the real command line's order.
fn whole(seal: &Json, leader: &Json) -> Json {
    let mut members: Vec<(String, Json)> = Vec::new();
    let always = ["type", "initialized", "sealed", "t", "n", "progress", "nonce", "version", "commit_date"];
    for key in
        always.into_iter().chain(["migration", "cluster_name", "cluster_id", "recovery_seal", "storage_type"])
    {
        if let Some(value) = seal.member(key) {
            members.push((key.to_owned(), value.clone()));
        }
    }
    members.push(("build_date".to_owned(), Json::text(seal.text_at("build_date"))));
    members.push(("ha_enabled".to_owned(), Json::Bool(leader.bool_at("ha_enabled"))));
    if leader.bool_at("ha_enabled") {
        for key in [
            "is_self",
            "active_time",
            "leader_address",
            "leader_cluster_address",
            "raft_committed_index",
            "raft_applied_index",
        ] {
            members.extend(leader.member(key).map(|value| (key.to_owned(), value.clone())));
        }
    }
    Json::Object(members)
}
