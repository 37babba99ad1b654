//! Asks a driver the probes of an area. It knows no answer that is right.

use serde_json::{Value, json};
use vaultlet_core::{Method, Request, Response};

use super::probe::{Probe, probes};
use super::{Line, PATHS, Path, Survey};
use crate::driver::Driver;
use crate::scenario::Names;

/// What a path may rely on: everything that it names is there.
const SET_UP: [(&str, &str); 13] = [
    ("sys/auth/approle", r#"{"type":"approle"}"#),
    ("sys/auth/userpass", r#"{"type":"userpass"}"#),
    ("sys/mounts/kv", r#"{"type":"kv"}"#),
    ("sys/mounts/ssh", r#"{"type":"ssh"}"#),
    ("sys/policies/acl/base", r#"{"policy":"path \"secret/*\" { capabilities = [\"read\"] }"}"#),
    (
        "sys/policies/acl/plain",
        r#"{"policy":"path \"*\" { capabilities = [\"create\",\"read\",\"update\",\"patch\",\"delete\",\"list\"] }"}"#,
    ),
    ("auth/token/roles/made", r#"{"allowed_policies":"base"}"#),
    ("auth/approle/role/app", r#"{"token_policies":"base"}"#),
    ("secret/data/x", r#"{"data":{"a":"b"}}"#),
    ("kv/x", r#"{"a":"b"}"#),
    ("ssh/roles/otp", r#"{"key_type":"otp","default_user":"ubuntu","cidr_list":"0.0.0.0/0"}"#),
    ("cubbyhole/x", r#"{"a":"b"}"#),
    ("identity/entity", r#"{"name":"someone"}"#),
];

/// The real server answered nothing at all.
const DROPPED: &str = "the connection is dropped";

/// Asks every path of an area in every way.
pub fn survey(area: &str, driver: &mut dyn Driver) -> Survey {
    let paths = PATHS.iter().filter(|path| path.area == area);
    paths.map(|path| (path.path.to_owned(), ask_path(path, driver))).collect()
}

fn ask_path(path: &Path, driver: &mut dyn Driver) -> Vec<Line> {
    let mut names = set_up(driver);
    let place = names.fill(path.path).expect("the set-up names what a path mentions");
    let ask = |probe: &Probe, driver: &mut dyn Driver, names: &mut Names| {
        let token = match probe.token {
            // What ends its caller is asked by somebody of its own.
            "root" if path.ends_its_caller => made(driver, &json!({ "policies": ["root"] })),
            "root" => "root".to_owned(),
            "" => String::new(),
            other => names.fill(&format!("<{other}>")).expect("the set-up made it"),
        };
        let response = driver.ask_or_drop(&probe.request(&place, &token));
        let gist = response.map_or_else(|| DROPPED.to_owned(), |response| gist(&response));
        let text = names.mask(&gist, driver.now());
        (probe.name.clone(), text)
    };
    probes(path).iter().map(|probe| ask(probe, driver, &mut names)).collect()
}

fn post(driver: &mut dyn Driver, path: &str, body: &Value) -> Value {
    driver.ask(&Request::new(Method::Post, path).token("root").json(body)).json().unwrap_or_default()
}

fn made(driver: &mut dyn Driver, body: &Value) -> String {
    let answer = post(driver, "auth/token/create", body);
    answer["auth"]["client_token"].as_str().expect("a token is made").to_owned()
}

fn set_up(driver: &mut dyn Driver) -> Names {
    let mut names = Names::default();
    for (path, body) in SET_UP {
        let body = serde_json::from_str(body).expect("the set-up is JSON");
        post(driver, path, &body);
    }
    // Making a password's hash takes time, by design: the user is not made again where he is.
    let user = Request::new(Method::Get, "auth/userpass/users/bob").token("root");
    if driver.ask(&user).status != 200 {
        post(driver, "auth/userpass/users/bob", &json!({ "password": "training" }));
    }
    for policy in ["plain", "default"] {
        let token = made(driver, &json!({ "policies": [policy] }));
        names.bind(policy, &token).expect("a token is long enough");
    }
    for (name, path, at) in [
        ("entity", "identity/entity/name/someone", "/data/id"),
        ("mount", "sys/auth", "/data/userpass~1/accessor"),
    ] {
        let answer = driver.ask(&Request::new(Method::Get, path).token("root")).json().unwrap_or_default();
        let value = answer.pointer(at).and_then(Value::as_str).expect("the set-up made it").to_owned();
        names.bind(name, &value).expect("an id is long enough");
    }
    names
}

/// What two answers must have in common.
fn gist(response: &Response) -> String {
    let status = response.status;
    let text = String::from_utf8_lossy(&response.body);
    if text.contains("Tidy operation") {
        // Whether the tidying before has ended is a matter of luck.
        return "a tidying is started, or still runs".to_owned();
    }
    let Ok(body) = serde_json::from_str::<Value>(&text) else {
        return format!("{status} {}", json!(text)).replace(" \"\"", "");
    };
    if let Some(errors) = body.get("errors") {
        return format!("{status} {errors}");
    }
    let mut parts = vec![status.to_string()];
    if body.get("request_id").is_none() || body["data"].is_object() {
        let inside = body.get("data").filter(|data| data.is_object()).unwrap_or(&body);
        let names = inside.as_object().map(|inside| {
            let mut names: Vec<&str> = inside.keys().map(String::as_str).collect();
            names.sort_unstable();
            names.join(" ")
        });
        parts.push(format!("{{{}}}", names.unwrap_or_default()));
    }
    for name in ["auth", "wrap_info"] {
        if body[name].is_object() {
            parts.push(name.to_owned());
        }
    }
    if body["warnings"].is_array() {
        parts.push(body["warnings"].to_string());
    }
    parts.join(" ")
}
