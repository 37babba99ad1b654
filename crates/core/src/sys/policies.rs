//! `sys/policies/acl`: policies read, written, listed, deleted. It knows no rules: those are in `policy`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::door::Call;
use crate::fields::Fields;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// A policy as stored at `sys/policy/<name>`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct StoredPolicy {
    data_version: i64,
    #[serde(rename = "CASRequired")]
    cas_required: bool,
    /// The policy's text.
    pub raw: String,
    /// 0: an ACL policy.
    r#type: u32,
    templated: bool,
    expiration: String,
    modified: String,
    allow_wildcards_in_identity_templates: bool,
    allow_slashes_in_identity_templates: bool,
}

/// Lists names, `root` last, `response-wrapping` hidden.
pub(crate) fn list(cx: &Context<'_>) -> Reply {
    let mut names = names_below(cx, "");
    names.push("root".to_owned());
    Reply::data(Map::from_iter([("keys".to_owned(), Value::from(names))]))
}

/// Names of a folder first, then what is in its folders, whole names.
fn names_below(cx: &Context<'_>, folder: &str) -> Vec<String> {
    let names = cx.journal.list(&format!("sys/policy/{folder}"));
    let (folders, leaves): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name.ends_with('/'));
    let mut all: Vec<String> = leaves.iter().map(|name| format!("{folder}{name}")).collect();
    all.retain(|name| name != "response-wrapping");
    for inner in folders {
        all.extend(names_below(cx, &format!("{folder}{inner}")));
    }
    all
}

/// Reads a policy; `root` has no text.
pub(crate) fn read(cx: &Context<'_>, name: &str) -> Result<Reply, Refusal> {
    let name = name.to_lowercase();
    let stored: StoredPolicy = match name.as_str() {
        "root" => StoredPolicy::default(),
        _ => cx.journal.read_json(&key(&name))?.ok_or(Refusal::NotFound)?,
    };
    let mut data = Map::from_iter([
        ("allow_slashes_in_identity_templates".to_owned(), json!(stored.allow_slashes_in_identity_templates)),
        (
            "allow_wildcards_in_identity_templates".to_owned(),
            json!(stored.allow_wildcards_in_identity_templates),
        ),
        ("cas_required".to_owned(), json!(stored.cas_required)),
        ("name".to_owned(), json!(name)),
        ("policy".to_owned(), json!(stored.raw)),
        ("version".to_owned(), json!(stored.data_version)),
    ]);
    if !stored.modified.is_empty() {
        data.insert("modified".to_owned(), json!(stored.modified));
    }
    Ok(Reply::data(data))
}

/// Writes a policy, given as HCL, as JSON, or as base64 of either.
pub(crate) fn write(cx: &mut Context<'_>, name: &str, call: &Call) -> Result<Reply, Refusal> {
    let fields = Fields(&call.data);
    let name = name.to_lowercase();
    let text = fields.text("policy")?;
    if text.is_empty() {
        return Err(Refusal::invalid("'policy' parameter not supplied or empty"));
    }
    let text = unbase64(&text).unwrap_or(text);
    let parsed = Policy::parse(&name, &text);
    parsed.map_err(|error| Refusal::invalid(format!("failed to parse policy: {error}")))?;
    if name == "root" || name == "response-wrapping" {
        return Err(Refusal::invalid(format!("cannot update \"{name}\" policy")));
    }
    store(cx, &name, &text)?;
    Ok(Reply::nothing())
}

/// Stores a policy's next version.
pub(crate) fn store(cx: &mut Context<'_>, name: &str, text: &str) -> Result<(), Refusal> {
    let old: Option<StoredPolicy> = cx.journal.read_json(&key(name))?;
    let stored = StoredPolicy {
        data_version: old.map_or(0, |old| old.data_version) + 1,
        raw: text.to_owned(),
        expiration: "0001-01-01T00:00:00Z".to_owned(),
        modified: cx.now.to_string(),
        ..StoredPolicy::default()
    };
    cx.journal.put_json(&key(name), &stored)
}

/// Deletes a policy; an absent one is no error.
pub(crate) fn delete(cx: &mut Context<'_>, name: &str) -> Result<Reply, Refusal> {
    let name = name.to_lowercase();
    match name.as_str() {
        "root" | "response-wrapping" => Err(Refusal::invalid(format!("cannot delete \"{name}\" policy"))),
        "default" => Err(Refusal::invalid("cannot delete default policy")),
        _ => {
            cx.journal.delete(&key(&name));
            Ok(Reply::nothing())
        }
    }
}

fn key(name: &str) -> String {
    format!("sys/policy/{name}")
}

fn unbase64(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}
