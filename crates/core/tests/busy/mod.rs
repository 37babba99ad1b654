//! A vault in which everything has happened that an engine knows, and every read that can be asked of it.

use serde_json::{Value, json};
use vaultlet_core::host::SetClock;
use vaultlet_core::{Core, Method, Request};

/// Something to be read: who asks, how, and what with.
pub struct Read {
    pub token: String,
    pub method: &'static str,
    pub path: String,
    pub body: Value,
}

/// Asks, and applies what was written.
pub fn ask(core: &mut Core, method: &str, path: &str, token: &str, body: &Value) -> (u16, String) {
    let mut request = Request::new(Method::parse(method), path).token(token);
    if !body.is_null() {
        request = request.json(body);
    }
    let outcome = core.handle(&request);
    let response = core.commit(outcome);
    (response.status, String::from_utf8(response.body).unwrap())
}

fn done(core: &mut Core, path: &str, token: &str, body: &Value) -> Value {
    let (status, text) = ask(core, "POST", path, token, body);
    assert!((200..300).contains(&status), "{path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Fills a new vault whose root token is `root`; what can be read of it then.
pub fn fill(core: &mut Core, clock: &SetClock) -> Vec<Read> {
    let mut tokens = vec!["root".to_owned()];
    let policy = r#"path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }"#;
    done(core, "sys/policies/acl/all", "root", &json!({ "policy": policy }));
    done(core, "sys/auth/userpass", "root", &json!({ "type": "userpass" }));
    done(core, "sys/auth/approle", "root", &json!({ "type": "approle" }));
    done(core, "sys/mounts/kv", "root", &json!({ "type": "kv", "description": "old" }));
    done(core, "sys/mounts/ssh", "root", &json!({ "type": "ssh" }));
    done(core, "sys/mounts/ssh/tune", "root", &json!({ "default_lease_ttl": "1h" }));
    for _ in 0..2 {
        let made =
            done(core, "auth/token/create", "root", &json!({ "policies": ["all"], "meta": { "a": "b" } }));
        tokens.push(text(&made["auth"]["client_token"]));
        clock.advance(1_500_000_000);
        done(core, "sys/rotate", "root", &Value::Null);
    }
    let parent = tokens[1].clone();
    for body in [
        json!({ "type": "batch", "ttl": "1h" }),
        json!({ "period": "30m" }),
        json!({ "num_uses": 9, "explicit_max_ttl": "2h" }),
        json!({ "id": "custom", "no_parent": true, "display_name": "by hand" }),
    ] {
        tokens.push(text(&done(core, "auth/token/create", &parent, &body)["auth"]["client_token"]));
    }
    done(
        core,
        "auth/token/roles/job",
        "root",
        &json!({ "orphan": true, "renewable": false, "token_type": "batch", "allowed_policies": "all" }),
    );
    done(core, "auth/userpass/users/bob", "root", &json!({ "password": "p", "token_policies": "all" }));
    done(core, "auth/userpass/users/eve", "root", &json!({ "password": "p" }));
    tokens.push(text(
        &done(core, "auth/userpass/login/bob", "", &json!({ "password": "p" }))["auth"]["client_token"],
    ));
    for _ in 0..5 {
        assert_eq!(ask(core, "POST", "auth/userpass/login/eve", "", &json!({ "password": "q" })).0, 400);
    }
    done(core, "auth/approle/role/r", "root", &json!({ "token_policies": "all", "token_type": "batch" }));
    let (_, role_id) = ask(core, "GET", "auth/approle/role/r/role-id", "root", &Value::Null);
    let role_id: Value = serde_json::from_str(&role_id).unwrap();
    let secret = done(core, "auth/approle/role/r/secret-id", "root", &Value::Null);
    let login = json!({ "role_id": role_id["data"]["role_id"], "secret_id": secret["data"]["secret_id"] });
    tokens.push(text(&done(core, "auth/approle/login", "", &login)["auth"]["client_token"]));
    keep_secrets(core, &parent);
    reads(&tokens)
}

fn keep_secrets(core: &mut Core, parent: &str) {
    done(core, "kv/a/b", "root", &json!({ "x": 1 }));
    done(core, "secret/data/deep/key", "root", &json!({ "data": { "x": 1 } }));
    done(core, "secret/data/deep/key", "root", &json!({ "data": { "x": 2 } }));
    done(core, "secret/delete/deep/key", "root", &json!({ "versions": [1] }));
    done(core, "cubbyhole/mine", parent, &json!({ "x": "y" }));
    done(
        core,
        "ssh/roles/otp",
        "root",
        &json!({ "key_type": "otp", "default_user": "u", "cidr_list": "0.0.0.0/0" }),
    );
    done(core, "ssh/creds/otp", parent, &json!({ "ip": "1.2.3.4" }));
    done(
        core,
        "identity/entity",
        "root",
        &json!({ "name": "someone", "policies": "all", "metadata": { "k": "v" } }),
    );
    done(core, "sys/rotate/config", "root", &json!({ "max_operations": 2_000_000, "interval": "48h" }));
}

fn reads(tokens: &[String]) -> Vec<Read> {
    let mut reads = Vec::new();
    let mut add = |token: &str, method, path: &str, body: Value| {
        reads.push(Read { token: token.to_owned(), method, path: path.to_owned(), body });
    };
    for path in PATHS {
        let (method, path) = path.split_once(' ').unwrap();
        add("root", if method == "LIST" { "LIST" } else { "GET" }, path, Value::Null);
    }
    for token in tokens {
        add("root", "POST", "auth/token/lookup", json!({ "token": token }));
        add(
            "root",
            "POST",
            "sys/capabilities",
            json!({ "token": token, "paths": ["secret/data/x", "sys/seal"] }),
        );
    }
    add(&tokens[1], "GET", "cubbyhole/mine", Value::Null);
    add("", "POST", "auth/userpass/login/eve", json!({ "password": "p" }));
    add("nobody", "GET", "auth/token/lookup-self", Value::Null);
    reads
}

const PATHS: [&str; 38] = [
    "GET sys/health",
    "GET sys/seal-status",
    "GET sys/init",
    "GET sys/key-status",
    "GET sys/rotate/config",
    "GET sys/mounts",
    "GET sys/auth",
    "GET sys/mounts/ssh/tune",
    "GET sys/internal/ui/mounts",
    "GET sys/internal/counters/tokens",
    "GET sys/internal/counters/entities",
    "GET sys/locked-users",
    "LIST sys/policies/acl",
    "GET sys/policies/acl/all",
    "GET sys/policies/acl/default",
    "LIST sys/leases/lookup/auth/token/create",
    "LIST sys/leases/lookup/ssh/creds/otp",
    "LIST auth/token/accessors",
    "LIST auth/token/roles",
    "GET auth/token/roles/job",
    "LIST auth/userpass/users",
    "GET auth/userpass/users/bob",
    "LIST auth/approle/role",
    "GET auth/approle/role/r",
    "GET auth/approle/role/r/role-id",
    "LIST auth/approle/role/r/secret-id",
    "LIST kv/a",
    "GET kv/a/b",
    "LIST secret/metadata/deep",
    "GET secret/metadata/deep/key",
    "GET secret/data/deep/key",
    "GET secret/data/deep/key?version=1",
    "GET secret/config",
    "GET ssh/roles/otp",
    "LIST identity/entity/id",
    "GET identity/entity/name/someone",
    "LIST identity/entity-alias/id",
    "GET nothing/here",
];

/// Everything that can be read, without the ids of the requests, which are drawn.
pub fn answers(core: &mut Core, reads: &[Read]) -> Vec<(u16, String)> {
    reads
        .iter()
        .map(|read| {
            let (status, body) = ask(core, read.method, &read.path, &read.token, &read.body);
            (status, without_request_id(&body))
        })
        .collect()
}

fn without_request_id(body: &str) -> String {
    const NAME: &str = "\"request_id\":\"";
    match body.split_once(NAME) {
        Some((before, after)) => format!("{before}{NAME}{}", after.get(36..).unwrap_or_default()),
        None => body.to_owned(),
    }
}
